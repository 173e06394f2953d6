package metrics

// What counts as a stall: time out of all proportion, long enough that it is not this machine's own noise, and rare: of
// what happens more often, one in stallShare, the plan knows.
const (
	stallFactor  = 10
	stallAtLeast = 100e6 // ns
	stallShare   = 20
)

// unseen tells what a closed scenario cannot have seen; nil: so little that p99.9 would be the same. A VU that hangs for t
// leaves out t/pace iterations, where its pace is the median iteration, thinking included.
func (r *IterationLeaf) unseen() *Unseen {
	times, pace := &r.Trends[trendIterationLatency], r.Trends[trendIterationDuration].Percentile(p50)
	usual := times.Percentile(p50)
	stalls, sum := times.from(max(stallFactor*usual, stallAtLeast))
	missing := int64((sum - float64(stalls)*usual) / max(pace, 1))
	if pace == 0 || stalls*stallShare > r.Started || missing*1000 < r.Started {
		return nil
	}
	return &Unseen{Iterations: missing, Stalls: stalls, LongestMs: times.Max() / 1e6, UsualMs: usual / 1e6}
}

// from is how many values there are from a positive one up, and their sum, both to the precision of a bucket.
func (h *Histogram) from(least float64) (count int64, sum float64) {
	exp, sub := locate(least)
	for i, list := range h.positive.lists {
		for j := 0; list != nil && j < subs; j++ {
			if e := h.positive.first + i; list[j] > 0 && (e > exp || e == exp && j >= sub) {
				count += list[j]
				sum += float64(list[j]) * h.middle(e, j)
			}
		}
	}
	return count + h.overPos, sum + float64(h.overPos)*h.max
}
