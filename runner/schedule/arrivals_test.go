package schedule_test

import (
	"math"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"runner/runner/schedule"
)

func perSecond(n int64) schedule.Rate { return schedule.Rate{Num: n, Den: 1, Per: time.Second} }
func perMinute(n int64) schedule.Rate { return schedule.Rate{Num: n, Den: 1, Per: time.Minute} }
func perHour(n int64) schedule.Rate   { return schedule.Rate{Num: n, Den: 1, Per: time.Hour} }

func constant(t testing.TB, r schedule.Rate, d time.Duration) *schedule.Arrivals {
	t.Helper()
	a, err := schedule.Constant(r, d)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func ramping(t testing.TB, start schedule.Rate, stages ...schedule.RateStage) *schedule.Arrivals {
	t.Helper()
	a, err := schedule.Ramping(start, stages)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const day = 24 * time.Hour

func TestTotals(t *testing.T) {
	stage := func(d time.Duration, r schedule.Rate) schedule.RateStage {
		return schedule.RateStage{Duration: d, Target: r}
	}
	for _, c := range []struct {
		why  string
		a    *schedule.Arrivals
		want int64
	}{
		{"a whole number", constant(t, perSecond(5), 10*time.Second), 50},
		{"1.1/s for 50s is 55 exactly; floats say 55.00000000000001 and so 56", constant(t, schedule.Rate{Num: 11, Den: 10, Per: time.Second}, 50*time.Second), 55},
		{"a fraction of a ticket at the end is one ticket: it is due before the end", constant(t, perSecond(2), 1250*time.Millisecond), 3},
		{"once an hour does not round to never", constant(t, perHour(1), time.Hour), 1},
		{"a rate below one in the duration still starts at once", constant(t, perHour(1), time.Second), 1},
		{"no rate, no tickets", constant(t, perSecond(0), time.Hour), 0},
		{"no time, no tickets", constant(t, perSecond(100), 0), 0},
		{"30 days at 20,000/s", constant(t, perSecond(20_000), 30*day), 51_840_000_000},
		{"30 days at a third an hour", constant(t, schedule.Rate{Num: 1, Den: 3, Per: time.Hour}, 30*day), 240},
		{"a ramp from nothing", ramping(t, perSecond(0), stage(2*time.Second, perSecond(10))), 10},
		{"a ramp to nothing", ramping(t, perSecond(10), stage(2*time.Second, perSecond(0))), 10},
		{"up, hold, down in minutes", ramping(t, perMinute(300), stage(time.Minute, perMinute(300)),
			stage(2*time.Minute, perMinute(600)), stage(4*time.Minute, perMinute(600)), stage(2*time.Minute, perMinute(60))), 4260},
		{"a jump adds nothing itself", ramping(t, perSecond(0), stage(0, perSecond(50)), stage(time.Second, perSecond(50))), 50},
		{"a pause in the middle", ramping(t, perSecond(10), stage(time.Second, perSecond(10)), stage(0, perSecond(0)),
			stage(time.Minute, perSecond(0)), stage(0, perSecond(10)), stage(time.Second, perSecond(10))), 20},
		{"different units meet exactly", ramping(t, perHour(3600), stage(time.Second, perMinute(60)), stage(9*time.Second, perSecond(1))), 10},
	} {
		t.Run(c.why, func(t *testing.T) {
			if got := c.a.Total(); got != c.want {
				t.Errorf("%d tickets, want %d", got, c.want)
			}
		})
	}
}

func TestDueTimes(t *testing.T) {
	ms := time.Millisecond
	pause := ramping(t, perSecond(10), schedule.RateStage{Duration: 200 * ms, Target: perSecond(10)}, schedule.RateStage{Target: perSecond(0)},
		schedule.RateStage{Duration: time.Minute, Target: perSecond(0)}, schedule.RateStage{Target: perSecond(10)}, schedule.RateStage{Duration: time.Second, Target: perSecond(10)})
	up := ramping(t, perSecond(0), schedule.RateStage{Duration: 2 * time.Second, Target: perSecond(10)})
	down := ramping(t, perSecond(10), schedule.RateStage{Duration: 2 * time.Second, Target: perSecond(0)})
	third := constant(t, perSecond(3), time.Minute)
	month := constant(t, perSecond(20_000), 30*day)
	for _, c := range []struct {
		why   string
		a     *schedule.Arrivals
		n     int64
		due   time.Duration
		stage int16
	}{
		{"the first ticket comes at once", third, 0, 0, 0},
		{"a third of a second rounds down", third, 1, 333_333_333, 0},
		{"two thirds round down too: the period is not accumulated", third, 2, 666_666_666, 0},
		{"and three thirds are a second", third, 3, time.Second, 0},
		{"no drift after 30 days", month, month.Total() - 1, 30*day - 50*time.Microsecond, 0},
		{"a ramp from 0 starts with a ticket: R exceeds 0 at once", up, 0, 0, 1},
		{"2.5·t² = 1", up, 1, 632_455_532, 1},
		{"2.5·t² = 9", up, 9, 1_897_366_596, 1},
		{"10·t − 2.5·t² = 9: the mirror image", down, 9, 2*time.Second - 632_455_533, 1},
		{"before a pause", pause, 1, 100 * ms, 1},
		{"R reaches 2 where the pause begins and exceeds it where it ends", pause, 2, 200*ms + time.Minute, 5},
		{"after the pause as before", pause, 3, 300*ms + time.Minute, 5},
	} {
		t.Run(c.why, func(t *testing.T) {
			due, ok := c.a.At(c.n)
			if !ok || due != c.due {
				t.Errorf("due at %d ns, %v; want %d", due, ok, c.due)
			}
			if s := c.a.StageAt(due); s != c.stage {
				t.Errorf("stage %d, want %d", s, c.stage)
			}
		})
	}
	for _, n := range []int64{-1, third.Total(), math.MaxInt64} {
		if due, ok := third.At(n); ok {
			t.Errorf("ticket %d does not exist, but is due at %v", n, due)
		}
	}
}

func TestImpossibleRates(t *testing.T) {
	for _, c := range []struct {
		why    string
		start  schedule.Rate
		stages []schedule.RateStage
	}{
		{"a negative rate", perSecond(-1), []schedule.RateStage{{time.Second, perSecond(1)}}},
		{"a negative target", perSecond(1), []schedule.RateStage{{time.Second, perSecond(-1)}}},
		{"a rate divided by zero", schedule.Rate{Num: 1, Per: time.Second}, []schedule.RateStage{{time.Second, perSecond(1)}}},
		{"a rate per nothing", schedule.Rate{Num: 1, Den: 1}, []schedule.RateStage{{time.Second, perSecond(1)}}},
		{"no stages", perSecond(1), nil},
		{"a negative duration", perSecond(1), []schedule.RateStage{{-1, perSecond(1)}}},
		{"durations that overflow", perSecond(1), []schedule.RateStage{{math.MaxInt64, perSecond(1)}, {1, perSecond(1)}}},
		{"more tickets than numbers", perSecond(math.MaxInt64), []schedule.RateStage{{time.Hour, perSecond(math.MaxInt64)}}},
		{"denominators without a sensible common multiple", schedule.Rate{Num: 1, Den: 1_000_000_007, Per: time.Second}, []schedule.RateStage{
			{time.Second, schedule.Rate{Num: 1, Den: 998_244_353, Per: time.Hour}}, {time.Second, schedule.Rate{Num: 1, Den: 1_000_000_009, Per: time.Hour}},
			{time.Second, schedule.Rate{Num: 1, Den: 1_000_000_021, Per: time.Hour}}}},
	} {
		t.Run(c.why, func(t *testing.T) {
			if a, err := schedule.Ramping(c.start, c.stages); err == nil {
				t.Errorf("accepted, with %d tickets", a.Total())
			}
		})
	}
}

// oracle is R(t) in exact fractions.
func oracle(start schedule.Rate, stages []schedule.RateStage, t time.Duration) *big.Rat {
	per := func(r schedule.Rate) *big.Rat {
		den := new(big.Int).Mul(big.NewInt(r.Den), big.NewInt(int64(r.Per)))
		return new(big.Rat).SetFrac(big.NewInt(r.Num), den)
	}
	sum, from := new(big.Rat), per(start)
	for _, s := range stages {
		to, d := per(s.Target), min(s.Duration, t)
		if d > 0 {
			x, whole := big.NewRat(int64(d), 1), big.NewRat(int64(s.Duration), 1)
			slope := new(big.Rat).Sub(to, from)
			slope.Quo(slope, whole)
			slope.Mul(slope, x).Mul(slope, big.NewRat(1, 2)).Add(slope, from)
			sum.Add(sum, slope.Mul(slope, x))
		}
		t -= d
		from = to
	}
	return sum
}

func anyRate(t *rapid.T) schedule.Rate {
	return schedule.Rate{
		Num: rapid.OneOf(rapid.Int64Range(0, 20), rapid.Int64Range(0, 1_000_000_000)).Draw(t, "num"),
		Den: rapid.SampledFrom([]int64{1, 1, 10, 100, 1000, 1_000_000, 3, 7}).Draw(t, "den"),
		Per: rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour}).Draw(t, "per"),
	}
}

