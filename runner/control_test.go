package runner_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"runner/runner"
	"runner/runner/metrics"
	"runner/runner/report"
)

// remote is an output that changes a run: what it does comes with the frames, one thing a frame, from its own goroutine.
type remote struct {
	control report.Control
	frames  chan *report.Live
}

func (r *remote) Start(i report.Info) error { r.control = i.Control; return nil }

func (r *remote) Interval(l *report.Live) {
	select {
	case r.frames <- l:
	default:
	}
}

func (r *remote) Finish(*metrics.Result) error { return nil }

// until waits for a frame.
func (r *remote) until(t *testing.T, is func(*report.Live) bool) {
	t.Helper()
	for end := time.After(30 * time.Second); ; {
		select {
		case l := <-r.frames:
			if is(l) {
				return
			}
		case <-end:
			t.Error("no such frame came")
			return
		}
	}
}

func runByHand(t *testing.T, plan string, act func(*remote)) *metrics.Result {
	t.Helper()
	s := newTarget(t, nil)
	p := compile(t, write(t, whole(plan), nil), environment(s))
	r := &remote{frames: make(chan *report.Live, 1)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.until(t, func(l *report.Live) bool {
			return l.Phase == report.PhaseRunning && l.Scenarios != nil && l.Scenarios[0].Done > 0
		})
		act(r)
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	result, err := p.Run(ctx, runner.RunOptions{Outputs: report.Outputs{r}, Control: true})
	if err != nil {
		t.Fatal(err)
	}
	<-done
	for _, sc := range result.Scenarios {
		if sc.Planned >= 0 && sc.Planned != sc.Started+sc.Dropped {
			t.Errorf("%s: planned %d, started %d, dropped %d", sc.Name, sc.Planned, sc.Started, sc.Dropped)
		}
	}
	return result
}

func refused(t *testing.T, err error, why string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("%v, want an error that says %q", err, why)
	}
}

func TestARunIsPausedAndScaledByHand(t *testing.T) {
	r := runByHand(t, `
scenarios:
  open: { executor: { type: constant-arrival-rate, rate: 40/s, duration: 3s, vus: 5 }, steps: [{ get: /open }] }
  few: { executor: { type: per-vu-iterations, vus: 1, iterations: 1 }, steps: [{ get: /few }] }
`, func(r *remote) {
		refused(t, r.control.Resume("test"), "not paused")
		if err := r.control.Pause("test"); err != nil {
			t.Error(err)
		}
		refused(t, r.control.Pause("test"), "paused already")
		r.until(t, func(l *report.Live) bool { return l.Paused })
		if err := r.control.Resume("test"); err != nil {
			t.Error(err)
		}
		refused(t, r.control.Scale("few", report.Scale{Factor: 2}, "test"), "nothing to scale")
		refused(t, r.control.Scale("none", report.Scale{Factor: 2}, "test"), "no scenario")
		refused(t, r.control.Scale("open", report.Scale{VUs: 2}, "test"), "by what factor")
		refused(t, r.control.Scale("open", report.Scale{Factor: -2}, "test"), "0.001 to 1000")
		refused(t, r.control.Scale("open", report.Scale{Rate: "fast"}, "test"), "with its unit")
		if err := r.control.Scale("open", report.Scale{Rate: "100/s"}, "test"); err != nil {
			t.Error(err)
		}
	})
	want(t, r, 0)
	actions := ""
	for _, i := range r.Interventions {
		actions += i.Action + i.Scenario + " "
	}
	if actions != "pause resume scaleopen " || r.Interventions[2].Factor != 2.5 || r.Interventions[0].By != "test" {
		t.Errorf("interventions: %+v", r.Interventions)
	}
	if p := r.Run.PausedS; p <= 0 || r.Run.DurationS < 3+p-0.1 {
		t.Errorf("paused for %v s of %v", p, r.Run.DurationS)
	}
	if n := r.Scenarios[0].Planned; n <= 120 || n > 300 {
		t.Errorf("%d planned", n)
	}
}

func TestARunIsStoppedByHand(t *testing.T) {
	r := runByHand(t, `
scenarios:
  closed: { executor: { type: constant-vus, vus: 2, duration: 60s }, steps: [{ get: /closed }, { think: 10ms }] }
  shared: { executor: { type: shared-iterations, vus: 1, iterations: 100000 }, steps: [{ get: /shared }, { think: 10ms }] }
  later: { after: closed, executor: { type: constant-arrival-rate, rate: 5/s, duration: 2s }, steps: [{ get: /later }] }
`, func(r *remote) {
		if err := r.control.Scale("closed", report.Scale{VUs: 3}, "test"); err != nil {
			t.Error(err)
		}
		if err := r.control.Stop("test"); err != nil {
			t.Error(err)
		}
		refused(t, r.control.Pause("test"), "stopped")
	})
	want(t, r, 105)
	if len(r.Verdict.Reasons) == 0 || !strings.Contains(r.Verdict.Reasons[0], "stopped by hand (test)") || r.Run.DurationS > 50 {
		t.Errorf("after %v s: %v", r.Run.DurationS, r.Verdict.Reasons)
	}
	if r.Scenarios[2].Started != 0 || r.Scenarios[0].Interrupted != 0 {
		t.Errorf("%+v", r.Scenarios)
	}
}
