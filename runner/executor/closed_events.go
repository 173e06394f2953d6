package executor

import (
	"cmp"
	"context"
	"slices"
	"time"
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

// crew makes the VUs and seats of the segment, and lists the events of the plan in order.
func (r *closedRun) crew() []event {
	r.vus = make([]closedVU, r.seg.Share(r.info.MaxVUs))
	end := r.info.Duration
	last := end + r.p.Graceful
	events := make([]event, 0, len(r.vus)+2)
	for i := range r.vus {
		v := &r.vus[i]
		v.id, v.left = r.seg.VU(int64(i)), r.perVU
		intervals := r.info.Active.Intervals(v.id)
		if v.starts = len(intervals); v.starts > 0 {
			r.seats = append(r.seats, &v.seat)
		}
		r.pending += len(intervals)
		for _, t := range intervals {
			events = append(events, event{at: t.Start, kind: start, vu: v, until: t.Stop})
			if t.Stop < end {
				events = append(events, event{at: t.Stop + r.rampDown, kind: kill, vu: v, until: t.Stop})
			}
		}
	}
	if r.hold {
		r.pending++
		events = append(events, event{at: end, kind: over})
	}
	r.made = int64(len(r.seats))
	events = append(events, event{at: last, kind: killAll})
	slices.SortStableFunc(events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.kind, b.kind))
	})
	return events
}

// follow makes the events happen, until nothing happens any more.
func (r *closedRun) follow(ctx context.Context, events []event) {
	for i, e := range events {
		if r.settled(i == 0 || e.at > events[i-1].at) || !r.waiter.Until(r.t0+int64(e.at)) {
			return
		}
		switch e.kind {
		case start:
			r.begins(ctx, e.vu, e)
		case over:
			r.mu.Lock()
			r.pending--
			r.mu.Unlock()
		case kill:
			e.vu.interruptIf(r.t0 + int64(e.until))
		case killAll:
			r.halt()
		}
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
		v.until = r.t0 + int64(e.until)
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
	if spawn {
		r.wg.Go(func() { r.work(ctx, v, r.t0+int64(e.at)) })
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
