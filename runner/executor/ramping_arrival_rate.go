package executor

import (
	"fmt"
	"time"

	"runner/runner/schedule"
	"runner/spec"
)

// rampingArrivalRate starts iterations at a rate that goes up and down.
func rampingArrivalRate(e *spec.RampingArrivalRate, seed uint64) (Executor, error) {
	stages := make([]schedule.RateStage, len(e.Stages))
	for i, s := range e.Stages {
		stages[i] = schedule.RateStage{Duration: s.Duration.Value, Target: rate(s.Target.Value)}
	}
	start := e.StartRate.Or(spec.Rate{Num: 0, Den: 1, Per: time.Second})
	arrivals, err := schedule.Ramping(rate(start), stages)
	if err != nil {
		return nil, err
	}
	x, err := newOpen(arrivals, seed, e.Arrivals, Info{
		Kind: e.Kind(), Stages: stageNames(e.Stages), VUs: e.VUs.Or(1), MaxVUs: e.MaxVUs.Or(e.VUs.Or(1)), Queue: e.Late.Value == "queue",
	})
	if err != nil {
		return nil, err
	}
	x.info.Load = fmt.Sprintf("%s, %d arrivals in %s", e.Kind(), x.info.Planned, spec.FormatDuration(x.info.Duration)) + spread(e.Arrivals, e.Late)
	return x, nil
}
