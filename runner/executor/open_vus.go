package executor

import (
	"context"
	"time"
)

// hire takes a seat for one more VU: one whose user has ended, so that numbers stay within max_vus, or a new one. The
// caller holds mu.
func (r *openRun) hire() (v *openVU) {
	if n := len(r.empty); n > 0 {
		v, r.empty = r.empty[n-1], r.empty[:n-1]
	} else {
		v = r.newVU()
	}
	r.active++
	r.report()
	return v
}

// join makes a VU for the ticket that it was hired for, away from the lead: later tickets do not wait for it.
func (r *openRun) join(ctx context.Context, v *openVU) {
	if !r.sit(ctx, &v.seat) {
		t := v.ticket
		r.p.Recorder.Dropped(t.N, 1, t.Stage, t.Due, DropEnd)
		r.leave(v)
		return
	}
	r.serve(v, runTicket)
}

// leave ends a VU. The ticket after it finds room for another.
func (r *openRun) leave(v *openVU) {
	v.close()
	r.mu.Lock()
	r.active--
	r.empty = append(r.empty, v)
	r.report()
	last := r.over && r.active == 0
	unpark := r.parked
	r.parked = false
	r.mu.Unlock()
	if unpark {
		r.back <- struct{}{} // there is room for a VU now
	}
	if last {
		r.waiter.Wake() // finish waits for the grace to be over, or for this
	}
}

// park waits, at most until the end of the schedule, for the lead to come back: a ticket that we are late for, and that
// must not be dropped, goes to the next VU that comes free.
func (r *openRun) park() {
	timer := time.NewTimer(time.Duration(r.end() - r.p.Clock()))
	defer timer.Stop()
	select {
	case <-r.back:
		return
	case <-timer.C:
	}
	r.mu.Lock()
	mine := r.parked
	r.parked = false
	r.mu.Unlock()
	if !mine {
		<-r.back
	}
}

// finish sends the free VUs home, counts what will not be started, and gives the others their grace.
func (r *openRun) finish() {
	r.mu.Lock()
	r.over = true
	for v := r.free.pop(); v != nil; v = r.free.pop() {
		v.wake <- goHome
	}
	busy := r.active > 0
	r.mu.Unlock()
	r.dropRest()
	if busy && r.waiter.Until(r.end()+int64(r.p.Graceful)) {
		r.halt()
	}
}
