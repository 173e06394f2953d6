package metrics

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The buckets hold every value where it belongs, give or take the width of a bucket of ours.
func TestExponential(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e12, 1e12), 0, 60).Draw(t, "values")
		unit := rapid.SampledFrom([]float64{1, 1000}).Draw(t, "unit")
		s := Series{Type: Trend, Scale: 1e6}
		for _, v := range values {
			s.Hist.Record(v)
		}
		e := s.Exponential(unit)
		var n int64
		for _, b := range []Buckets{e.Positive, e.Negative} {
			for _, c := range b.Counts {
				n += c
			}
			if len(b.Counts) > maxWidth {
				t.Fatalf("%d buckets at scale %d", len(b.Counts), e.Scale)
			}
		}
		if n+e.Zeros != int64(len(values)) || e.Count != int64(len(values)) {
			t.Fatalf("%d values in %d buckets and %d zeros", len(values), n, e.Zeros)
		}
		slices.Sort(values)
		want := slices.DeleteFunc(values, func(v float64) bool { return v < math.Ldexp(1, minExp) })
		base := math.Exp2(math.Exp2(-float64(e.Scale)))
		for i, c := range e.Positive.Counts {
			low, high := math.Pow(base, float64(e.Positive.Offset+i)), math.Pow(base, float64(e.Positive.Offset+i+1))
			for range c {
				v := want[0] / 1e6 / unit
				want = want[1:]
				if v < low*0.998 || v > high*1.002 {
					t.Fatalf("%v is not in (%v, %v]", v, low, high)
				}
			}
		}
	})
}

func TestExponentialBounds(t *testing.T) {
	for _, c := range []struct {
		v     float64
		scale int
		want  int
		why   string
	}{
		{1, 0, -1, "the upper bound belongs to the bucket"}, {1.5, 0, 0, ""}, {2, 0, 0, ""}, {2.1, 0, 1, ""}, {0.5, 0, -2, ""}, {4, -1, 0, "coarse"}, {1.2, 3, 2, "fine"},
	} {
		if got := exponentialIndex(c.v, c.scale); got != c.want {
			t.Errorf("%v at scale %d: %d, want %d %s", c.v, c.scale, got, c.want, c.why)
		}
	}
}
