package executor_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"runner/runner/executor"
	"runner/spec"
)

// After a stall of the generator the tickets of the stall start late, and show it in their lag; only those that found all
// VUs running when they were due are dropped.
func TestLateGenerator(t *testing.T) {
	for _, c := range []struct {
		why     string
		rate    int64
		most    int64
		takes   time.Duration
		late    int   // started later than due
		dropped int64 // and lost
	}{
		// Due at 1.0, 1.1, …, 1.9 in the stall, and from 2.0 on while it is being worked off.
		{"VUs enough: all ten start at the end of the stall", 10, 20, 50 * ms, 10, 0},
		{"one VU works off what came in the stall, and loses what comes due meanwhile", 10, 1, 41 * ms, 10, 5},
		{"three VUs have to be running all at once", 10, 3, 61 * ms, 10, 2},
		{"a rate that needs all VUs all the time loses no more than the work of the stall", 10, 1, 91 * ms, 10, 10},
	} {
		t.Run(c.why, func(t *testing.T) {
			e := &spec.ConstantArrivalRate{Rate: perSecond(c.rate), Duration: lasting(10 * s), VUs: count(c.most)}
			p := (&play{takes: always(c.takes), grace: s, stall: [2]time.Duration{s, 2 * s}}).run(t, build(t, e))
			slices.SortFunc(p.ran, func(a, b played) int { return cmp.Compare(a.start, b.start) })
			late := 0
			for _, r := range p.ran {
				if r.start > r.due() {
					late++
				}
				if r.Free > r.Due {
					t.Errorf("ticket %d, due at %v and started at %v, blames the VU", r.N, r.due(), r.start)
				}
			}
			if late != c.late || p.lost("") != c.dropped || int64(len(p.ran))+p.lost("") != 100 {
				t.Errorf("%d started, %d of them late, %d dropped; want %d late, %d dropped", len(p.ran), late, p.lost(""), c.late, c.dropped)
			}
			for _, d := range p.drops {
				if d.cause != executor.DropVUs || d.due < 2*s {
					t.Errorf("dropped: %+v", d)
				}
			}
			checkNumbers(t, p)
		})
	}
}

// What a stall held up until the end of the schedule, with all VUs running, is dropped as late, and the run ends.
func TestStallUntilTheEnd(t *testing.T) {
	e := &spec.ConstantArrivalRate{Rate: perSecond(10), Duration: lasting(2 * s)}
	p := (&play{takes: always(time.Hour), grace: s, stall: [2]time.Duration{0, 1900 * ms}}).run(t, build(t, e))
	if p.elapsed != 3*s || len(p.ran) != 1 || p.interrupted() != 1 || p.lost(executor.DropEnd) != 18 || p.lost(executor.DropVUs) != 1 {
		t.Errorf("%d started, %d interrupted, %v in %v", len(p.ran), p.interrupted(), p.drops, p.elapsed)
	}
}
