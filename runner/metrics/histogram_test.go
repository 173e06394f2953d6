package metrics

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

const (
	microsecond = 1_000
	tenMinutes  = 600_000_000_000
)

func histogramOf(values ...float64) *Histogram {
	h := &Histogram{}
	for _, v := range values {
		h.Record(v)
	}
	return h
}

// exactRank is the value of rank ⌈num·n/den⌉ in a sorted list.
func exactRank(sorted []float64, num, den int64) float64 {
	n := int64(len(sorted))
	return sorted[max((num*n+den-1)/den, 1)-1]
}

func TestPercentilesAreWithinAThousandthOfSortedValues(t *testing.T) {
	quantiles := []Quantile{{1, 100}, p50, p90, p95, p99, p999, {1, 1}}
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
			// Even over magnitudes, so that every octave from 1 µs to 10 min is met.
			e := rapid.Float64Range(math.Log(microsecond), math.Log(tenMinutes)).Draw(t, "log")
			return math.Round(math.Exp(e))
		}), 1, 400).Draw(t, "values")
		h := histogramOf(values...)
		slices.Sort(values)
		for _, q := range quantiles {
			want, got := exactRank(values, q.Num, q.Den), h.Percentile(q)
			if math.Abs(got-want) > want/1000 {
				t.Fatalf("q %d/%d of %v: got %v, want %v", q.Num, q.Den, values, got, want)
			}
			if got < values[0] || got > values[len(values)-1] {
				t.Fatalf("%v is outside of [%v, %v]", got, values[0], values[len(values)-1])
			}
		}
		if h.Min() != values[0] || h.Max() != values[len(values)-1] || h.Count() != int64(len(values)) {
			t.Fatal("minimum, maximum or count is not exact")
		}
	})
}

func TestPercentilesOfAnyNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), 1, 100).Draw(t, "values")
		h := histogramOf(values...)
		slices.Sort(values)
		for _, q := range []Quantile{{1, 10}, p50, p99} {
			want, got := exactRank(values, q.Num, q.Den), h.Percentile(q)
			if math.Abs(got-want) > math.Abs(want)/1000+1e-18 {
				t.Fatalf("q %d/%d of %v: got %v, want %v", q.Num, q.Den, values, got, want)
			}
		}
	})
}

func TestMergedHistogramsEqualOneThatSawEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.OneOf(rapid.Float64(), rapid.Float64Range(0, tenMinutes), rapid.Just(0.0), rapid.Just(math.NaN()))
		parts := rapid.SliceOfN(rapid.SliceOf(number), 1, 6).Draw(t, "parts")
		var one, merged Histogram
		for _, part := range parts {
			for _, v := range part {
				one.Record(v)
			}
			merged.Merge(histogramOf(part...))
		}
		if merged.n != one.n || merged.zeros != one.zeros || merged.OverRange() != one.OverRange() || merged.Invalid() != one.Invalid() ||
			merged.min != one.min || merged.max != one.max || merged.sum != one.sum || merged.fractions != one.fractions {
			t.Fatalf("merged %+v, one %+v", merged, one)
		}
		for num := range int64(101) {
			if q := (Quantile{num, 100}); merged.Percentile(q) != one.Percentile(q) {
				t.Fatalf("p%d: merged %v, one %v", num, merged.Percentile(q), one.Percentile(q))
			}
		}
		if !reflect.DeepEqual(filled(&merged.positive), filled(&one.positive)) || !reflect.DeepEqual(filled(&merged.negative), filled(&one.negative)) {
			t.Fatal("buckets differ")
		}
	})
}

// filled maps each bucket with values to its count.
func filled(o *octaves) map[[2]int]int64 {
	out := map[[2]int]int64{}
	for i, list := range o.lists {
		for sub := 0; list != nil && sub < subs; sub++ {
			if list[sub] != 0 {
				out[[2]int{o.first + i, sub}] = list[sub]
			}
		}
	}
	return out
}

