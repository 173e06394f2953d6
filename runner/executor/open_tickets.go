package executor

import (
	"time"

	"runner/runner/schedule"
)

// peek is when the next ticket is due, on Clock. Only the holder of the lead calls it, as deal and drop.
func (r *openRun) peek() (due int64, ok bool) {
	at, ok := r.now.Info.Arrivals.At(r.seg.Nth(r.dealt))
	return r.now.T0 + int64(at), ok && !r.now.Over && !r.seg.Empty()
}

// next waits for the next ticket to be due. ok is false if there is none, or none any more.
func (r *openRun) next() (due int64, ok bool) {
	for {
		if due, ok = r.peek(); !ok {
			return 0, false
		}
		switch r.reach(due) {
		case reached:
			return due, true
		case halted:
			return 0, false
		}
		r.steer(r.scaled)
	}
}

// scaled is the schedule with another rate from a time on.
func (r *openRun) scaled(f schedule.Factor, at time.Duration) (Info, error) {
	info := r.now.Info
	arrivals, err := info.Arrivals.Scaled(at, f)
	if err != nil {
		return info, err
	}
	if arrivals.Total() < r.seg.Nth(r.dealt) { // by the rounding of a cut ramp
		return info, ErrOver
	}
	info.Arrivals, info.Planned = arrivals, arrivals.Total()
	return info, nil
}

// deal makes the next ticket, given that since then a VU was free, or there was room for one. free is after due only where
// the ticket had to wait for a VU: where another could have taken it, the delay is ours.
func (r *openRun) deal(due, since, free int64) Ticket {
	n, turn := r.seg.Nth(r.dealt), r.seg.Nth(r.begun)
	r.dealt++
	r.begun++
	r.idle.add(span{since, r.p.Clock()}, due)
	return Ticket{N: n, Turn: turn, Stage: r.stage(due), Open: true, Due: due, Free: free}
}

// missed is why a ticket that found no VU is not started: with late: queue only the end keeps it from it.
func (r *openRun) missed() string {
	if r.now.Info.Queue {
		return DropEnd
	}
	return DropVUs
}

func (r *openRun) drop(due int64, cause string) {
	n := r.seg.Nth(r.dealt)
	r.dealt++
	r.p.Recorder.Dropped(n, 1, r.stage(due), due, cause)
}

func (r *openRun) stage(due int64) int16 {
	return r.now.Info.Arrivals.StageAt(time.Duration(due - r.now.T0))
}

// dropRest drops what was not reached, stage by stage: a stopped run of days would take long to count one by one.
func (r *openRun) dropRest() {
	if r.seg.Empty() {
		return
	}
	arrivals := r.now.Info.Arrivals
	last := arrivals.Stages()
	for stage := min(1, last); stage <= last; stage++ {
		from, to := arrivals.Range(stage)
		k := max(r.dealt, r.seg.Share(from))
		if count := r.seg.Share(to) - k; count > 0 {
			n := r.seg.Nth(k)
			at, _ := arrivals.At(n)
			r.p.Recorder.Dropped(n, count, int16(stage), r.now.T0+int64(at), DropEnd)
		}
	}
}

// end is the end of the schedule, on Clock.
func (r *openRun) end() int64 { return r.now.T0 + int64(r.now.Length) }

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
