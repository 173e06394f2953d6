package executor

import (
	"time"

	"runner/runner/schedule"
	"runner/spec"
)

// rampingArrivalRate starts iterations at a rate that goes up and down.
func rampingArrivalRate(e *spec.RampingArrivalRate) (Executor, error) {
	stages := make([]schedule.RateStage, len(e.Stages))
	for i, s := range e.Stages {
		stages[i] = schedule.RateStage{Duration: s.Duration.Value, Target: rate(s.Target.Value)}
	}
	start := e.StartRate.Or(spec.Rate{Num: 0, Den: 1, Per: time.Second})
	arrivals, err := schedule.Ramping(rate(start), stages)
	if err != nil {
		return nil, err
	}
	return newOpen(e.Kind(), arrivals, stageNames(e.Stages), e.VUs, e.MaxVUs)
}