func TestPercentileRanks(t *testing.T) {
	tenths := histogramOf(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	for _, row := range []struct {
		why  string
		h    *Histogram
		q    string
		want float64
	}{
		{"rank ⌈0.5·10⌉ = 5: no value between two samples is made up", tenths, "50", 5},
		{"rank ⌈0.9·10⌉ = 9, not 10: 0.9·10 in floats must not round up", tenths, "90", 9},
		{"rank ⌈9.1⌉ = 10", tenths, "91", 10},
		{"rank ⌈0.95·10⌉ = 10", tenths, "95", 10},
		{"rank 0 does not exist: the minimum", tenths, "0", 1},
		{"the maximum", tenths, "100", 10},
		{"one sample is every percentile", histogramOf(7), "99.9", 7},
		{"two samples: the median is the lower one", histogramOf(10, 20), "50", 10},
		{"small integers are exact", histogramOf(1, 1, 1, 3), "75", 1},
		{"negative numbers come first", histogramOf(-5, -1, 0, 4), "25", -5},
		{"then those near zero", histogramOf(-5, -1, 0, 4), "50", -1},
		{"then zero", histogramOf(-5, -1, 0, 4), "75", 0},
		{"nothing was recorded", &Histogram{}, "50", 0},
	} {
		q, err := ParseQuantile(row.q)
		if err != nil {
			t.Fatal(err)
		}
		if got := row.h.Percentile(q); got != row.want {
			t.Errorf("%s: p%s = %v, want %v", row.why, row.q, got, row.want)
		}
	}
}

func TestRanksAreIntegers(t *testing.T) {
	for _, row := range []struct {
		why  string
		q    string
		n    int64
		want int64
	}{
		{"0.999·1000 is 999 and not a bit more", "99.9", 1000, 999},
		{"0.07·100 = 7.000000000000001 in floats", "7", 100, 7},
		{"0.28·25 = 7.000000000000001 in floats", "28", 25, 7},
		{"p99.9 of 60,000", "99.9", 60_000, 59_940},
		{"no overflow at more samples than a run can have", "99.999999", 1 << 62, 4611685972310527720},
	} {
		q, err := ParseQuantile(row.q)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.rank(row.n); got != row.want {
			t.Errorf("%s: rank of p%s in %d = %d, want %d", row.why, row.q, row.n, got, row.want)
		}
	}
}

func TestParseQuantile(t *testing.T) {
	for _, text := range []string{"", "x", "-1", "101", "100.1", ".5", "1e1", "+5", "9.9.9", "99.12345678901234567"} {
		if q, err := ParseQuantile(text); err == nil {
			t.Errorf("%q is %v, want an error", text, q)
		}
	}
	if q, err := ParseQuantile("99.9"); err != nil || q != (Quantile{999, 1000}) {
		t.Errorf("99.9 is %v, %v", q, err)
	}
}

// The test that names the product: a server that stops for a second under 1,000 requests a second. Requests are due each
// millisecond; those of the pause wait for its end, and all others take no time worth mentioning.
func TestPauseOfASecondIsSeen(t *testing.T) {
	var h Histogram
	for n := range 60_000 {
		latency := 100.0 * microsecond
		if n >= 30_000 && n < 31_000 {
			latency = float64(31_000-n) * 1e6
		}
		h.Record(latency)
	}
	for _, row := range []struct {
		q    Quantile
		want float64 // ms
	}{{p99, 400}, {p999, 940}, {Quantile{1, 1}, 1000}} {
		if got := h.Percentile(row.q) / 1e6; math.Abs(got-row.want) > row.want/1000 {
			t.Errorf("%d/%d: %v ms, want %v", row.q.Num, row.q.Den, got, row.want)
		}
	}
	if h.Max() != 1e9 {
		t.Errorf("max %v", h.Max())
	}
}

func TestWeakPercentiles(t *testing.T) {
	for _, row := range []struct {
		why  string
		q    Quantile
		n    int
		want bool
	}{
		{"10 of 1,000 lie beyond p99", p99, 1000, false},
		{"999 − ⌈0.99·999⌉ = 9", p99, 999, true},
		{"10 of 10,000 lie beyond p99.9", p999, 10_000, false},
		{"9 of 9,999 do", p999, 9_999, true},
		{"a median of 20", p50, 20, false},
		{"a median of 19", p50, 19, true},
		{"a low percentile is weak at the low end", Quantile{1, 100}, 1000, true},
		{"nothing was recorded", p50, 0, true},
	} {
		var h Histogram
		for range row.n {
			h.Record(1)
		}
		if got := h.Weak(row.q); got != row.want {
			t.Errorf("%s: weak is %v", row.why, got)
		}
	}
}

func TestHistogramAtTheEdges(t *testing.T) {
	h := histogramOf(math.Inf(1), math.NaN(), math.Inf(-1))
	if h.Count() != 0 || h.Invalid() != 3 || h.Max() != 0 {
		t.Errorf("what is no finite number: %+v", h)
	}
	h = histogramOf(1e300, -1e300, 5)
	if h.OverRange() != 2 || h.Count() != 3 || h.Percentile(Quantile{1, 1}) != 1e300 || h.Percentile(Quantile{0, 1}) != -1e300 {
		t.Errorf("over range is counted, and shown as the extremes: %+v", h)
	}
	h = histogramOf(1e-300, math.SmallestNonzeroFloat64)
	if h.Percentile(p50) != math.SmallestNonzeroFloat64 && h.Percentile(p50) > 1e-300 {
		t.Errorf("tiny values stay within their extremes: %v", h.Percentile(p50))
	}
}

func TestSumIsExactInAnyOrder(t *testing.T) {
	var s Sum
	for range 10 {
		s.Add(0.1)
	}
	// Ten times the double nearest to 0.1 is nearest to 1; adding doubles gives 0.9999999999999999.
	if s.Value() != 1 {
		t.Errorf("10 × 0.1 = %v", s.Value())
	}
	s = Sum{}
	for _, v := range []float64{1e18, 1, -1e18} {
		s.Add(v)
	}
	if s.Value() != 1 {
		t.Errorf("1e18 + 1 − 1e18 = %v", s.Value())
	}
	s = Sum{}
	s.AddInt(math.MaxInt64)
	s.AddInt(math.MaxInt64)
	s.AddInt(-2)
	if s.Value() != math.Ldexp(1, 64) { // 2^64 − 4 is nearest to 2^64
		t.Errorf("integers past 64 bits: %v", s.Value())
	}
	s.AddInt(-math.MaxInt64)
	s.AddInt(-math.MaxInt64)
	if s.Value() != -2 {
		t.Errorf("and back: %v", s.Value())
	}
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.Float64Range(-1e15, 1e15)).Draw(t, "values")
		var forth, back Sum
		for i := range values {
			forth.Add(values[i])
			back.Add(values[len(values)-1-i])
		}
		if forth != back {
			t.Fatalf("%v: %v and %v", values, forth.Value(), back.Value())
		}
		for _, v := range values {
			forth.Add(-v)
		}
		if forth != (Sum{}) {
			t.Fatalf("%v: what was added and taken away leaves %v", values, forth.Value())
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	var h Histogram
	v := 1e6
	for b.Loop() {
		h.Record(v)
		v = v*1.0001 + 1
		if v > 1e9 {
			v = 1e6
		}
	}
}
