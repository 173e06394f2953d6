package executor

import (
	"errors"
	"fmt"
	"math"

	"runner/runner/schedule"
	"runner/spec"
)

// perVUIterations: each VU runs its own number of iterations.
func perVUIterations(e *spec.PerVUIterations) (Executor, error) {
	vus, each, limit := e.VUs.Or(1), e.Iterations.Or(1), e.MaxDuration.Or(defaultMaxDuration)
	err := errors.Join(checkVUs("vus", vus), checkIterations(each), checkDuration("max_duration", limit))
	if err != nil {
		return nil, err
	}
	if each > math.MaxInt64/vus {
		return nil, fmt.Errorf("%d VUs with %d iterations each are more iterations than can be numbered", vus, each)
	}
	active, err := schedule.FixedVUs(vus, limit)
	if err != nil {
		return nil, err
	}
	return &closed{
		info: Info{
			Kind: e.Kind(), Load: fmt.Sprintf("%s, %d by %d VUs, at most %s", e.Kind(), vus*each, vus, spec.FormatDuration(limit)),
			VUs: vus, MaxVUs: vus, Planned: vus * each, Duration: limit, Limit: true, Active: active,
		},
		perVU: each, shared: unlimited,
	}, nil
}
