package schedule_test

import (
	"sort"
	"testing"
	"time"

	"pgregory.net/rapid"

	"runner/runner/schedule"
)

func TestScaledArrivals(t *testing.T) {
	steady := constant(t, perSecond(10), 10*time.Second)
	ramp := ramping(t, perSecond(0), schedule.RateStage{Duration: 10 * time.Second, Target: perSecond(10)}, schedule.RateStage{Duration: 10 * time.Second, Target: perSecond(10)})
	for _, c := range []struct {
		why    string
		from   *schedule.Arrivals
		at     time.Duration
		f      schedule.Factor
		total  int64
		rate   float64 // right after
		stages int
	}{
		{"twice as many from the middle on", steady, 5 * time.Second, schedule.Factor{Num: 2, Den: 1}, 150, 20, 0},
		{"half as many", steady, 5 * time.Second, schedule.Factor{Num: 1, Den: 2}, 75, 5, 0},
		{"a tenth of a per cent", steady, 5 * time.Second, schedule.Factor{Num: 1, Den: 1000}, 51, 0.01, 0},
		{"from the start", steady, 0, schedule.Factor{Num: 3, Den: 1}, 300, 30, 0},
		{"before the start is from the start", steady, -time.Second, schedule.Factor{Num: 3, Den: 1}, 300, 30, 0},
		{"in the midst of a ramp: 12.5 + 2 × 37.5 + 200", ramp, 5 * time.Second, schedule.Factor{Num: 2, Den: 1}, 288, 10, 2},
		{"between stages", ramp, 10 * time.Second, schedule.Factor{Num: 2, Den: 1}, 250, 20, 2},
	} {
		t.Run(c.why, func(t *testing.T) {
			got, err := c.from.Scaled(c.at, c.f)
			if err != nil {
				t.Fatal(err)
			}
			if got.Total() != c.total || got.Duration() != c.from.Duration() || got.Stages() != c.stages || got.RateAt(max(c.at, 0)) != c.rate {
				t.Errorf("%d tickets in %v at %v/s, %d stages; want %d in %v at %v/s, %d stages", got.Total(), got.Duration(),
					got.RateAt(max(c.at, 0)), got.Stages(), c.total, c.from.Duration(), c.rate, c.stages)
			}
		})
	}
}

func TestScalingReplacesTheFactor(t *testing.T) {
	a := constant(t, perSecond(10), 10*time.Second)
	var err error
	for i, f := range []schedule.Factor{{Num: 5, Den: 1}, {Num: 1, Den: 3}, {Num: 1, Den: 1}} {
		if a, err = a.Scaled(time.Duration(i+1)*time.Second, f); err != nil {
			t.Fatal(err)
		}
	}
	if want := int64(10 + 50 + 4 + 70); a.Total() != want { // ⌈10 + 50 + 3⅓ + 70⌉
		t.Errorf("%d tickets, want %d", a.Total(), want)
	}
}

func TestWhatCannotBeScaled(t *testing.T) {
	a, v := constant(t, perSecond(10), time.Second), rampVUs(t, 1, schedule.VUStage{Duration: time.Second, Target: 5})
	for _, c := range []struct {
		why string
		at  time.Duration
		f   schedule.Factor
	}{
		{"nothing is left", time.Second, schedule.Factor{Num: 1, Den: 1}}, {"no load", 0, schedule.Factor{Num: 0, Den: 1}},
		{"a negative load", 0, schedule.Factor{Num: -1, Den: 1}}, {"no denominator", 0, schedule.Factor{Num: 1}},
	} {
		if _, err := a.Scaled(c.at, c.f); err == nil {
			t.Errorf("arrivals: %s: no error", c.why)
		}
		if _, err := v.Scaled(c.at, c.f); err == nil {
			t.Errorf("VUs: %s: no error", c.why)
		}
	}
	if _, err := a.Scaled(0, schedule.Factor{Num: 1 << 62, Den: 1}); err == nil {
		t.Error("a rate that overflows: no error")
	}
}

// Whatever is scaled and when: what was due before stays as it was, due times never go back, and stages cover all tickets.
func TestScalingKeepsWhatWasDue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start, stages := anyRamp(t)
		a, err := schedule.Ramping(start, stages)
		if err != nil || a.Duration() == 0 {
			t.Skip("not a schedule")
		}
		at := time.Duration(rapid.Int64Range(0, int64(a.Duration())-1).Draw(t, "at"))
		f := schedule.Factor{Num: rapid.Int64Range(1, 500).Draw(t, "per cent"), Den: 100}
		b, err := a.Scaled(at, f)
		if err != nil {
			t.Skip("too fine")
		}
		var from, to int64
		for s := 1; s <= b.Stages(); s++ {
			if from, to = b.Range(s); to < from {
				t.Fatalf("stage %d: %d to %d", s, from, to)
			}
		}
		if to != b.Total() || b.Stages() != a.Stages() {
			t.Fatalf("%d stages end at ticket %d of %d", b.Stages(), to, b.Total())
		}
		last := time.Duration(-1)
		for n := range min(b.Total(), 200) {
			due, _ := b.At(n)
			if due < last {
				t.Fatalf("ticket %d is due at %v, before %v", n, due, last)
			}
			last = due
		}
		before := func(a *schedule.Arrivals) int64 {
			return int64(sort.Search(int(a.Total()), func(n int) bool { due, _ := a.At(int64(n)); return due >= at }))
		}
		if old, now := before(a), before(b); old-now > 1 || now-old > 1 { // one at the very cut may fall on either side
			t.Fatalf("%d tickets were due before %v, now %d", old, at, now)
		}
	})
}

func TestScaledVUs(t *testing.T) {
	fixed, err := schedule.FixedVUs(10, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	ramp := rampVUs(t, 0, schedule.VUStage{Duration: 10 * time.Second, Target: 100}, schedule.VUStage{Duration: 10 * time.Second, Target: 0})
	for _, c := range []struct {
		why         string
		from        *schedule.VUs
		f           schedule.Factor
		before, now int64 // at 5 s
		later       int64 // at 9 s
		most        int64
	}{
		{"more", fixed, schedule.Factor{Num: 5, Den: 2}, 10, 25, 25, 25},
		{"fewer", fixed, schedule.Factor{Num: 1, Den: 2}, 10, 5, 5, 10},
		{"at least one", fixed, schedule.Factor{Num: 1, Den: 1000}, 10, 1, 1, 10},
		{"a ramp goes on from where it is", ramp, schedule.Factor{Num: 2, Den: 1}, 49, 100, 180, 200},
	} {
		t.Run(c.why, func(t *testing.T) {
			v, err := c.from.Scaled(5*time.Second, c.f)
			if err != nil {
				t.Fatal(err)
			}
			if got := [...]int64{v.At(5*time.Second - 1), v.At(5 * time.Second), v.At(9 * time.Second), v.Max()}; got != [...]int64{c.before, c.now, c.later, c.most} {
				t.Errorf("%v, want %d, %d, %d, %d", got, c.before, c.now, c.later, c.most)
			}
			var running int64
			for k := range v.Max() {
				for _, i := range v.Intervals(k + 1) {
					if i.Start <= 9*time.Second && 9*time.Second < i.Stop {
						running++
					}
				}
			}
			if running != c.later {
				t.Errorf("intervals have %d VUs at 9s, want %d", running, c.later)
			}
		})
	}
}
