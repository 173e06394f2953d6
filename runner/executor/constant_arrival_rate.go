package executor

import (
	"fmt"

	"runner/runner/schedule"
	"runner/spec"
)

// constantArrivalRate starts iterations at a rate, however long they take.
func constantArrivalRate(e *spec.ConstantArrivalRate, seed uint64) (Executor, error) {
	arrivals, err := schedule.Constant(rate(e.Rate.Value), e.Duration.Value)
	if err != nil {
		return nil, err
	}
	x, err := newOpen(arrivals, seed, e.Arrivals, Info{Kind: e.Kind(), VUs: e.VUs.Or(1), MaxVUs: e.MaxVUs.Or(e.VUs.Or(1)), Queue: e.Late.Value == "queue"})
	if err != nil {
		return nil, err
	}
	x.info.Load = fmt.Sprintf("%s, %s for %s", e.Kind(), e.Rate.Value, spec.FormatDuration(e.Duration.Value)) + spread(e.Arrivals, e.Late)
	return x, nil
}
