package executor

import (
	"runner/runner/schedule"
	"runner/spec"
)

// constantArrivalRate starts iterations at a rate, however long they take.
func constantArrivalRate(e *spec.ConstantArrivalRate) (Executor, error) {
	arrivals, err := schedule.Constant(rate(e.Rate.Value), e.Duration.Value)
	if err != nil {
		return nil, err
	}
	return newOpen(e.Kind(), arrivals, nil, e.VUs, e.MaxVUs)
}
