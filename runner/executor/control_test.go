package executor_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"runner/runner/executor"
	"runner/runner/schedule"
	"runner/spec"
)

type asks = map[time.Duration]func(*executor.Control, int64)

func pausing(c *executor.Control, at int64)  { c.Pause(at) }
func resuming(c *executor.Control, at int64) { c.Resume(at) }
func stopping(c *executor.Control, at int64) { c.Stop(at) }
func scaling(num, den int64) func(*executor.Control, int64) {
	return func(c *executor.Control, at int64) { c.Scale(at, schedule.Factor{Num: num, Den: den}) }
}

func constantVUs(n int64, d time.Duration) *spec.ConstantVUs {
	return &spec.ConstantVUs{VUs: spec.Int{Value: n, Set: true}, Duration: lasting(d)}
}

// A changed run still accounts for each ticket, and takes as much longer as it stood still.
func TestChangesWhileItRuns(t *testing.T) {
	for _, c := range []struct {
		why     string
		e       spec.Executor
		play    *play
		started int
		end     int64 // dropped with that cause
		elapsed time.Duration
	}{
		{"nobody changes anything", fivePerSecond(9, 9), &play{takes: always(100 * ms), control: asks{}}, 50, 0, 10 * s},
		{"a pause makes the run longer and nothing else", fivePerSecond(9, 9), &play{takes: always(100 * ms), control: asks{3 * s: pausing, 7 * s: resuming}}, 50, 0, 14 * s},
		{"a pause before T0 holds T0 up", fivePerSecond(9, 9), &play{takes: always(100 * ms), delay: 5 * s, control: asks{2 * s: pausing, 3 * s: resuming}}, 50, 0, 16 * s},
		{"two pauses", fivePerSecond(9, 9), &play{takes: always(100 * ms), control: asks{s: pausing, 2 * s: resuming, 3 * s: pausing, 5 * s: resuming}}, 50, 0, 13 * s},
		{"twice the rate for the second half", fivePerSecond(9, 9), &play{takes: always(100 * ms), control: asks{5 * s: scaling(2, 1)}}, 75, 0, 10 * s},
		{"and back again", fivePerSecond(9, 9), &play{takes: always(100 * ms), control: asks{5 * s: scaling(2, 1), 6 * s: scaling(1, 1)}}, 55, 0, 10 * s},
		{"a stop drops the rest and lets what runs end", fivePerSecond(9, 9), &play{takes: always(900 * ms), grace: 30 * s, control: asks{3300 * ms: stopping}}, 17, 33, 4100 * ms},
		{"a stop in a pause", fivePerSecond(9, 9), &play{takes: always(100 * ms), grace: s, control: asks{2900 * ms: pausing, 5 * s: stopping}}, 15, 35, 5020 * ms},
		{"closed: a pause makes it longer", constantVUs(2, 10*s), &play{takes: always(s), grace: s, control: asks{3500 * ms: pausing, 7500 * ms: resuming}}, 22, 0, 14520 * ms},
		{"closed: twice the VUs", constantVUs(2, 10*s), &play{takes: always(s), grace: s, control: asks{5 * s: scaling(2, 1)}}, 30, 0, 10020 * ms},
		{"closed: half the VUs", constantVUs(2, 10*s), &play{takes: always(s), grace: s, control: asks{4500 * ms: scaling(1, 2)}}, 15, 0, 10 * s},
		{"closed: a stop", constantVUs(2, 10*s), &play{takes: always(s), grace: s, control: asks{4500 * ms: stopping}}, 10, 0, 5 * s},
		{"iterations are run in spite of a pause", &spec.SharedIterations{VUs: count(2), Iterations: count(10)}, &play{takes: always(s), grace: s, control: asks{1500 * ms: pausing, 4500 * ms: resuming}}, 10, 0, 7500 * ms},
		{"iterations can't be scaled", &spec.SharedIterations{VUs: count(2), Iterations: count(10)}, &play{takes: always(s), grace: s, control: asks{1500 * ms: scaling(2, 1)}}, 10, 0, 5 * s},
		{"a stop drops iterations", &spec.PerVUIterations{VUs: count(2), Iterations: count(10)}, &play{takes: always(s), grace: s, control: asks{2500 * ms: stopping}}, 6, 14, 3 * s},
	} {
		t.Run(c.why, func(t *testing.T) {
			p := c.play.run(t, build(t, c.e))
			if p.err != nil {
				t.Fatal(p.err)
			}
			if len(p.ran) != c.started || p.lost(executor.DropEnd) != c.end || p.lost(executor.DropVUs) != 0 {
				t.Errorf("%d started, %d + %d dropped; want %d and %d", len(p.ran), p.lost(executor.DropVUs), p.lost(executor.DropEnd), c.started, c.end)
			}
			if d := p.elapsed - c.elapsed; d < -20*ms || d > 20*ms { // changes are looked for every 20 ms
				t.Errorf("took %v, want %v", p.elapsed, c.elapsed)
			}
			if p.planned >= 0 && p.planned != int64(len(p.ran))+p.lost("") {
				t.Errorf("planned %d, started %d, dropped %d", p.planned, len(p.ran), p.lost(""))
			}
			if !errors.Is(p.late, executor.ErrOver) {
				t.Errorf("a change after the end: %v", p.late)
			}
		})
	}
}

