package executor

import "time"

// peek is when the next ticket is due, on Clock. Only the holder of the lead calls it, as deal and drop.
func (r *openRun) peek() (due int64, ok bool) {
	at, ok := r.arrivals.At(r.seg.Nth(r.dealt))
	return r.t0 + int64(at), ok && !r.seg.Empty()
}

// deal makes the next ticket, given that since then a VU was free, or there was room for one. The ticket's Free is never
// after its Due: a VU that came free later takes a ticket only where another could have, and then the delay is ours.
func (r *openRun) deal(due, since int64) Ticket {
	n := r.seg.Nth(r.dealt)
	r.dealt++
	r.idle.add(span{since, r.p.Clock()}, due)
	return Ticket{N: n, Stage: r.stage(due), Open: true, Due: due, Free: min(since, due)}
}

func (r *openRun) drop(due int64, cause string) {
	n := r.seg.Nth(r.dealt)
	r.dealt++
	r.p.Recorder.Dropped(n, 1, r.stage(due), due, cause)
}

func (r *openRun) stage(due int64) int16 {
	return r.arrivals.StageAt(time.Duration(due - r.t0))
}

// dropRest drops what was not reached, stage by stage: a stopped run of days would take long to count one by one.
func (r *openRun) dropRest() {
	if r.seg.Empty() {
		return
	}
	last := r.arrivals.Stages()
	for stage := min(1, last); stage <= last; stage++ {
		from, to := r.arrivals.Range(stage)
		k := max(r.dealt, r.seg.Share(from))
		if count := r.seg.Share(to) - k; count > 0 {
			n := r.seg.Nth(k)
			at, _ := r.arrivals.At(n)
			r.p.Recorder.Dropped(n, count, int16(stage), r.t0+int64(at), DropEnd)
		}
	}
}

// end is the end of the schedule, on Clock.
func (r *openRun) end() int64 { return r.t0 + int64(r.arrivals.Duration()) }

// span is a time, from ≤ t < to, on Clock.
type span struct{ from, to int64 }

func (s span) holds(t int64) bool { return s.from <= t && t < s.to }

// add joins what touches. Of spans apart it keeps the earlier while a ticket that is due is not past it, for the sake of
// the tickets after it.
func (s *span) add(more span, due int64) {
	switch {
	case more.from <= s.to:
		s.from, s.to = min(s.from, more.from), max(s.to, more.to)
	case due >= s.to:
		*s = more
	}
}
