package metrics

import "math"

// The resolution of Exponential: buckets at most 2.2 % wide, and as many as OpenTelemetry's own histograms have.
const (
	maxScale = 5
	minScale = -4
	maxWidth = 160
)

// Exponential is a histogram in the buckets of OpenTelemetry and of Prometheus' native histograms, whose bounds are powers
// of base = 2^(2^-Scale): Positive.Counts[i] values are in (base^(Offset+i), base^(Offset+i+1)], Negative's are such
// magnitudes. https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
type Exponential struct {
	Scale              int
	Count, Zeros       int64
	Sum, Min, Max      float64
	Positive, Negative Buckets
}

// Buckets are counts of neighbouring buckets; empty: none.
type Buckets struct {
	Offset int
	Counts []int64
}

// Exponential gives the series' histogram; unit is how many shown units (ms, for times) are one of the values that are
// wanted: 1000 for seconds, 1 for the same. Values move by half a bucket of ours, 0.1 %, at most.
func (s *Series) Exponential(unit float64) Exponential {
	h, scale := &s.Hist, s.Scale
	if scale == 0 {
		scale = 1
	}
	scale *= unit
	e := Exponential{Count: h.n, Zeros: h.zeros, Sum: h.sum.Value() / scale}
	if h.n > 0 {
		e.Min, e.Max = h.min/scale, h.max/scale
	}
	for e.Scale = maxScale; ; e.Scale-- {
		e.Positive = h.positive.exponential(e.Scale, scale, h.overPos)
		e.Negative = h.negative.exponential(e.Scale, scale, h.overNeg)
		if max(len(e.Positive.Counts), len(e.Negative.Counts)) <= maxWidth || e.Scale == minScale {
			return e
		}
	}
}

// exponential sorts magnitudes into the buckets of a scale. Those that are over range go where the range ends.
func (o *octaves) exponential(scale int, unit float64, over int64) Buckets {
	var b Buckets
	for i, list := range o.lists {
		for sub := 0; list != nil && sub < subs; sub++ {
			if n := list[sub]; n > 0 {
				middle := math.Ldexp(1+(float64(sub)+0.5)/subs, o.first+i)
				b.add(exponentialIndex(middle/unit, scale), n)
			}
		}
	}
	if over > 0 {
		b.add(exponentialIndex(math.Ldexp(1, maxExp)/unit, scale), over)
	}
	return b
}

// exponentialIndex is the i with base^i < v ≤ base^(i+1).
func exponentialIndex(v float64, scale int) int {
	return int(math.Ceil(math.Ldexp(math.Log2(v), scale))) - 1
}

// add counts in ascending order of i.
func (b *Buckets) add(i int, n int64) {
	if len(b.Counts) == 0 {
		b.Offset = i
	}
	for len(b.Counts) <= i-b.Offset {
		b.Counts = append(b.Counts, 0)
	}
	b.Counts[i-b.Offset] += n
}
