package executor

import (
	"context"
	"fmt"
	"time"

	"runner/runner/schedule"
	"runner/spec"
)

// open starts iterations when a schedule says so.
//
// There is one lead, and whoever holds it waits for the next ticket. A free VU that holds it (the leader) waits until the
// ticket is due, hands the lead to the VU that has been free for longest, and runs the iteration itself: between the due
// time and the first byte there is no change of goroutine. When no VU is free the executor's own goroutine (the warden)
// leads: at the due time it gives the ticket to a VU that has come free, makes a VU, or drops the ticket.
//
// A ticket is dropped if and only if max_vus VUs were running when it was due, not when we came to look: after a stall of
// this process the tickets of the stall start late, which start_lag shows, and are not laid at the target's door. With
// late: queue such a ticket waits for a VU instead, which vu_wait shows, until the end of the schedule.
type open struct {
	info Info
}

// newOpen completes what an arrival executor is going to do. spread is how its arrivals are spread along the rate.
func newOpen(arrivals *schedule.Arrivals, seed uint64, spread spec.Word, info Info) (*open, error) {
	if info.VUs < 0 { // 0: each is made when it is needed
		return nil, fmt.Errorf("vus must be at least 0, not %d", info.VUs)
	}
	if err := checkVUs("max_vus", info.MaxVUs); err != nil {
		return nil, err
	}
	if info.MaxVUs < info.VUs {
		return nil, fmt.Errorf("max_vus is %d, which is less than vus, %d", info.MaxVUs, info.VUs)
	}
	if err := checkDuration("the duration", arrivals.Duration()); err != nil {
		return nil, err
	}
	if spread.Value == "poisson" {
		var err error
		if arrivals, err = arrivals.Poisson(seed); err != nil {
			return nil, err
		}
	}
	info.Open, info.Planned, info.Duration, info.Arrivals = true, arrivals.Total(), arrivals.Duration(), arrivals
	return &open{info}, nil
}

func (x *open) Info() Info { return x.info }

func (x *open) Run(parent context.Context, p Plan) error {
	r := &openRun{back: make(chan struct{}, 1)}
	ctx, done, err := r.begin(parent, p, x.info)
	if err != nil {
		return err
	}
	r.limit = r.seg.Share(x.info.MaxVUs)
	vus := r.crew(r.seg.Share(x.info.VUs))
	r.fill(ctx, r.seats)
	if !r.halted.Load() {
		r.launch(vus)
		r.start()
		r.enlist(vus)
		r.watch(ctx)
	}
	r.finish()
	done()
	return r.result()
}

// openRun is one run of an arrival executor.
type openRun struct {
	run
	limit int64         // max_vus of this segment
	dealt int64         // tickets of this segment that were given away or dropped; only the holder of the lead touches it
	begun int64         // of these, the ones that were given away
	idle  span          // when a VU was last seen to be free; only the holder of the lead touches it
	back  chan struct{} // the lead comes back to the warden

	// Guarded by mu. active counts VUs that iterate, wait or are being made.
	free   fifo
	cold   cold
	empty  []*openVU // seats whose user has ended
	parked bool      // nobody leads: the next VU that comes free does
	over   bool      // VUs that come free go home
}

// watch is the warden's loop. It ends when there is no ticket left or the run is halted, with the lead in its hands.
func (r *openRun) watch(ctx context.Context) {
	for !r.halted.Load() {
		due, ok := r.peek()
		if !ok {
			due = r.end()
		} else if v := r.nextFree(due); v != nil {
			v.wake <- takeLead
			<-r.back
			continue
		}
		switch r.reach(due) {
		case changed:
			r.steer(r.scaled)
		case reached:
			if !ok {
				return
			}
			r.assign(ctx, due)
		}
	}
}

// serve is a VU's goroutine, from its first order until it goes home.
func (r *openRun) serve(v *openVU, o order) {
	for ; o != goHome; o = r.await(v) {
		if o == takeLead && !r.lead(v) {
			continue
		}
		if more := v.user.Iterate(v.ticket); !more {
			break
		}
	}
	r.leave(v)
}