func anyRamp(t *rapid.T) (schedule.Rate, []schedule.RateStage) {
	start := anyRate(t)
	stages := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) schedule.RateStage {
		d := rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(1, 100), rapid.Int64Range(1, int64(time.Minute)), rapid.Int64Range(1, int64(90*day)))
		return schedule.RateStage{Duration: time.Duration(d.Draw(t, "duration")), Target: anyRate(t)}
	}), 1, 6).Draw(t, "stages")
	return start, stages
}

// A due time is the last nanosecond at which R ≤ n, whatever the ramp, and Total is ⌈R(end)⌉.
func TestEveryDueTimeIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start, stages := anyRamp(t)
		a, err := schedule.Ramping(start, stages)
		if err != nil {
			t.Fatal(err)
		}
		whole := oracle(start, stages, a.Duration())
		ceil := new(big.Int).Add(whole.Num(), new(big.Int).Sub(whole.Denom(), big.NewInt(1)))
		if ceil.Div(ceil, whole.Denom()); ceil.Int64() != a.Total() {
			t.Fatalf("total %d, want %v", a.Total(), ceil)
		}
		if a.Total() == 0 {
			return
		}
		var last time.Duration
		for range 10 {
			n := rapid.Int64Range(0, a.Total()-1).Draw(t, "n")
			due, ok := a.At(n)
			want := new(big.Rat).SetInt64(n)
			if !ok || due < 0 || due >= a.Duration() {
				t.Fatalf("ticket %d of %d is due at %v, %v", n, a.Total(), due, ok)
			}
			if oracle(start, stages, due).Cmp(want) > 0 {
				t.Fatalf("ticket %d is due at %d, but R has passed it", n, due)
			}
			if oracle(start, stages, due+1).Cmp(want) <= 0 {
				t.Fatalf("ticket %d is due at %d, but R has not passed it 1 ns later", n, due)
			}
			if from, to := a.Range(int(a.StageAt(due))); n < from || n >= to {
				t.Fatalf("ticket %d is due in stage %d, whose range is %d to %d", n, a.StageAt(due), from, to)
			}
			if next, ok := a.At(n + 1); ok && next < due {
				t.Fatalf("ticket %d is due at %v, the next at %v", n, due, next)
			}
			last = max(last, due)
		}
		if end, _ := a.At(a.Total() - 1); end < last {
			t.Fatalf("the last ticket is due at %v, another at %v", end, last)
		}
	})
}

