package executor

import (
	"fmt"
	"time"

	"runner/runner/schedule"
	"runner/spec"
)

// rampingVUs: like constant-vus, with a number of VUs that goes up and down.
func rampingVUs(e *spec.RampingVUs) (Executor, error) {
	stages := make([]schedule.VUStage, len(e.Stages))
	for i, s := range e.Stages {
		stages[i] = schedule.VUStage{Duration: s.Duration.Value, Target: s.Target.Value}
	}
	active, err := schedule.RampingVUs(e.StartVUs.Or(1), stages)
	if err != nil {
		return nil, err
	}
	if err := checkVUs("the highest number of VUs", active.Max()); err != nil {
		return nil, err
	}
	if err := checkDuration("the sum of the stages' durations", active.Duration()); err != nil {
		return nil, err
	}
	return &closed{
		info: Info{
			Kind: e.Kind(), Load: fmt.Sprintf("%s, up to %d VUs for %s", e.Kind(), active.Max(), spec.FormatDuration(active.Duration())),
			Stages: stageNames(e.Stages), VUs: active.Max(), MaxVUs: active.Max(), Planned: -1,
			Duration: active.Duration(), Active: active,
		},
		perVU: unlimited, shared: unlimited,
		hold:     true,
		rampDown: e.GracefulRampDown.Or(30 * time.Second),
	}, nil
}
