package runner_test

import (
	"context"
	"net/http"
	"testing"
	"time"
)

// Also a scenario whose turn never came accounts for all that was planned.
func TestEveryPlannedIterationIsAccountedFor(t *testing.T) {
	s := newTarget(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(20 * time.Second):
		}
	})
	p := compile(t, write(t, whole(`
scenarios:
  first: { executor: { type: per-vu-iterations, vus: 2, iterations: 4 }, steps: [{ get: /first }] }
  open: { executor: { type: constant-arrival-rate, rate: 10/s, duration: 20s, vus: 1, max_vus: 2 }, steps: [{ get: /open }] }
  late: { after: first, executor: { type: constant-arrival-rate, rate: 5/s, duration: 2s }, steps: [{ get: /late }] }
  ramp: { after: first, executor: { type: ramping-arrival-rate, stages: [{ duration: 2s, target: 10/s }, { duration: 1s, target: 0/s }] }, steps: [{ get: /ramp }] }
`), nil), environment(s))
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for s.count("GET /first") < 2 || s.count("GET /open") < 1 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	r := run(t, ctx, p)
	want(t, r, 105)
	for _, sc := range r.Scenarios {
		if sc.Planned != sc.Started+sc.Dropped {
			t.Errorf("%s: planned %d, started %d, dropped %d", sc.Name, sc.Planned, sc.Started, sc.Dropped)
		}
	}
	if s.count("GET /late")+s.count("GET /ramp") > 0 {
		t.Error("a scenario began after the interrupt")
	}
}