// The stages' ranges are the tickets, each once.
func TestRangesCoverAllTickets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start, stages := anyRamp(t)
		a, err := schedule.Ramping(start, stages)
		if err != nil {
			t.Fatal(err)
		}
		var next int64
		for s := 1; s <= a.Stages(); s++ {
			from, to := a.Range(s)
			if from != next || to < from {
				t.Fatalf("stage %d has %d to %d after %d", s, from, to, next)
			}
			next = to
		}
		if next != a.Total() {
			t.Fatalf("the stages have %d tickets of %d", next, a.Total())
		}
	})
}

func TestCurve(t *testing.T) {
	a := ramping(t, perSecond(0), schedule.RateStage{Duration: 2 * time.Second, Target: perSecond(10)},
		schedule.RateStage{Target: perMinute(60)}, schedule.RateStage{Duration: time.Second, Target: perSecond(1)})
	for _, c := range []struct {
		why  string
		at   time.Duration
		want float64
	}{
		{"before", -1, 0}, {"the beginning", 0, 0}, {"half way up", time.Second, 5},
		{"at a jump, what comes after", 2 * time.Second, 1}, {"over", 3 * time.Second, 0},
	} {
		if got := a.RateAt(c.at); got != c.want {
			t.Errorf("%s: %v/s, want %v", c.why, got, c.want)
		}
	}
	want := []schedule.Point{{0, 0}, {2 * time.Second, 10}, {2 * time.Second, 1}, {3 * time.Second, 1}}
	if got := a.Points(); !equal(got, want) {
		t.Errorf("points %v, want %v", got, want)
	}
	if c := constant(t, perSecond(5), time.Second); c.Stages() != 0 {
		t.Errorf("a constant rate has %d stages", c.Stages())
	}
}

func equal[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestAtAllocatesNothing(t *testing.T) {
	a := ramping(t, perMinute(300), schedule.RateStage{Duration: time.Hour, Target: perSecond(20_000)})
	n := int64(0)
	if allocs := testing.AllocsPerRun(1000, func() { a.At(n); n += 1001 }); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func BenchmarkAt(b *testing.B) {
	stage := func(d time.Duration, r schedule.Rate) schedule.RateStage {
		return schedule.RateStage{Duration: d, Target: r}
	}
	for _, c := range []struct {
		name string
		a    *schedule.Arrivals
	}{
		{"constant", constant(b, perSecond(20_000), time.Hour)},
		{"up", ramping(b, perSecond(0), stage(time.Hour, perSecond(20_000)))},
		{"stages", ramping(b, perMinute(300), stage(time.Minute, perSecond(20_000)), stage(time.Hour, perSecond(20_000)), stage(time.Minute, perSecond(0)))},
		{"down 30 days", ramping(b, perSecond(20_000), stage(30*day, perHour(1)))},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var n int64
			for b.Loop() {
				if _, ok := c.a.At(n); !ok {
					n = 0
				}
				n += 1009
			}
		})
	}
}
