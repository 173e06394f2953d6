package runner_test

import (
	"context"
	"testing"

	"runner/runner"
	"runner/runner/metrics"
	"runner/runner/report"
)

// film keeps every frame of a run.
type film struct {
	info   report.Info
	frames []report.LiveScenario
}

func (f *film) Start(i report.Info) error { f.info = i; return nil }

func (f *film) Interval(l *report.Live) { f.frames = append(f.frames, l.Scenarios...) }

func (f *film) Finish(*metrics.Result) error { return nil }

// A scenario that is shown as done has been counted to its end.
func TestDoneIsCounted(t *testing.T) {
	p := compile(t, write(t, whole(`
scenarios:
  short: { executor: { type: shared-iterations, vus: 2, iterations: 30 }, steps: [{ get: /short }] }
  long: { executor: { type: constant-arrival-rate, rate: 10/s, duration: 1500ms, vus: 2 }, steps: [{ get: /long }] }
`), nil), environment(newTarget(t, nil)))
	f := &film{}
	if _, err := p.Run(context.Background(), runner.RunOptions{Outputs: report.Outputs{f}}); err != nil {
		t.Fatal(err)
	}
	done := 0
	for _, s := range f.frames {
		if s.Name == "short" && s.State == report.StateDone {
			done++
			if s.Done != 30 {
				t.Errorf("done, with %d of 30 iterations", s.Done)
			}
		}
	}
	if done == 0 {
		t.Error("no frame shows it as done")
	}
	if !f.info.Limit {
		t.Error("how long max_duration may take is not how long it is planned")
	}
}

// What VUs give up that a stop step ends is planned no more.
func TestGivenUpIsPlannedNoMore(t *testing.T) {
	r := runPlan(t, newTarget(t, nil), `
scenarios:
  own: { executor: { type: per-vu-iterations, vus: 3, iterations: 10 }, steps: [{ get: /own }, { stop: enough, if: iteration.n > 5 }] }
  shared: { executor: { type: shared-iterations, vus: 2, iterations: 10 }, steps: [{ get: /shared }, { stop: enough }] }
`, nil)
	want(t, r, 0)
	for _, s := range r.Scenarios {
		if s.Planned != s.Started || s.Dropped != 0 || s.Planned == 0 {
			t.Errorf("%s: planned %d, started %d, dropped %d", s.Name, s.Planned, s.Started, s.Dropped)
		}
	}
}
