package executor_test

import (
	"slices"
	"testing"
	"time"

	"runner/runner/executor"
	"runner/runner/schedule"
	"runner/spec"
)

const s = time.Second

func TestClosedCounts(t *testing.T) {
	threeFor10s := &spec.ConstantVUs{VUs: count(3), Duration: lasting(10 * s)}
	fourEach := &spec.PerVUIterations{VUs: count(3), Iterations: count(4), MaxDuration: lasting(10 * s)}
	tenShared := &spec.SharedIterations{VUs: count(3), Iterations: count(10), MaxDuration: lasting(10 * s)}
	slowThird := func(_ executor.Ticket, vu int64) time.Duration {
		if vu == 3 {
			return 4500 * ms
		}
		return s
	}
	for _, c := range []struct {
		why         string
		e           spec.Executor
		play        *play
		started     int
		interrupted int
		dropped     int64
		elapsed     time.Duration
	}{
		{"10 iterations of 1 s each; none starts at 10 s", threeFor10s, &play{takes: always(s)}, 30, 0, 0, 10 * s},
		{"the fourth iteration of 3 s ends in the grace", threeFor10s, &play{takes: always(3 * s), grace: 30 * s}, 12, 0, 0, 12 * s},
		{"an iteration that ends as the grace ends… ends", threeFor10s, &play{takes: always(3 * s), grace: 2500 * time.Millisecond}, 12, 0, 0, 12 * s},
		{"the grace is over before the fourth has ended", threeFor10s, &play{takes: always(3 * s), grace: s}, 12, 3, 0, 11 * s},
		{"no grace at all", threeFor10s, &play{takes: always(3 * s)}, 12, 3, 0, 10 * s},
		{"a stop interrupts at once, whatever the grace", threeFor10s, &play{takes: always(3 * s), grace: 30 * s, stop: 4 * s}, 6, 3, 0, 4 * s},
		{"a user that ends is not replaced", threeFor10s, &play{takes: always(s), last: func(tk executor.Ticket, vu int64) bool { return vu == 2 }}, 21, 0, 0, 10 * s},
		{"when all users have ended there is nothing to wait for", threeFor10s, &play{takes: always(s), last: func(executor.Ticket, int64) bool { return true }, grace: 30 * s}, 3, 0, 0, s},

		{"each VU its own number", fourEach, &play{takes: always(s), grace: 30 * s}, 12, 0, 0, 4 * s},
		{"a slow VU does not lose its share to the fast ones", fourEach, &play{takes: slowThird, grace: 30 * s}, 11, 0, 1, 13500 * ms},
		{"max_duration drops what was not started", fourEach, &play{takes: always(3 * s), grace: s}, 12, 3, 0, 11 * s},
		{"and after 5 s each only two could start", fourEach, &play{takes: always(5 * s), grace: s}, 6, 0, 6, 10 * s},
		{"a stop drops the rest", fourEach, &play{takes: always(3 * s), stop: 4 * s}, 6, 3, 6, 4 * s},
		{"a user that ends gives up its share: nobody prevented it", fourEach, &play{takes: always(s), last: func(tk executor.Ticket, vu int64) bool { return vu == 2 }}, 9, 0, 0, 4 * s},
		{"but a stop drops that share too: planned = started + dropped", fourEach, &play{takes: always(s), stop: 2500 * ms, last: func(tk executor.Ticket, vu int64) bool { return vu == 2 }}, 7, 2, 5, 2500 * ms},

		{"10 over 3 VUs: the last round has one", tenShared, &play{takes: always(s), grace: 30 * s}, 10, 0, 0, 4 * s},
		{"the fast VUs take what the slow one leaves", tenShared, &play{takes: slowThird, grace: 30 * s}, 10, 0, 0, 5 * s},
		{"max_duration drops what was not started", tenShared, &play{takes: always(4 * s), grace: 30 * s}, 9, 0, 1, 12 * s},
		{"a stop drops the rest", tenShared, &play{takes: always(4 * s), stop: 5 * s}, 6, 3, 4, 5 * s},
		{"the others go on when a user ends", tenShared, &play{takes: always(s), last: func(tk executor.Ticket, vu int64) bool { return vu == 2 }}, 10, 0, 0, 5 * s},
	} {
		t.Run(c.e.Kind()+": "+c.why, func(t *testing.T) {
			x := build(t, c.e)
			p := c.play.run(t, x)
			if p.err != nil {
				t.Fatal(p.err)
			}
			if n := x.Info().Planned; n >= 0 && n != int64(len(p.ran))+p.lost("")+p.gaveUp {
				t.Errorf("%d planned, %d started, %d dropped, %d given up", n, len(p.ran), p.lost(""), p.gaveUp)
			}
			if len(p.ran) != c.started || p.interrupted() != c.interrupted || p.lost(executor.DropEnd) != c.dropped || p.elapsed != c.elapsed {
				t.Errorf("%d started, %d interrupted, %d dropped in %v; want %d, %d, %d in %v",
					len(p.ran), p.interrupted(), p.lost(""), p.elapsed, c.started, c.interrupted, c.dropped, c.elapsed)
			}
			checkNumbers(t, p)
			checkClosedTimes(t, p)
		})
	}
}

