package monitor

import (
	"math"
	"runtime/metrics"
	"time"
)

const pauses = "/sched/pauses/total/gc:seconds"

// longestPause is the longest stop of the world for garbage collection since the process started, to the width of the
// runtime's own histogram.
func longestPause() time.Duration {
	sample := []metrics.Sample{{Name: pauses}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindFloat64Histogram {
		return 0
	}
	h := sample[0].Value.Float64Histogram()
	for i := len(h.Counts) - 1; i >= 0; i-- {
		if h.Counts[i] == 0 {
			continue
		}
		longest := h.Buckets[i+1]
		if math.IsInf(longest, 1) {
			longest = h.Buckets[i]
		}
		return time.Duration(longest * float64(time.Second))
	}
	return 0
}

// collecting is the CPU time that garbage collection has taken from the program: not what it used of idle cores. The
// runtime brings it up to date at the end of each collection.
func collecting() time.Duration {
	samples := []metrics.Sample{
		{Name: "/cpu/classes/gc/mark/assist:cpu-seconds"}, {Name: "/cpu/classes/gc/mark/dedicated:cpu-seconds"}, {Name: "/cpu/classes/gc/pause:cpu-seconds"},
	}
	metrics.Read(samples)
	var sum float64
	for _, s := range samples {
		if s.Value.Kind() == metrics.KindFloat64 {
			sum += s.Value.Float64()
		}
	}
	return time.Duration(sum * float64(time.Second))
}
