package metrics

import "fmt"

// window judges a condition over every full window of so many intervals. Only Totals touches it.
type window struct {
	size   int // intervals
	base   map[string]float64
	recent []part // those of the latest window, oldest first

	judged   int // full windows with enough samples
	breached *breach
	shown    map[string]float64 // observed in the window that came nearest to a breach
}

// part is one interval of a window.
type part struct {
	from, to int64
	series   Series
}

// breach is the first window that failed. solid: not by percentiles with too few samples beyond them.
type breach struct {
	from, to int64
	observed map[string]float64
	reason   string
	solid    bool
}

// newTrials readies every condition for a run.
func newTrials(c *Conditions) []trial {
	list := make([]trial, len(c.list))
	for i := range c.list {
		if d := c.list[i].shown.Window; d > 0 {
			list[i].window = &window{size: int(d / Interval)}
		}
	}
	return list
}

// add takes in an interval in which the condition's scenarios ran. What is left of a second at the end of a run is none.
func (w *window) add(c *condition, l *Layout, s *Snapshot) {
	if s.To-s.From < int64(Interval) || !running(c, s) {
		return
	}
	w.recent = append(w.recent, part{s.From, s.To, s.series(l, c.selection)})
	if len(w.recent) > w.size {
		w.recent = append(w.recent[:0], w.recent[1:]...)
	}
	if len(w.recent) == w.size {
		w.judge(c)
	}
}

// running tells whether any of a condition's scenarios ran in an interval.
func running(c *condition, s *Snapshot) bool {
	for i, in := range c.scenarios {
		if t := s.Times[i]; in && t.Started && t.Start < s.To && (!t.Ended || t.End > s.From) {
			return true
		}
	}
	return false
}

// judge looks at the window that the latest intervals make.
func (w *window) judge(c *condition) {
	sum := w.sum()
	if sum.Type != Counter && sum.Empty() || sum.samples() < c.shown.MinSamples {
		return
	}
	if w.base != nil && c.weak(&sum) {
		return
	}
	w.judged++
	observed := c.observe(&sum, w.base)
	if w.shown == nil || c.nearer(observed, w.shown) {
		w.shown = observed
	}
	if w.breached != nil && w.breached.solid {
		return
	}
	status, reason := c.verdict(observed)
	if solid := !c.weak(&sum); status == FailedStatus && (solid || w.breached == nil) {
		w.breached = &breach{from: w.recent[0].from, to: w.recent[w.size-1].to, observed: observed, reason: reason, solid: solid}
	}
}

// sum is the merge of the window's intervals.
func (w *window) sum() Series {
	first := &w.recent[0].series
	out := Series{Type: first.Type, Scale: first.Scale}
	for i := range w.recent {
		out.merge(&w.recent[i].series)
	}
	out.Seconds = float64(w.recent[w.size-1].to-w.recent[0].from) / 1e9
	return out
}

// result fills in the outcome of the windows so far.
func (w *window) result(r *ThresholdResult, c *condition, final bool) {
	if b := w.breached; b != nil {
		r.Status, r.Observed = FailedStatus, b.observed
		r.Reason = join(b.reason, fmt.Sprintf("in the window %.0f s to %.0f s", float64(b.from)/1e9, float64(b.to)/1e9))
		return
	}
	if w.judged > 0 {
		r.Status, r.Observed = Passed, w.shown
		return
	}
	r.Status = NotApplicable
	if !final {
		return
	}
	r.Status, r.lacking = FailedStatus, true
	r.Reason = fmt.Sprintf("no full window of %s had data", c.shown.Window)
	if n := c.shown.MinSamples; n > 0 {
		r.Reason = fmt.Sprintf("no full window of %s had %d samples", c.shown.Window, n)
	}
}
