package executor

import (
	"errors"
	"fmt"

	"runner/runner/schedule"
	"runner/spec"
)

// constantVUs: each VU starts its next iteration when its last has ended, until the time is over.
func constantVUs(e *spec.ConstantVUs) (Executor, error) {
	vus, d := e.VUs.Value, e.Duration.Value
	if err := errors.Join(checkVUs("vus", vus), checkDuration("duration", d)); err != nil {
		return nil, err
	}
	active, err := schedule.FixedVUs(vus, d)
	if err != nil {
		return nil, err
	}
	return &closed{
		info: Info{
			Kind: e.Kind(), Load: fmt.Sprintf("%s, %d VUs for %s", e.Kind(), vus, spec.FormatDuration(d)),
			VUs: vus, MaxVUs: vus, Planned: -1, Duration: d, Active: active,
		},
		perVU: unlimited, shared: unlimited,
	}, nil
}