// lead waits for the next ticket as its taker. ok is false if there is none, or none any more.
func (r *openRun) lead(v *openVU) (ok bool) {
	for {
		due, ok := r.next()
		if !ok {
			r.back <- struct{}{}
			return false
		}
		// Only a ticket that we are late for, or that waits, can be due before this VU, the longest free of all, was free.
		since, free := v.freeAt, min(v.freeAt, due)
		if since > due && !r.idle.holds(due) {
			switch {
			case !r.full():
				since, free = due, due
			case r.now.Info.Queue && r.p.Clock() < r.end():
				free = since
			default:
				r.drop(due, r.missed())
				continue
			}
		}
		v.ticket = r.deal(due, since, free)
		r.handOn()
		return true
	}
}

// handOn gives the lead to whoever is to take the next ticket.
func (r *openRun) handOn() {
	due, _ := r.peek()
	if next := r.nextFree(due); next != nil {
		next.wake <- takeLead
		return
	}
	r.back <- struct{}{}
}

// assign decides about a ticket that is due while the warden leads.
func (r *openRun) assign(ctx context.Context, due int64) {
	wasIdle := r.idle.holds(due)
	r.mu.Lock()
	var v *openVU
	spare, q := r.spare(), r.queue(due)
	if q != nil {
		v = q.head
	}
	switch {
	case v != nil && (v.freeAt <= due || spare || wasIdle):
		r.pop(q)
		r.mu.Unlock()
		since := v.freeAt
		if spare {
			since = min(since, due)
		}
		v.ticket = r.deal(due, since, min(since, due))
		v.wake <- runTicket
	case v != nil && r.now.Info.Queue && r.p.Clock() < r.end():
		r.pop(q)
		r.mu.Unlock()
		v.ticket = r.deal(due, v.freeAt, v.freeAt)
		v.wake <- runTicket
	case spare && (r.cold.free.head != nil || !r.cold.may(due, r.p.Clock())):
		r.parked = true
		until := r.cold.last + ration
		r.mu.Unlock()
		r.park(until)
	case spare:
		r.cold.last = r.p.Clock()
		v = r.hire()
		r.mu.Unlock()
		v.ticket = r.deal(due, due, due)
		r.wg.Go(func() { r.join(ctx, v) })
	case !wasIdle && !r.now.Info.Queue:
		r.mu.Unlock()
		r.drop(due, DropVUs)
	case r.p.Clock() < r.end():
		r.parked = true
		r.mu.Unlock()
		r.park(r.end())
	default:
		r.mu.Unlock()
		r.drop(due, DropEnd)
	}
}

// await queues a VU that has come free, until it is needed.
func (r *openRun) await(v *openVU) order {
	r.mu.Lock()
	if r.over {
		r.mu.Unlock()
		return goHome
	}
	v.freeAt = r.p.Clock() // under the lock: the queue is in order of this time
	r.cold.waiting = 0
	if r.parked {
		r.parked = false
		r.mu.Unlock()
		return takeLead
	}
	r.free.push(v)
	r.mu.Unlock()
	return <-v.wake
}

// park waits until then for the lead to come back: a ticket that must not be dropped, as we are late for it or it may wait,
// goes to the next VU that comes free.
func (r *openRun) park(until int64) {
	wait := until - r.p.Clock()
	if r.p.Control != nil { // somebody may change the run meanwhile
		wait = min(wait, slice)
	}
	timer := time.NewTimer(time.Duration(wait))
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
	r.release()
	r.mu.Lock()
	r.over = true
	for _, q := range []*fifo{&r.free, &r.cold.free} {
		for v := q.pop(); v != nil; v = q.pop() {
			v.wake <- goHome
		}
	}
	busy := r.active > 0
	r.mu.Unlock()
	r.dropRest()
	if busy && r.waiter.Until(r.end()+int64(r.p.Graceful)) {
		r.halt()
	}
}
