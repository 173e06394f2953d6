package main

import (
	"flag"
	"fmt"
	"math"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"runner/runner/metrics"
)

// At full length, as the report is meant to be held against: -args -stall.seconds 60 -stall.pause 1s
var (
	stallSeconds = flag.Int("stall.seconds", 8, "how long the load on the stalled server lasts")
	stallPause   = flag.Duration("stall.pause", 400*time.Millisecond, "how long the server stalls, once")
)

const stallRate = 1000

// stalling lets requests through but for one pause, which begins after a third of the load.
type stalling struct {
	once       sync.Once
	from, to   time.Time
	begin, end time.Duration
}

func (s *stalling) hold(_ *http.Request, gone <-chan struct{}) {
	s.once.Do(func() {
		now := time.Now()
		s.from, s.to = now.Add(s.begin), now.Add(s.end)
	})
	if now := time.Now(); now.After(s.from) && now.Before(s.to) {
		select {
		case <-gone:
		case <-time.After(s.to.Sub(now)):
		}
	}
}

func stall(t *testing.T, executor string) (*metrics.Result, *program, []seen) {
	t.Helper()
	begin := time.Duration(*stallSeconds) * time.Second / 3
	s := &stalling{begin: begin, end: begin + *stallPause}
	w := newWitness(t, s.hold)
	p := start(t, fmt.Sprintf(`
http: { base_url: "%s", timeout: 10s }
scenarios: { one: { executor: %s, steps: [{ get: / }] } }
`, w.url, executor))
	return p.result(t, "plan"), p, w.requests("/")
}

// TestTheReportSeesAStall is the test that names the product: a server at 1,000 requests a second stalls once, and the
// percentiles are those of users who came on time, as the server's own log tells them.
func TestTheReportSeesAStall(t *testing.T) {
	r, p, log := stall(t, fmt.Sprintf("{ type: constant-arrival-rate, rate: %d/s, duration: %ds, vus: 20, max_vus: 3000 }", stallRate, *stallSeconds))
	if r.Verdict.LimitedBy == metrics.LimitedByGenerator {
		t.Skip("this machine is too busy to judge by")
	}
	one := r.Scenarios[0]
	planned := int64(stallRate * *stallSeconds)
	if one.Planned != planned || one.Started+one.Dropped != planned || one.Dropped != 0 || int64(len(log)) != planned {
		t.Errorf("planned %d, started %d, dropped %d, the server saw %d; want %d, all started", one.Planned, one.Started, one.Dropped, len(log), planned)
	}
	if p.ProcessState.ExitCode() != 0 {
		t.Errorf("exit %d: %v", p.ProcessState.ExitCode(), r.Verdict.Reasons)
	}
	// Request n was due n/1000 s after the first. The server's log tells when its answer was let go.
	var times []float64
	for n, s := range log {
		due := log[0].arrived.Add(time.Duration(n) * time.Second / stallRate)
		times = append(times, float64(s.released.Sub(due))/1e6)
	}
	slices.Sort(times)
	for name, q := range map[string]float64{"p90": 0.9, "p95": 0.95, "p99": 0.99, "p99.9": 0.999, "max": 1} {
		got, want := value(t, r, "http_req_latency", name), times[int(math.Ceil(q*float64(len(times))))-1]
		t.Logf("%s: %.1f ms, by the server's log %.1f ms", name, got, want)
		if math.Abs(got-want) > 15 {
			t.Errorf("%s is %.1f ms, and by the server's log %.1f ms", name, got, want)
		}
	}
}
