package metrics

import "math"

// bandShift makes 4 bands an octave out of the coarse buckets that points keep.
const bandShift = subBits - sparseShift - 2

// bands spreads the latencies of curves over bands, as many as it takes.
func (c *curves) bands(interval int, places []int, points func(at int) []Point) LatencyBands {
	out := LatencyBands{IntervalS: float64(interval), BoundsMs: []float64{}, Maps: []LatencyMap{}}
	first, last := math.MaxInt32, math.MinInt32
	for _, at := range places {
		for _, p := range points(at) {
			for s := range p.latencies.all {
				first, last = min(first, band(s)), max(last, band(s))
			}
		}
	}
	if first > last {
		return out
	}
	for b := first; b <= last+1; b++ {
		out.BoundsMs = append(out.BoundsMs, bound(b))
	}
	for _, at := range places {
		if counts, some := spread(points(at), first); some {
			out.Maps = append(out.Maps, LatencyMap{Tags: c.tags(at), Counts: counts})
		}
	}
	return out
}

// spread is a list of band and count for each point, bands counted from first.
func spread(points []Point, first int) (counts [][]int64, some bool) {
	counts = make([][]int64, len(points))
	for i, p := range points {
		counts[i] = []int64{}
		for s := range p.latencies.all {
			some = true
			b, n := int64(band(s)-first), len(counts[i])
			if n > 0 && counts[i][n-2] == b {
				counts[i][n-1] += s.n
				continue
			}
			counts[i] = append(counts[i], b, s.n)
		}
	}
	return counts, some
}

// band is the band of a coarse bucket; no time at all goes with a nanosecond.
func band(s sparse) int {
	if s.bucket < 0 {
		return -minExp << 2
	}
	return int(s.bucket) >> bandShift
}

// bound is where a band begins, in ms.
func bound(band int) float64 {
	return math.Ldexp(1+float64(band&3)/4, band>>2+minExp) / 1e6
}