// Nothing starts in a pause, and what comes after is due a pause later.
func TestAPauseMovesTheSchedule(t *testing.T) {
	p := (&play{takes: always(10 * ms), control: asks{2900 * ms: pausing, 4900 * ms: resuming}}).run(t, build(t, fivePerSecond(1, 1)))
	for _, r := range p.ran {
		want := time.Duration(r.N) * 200 * ms
		if want >= 2900*ms {
			want += 2 * s
		}
		if r.due() != want || r.start != want {
			t.Errorf("ticket %d: due %v, started %v, want %v", r.N, r.due(), r.start, want)
		}
	}
}

// VUs that a smaller number takes away end their iteration; those that a larger one brings have numbers of their own.
func TestScaledVUsAreTold(t *testing.T) {
	p := (&play{takes: always(700 * ms), grace: s, control: asks{2 * s: scaling(2, 1), 5 * s: scaling(1, 2)}}).run(t, build(t, constantVUs(2, 10*s)))
	most := map[bool]int64{}
	for _, r := range p.ran {
		if r.interrupted {
			t.Errorf("VU %d was interrupted at %v", r.vu, r.end)
		}
		late := r.start > 5100*ms
		most[late] = max(most[late], r.vu)
	}
	if most[false] != 4 || most[true] != 1 || p.made != 4 {
		t.Errorf("VUs up to %d, then %d; %d made", most[false], most[true], p.made)
	}
}

// Whatever is asked for and when: planned = started + dropped.
func TestNoTicketIsLostByChanges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		control := asks{}
		for range rapid.IntRange(1, 8).Draw(rt, "changes") {
			at := time.Duration(rapid.IntRange(1, 12000).Draw(rt, "at")) * ms
			control[at] = rapid.SampledFrom([]func(*executor.Control, int64){
				pausing, resuming, scaling(3, 1), scaling(1, 3), scaling(1, 1)}).Draw(rt, "change")
		}
		control[20*s] = stopping // out of a pause that nobody ends
		e := rapid.SampledFrom([]spec.Executor{fivePerSecond(2, 4), constantVUs(3, 10*s),
			&spec.PerVUIterations{VUs: count(3), Iterations: count(20)},
			&spec.RampingArrivalRate{VUs: count(3), Stages: []spec.Stage[spec.RateOf]{toRate(4*s, 10), toRate(4*s, 0)}},
			&spec.RampingVUs{Stages: []spec.Stage[spec.Int]{toVUs(4*s, 5), toVUs(4*s, 0)}}}).Draw(rt, "executor")
		p := (&play{takes: always(430 * ms), grace: s, control: control}).run(t, build(t, e))
		if p.err != nil || p.planned >= 0 && p.planned != int64(len(p.ran))+p.lost("") {
			rt.Errorf("%v; planned %d, started %d, dropped %d", p.err, p.planned, len(p.ran), p.lost(""))
		}
	})
}
