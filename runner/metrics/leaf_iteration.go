package metrics

// IterationLeaf is what a snapshot knows of a scenario's iterations.
type IterationLeaf struct {
	Started     int64            // those that have ended, either way
	Completed   int64            // ended by themselves, failed or not
	Failed      [NumCauses]int64 // by cause, of the completed ones
	Interrupted int64
	Dropped     [numDrops]int64
	Trends      [numIterationTrends]Histogram // ns
}

// add counts one iteration. An interrupted one counts as such, enters the latency with its age, and nothing else but the
// times of its start.
func (r *IterationLeaf) add(it *Iteration) {
	r.Started++
	due := it.Start
	switch ready := max(it.Due, it.Free); {
	case it.Open:
		due = it.Due
		r.Trends[trendStartLag].nanoseconds(it.Start - ready)
		r.Trends[trendVUWait].nanoseconds(ready - it.Due)
	case it.FirstOfVU:
		due = it.Due
		r.Trends[trendStartLag].nanoseconds(it.Start - ready)
	}
	r.Trends[trendIterationLatency].nanoseconds(it.End - due - it.Think)
	if it.Interrupted {
		r.Interrupted++
		return
	}
	r.Completed++
	r.Trends[trendIterationDuration].nanoseconds(it.End - it.Start)
	if it.Cause != CauseNone {
		r.Failed[min(it.Cause, NumCauses-1)]++
	}
}

func (r *IterationLeaf) merge(o *IterationLeaf) {
	r.Started += o.Started
	r.Completed += o.Completed
	r.Interrupted += o.Interrupted
	for i, n := range o.Failed {
		r.Failed[i] += n
	}
	for i, n := range o.Dropped {
		r.Dropped[i] += n
	}
	for i := range o.Trends {
		r.Trends[i].Merge(&o.Trends[i])
	}
}