// checkNumbers: started and dropped tickets have different numbers, and those of the segment.
func checkNumbers(t *testing.T, p *play) {
	t.Helper()
	step := max(p.seg.Count, 1)
	seen := map[int64]bool{}
	see := func(n int64) {
		if seen[n] || n < 0 || n%step != p.seg.Index {
			t.Errorf("ticket %d is another segment's, or was there before", n)
		}
		seen[n] = true
	}
	for _, r := range p.ran {
		see(r.N)
	}
	for _, d := range p.drops {
		for k := range d.count {
			see(d.n + k*step)
		}
	}
}

// checkClosedTimes: a VU's first iteration is due at its planned start, the others when they start.
func checkClosedTimes(t *testing.T, p *play) {
	t.Helper()
	for _, r := range p.ran {
		if r.due() != r.start || r.Free != r.Due || r.Open {
			t.Errorf("an iteration that started at %v: %+v", r.start, r.Ticket)
		}
		if first := r.start == p.t0; r.Stage == 0 && first != r.First {
			t.Errorf("first is %v for an iteration that started at %v", r.First, r.start)
		}
	}
}

// byVU is when a VU's iterations started, and how they ended.
func (p *play) byVU(vu int64) (starts []time.Duration, interrupted []time.Duration) {
	for _, r := range p.ran {
		if r.vu == vu {
			starts = append(starts, r.start)
			if r.interrupted {
				interrupted = append(interrupted, r.end)
			}
		}
	}
	slices.Sort(starts)
	return starts, interrupted
}

func TestRampingVUs(t *testing.T) {
	up := []spec.Stage[spec.Int]{toVUs(4*s, 5), toVUs(2*s, 5)}
	down := []spec.Stage[spec.Int]{toVUs(4*s, 1), toVUs(6*s, 1)}
	valley := []spec.Stage[spec.Int]{toVUs(2*s, 0), toVUs(2*s, 2), toVUs(2*s, 2)}
	type times = []time.Duration
	for _, c := range []struct {
		why         string
		start       int64
		stages      []spec.Stage[spec.Int]
		rampDown    time.Duration
		play        *play
		vu          int64
		starts      times
		interrupted times
		elapsed     time.Duration
	}{
		{"VU 1 is there from the start", 1, up, 0, &play{takes: always(2 * s)}, 1, times{0, 2 * s, 4 * s}, nil, 6 * s},
		{"VU 3 comes after half the ramp", 1, up, 0, &play{takes: always(2 * s)}, 3, times{2 * s, 4 * s}, nil, 6 * s},
		{"VU 5 comes at its end", 1, up, 0, &play{takes: always(2 * s)}, 5, times{4 * s}, nil, 6 * s},
		{"VU 5 goes first, and starts nothing as it goes", 5, down, 30 * s, &play{takes: always(s / 2)}, 5, times{0, s / 2}, nil, 10 * s},
		{"a VU that is asked to stop finishes in the ramp's grace", 5, down, 30 * s, &play{takes: always(3 * s), grace: 30 * s}, 5, times{0}, nil, 12 * s},
		{"and is interrupted after it", 5, down, s, &play{takes: always(3 * s), grace: 30 * s}, 5, times{0}, times{2 * s}, 12 * s},
		{"without a grace at once", 5, down, 0, &play{takes: always(3 * s), grace: 30 * s}, 4, times{0}, times{2 * s}, 12 * s},
		{"the ramp's grace does not outlive the scenario's", 5, down, 30 * s, &play{takes: always(50 * s), grace: s}, 5, times{0}, times{11 * s}, 11 * s},
		{"a VU that was interrupted comes back, with a new user", 2, valley, 0, &play{takes: always(10 * s)}, 1, times{0, 3 * s}, times{2 * s, 6 * s}, 6 * s},
		{"a VU that is wanted again before its grace is over goes on", 2, valley, 2 * s, &play{takes: always(5 * s), grace: 5 * s}, 1, times{0, 5 * s}, nil, 10 * s},
		{"also if its grace ends in that very instant", 2, valley, s, &play{takes: always(5 * s), grace: 5 * s}, 1, times{0, 5 * s}, nil, 10 * s},
		{"a VU whose grace is over is not", 2, valley, 2 * s, &play{takes: always(5 * s), grace: 5 * s}, 2, times{0, 4 * s}, times{3 * s}, 10 * s},
		{"a load that ends at 0 lasts for its duration", 1, []spec.Stage[spec.Int]{toVUs(s, 1), toVUs(0, 0), toVUs(5*s, 0)}, 0, &play{takes: always(s)}, 1, times{0}, nil, 6 * s},
		{"a stop ends it at once", 1, up, 0, &play{takes: always(2 * s), stop: 3 * s}, 3, times{2 * s}, times{3 * s}, 3 * s},
		{"a later T0 moves everything", 1, up, 0, &play{takes: always(2 * s), delay: 7 * s}, 3, times{9 * s, 11 * s}, nil, 13 * s},
	} {
		t.Run(c.why, func(t *testing.T) {
			e := &spec.RampingVUs{StartVUs: count(c.start), Stages: c.stages, GracefulRampDown: lasting(c.rampDown)}
			p := c.play.run(t, build(t, e))
			starts, interrupted := p.byVU(c.vu)
			if !slices.Equal(starts, c.starts) || !slices.Equal(interrupted, c.interrupted) || p.elapsed != c.elapsed {
				t.Errorf("VU %d started at %v, was interrupted at %v, all in %v; want %v, %v, %v",
					c.vu, starts, interrupted, p.elapsed, c.starts, c.interrupted, c.elapsed)
			}
			checkNumbers(t, p)
			checkClosedTimes(t, p)
		})
	}
}

