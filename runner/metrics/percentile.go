package metrics

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Quantile is a share of the samples as an exact fraction of its decimal text: 99.9 % is {999, 1000}.
type Quantile struct{ Num, Den int64 }

// The percentiles that every result shows.
var (
	p50  = Quantile{1, 2}
	p90  = Quantile{9, 10}
	p95  = Quantile{19, 20}
	p99  = Quantile{99, 100}
	p999 = Quantile{999, 1000}
)

// ParseQuantile reads a percentage from 0 to 100 in decimal digits: "95", "99.9". More than sixteen decimals are an error.
func ParseQuantile(percent string) (Quantile, error) {
	whole, fraction, _ := strings.Cut(percent, ".")
	digits := whole + fraction
	num, err := strconv.ParseUint(digits, 10, 62)
	if err != nil || len(fraction) > 16 || whole == "" {
		return Quantile{}, fmt.Errorf("percentile %q is not a decimal number from 0 to 100", percent)
	}
	den := int64(100)
	for range fraction {
		den *= 10
	}
	if int64(num) > den {
		return Quantile{}, fmt.Errorf("percentile %q is over 100", percent)
	}
	return Quantile{Num: int64(num), Den: den}, nil
}

// rank is ⌈q·n⌉, at least 1, in 128-bit integer arithmetic.
func (q Quantile) rank(n int64) int64 {
	hi, lo := bits.Mul64(uint64(q.Num), uint64(n))
	quotient, rest := bits.Div64(hi, lo, uint64(q.Den))
	if rest > 0 {
		quotient++
	}
	return max(int64(quotient), 1)
}

// low tells whether the percentile is nearer to the minimum.
func (q Quantile) low() bool { return q.Num < q.Den-q.Num }

// Count is how many values were recorded.
func (h *Histogram) Count() int64 { return h.n }

// OverRange is how many of them were too large for a bucket, either way.
func (h *Histogram) OverRange() int64 { return h.overPos + h.overNeg }

// Invalid is how many values were no finite number; they are in no other count.
func (h *Histogram) Invalid() int64 { return h.invalid }

// Min is the exact minimum; 0 of an empty histogram.
func (h *Histogram) Min() float64 { return h.min }

// Max is the exact maximum; 0 of an empty histogram.
func (h *Histogram) Max() float64 { return h.max }

// Sum is the sum of all values, correctly rounded.
func (h *Histogram) Sum() float64 { return h.sum.Value() }

// Mean is the exact mean, correctly rounded but for one division; 0 of an empty histogram.
func (h *Histogram) Mean() float64 {
	if h.n == 0 {
		return 0
	}
	return h.sum.Value() / float64(h.n)
}

// Percentile is the value of rank ⌈q·n⌉, at most 0.1 % off and within [Min, Max]; 0 of an empty histogram.
func (h *Histogram) Percentile(q Quantile) float64 {
	if h.n == 0 {
		return 0
	}
	return min(max(h.ranked(q.rank(h.n)), h.min), h.max)
}

// Weak tells whether fewer than ten samples lie beyond the percentile, so that chance decides much of it.
func (h *Histogram) Weak(q Quantile) bool {
	rank := q.rank(h.n)
	if q.low() {
		return rank-1 < 10
	}
	return h.n-rank < 10
}

// ranked is the value of a rank from 1 to n: from the largest negative magnitude over zero to the largest positive one.
func (h *Histogram) ranked(rank int64) float64 {
	left := rank - h.overNeg
	if left <= 0 {
		return h.min
	}
	for i := len(h.negative.lists) - 1; i >= 0; i-- {
		list := h.negative.lists[i]
		for sub := subs - 1; list != nil && sub >= 0; sub-- {
			if left -= list[sub]; left <= 0 {
				return -h.middle(h.negative.first+i, sub)
			}
		}
	}
	if left -= h.zeros; left <= 0 {
		return 0
	}
	for i, list := range h.positive.lists {
		for sub := 0; list != nil && sub < subs; sub++ {
			if left -= list[sub]; left <= 0 {
				return h.middle(h.positive.first+i, sub)
			}
		}
	}
	return h.max
}

// middle stands for a bucket. A bucket no wider than 1 holds one integer at most: where only integers were recorded, that
// is the exact value (so `p95 <= 3` works on a trend of small numbers).
func (h *Histogram) middle(exp, sub int) float64 {
	width := math.Ldexp(1, exp-subBits)
	low := math.Ldexp(1, exp) + float64(sub)*width
	if !h.fractions && width <= 1 {
		return math.Ceil(low)
	}
	return low + width/2
}
