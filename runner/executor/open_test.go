package executor_test

import (
	"cmp"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"runner/runner/executor"
	"runner/runner/schedule"
	"runner/spec"
)

const ms = time.Millisecond

func fivePerSecond(vus, most int64) *spec.ConstantArrivalRate {
	return &spec.ConstantArrivalRate{Rate: perSecond(5), Duration: lasting(10 * s), VUs: count(vus), MaxVUs: count(most)}
}

func TestOpenCounts(t *testing.T) {
	pause := &spec.RampingArrivalRate{VUs: count(9), Stages: []spec.Stage[spec.RateOf]{
		toRate(0, 5), toRate(2*s, 5), toRate(0, 0), toRate(8*s, 0)}}
	for _, c := range []struct {
		why         string
		e           spec.Executor
		play        *play
		started     int
		interrupted int
		vus, end    int64 // dropped, by cause
		made        int64
		elapsed     time.Duration
	}{
		{"one VU can do it", fivePerSecond(1, 1), &play{takes: always(100 * ms)}, 50, 0, 0, 0, 1, 10 * s},
		{"iterations of no time at all", fivePerSecond(1, 1), &play{}, 50, 0, 0, 0, 1, 10 * s},
		{"of 6 tickets 3 find a VU", fivePerSecond(3, 3), &play{takes: always(1001 * ms), grace: 30 * s}, 26, 0, 24, 0, 3, 10801 * ms},
		{"the grace is over 0.5 s after the end", fivePerSecond(3, 3), &play{takes: always(1001 * ms), grace: 500 * ms}, 26, 2, 24, 0, 3, 10500 * ms},
		{"no grace", fivePerSecond(3, 3), &play{takes: always(1001 * ms)}, 26, 2, 24, 0, 3, 10 * s},
		{"VUs are made as they are needed", fivePerSecond(1, 50), &play{takes: always(990 * ms), grace: s}, 50, 0, 0, 0, 5, 10790 * ms},
		{"no VU at first: each is made when it is needed", fivePerSecond(0, 3), &play{takes: always(100 * ms)}, 50, 0, 0, 0, 1, 10 * s},
		{"but no more than max_vus", fivePerSecond(1, 3), &play{takes: always(1001 * ms), grace: 30 * s}, 26, 0, 24, 0, 3, 10801 * ms},
		{"VUs that take long to make come too late, but they come", fivePerSecond(1, 50), &play{takes: always(90 * ms), init: func(int64) (time.Duration, error) { return s, nil }}, 50, 0, 0, 0, 1, 11 * s},
		{"a stop drops the rest", fivePerSecond(1, 9), &play{takes: always(100 * ms), stop: 3300 * ms}, 17, 0, 0, 33, 1, 3300 * ms},
		{"a stop interrupts what runs", fivePerSecond(9, 9), &play{takes: always(900 * ms), stop: 3300 * ms, grace: 30 * s}, 17, 4, 0, 33, 9, 3300 * ms},
		{"a stop before T0", fivePerSecond(1, 9), &play{delay: 7 * s, stop: 3 * s}, 0, 0, 0, 50, 1, 3 * s},
		{"the load lasts for its duration, with or without tickets", pause, &play{takes: always(s)}, 10, 0, 0, 0, 9, 10 * s},
		{"a user that ends is replaced", fivePerSecond(1, 1), &play{takes: always(100 * ms), last: func(executor.Ticket, int64) bool { return true }}, 50, 0, 0, 0, 1, 10 * s},
		{"a later T0 moves everything", fivePerSecond(1, 1), &play{takes: always(100 * ms), delay: 5 * s}, 50, 0, 0, 0, 1, 15 * s},
	} {
		t.Run(c.why, func(t *testing.T) {
			p := c.play.run(t, build(t, c.e))
			if p.err != nil {
				t.Fatal(p.err)
			}
			if len(p.ran) != c.started || p.interrupted() != c.interrupted || p.lost(executor.DropVUs) != c.vus || p.lost(executor.DropEnd) != c.end {
				t.Errorf("%d started, %d interrupted, %d + %d dropped; want %d, %d, %d + %d", len(p.ran), p.interrupted(),
					p.lost(executor.DropVUs), p.lost(executor.DropEnd), c.started, c.interrupted, c.vus, c.end)
			}
			if p.made != c.made || p.elapsed != c.elapsed {
				t.Errorf("%d VUs in %v; want %d in %v", p.made, p.elapsed, c.made, c.elapsed)
			}
			checkNumbers(t, p)
		})
	}
}