func TestStageOfARamp(t *testing.T) {
	e := &spec.RampingVUs{Stages: []spec.Stage[spec.Int]{toVUs(2*s, 1), toVUs(0, 3), toVUs(2*s, 3)}}
	p := (&play{takes: always(s)}).run(t, build(t, e))
	stages := map[int16]int{}
	for _, r := range p.ran {
		stages[r.Stage]++
	}
	if stages[1] != 2 || stages[3] != 6 || len(stages) != 2 {
		t.Errorf("iterations by stage: %v", stages)
	}
	if p.peak != 3 || p.made != 3 {
		t.Errorf("%d VUs at the most of %d made", p.peak, p.made)
	}
}

// Segments run the VUs and the numbers of one machine between them, at the same times.
func TestClosedSegmentsAreTheWhole(t *testing.T) {
	type key struct {
		vu    int64
		start time.Duration
	}
	for _, e := range []spec.Executor{
		&spec.ConstantVUs{VUs: count(5), Duration: lasting(4 * s)},
		&spec.RampingVUs{StartVUs: count(1), Stages: []spec.Stage[spec.Int]{toVUs(4*s, 5), toVUs(4*s, 0)}},
		&spec.PerVUIterations{VUs: count(5), Iterations: count(3)},
	} {
		t.Run(e.Kind(), func(t *testing.T) {
			x := build(t, e)
			want := map[key]bool{}
			for _, r := range (&play{takes: always(s), grace: s}).run(t, x).ran {
				want[key{r.vu, r.start}] = true
			}
			got := 0
			for i := range int64(8) {
				p := (&play{takes: always(s), grace: s, seg: schedule.Segment{Index: i, Count: 8}}).run(t, x)
				got += len(p.ran)
				for _, r := range p.ran {
					if !want[key{r.vu, r.start}] {
						t.Errorf("segment %d: VU %d starts at %v, one machine's does not", i, r.vu, r.start)
					}
				}
				if p.began != 1 {
					t.Errorf("segment %d started %d times", i, p.began)
				}
			}
			if got != len(want) {
				t.Errorf("the segments started %d iterations, one machine %d", got, len(want))
			}
		})
	}
	shared := build(t, &spec.SharedIterations{VUs: count(3), Iterations: count(10)})
	var all int
	for i := range int64(3) {
		p := (&play{takes: always(s), seg: schedule.Segment{Index: i, Count: 3}}).run(t, shared)
		checkNumbers(t, p)
		all += len(p.ran)
	}
	if all != 10 {
		t.Errorf("the segments shared %d of 10 iterations", all)
	}
}
