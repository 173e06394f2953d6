package executor

import (
	"context"
	"sync"
)

// openVU is a virtual user and its goroutine.
type openVU struct {
	seat
	ticket Ticket     // set by whoever orders run, before the order
	freeAt int64      // when it came free
	wake   chan order // of 1: at most one order is on its way
	next   *openVU    // in the FIFO
}

// order is what a waiting VU is woken for.
type order uint8

const (
	goHome order = iota
	runTicket
	takeLead
)

// crew makes the seats of the first VUs.
func (r *openRun) crew(n int64) []*openVU {
	vus := make([]*openVU, n)
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range vus {
		vus[i] = r.newVU()
	}
	return vus
}

// newVU adds a seat. The caller holds mu.
func (r *openRun) newVU() *openVU {
	v := &openVU{seat: seat{id: r.seg.VU(r.made)}, wake: make(chan order, 1)}
	r.seats = append(r.seats, &v.seat)
	r.made++
	return v
}

// launch starts the goroutines of the first VUs, and returns when all wait for orders: at T0 a crowd of another scenario may
// begin, and who has not come to wait by then would stand behind it.
func (r *openRun) launch(vus []*openVU) {
	var waiting sync.WaitGroup
	for _, v := range vus {
		waiting.Add(1)
		r.wg.Go(func() {
			waiting.Done()
			r.serve(v, <-v.wake)
		})
	}
	waiting.Wait()
}

// enlist lets the first VUs have tickets.
func (r *openRun) enlist(vus []*openVU) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range vus {
		v.freeAt = r.now.T0
		r.cold.free.push(v)
	}
	r.active = int64(len(vus))
	r.report()
}

// full tells whether there are max_vus VUs, none of which waits for its first ticket.
func (r *openRun) full() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.spare()
}

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
