package executor_test

import (
	"slices"
	"testing"
	"time"

	"runner/runner/executor"
	"runner/spec"
)

func TestPace(t *testing.T) {
	constant := &spec.ConstantVUs{VUs: count(1), Duration: lasting(10 * s)}
	each := &spec.PerVUIterations{VUs: count(1), Iterations: count(3), MaxDuration: lasting(10 * s)}
	shared := &spec.SharedIterations{VUs: count(2), Iterations: count(3), MaxDuration: lasting(60 * s)}
	slowSecond := func(t executor.Ticket, _ int64) time.Duration {
		if t.N == 1 {
			return 5 * s
		}
		return s
	}
	type times = []time.Duration
	for _, c := range []struct {
		why     string
		e       spec.Executor
		play    *play
		starts  times
		planned []bool // by iteration: its due time was planned, so that lateness counts
		elapsed time.Duration
	}{
		{"an iteration starts one period after the last was due", constant, &play{takes: always(s), pace: 4 * s}, times{0, 4 * s, 8 * s}, []bool{true, true, true}, 10 * s},
		{"what takes longer than the period starts the next at once, and nothing is caught up", constant, &play{takes: slowSecond, pace: 3 * s}, times{0, 3 * s, 8 * s}, []bool{true, true, false}, 10 * s},
		{"a period that is just over is no wait", constant, &play{takes: always(5 * s), pace: 5 * s}, times{0, 5 * s}, []bool{true, false}, 10 * s},
		{"the load lasts for its duration, also while all rest", constant, &play{takes: always(s), pace: 60 * s, grace: 30 * s}, times{0}, []bool{true}, 10 * s},
		{"nothing is waited for after the last iteration", each, &play{takes: always(s), pace: 2 * s}, times{0, 2 * s, 4 * s}, []bool{true, true, true}, 5 * s},
		{"what max_duration does not reach is dropped", each, &play{takes: always(s), pace: 6 * s}, times{0, 6 * s}, []bool{true, true}, 10 * s},
		{"a stop ends the rest", constant, &play{takes: always(s), pace: 4 * s, stop: 2 * s}, times{0}, []bool{true}, 2 * s},
		{"a user that ends does not rest", constant, &play{takes: always(s), pace: 4 * s, last: func(executor.Ticket, int64) bool { return true }}, times{0}, []bool{true}, s},
		{"each VU has its own slots", shared, &play{takes: always(s), pace: 4 * s}, times{0, 0, 4 * s}, []bool{true, true, true}, 5 * s},
	} {
		t.Run(c.why, func(t *testing.T) {
			p := c.play.run(t, build(t, c.e))
			var starts times
			var planned []bool
			for _, r := range p.ran {
				starts, planned = append(starts, r.start), append(planned, r.First)
				if r.Due != int64(r.start) || r.Free != r.Due {
					t.Errorf("started at %v, due at %v, free at %v", r.start, r.due(), time.Duration(r.Free))
				}
			}
			if !slices.Equal(starts, c.starts) || !slices.Equal(planned, c.planned) || p.elapsed != c.elapsed {
				t.Errorf("started at %v (planned: %v), all in %v; want %v (%v), %v", starts, planned, p.elapsed, c.starts, c.planned, c.elapsed)
			}
			checkNumbers(t, p)
		})
	}
}

func TestPaceInARampDown(t *testing.T) {
	e := &spec.RampingVUs{StartVUs: count(2), Stages: []spec.Stage[spec.Int]{toVUs(4*s, 0), toVUs(4*s, 2)}, GracefulRampDown: lasting(0)}
	p := (&play{takes: always(s / 2), pace: 3 * s}).run(t, build(t, e))
	starts, interrupted := p.byVU(1)
	if !slices.Equal(starts, []time.Duration{0, 3 * s, 6 * s}) || interrupted != nil {
		t.Errorf("VU 1 started at %v (interrupted at %v): want 0s and 3s, and again when the ramp wants it at 6s", starts, interrupted)
	}
}
