package metrics

import "math"

// sparseShift merges 4 buckets into one where a point keeps its latencies for such a merge: its middle is at most 0.4 %
// off.
const sparseShift = 2

// sparse counts latencies near a value: bucket is a position on the histogram's axis.
type sparse struct {
	bucket int32
	n      uint32
}

// thin keeps the histogram of non-negative values in coarse buckets: a few hundred bytes instead of 12 KiB.
func thin(h *Histogram) []sparse {
	var out []sparse
	put := func(bucket int32, n int64) {
		if last := len(out) - 1; last >= 0 && out[last].bucket == bucket {
			out[last].n += uint32(n)
			return
		}
		out = append(out, sparse{bucket, uint32(n)})
	}
	if h.zeros > 0 {
		put(-1, h.zeros)
	}
	for i, list := range h.positive.lists {
		for sub := 0; list != nil && sub < subs; sub++ {
			if n := list[sub]; n > 0 {
				exp := h.positive.first + i - minExp
				put(int32(exp<<subBits|sub)>>sparseShift, n)
			}
		}
	}
	return out
}

func mergeSparse(a, b []sparse) []sparse {
	out := make([]sparse, 0, max(len(a), len(b)))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].bucket < b[0].bucket:
			out, a = append(out, a[0]), a[1:]
		case a[0].bucket > b[0].bucket:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, sparse{a[0].bucket, a[0].n + b[0].n})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// sparsePercentile is the percentile in ms: the middle of the coarse bucket that holds the rank.
func sparsePercentile(list []sparse, q Quantile) float64 {
	var n int64
	for _, s := range list {
		n += int64(s.n)
	}
	left := q.rank(n)
	for _, s := range list {
		if left -= int64(s.n); left > 0 {
			continue
		}
		if s.bucket < 0 {
			return 0
		}
		middle := int(s.bucket)<<sparseShift + 1<<(sparseShift-1)
		return math.Ldexp(1+float64(middle&(subs-1))/subs, middle>>subBits+minExp) / 1e6
	}
	return 0
}
