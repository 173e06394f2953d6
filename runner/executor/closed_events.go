package executor

import (
	"cmp"
	"context"
	"slices"
	"time"

	"runner/runner/schedule"
)

// event is something planned, after T0.
type event struct {
	at    time.Duration
	kind  eventKind
	vu    *closedVU     // of start and kill
	until time.Duration // the stop of the VU's interval
}

type eventKind uint8

// In the order in which events of the same time happen: a VU that is wanted again when its grace ends goes on.
const (
	start   eventKind = iota // a VU starts
	over                     // the duration is over
	kill                     // a VU's grace after a ramp down is over
	killAll                  // graceful_stop is over
)

// crew makes the VUs of the segment that there are not yet, as yet without users.
func (r *closedRun) crew(most int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := int64(len(r.vus)); i < r.seg.Share(most); i++ {
		v := &closedVU{left: r.perVU}
		v.id = r.seg.VU(i)
		r.vus = append(r.vus, v)
		r.seats = append(r.seats, &v.seat)
	}
	r.made = int64(len(r.vus))
}

// first is the seats of the VUs that the plan needs. (One whose start falls on the very end never runs.)
func (r *closedRun) first() []*seat {
	seats := slices.DeleteFunc(slices.Clone(r.seats), func(s *seat) bool { return len(r.now.Info.Active.Intervals(s.id)) == 0 })
	r.made = int64(len(seats))
	return seats
}

// planned lists the events from a time on, in order. VUs that work then, and are not wanted, have their grace.
func (r *closedRun) planned(from time.Duration) []event {
	end, pending := r.now.Length, 0
	events := make([]event, 0, len(r.vus)+2)
	for _, v := range r.vus {
		intervals := r.wanted(v, from)
		for _, t := range intervals {
			events = append(events, event{at: t.Start, kind: start, vu: v, until: t.Stop})
			if t.Stop < end {
				events = append(events, event{at: t.Stop + r.grace(), kind: kill, vu: v, until: t.Stop})
			}
		}
		pending += len(intervals)
		if last, ok := v.planned(r.now.T0, from, intervals); ok && !r.now.Over {
			events = append(events, event{at: last + r.grace(), kind: kill, vu: v, until: last})
		}
	}
	if r.hold && !r.now.Over {
		pending++
		events = append(events, event{at: end, kind: over})
	}
	r.mu.Lock()
	r.pending = pending
	r.mu.Unlock()
	events = append(events, event{at: end + r.p.Graceful, kind: killAll})
	slices.SortStableFunc(events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.kind, b.kind))
	})
	return events
}

// grace is how long a VU that is not wanted any more has to end its iteration.
func (r *closedRun) grace() time.Duration {
	if r.hold {
		return r.rampDown
	}
	return r.p.Graceful
}

// wanted is when a VU runs, from a time on.
func (r *closedRun) wanted(v *closedVU, from time.Duration) []schedule.Interval {
	if r.now.Over {
		return nil
	}
	intervals := r.now.Info.Active.Intervals(v.id)
	intervals = slices.DeleteFunc(intervals, func(t schedule.Interval) bool { return t.Stop <= from })
	if len(intervals) > 0 {
		intervals[0].Start = max(intervals[0].Start, from)
	}
	return intervals
}

// planned tells the VU its starts to come. ok tells that it works and is not wanted now: it stops at last, or has stopped.
func (v *closedVU) planned(t0 int64, from time.Duration, intervals []schedule.Interval) (last time.Duration, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.starts = len(intervals)
	if !v.works || len(intervals) > 0 && intervals[0].Start == from {
		return 0, false
	}
	v.until = min(v.until, t0+int64(from))
	return time.Duration(v.until - t0), true
}

// follow makes the events happen, until nothing happens any more.
func (r *closedRun) follow(ctx context.Context, events []event) {
	for i := 0; i < len(events); {
		e := events[i]
		if r.settled(i == 0 || e.at > events[i-1].at) {
			return
		}
		switch r.reach(r.now.T0 + int64(e.at)) {
		case halted:
			return
		case changed:
			events, i = r.replanned(), 0
		case reached:
			r.happen(ctx, e)
			i++
		}
	}
}

func (r *closedRun) happen(ctx context.Context, e event) {
	switch e.kind {
	case start:
		r.begins(ctx, e.vu, e)
	case over:
		r.mu.Lock()
		r.pending--
		r.mu.Unlock()
	case kill:
		e.vu.interruptIf(r.now.T0 + int64(e.until))
	case killAll:
		r.halt()
	}
}

// settled tells whether nothing happens any more; it reports the number of VUs if they have changed with time.
func (r *closedRun) settled(report bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if report {
		r.report()
	}
	return r.idle()
}

// begins is a VU's planned start. One that is still finishing an iteration from before goes on.
func (r *closedRun) begins(ctx context.Context, v *closedVU, e event) {
	v.mu.Lock()
	v.starts--
	works := v.works
	if !v.ended {
		v.until = r.now.T0 + int64(e.until)
		v.works = true
	}
	spawn := v.works && !works
	v.mu.Unlock()
	r.mu.Lock()
	r.pending--
	if spawn {
		r.active++
	}
	r.mu.Unlock()
	if due := r.now.T0 + int64(e.at); spawn {
		r.wg.Go(func() { r.work(ctx, v, due) })
	}
}

// interruptIf interrupts a VU that has not finished what it began before its stop at a time.
func (v *closedVU) interruptIf(stop int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.works && v.until == stop {
		v.interruptLocked()
	}
}