// Every ticket says when it was due; one that found a VU free starts at that very time.
func TestOpenTickets(t *testing.T) {
	e := &spec.RampingArrivalRate{VUs: count(2), MaxVUs: count(20), Stages: []spec.Stage[spec.RateOf]{
		toRate(2*s, 10), toRate(2*s, 10), toRate(0, 1), toRate(2*s, 1)}}
	x := build(t, e)
	arrivals := x.Info().Arrivals
	p := (&play{takes: always(700 * ms), grace: s, delay: 3 * s}).run(t, x)
	slices.SortFunc(p.ran, func(a, b played) int { return cmp.Compare(a.N, b.N) })
	for i, r := range p.ran {
		due, _ := arrivals.At(int64(i))
		if r.N != int64(i) || r.due() != 3*s+due || r.start != r.due() || r.Stage != arrivals.StageAt(due) || !r.Open || r.First || r.Free > r.Due {
			t.Errorf("ticket %d, due at %v: started at %v as %+v", i, due, r.start, r.Ticket)
		}
	}
	if int64(len(p.ran)) != x.Info().Planned || p.t0 != 3*s {
		t.Errorf("%d of %d started, from %v on", len(p.ran), x.Info().Planned, p.t0)
	}
}

// Free VUs take turns: the one that has been free for longest is next.
func TestFreeVUsTakeTurns(t *testing.T) {
	p := (&play{takes: always(100 * ms)}).run(t, build(t, fivePerSecond(4, 4)))
	for i, r := range p.ran {
		if want := int64(i)%4 + 1; r.vu != want {
			t.Fatalf("ticket %d was VU %d's, want VU %d", i, r.vu, want)
		}
	}
}

// Making a VU costs its own ticket time, and no other.
func TestMakingAVUHoldsUpNothing(t *testing.T) {
	p := (&play{
		takes: func(tk executor.Ticket, _ int64) time.Duration {
			if tk.N == 0 {
				return 300 * ms // so that ticket 1 finds no VU, and ticket 2 does
			}
			return 10 * ms
		},
		init: func(vu int64) (time.Duration, error) {
			if vu == 1 {
				return 0, nil
			}
			return 500 * ms, nil
		},
	}).run(t, build(t, fivePerSecond(1, 5)))
	for _, r := range p.ran {
		want := r.due()
		if r.N == 1 {
			want += 500 * ms
		}
		if r.start != want || r.Free > r.Due {
			t.Errorf("ticket %d, due at %v, started at %v on VU %d", r.N, r.due(), r.start, r.vu)
		}
	}
	if len(p.ran) != 50 || p.made != 2 {
		t.Errorf("%d started on %d VUs", len(p.ran), p.made)
	}
}

// What is not made by the end of the grace is dropped; making it ends.
func TestGraceEndsTheMakingOfVUs(t *testing.T) {
	var made atomic.Int64
	p := (&play{
		takes: always(100 * ms), grace: s,
		init: func(int64) (time.Duration, error) {
			if made.Add(1) == 1 {
				return 0, nil
			}
			return time.Hour, nil
		},
		last: func(tk executor.Ticket, vu int64) bool { return tk.N == 10 },
	}).run(t, build(t, fivePerSecond(1, 2)))
	// VU 1 ends after ticket 10; from then on two VUs are being made for ever.
	if p.err != nil || len(p.ran) != 11 || p.lost(executor.DropVUs) != 37 || p.lost(executor.DropEnd) != 2 || p.elapsed != 11*s {
		t.Errorf("%v: %d started, %d + %d dropped in %v", p.err, len(p.ran), p.lost(executor.DropVUs), p.lost(executor.DropEnd), p.elapsed)
	}
	checkNumbers(t, p)
}

func TestInitErrorEndsTheRun(t *testing.T) {
	for _, c := range []struct {
		why   string
		e     spec.Executor
		bad   int64
		began int
	}{
		{"before T0, of an arrival executor", fivePerSecond(3, 3), 2, 0},
		{"while it runs", fivePerSecond(1, 3), 2, 1},
		{"before T0, of a closed executor", &spec.PerVUIterations{VUs: count(3), Iterations: count(50 / 3)}, 3, 0},
	} {
		t.Run(c.why, func(t *testing.T) {
			x := build(t, c.e)
			p := (&play{takes: always(s), grace: time.Minute, init: func(vu int64) (time.Duration, error) {
				if vu == c.bad {
					return 0, errInit
				}
				return 0, nil
			}}).run(t, x)
			if !errors.Is(p.err, errInit) || p.began != c.began || p.elapsed > s {
				t.Errorf("error %v after %v; T0 %d times", p.err, p.elapsed, p.began)
			}
			if got := int64(len(p.ran)) + p.lost(""); got != x.Info().Planned {
				t.Errorf("started + dropped = %d, planned were %d", got, x.Info().Planned)
			}
		})
	}
}

