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
	r.mu.Unlock()
	if last {
		r.waiter.Wake() // finish waits for the grace to be over, or for this
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
	if busy && r.waiter.Until(r.t0+int64(r.arrivals.Duration()+r.p.Graceful)) {
		r.halt()
	}
}

// peek is when the next ticket is due, on Clock. Only the holder of the lead calls it, as deal and drop.
func (r *openRun) peek() (due int64, ok bool) {
	at, ok := r.arrivals.At(r.seg.Nth(r.dealt))
	return r.t0 + int64(at), ok && !r.seg.Empty()
}

// deal makes the next ticket. Free is never after due: a VU that came free later takes the ticket only where another would
// have been made for it, and then the delay is ours.
func (r *openRun) deal(due, free int64) Ticket {
	n := r.seg.Nth(r.dealt)
	r.dealt++
	return Ticket{N: n, Stage: r.stage(due), Open: true, Due: due, Free: min(free, due)}
}

func (r *openRun) drop(due int64) {
	n := r.seg.Nth(r.dealt)
	r.dealt++
	r.p.Recorder.Dropped(n, 1, r.stage(due), due, DropVUs)
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
