package executor_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

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
		// The VU runs from 0.7 until 1.3; the stall, too, finds it free from then on.
		{"what came while it was running is lost, what came after is late", 10, 1, 601 * ms, 6, 85},
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
				if d.cause != executor.DropVUs {
					t.Errorf("dropped: %+v", d)
				}
			}
			checkNumbers(t, p)
			for _, d := range p.drops {
				if n := p.running(d.due); n != c.most {
					t.Errorf("ticket %d was dropped while %d VUs were running at %v", d.n, n, d.due)
				}
			}
			for _, r := range p.ran {
				if n := p.running(r.due()); r.start > r.due() && n == c.most {
					t.Errorf("ticket %d was started though all VUs were running at %v", r.N, r.due())
				}
			}
		})
	}
}

// running is how many VUs were running at a time.
func (p *play) running(at time.Duration) (n int64) {
	for _, r := range p.ran {
		if r.start <= at && at < r.end {
			n++
		}
	}
	return n
}

// A generator that is late lets warm VUs work off its tickets, and starts cold ones only now and then: each would make it
// later still.
func TestLateGeneratorsRationColdVUs(t *testing.T) {
	for _, c := range []struct {
		why         string
		first, most int64
		takes       time.Duration
		least, vus  int // that run
	}{
		{"one warm VU and room for more", 1, 50, 600 * time.Microsecond, 2, 20},
		{"fifty that never ran", 50, 50, 600 * time.Microsecond, 2, 35},
		{"a target that answers nobody needs them all", 1, 50, time.Second, 50, 50},
	} {
		e := &spec.ConstantArrivalRate{Rate: perSecond(50), Duration: lasting(3 * s), VUs: count(c.first), MaxVUs: count(c.most)}
		p := (&play{takes: always(c.takes), grace: 2 * s, stall: [2]time.Duration{s / 10, s + s/10}}).run(t, build(t, e))
		used := map[int64]bool{}
		for _, r := range p.ran {
			if r.due() <= s+s/10 {
				used[r.vu] = true
			}
			if r.Free > r.Due {
				t.Errorf("%s: ticket %d, due at %v and started at %v, blames the VU", c.why, r.N, r.due(), r.start)
			}
		}
		if len(used) < c.least || len(used) > c.vus {
			t.Errorf("%s: %d VUs ran the tickets of the stall, want %d to %d", c.why, len(used), c.least, c.vus)
		}
		if lost := p.lost(""); c.takes < s && lost > 0 {
			t.Errorf("%s: %d were dropped", c.why, lost)
		}
	}
}

// A VU that is started late is due when the ramp wanted it.
func TestLateRamp(t *testing.T) {
	e := &spec.RampingVUs{Stages: []spec.Stage[spec.Int]{toVUs(2*s, 3), toVUs(s, 3)}}
	p := (&play{takes: always(s), stall: [2]time.Duration{s / 2, s + s/4}}).run(t, build(t, e))
	starts, _ := p.byVU(2)
	for _, r := range p.ran {
		if r.vu == 2 && r.First && (r.due() != s || r.Free != r.Due || r.start != s+s/4) {
			t.Errorf("VU 2 started at %v as %+v", r.start, r.Ticket)
		}
	}
	if len(starts) != 2 {
		t.Errorf("VU 2 started at %v", starts)
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

// The rule for drops holds whatever the iterations and the stall are, up to the end of the schedule.
func TestLateProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		most := rapid.Int64Range(1, 4).Draw(rt, "vus")
		from := time.Duration(rapid.IntRange(0, 3000).Draw(rt, "from")) * ms
		takes := rapid.SliceOfN(rapid.Int64Range(1, 900), 1, 4).Draw(rt, "takes")
		p := &play{
			takes: func(tk executor.Ticket, _ int64) time.Duration {
				return time.Duration(takes[tk.N%int64(len(takes))])*ms + 1237
			},
			stall: [2]time.Duration{from, from + time.Duration(rapid.IntRange(1, 2000).Draw(rt, "stall"))*ms + 311},
			grace: time.Minute,
		}
		x := build(t, &spec.ConstantArrivalRate{Rate: perSecond(10), Duration: lasting(6 * s), VUs: count(1), MaxVUs: count(most)})
		p.run(t, x)
		if int64(len(p.ran))+p.lost("") != 60 {
			rt.Fatalf("%d started, %d dropped", len(p.ran), p.lost(""))
		}
		for _, d := range p.drops {
			if n := p.running(d.due); d.cause == executor.DropVUs && n != most {
				rt.Fatalf("ticket %d was dropped while %d VUs of %d were running at %v", d.n, n, most, d.due)
			}
		}
		for _, r := range p.ran {
			if n := p.running(r.due()); r.start > r.due() && n == most {
				rt.Fatalf("ticket %d was started though %d VUs were running at %v", r.N, n, r.due())
			}
		}
	})
}
