package schedule

import (
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func byChance(t testing.TB, a *Arrivals, err error, seed uint64) *Arrivals {
	t.Helper()
	if err == nil {
		a, err = a.Poisson(seed)
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func aSecond(n int64) Rate { return Rate{Num: n, Den: 1, Per: time.Second} }

func constantByChance(t testing.TB, n int64, d time.Duration, seed uint64) *Arrivals {
	a, err := Constant(aSecond(n), d)
	return byChance(t, a, err, seed)
}

func TestMinusLogIsExactEnough(t *testing.T) {
	p := &poisson{}
	p.layLogs()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.OneOf(rapid.Uint64Min(1), rapid.SampledFrom([]uint64{1, 2, 3, 1 << 63, 1<<63 - 1, 1<<63 + 1, math.MaxUint64})).Draw(t, "x")
		got, want := float64(p.minusLog(x))/(1<<fraction), -math.Log(float64(x)/(1<<64))
		if math.Abs(got-want) > 1.0/(1<<31) {
			t.Errorf("-ln(%d/2^64) is %.12f, want %.12f", x, got, want)
		}
	})
}

// These numbers are the contract: a seed means the same arrivals on every machine, architecture and version.
func TestASeedMeansTheSameArrivals(t *testing.T) {
	a := constantByChance(t, 10, time.Minute, 1)
	want := []time.Duration{28801780, 127582220, 210071059, 214767986, 374687196, 426477602}
	for n, due := range want {
		if at, ok := a.At(int64(n)); !ok || at != due {
			t.Errorf("ticket %d is due at %d, want %d", n, at, due)
		}
	}
	if a.Total() != 623 {
		t.Errorf("%d tickets, want 623", a.Total())
	}
}

func TestChanceFollowsTheRate(t *testing.T) {
	const rate, seconds = 100, 1000
	a := constantByChance(t, rate, seconds*time.Second, 7)
	if n := float64(a.Total()); math.Abs(n-rate*seconds) > 4*math.Sqrt(rate*seconds) {
		t.Errorf("%v tickets at %d/s in %d s", n, rate, seconds)
	}
	perSecond := make([]float64, seconds)
	var gaps []float64
	last := time.Duration(0)
	for n := range a.Total() {
		due, ok := a.At(n)
		if !ok || due < last || due >= a.Duration() {
			t.Fatalf("ticket %d is due at %v, the one before at %v, of %v", n, due, last, a.Duration())
		}
		perSecond[due/time.Second]++
		gaps = append(gaps, (due-last).Seconds()*rate)
		last = due
	}
	var variance float64
	for _, k := range perSecond {
		variance += (k - rate) * (k - rate) / seconds
	}
	if math.Abs(variance/rate-1) > 0.2 {
		t.Errorf("counts a second have variance %.1f, want about %d: their mean", variance, rate)
	}
	slices.Sort(gaps) // the share of gaps above x is e^-x
	for _, share := range []float64{0.9, 0.5, 0.1, 0.01} {
		x := gaps[int(float64(len(gaps))*(1-share))]
		if math.Abs(math.Exp(-x)/share-1) > 0.1 {
			t.Errorf("%v of the gaps are above %.4f, want above %.4f", share, x, -math.Log(share))
		}
	}
}

// At a constant rate a due time is the sum of draws divided by the rate.
func TestDueTimesAreSumsOfDraws(t *testing.T) {
	a := constantByChance(t, 10, time.Minute, 5)
	var sum uint64
	for n := range a.Total() {
		sum += a.chance.draw(n)
		want := time.Duration(new(big.Int).Rsh(new(big.Int).Mul(new(big.Int).SetUint64(sum), big.NewInt(1e8)), fraction).Int64())
		if due, _ := a.At(n); due != want {
			t.Fatalf("ticket %d is due at %d, want %d", n, due, want)
		}
	}
}

func TestSeedsDiffer(t *testing.T) {
	a, b := constantByChance(t, 10, time.Minute, 1), constantByChance(t, 10, time.Minute, 2)
	for n := range min(a.Total(), b.Total()) {
		x, _ := a.At(n)
		if y, _ := b.At(n); x == y {
			t.Errorf("ticket %d is due at %v with both seeds", n, x)
		}
	}
}

// The stages' ranges, the stage of each due time and the total agree, also around pauses and jumps.
func TestChanceKnowsItsStages(t *testing.T) {
	stages := []RateStage{{2 * time.Second, aSecond(50)}, {0, aSecond(0)}, {5 * time.Second, aSecond(0)}, {0, aSecond(80)}, {time.Second, aSecond(80)}, {3 * time.Second, aSecond(0)}}
	plain, err := Ramping(aSecond(0), stages)
	for seed := range uint64(50) {
		a := byChance(t, plain, err, seed)
		end := int64(0)
		for stage := 1; stage <= a.Stages(); stage++ {
			from, to := a.Range(stage)
			if from != end {
				t.Fatalf("stage %d begins with ticket %d, the one before ended at %d", stage, from, end)
			}
			end = to
			for n := from; n < to; n++ {
				due, _ := a.At(n)
				if s := a.StageAt(due); int(s) != stage {
					t.Errorf("seed %d: ticket %d of stage %d is due at %v, in stage %d", seed, n, stage, due, s)
				}
				if due > 2*time.Second && due < 7*time.Second {
					t.Errorf("seed %d: ticket %d is due at %v, where the rate is 0", seed, n, due)
				}
			}
		}
		if end != a.Total() {
			t.Errorf("the stages have %d tickets, the schedule %d", end, a.Total())
		}
	}
}

func TestChanceWithoutTickets(t *testing.T) {
	if a := constantByChance(t, 0, time.Minute, 1); a.Total() != 0 {
		t.Errorf("%d tickets at no rate", a.Total())
	}
	a, _ := constantByChance(t, 10, time.Minute, 1).At(-1)
	if _, ok := constantByChance(t, 10, time.Minute, 1).At(1 << 40); ok || a != 0 {
		t.Error("tickets that do not exist are due")
	}
}

func TestChanceHasLimits(t *testing.T) {
	a, err := Constant(aSecond(20_000), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Poisson(1); err == nil {
		t.Error("72,000,000 arrivals by chance were laid out")
	}
}

// What was due before a change of the rate stays as it was.
func TestChanceThatIsScaled(t *testing.T) {
	a := constantByChance(t, 10, time.Minute, 3)
	b, err := a.Scaled(20*time.Second, Factor{2, 1})
	if err != nil {
		t.Fatal(err)
	}
	for n := range a.Total() {
		x, _ := a.At(n)
		y, _ := b.At(n)
		if x < 20*time.Second && x != y || x >= 20*time.Second && y >= x && n > 0 {
			t.Errorf("ticket %d was due at %v, and is at twice the rate from 20s on at %v", n, x, y)
		}
	}
	if b.Total() <= a.Total() {
		t.Errorf("%d tickets at twice the rate, %d before", b.Total(), a.Total())
	}
}

func TestAtByChanceAllocatesNothing(t *testing.T) {
	a := constantByChance(t, 1000, time.Minute, 1)
	n := int64(0)
	if got := testing.AllocsPerRun(1000, func() { _, _ = a.At(n); n++ }); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkAtByChance(b *testing.B) {
	a := constantByChance(b, 20_000, time.Minute, 1)
	for i := range b.N {
		_, _ = a.At(int64(i) % a.Total())
	}
}