// An interrupted making of VUs is not an error of the plan.
func TestStopWhileVUsAreMade(t *testing.T) {
	for _, e := range []spec.Executor{fivePerSecond(3, 3), &spec.ConstantVUs{VUs: count(3), Duration: lasting(s)}} {
		p := (&play{stop: s, delay: 7 * s, init: func(int64) (time.Duration, error) { return time.Hour, nil }}).run(t, build(t, e))
		if p.err != nil || p.began != 0 || p.elapsed != s {
			t.Errorf("%s: %v after %v", e.Kind(), p.err, p.elapsed)
		}
		if len(p.drops) > 0 && p.drops[0].due != 7*s {
			t.Errorf("%s: dropped %+v", e.Kind(), p.drops)
		}
	}
}

// A user whose making did not notice the stop runs nothing.
func TestUserThatIsMadeAfterTheStop(t *testing.T) {
	p := (&play{takes: always(time.Minute), stop: 100 * ms, deaf: true, init: func(vu int64) (time.Duration, error) {
		return time.Duration(vu-1) * s, nil
	}}).run(t, build(t, &spec.ConstantArrivalRate{Rate: perSecond(20), Duration: lasting(s), VUs: count(1), MaxVUs: count(2)}))
	if p.err != nil || len(p.ran) != 1 || p.interrupted() != 1 || p.elapsed != 1050*ms || p.lost("") != 19 {
		t.Errorf("%v: %d started, %d dropped in %v", p.err, len(p.ran), p.lost(""), p.elapsed)
	}
}

// Whatever the load, the iterations and the stop: planned = started + dropped, each number once, a ticket is dropped for
// want of VUs if and only if max_vus were running when it was due, and nothing runs after the grace.
func TestOpenProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		vus := rapid.Int64Range(1, 5).Draw(rt, "vus")
		most := vus + rapid.Int64Range(0, 5).Draw(rt, "more")
		e := &spec.RampingArrivalRate{VUs: count(vus), MaxVUs: count(most), StartRate: perSecond(rapid.Int64Range(0, 30).Draw(rt, "start"))}
		for range rapid.IntRange(1, 3).Draw(rt, "stages") {
			d := time.Duration(rapid.IntRange(0, 5).Draw(rt, "duration")) * s
			e.Stages = append(e.Stages, toRate(d, rapid.Int64Range(0, 30).Draw(rt, "target")))
		}
		e.Stages = append(e.Stages, toRate(s, 3))
		// Odd times, so that an iteration does not end in the very instant in which a ticket is due.
		takes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.Int64Range(0, 2000).Draw(t, "ms"))*ms + 1237*time.Nanosecond
		}), 1, 5).Draw(rt, "takes")
		p := &play{
			takes: func(tk executor.Ticket, _ int64) time.Duration { return takes[tk.N%int64(len(takes))] },
			grace: time.Duration(rapid.IntRange(0, 3).Draw(rt, "grace")) * s,
			stop:  time.Duration(rapid.IntRange(0, 8000).Draw(rt, "stop"))*ms + 17,
			seg:   schedule.Segment{Index: rapid.Int64Range(0, 2).Draw(rt, "index"), Count: 3},
		}
		x := build(t, e)
		p.run(t, x)
		checkOpen(rt, p, x.Info())
	})
}

func checkOpen(t *rapid.T, p *play, info executor.Info) {
	seg := p.seg.Of(info.MaxVUs)
	if got, want := int64(len(p.ran))+p.lost(""), seg.Share(info.Planned); got != want {
		t.Fatalf("started %d, dropped %d, planned %d", len(p.ran), p.lost(""), want)
	}
	seen := map[int64]bool{}
	for _, r := range p.ran {
		due, _ := info.Arrivals.At(r.N)
		if seen[r.N] || r.N%seg.Count != seg.Index || r.due() != p.t0+due || r.start != r.due() {
			t.Fatalf("ticket %d started at %v: %+v", r.N, r.start, r.Ticket)
		}
		seen[r.N] = true
		if r.end > p.t0+info.Duration+p.grace {
			t.Fatalf("ticket %d ran until %v", r.N, r.end)
		}
	}
	for _, d := range p.drops {
		running := int64(0)
		for _, r := range p.ran {
			if r.start < d.due && d.due < r.end {
				running++
			}
		}
		if d.cause == executor.DropVUs && running != seg.Share(info.MaxVUs) {
			t.Fatalf("ticket %d was dropped while %d VUs of %d were running", d.n, running, seg.Share(info.MaxVUs))
		}
		if d.cause == executor.DropEnd && d.due < p.stop && p.stop < p.elapsed {
			t.Fatalf("ticket %d was due at %v, before the stop, and dropped because of it", d.n, d.due)
		}
		for k := range d.count {
			n := d.n + k*seg.Count
			due, ok := info.Arrivals.At(n)
			if seen[n] || !ok || info.Arrivals.StageAt(due) != d.stage {
				t.Fatalf("ticket %d of %+v: stage %d, or there before", n, d, info.Arrivals.StageAt(due))
			}
			seen[n] = true
		}
	}
}
