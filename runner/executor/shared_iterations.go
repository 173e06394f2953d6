package executor

import (
	"errors"
	"fmt"

	"runner/runner/schedule"
	"runner/spec"
)

// sharedIterations: VUs take iterations from a common number as they come free.
func sharedIterations(e *spec.SharedIterations) (Executor, error) {
	vus, all, limit := e.VUs.Or(1), e.Iterations.Or(1), e.MaxDuration.Or(defaultMaxDuration)
	err := errors.Join(checkVUs("vus", vus), checkIterations(all), checkDuration("max_duration", limit))
	if err != nil {
		return nil, err
	}
	active, err := schedule.FixedVUs(vus, limit)
	if err != nil {
		return nil, err
	}
	return &closed{
		info: Info{
			Kind: e.Kind(), Load: fmt.Sprintf("%s, %d among %d VUs, at most %s", e.Kind(), all, vus, spec.FormatDuration(limit)),
			VUs: vus, MaxVUs: vus, Planned: all, Duration: limit, Limit: true, Active: active,
		},
		perVU: unlimited, shared: all,
	}, nil
}
