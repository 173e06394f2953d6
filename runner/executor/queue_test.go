package executor_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"runner/runner/executor"
	"runner/spec"
)

func queued(rate, vus, most int64, d time.Duration) *spec.ConstantArrivalRate {
	return &spec.ConstantArrivalRate{
		Rate: perSecond(rate), Duration: lasting(d), VUs: count(vus), MaxVUs: count(most), Late: spec.Word{Value: "queue", Set: true},
	}
}

func TestQueue(t *testing.T) {
	type times = []time.Duration
	slowFirst := func(t executor.Ticket, _ int64) time.Duration {
		if t.N == 0 {
			return 3500 * ms
		}
		return 100 * ms
	}
	for _, c := range []struct {
		why     string
		e       *spec.ConstantArrivalRate
		play    *play
		starts  times
		waits   times // Free - Due of each, where positive
		dropped int64 // at the end
		elapsed time.Duration
	}{
		{"nothing waits while a VU is free", queued(1, 1, 1, 4*s), &play{takes: always(500 * ms), grace: s}, times{0, s, 2 * s, 3 * s}, times{0, 0, 0, 0}, 0, 4 * s},
		{"below max_vus a VU is made instead", queued(1, 1, 4, 4*s), &play{takes: always(3500 * ms), grace: 9 * s}, times{0, s, 2 * s, 3 * s}, times{0, 0, 0, 0}, 0, 6500 * ms},
		{"tickets wait for the VU, in order, and are worked off", queued(1, 1, 1, 6*s), &play{takes: slowFirst, grace: s},
			times{0, 3500 * ms, 3600 * ms, 3700 * ms, 4 * s, 5 * s}, times{0, 2500 * ms, 1600 * ms, 700 * ms, 0, 0}, 0, 6 * s},
		{"what has not started at the end is dropped", queued(1, 1, 1, 6*s), &play{takes: always(2500 * ms), grace: 9 * s},
			times{0, 2500 * ms, 5 * s}, times{0, 1500 * ms, 3 * s}, 3, 7500 * ms},
		{"also where a VU comes free in that very instant", queued(1, 1, 1, 4*s), &play{takes: always(2 * s), grace: 9 * s}, times{0, 2 * s}, times{0, s}, 2, 4 * s},
		{"two VUs work a queue off together", queued(2, 2, 2, 3*s), &play{takes: always(1500 * ms), grace: 9 * s},
			times{0, 500 * ms, 1500 * ms, 2 * s}, times{0, 0, 500 * ms, 500 * ms}, 2, 3500 * ms},
		{"a stop drops what waits", queued(1, 1, 1, 6*s), &play{takes: always(5 * s), stop: 3500 * ms}, times{0}, times{0}, 5, 3500 * ms},
	} {
		t.Run(c.why, func(t *testing.T) {
			p := c.play.run(t, build(t, c.e))
			slices.SortFunc(p.ran, func(a, b played) int { return cmp.Compare(a.N, b.N) })
			var starts, waits times
			for _, r := range p.ran {
				starts = append(starts, r.start)
				waits = append(waits, max(0, time.Duration(r.Free-r.Due)))
				if lag := r.start - max(r.due(), time.Duration(r.Free)); lag != 0 {
					t.Errorf("ticket %d started %v late: the generator was on time", r.N, lag)
				}
			}
			if !slices.Equal(starts, c.starts) || !slices.Equal(waits, c.waits) || p.lost(executor.DropEnd) != c.dropped || p.lost(executor.DropVUs) != 0 || p.elapsed != c.elapsed {
				t.Errorf("started at %v after waits of %v, %d dropped at the end and %d for VUs, all in %v; want %v, %v, %d, 0, %v",
					starts, waits, p.lost(executor.DropEnd), p.lost(executor.DropVUs), p.elapsed, c.starts, c.waits, c.dropped, c.elapsed)
			}
			checkNumbers(t, p)
		})
	}
}

// A stall of the generator is its own lateness, also where tickets may wait for VUs.
func TestQueueAfterAStall(t *testing.T) {
	p := (&play{takes: always(50 * ms), grace: s, stall: [2]time.Duration{s, 2 * s}}).run(t, build(t, queued(10, 20, 20, 10*s)))
	late := 0
	for _, r := range p.ran {
		if r.start > r.due() {
			late++
		}
		if r.Free > r.Due {
			t.Errorf("ticket %d, due at %v and started at %v, blames the VU", r.N, r.due(), r.start)
		}
	}
	if late != 10 || len(p.ran) != 100 {
		t.Errorf("%d started, %d late; want 100, 10", len(p.ran), late)
	}
}

func TestPoissonArrivals(t *testing.T) {
	e := &spec.ConstantArrivalRate{Rate: perSecond(10), Duration: lasting(10 * s), VUs: count(50), Arrivals: spec.Word{Value: "poisson", Set: true}}
	x := build(t, e)
	p := (&play{takes: always(ms)}).run(t, x)
	if n := x.Info().Planned; int64(len(p.ran)) != n || n < 60 || n > 140 {
		t.Errorf("%d started, %d planned, want about 100", len(p.ran), n)
	}
	for _, r := range p.ran {
		if at, ok := x.Info().Arrivals.At(r.N); !ok || at != r.start {
			t.Errorf("ticket %d started at %v, and was due at %v", r.N, r.start, at)
		}
	}
}
