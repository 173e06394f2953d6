package executor_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"runner/runner/executor"
	"runner/spec"
)

func TestInfo(t *testing.T) {
	named := toRate(s, 10)
	named.Name.Value = "spike"
	for _, c := range []struct {
		e    spec.Executor
		want executor.Info
	}{
		{&spec.ConstantVUs{VUs: count(3), Duration: lasting(s)}, executor.Info{VUs: 3, MaxVUs: 3, Planned: -1, Duration: s}},
		{&spec.RampingVUs{Stages: []spec.Stage[spec.Int]{toVUs(s, 9), toVUs(s, 0)}},
			executor.Info{VUs: 9, MaxVUs: 9, Planned: -1, Duration: 2 * s, Stages: []string{"1", "2"}}},
		{&spec.PerVUIterations{}, executor.Info{VUs: 1, MaxVUs: 1, Planned: 1, Duration: 10 * time.Minute, Limit: true}},
		{&spec.PerVUIterations{VUs: count(3), Iterations: count(4)}, executor.Info{VUs: 3, MaxVUs: 3, Planned: 12, Duration: 10 * time.Minute, Limit: true}},
		{&spec.SharedIterations{VUs: count(3), Iterations: count(4), MaxDuration: lasting(s)}, executor.Info{VUs: 3, MaxVUs: 3, Planned: 4, Duration: s, Limit: true}},
		{&spec.ConstantArrivalRate{Rate: perSecond(5), Duration: lasting(10 * s)}, executor.Info{Open: true, VUs: 1, MaxVUs: 1, Planned: 50, Duration: 10 * s}},
		{&spec.ConstantArrivalRate{Rate: perSecond(5), Duration: lasting(10 * s), VUs: count(2)}, executor.Info{Open: true, VUs: 2, MaxVUs: 2, Planned: 50, Duration: 10 * s}},
		{&spec.RampingArrivalRate{Stages: []spec.Stage[spec.RateOf]{toRate(s, 0), named}, MaxVUs: count(4)},
			executor.Info{Open: true, VUs: 1, MaxVUs: 4, Planned: 5, Duration: 2 * s, Stages: []string{"1", "spike"}}},
	} {
		t.Run(c.e.Kind(), func(t *testing.T) {
			got := build(t, c.e).Info()
			if (got.Arrivals != nil) != got.Open || (got.Active == nil) != got.Open {
				t.Errorf("schedules: %v, %v", got.Arrivals, got.Active)
			}
			same := slices.Equal(got.Stages, c.want.Stages) && got.Kind == c.e.Kind()
			if !same || got.Open != c.want.Open || got.VUs != c.want.VUs || got.MaxVUs != c.want.MaxVUs ||
				got.Planned != c.want.Planned || got.Duration != c.want.Duration || got.Limit != c.want.Limit {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestImpossibleExecutors(t *testing.T) {
	for _, c := range []struct {
		why  string
		e    spec.Executor
		want string
	}{
		{"no VUs", &spec.ConstantVUs{VUs: count(0), Duration: lasting(s)}, "vus must be from 1"},
		{"no time", &spec.ConstantVUs{VUs: count(1)}, "duration must be longer than 0s"},
		{"more VUs than fit into a machine", &spec.ConstantVUs{VUs: count(math.MaxInt64), Duration: lasting(s)}, "vus must be from 1 to 10000000"},
		{"a ramp from 0 to 0", &spec.RampingVUs{StartVUs: count(0), Stages: []spec.Stage[spec.Int]{toVUs(s, 0)}}, "highest number of VUs"},
		{"a ramp in no time", &spec.RampingVUs{Stages: []spec.Stage[spec.Int]{toVUs(0, 1)}}, "sum of the stages' durations"},
		{"no stages", &spec.RampingVUs{}, "there are no stages"},
		{"no iterations", &spec.PerVUIterations{Iterations: count(0)}, "iterations must be at least 1"},
		{"more iterations than numbers", &spec.PerVUIterations{VUs: count(2), Iterations: count(math.MaxInt64)}, "more iterations than can be numbered"},
		{"two mistakes", &spec.SharedIterations{VUs: count(-1), Iterations: count(-1)}, "vus must be from 1 to 10000000, not -1\niterations must be"},
		{"fewer VUs at most than at first", fivePerSecond(5, 4), "max_vus is 4, which is less than vus, 5"},
		{"a rate below nothing", &spec.ConstantArrivalRate{Rate: perSecond(-1), Duration: lasting(s)}, "negative"},
		{"a rate for no time", &spec.ConstantArrivalRate{Rate: perSecond(1)}, "duration must be longer than 0s"},
		{"a ramp of rates without stages", &spec.RampingArrivalRate{}, "there are no stages"},
		{"an unknown executor", nil, "does not know the executor"},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, err := executor.New(c.e, 1)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q in it", err, c.want)
			}
		})
	}
}
