package metrics

import "math"

// The histogram's buckets: 2^subBits of equal width in every octave of magnitude from 2^minExp to 2^maxExp. A bucket is
// at most 1/512 of its values wide, and its middle stands for it, so the relative error is at most 1/1024 < 0.1 %.
const (
	subBits = 9
	subs    = 1 << subBits
	minExp  = -64 // smaller magnitudes count as 0
	maxExp  = 64  // larger ones are over range: counted, and shown as the minimum or maximum
)

// Histogram counts values by magnitude: log-linear buckets over positive and negative numbers. Nanoseconds and the plan's
// own trends use the same one. Octaves are allocated on first touch (4 KiB each; latencies typically touch three).
// Count, Min, Max and the sum are exact, and so is Merge: N merged histograms equal one that saw everything.
// The zero Histogram is empty. It has one owner at a time.
type Histogram struct {
	n                  int64
	zeros              int64
	overPos, overNeg   int64
	invalid            int64 // NaN and infinities: in no other count
	min, max           float64
	sum                Sum
	positive, negative octaves
	fractions          bool // a value that is not an integer was seen
}

// octaves is one side of a histogram: lists[i] counts magnitudes from 2^(first+i).
type octaves struct {
	first int
	lists []*[subs]int64
}

// Record counts a value. What is no finite number is counted apart.
func (h *Histogram) Record(v float64) {
	if v-v != 0 {
		h.invalid++
		return
	}
	if h.n == 0 {
		h.min, h.max = v, v
	}
	h.min, h.max = min(h.min, v), max(h.max, v)
	h.n++
	if v != math.Trunc(v) {
		h.fractions = true
	}
	h.sum.Add(v)
	h.bucket(v)
}

func (h *Histogram) bucket(v float64) {
	exp, sub := locate(v)
	switch {
	case exp < minExp:
		h.zeros++
	case exp >= maxExp && v > 0:
		h.overPos++
	case exp >= maxExp:
		h.overNeg++
	case v > 0:
		h.positive.at(exp)[sub]++
	default:
		h.negative.at(exp)[sub]++
	}
}

// locate is the octave and the bucket in it of a value's magnitude, straight from the number's binary form.
func locate(v float64) (exp, sub int) {
	b := math.Float64bits(v)
	return int(b>>52&0x7ff) - 1023, int(b >> (52 - subBits) & (subs - 1))
}

// at is the counts of an octave, made if need be.
func (o *octaves) at(exp int) *[subs]int64 {
	if i := exp - o.first; i >= 0 && i < len(o.lists) && o.lists[i] != nil {
		return o.lists[i]
	}
	return o.grow(exp)
}

func (o *octaves) grow(exp int) *[subs]int64 {
	if len(o.lists) == 0 {
		o.first = exp
	}
	first, end := min(o.first, exp), max(o.first+len(o.lists), exp+1)
	if n := end - first; n > len(o.lists) {
		lists := make([]*[subs]int64, n)
		copy(lists[o.first-first:], o.lists)
		o.first, o.lists = first, lists
	}
	list := new([subs]int64)
	o.lists[exp-o.first] = list
	return list
}

// Merge adds what another histogram saw.
func (h *Histogram) Merge(o *Histogram) {
	h.invalid += o.invalid
	if o.n == 0 {
		return
	}
	if h.n == 0 {
		h.min, h.max = o.min, o.max
	}
	h.min, h.max = min(h.min, o.min), max(h.max, o.max)
	h.n += o.n
	h.zeros += o.zeros
	h.overPos += o.overPos
	h.overNeg += o.overNeg
	h.fractions = h.fractions || o.fractions
	h.sum.Merge(&o.sum)
	h.positive.merge(&o.positive)
	h.negative.merge(&o.negative)
}

func (o *octaves) merge(from *octaves) {
	for i, list := range from.lists {
		if list == nil {
			continue
		}
		to := o.at(from.first + i)
		for j, n := range list {
			to[j] += n
		}
	}
}
