package executor

import (
	"context"
	"sync/atomic"
	"time"
)

// unlimited is a number of iterations that only time ends.
const unlimited = -1

// closed lets VUs iterate one iteration after the other, each within its own times.
//
// The executor's goroutine follows the list of planned events (a VU's start, the end of a VU's grace) and starts a
// goroutine for a VU when its time comes; a VU that is not wanted costs no goroutine. That a VU has to stop needs no event:
// it looks at the clock before each iteration.
type closed struct {
	info     Info
	perVU    int64         // iterations of each VU, or unlimited
	shared   int64         // iterations of all together, or unlimited
	rampDown time.Duration // graceful_ramp_down
	hold     bool          // the load lasts for its duration, even if no VU is planned for its last part
}

func (x *closed) Info() Info { return x.info }

func (x *closed) Run(parent context.Context, p Plan) error {
	r := &closedRun{closed: x, quota: unlimited}
	ctx, done, err := r.begin(parent, p, x.info)
	if err != nil {
		return err
	}
	if x.shared != unlimited {
		r.quota = r.seg.Share(x.shared)
	}
	r.crew(x.info.MaxVUs)
	r.fill(ctx, r.first())
	if !r.halted.Load() {
		r.start()
		r.publish()
		r.follow(ctx, r.planned(0))
	}
	r.release()
	r.wg.Wait()
	r.dropRest(r.now.Over || parent.Err() != nil)
	done()
	return r.result()
}

// closedRun is one run of a closed executor.
type closedRun struct {
	run
	*closed
	vus   []*closedVU
	quota int64                    // of this segment's shared iterations, or unlimited
	next  atomic.Int64             // iterations of this segment that were taken, and asked for in vain
	paced atomic.Pointer[Standing] // what follow works by, for VUs to read; while it is paused none goes on

	// Guarded by run.mu.
	pending int   // planned starts (and the hold) to come
	ended   int64 // VUs that ended by themselves
}

// closedVU is a virtual user; it has a goroutine while it works.
type closedVU struct {
	seat

	// Guarded by seat.mu.
	left   int64 // its own iterations to go, or unlimited
	until  int64 // it starts no iteration at this time or later
	starts int   // planned starts to come
	works  bool  // it has a goroutine
	ended  bool  // it ended by itself
}

// work is a VU's goroutine, from a planned start until the VU is not wanted any more. slot is when the next iteration was
// planned, or unplanned.
func (r *closedRun) work(ctx context.Context, v *closedVU, slot int64) {
	for {
		k, now, step := r.take(v)
		if step == renew {
			// Only a ramp down interrupts single VUs, so no limited number of iterations misses the one that is lost
			// if this fails.
			v.close()
			if !r.sit(ctx, &v.seat) {
				step = homeForGood
			}
			now = r.p.Clock()
		}
		if step >= home {
			r.leave(v, step == homeForGood)
			return
		}
		t := Ticket{N: r.seg.Nth(k), Turn: r.seg.Nth(k), First: slot != unplanned, Due: now, Free: now, Start: now}
		if t.First {
			t.Due, t.Free = slot, slot
		}
		paced := r.paced.Load()
		t.Stage = paced.Info.Active.StageAt(time.Duration(t.Due - paced.T0))
		if more := v.user.Iterate(t); !more {
			r.end(v)
		}
		slot = r.rest(ctx, v, t.Due)
	}
}

// step is what a VU does next.
type step uint8

const (
	iterate     step = iota
	renew            // make a new user, then iterate
	home             // until the next planned start; it may come from a change of the plan
	homeForGood      // there is none
)

// take decides what a VU does next, and takes the segment's iteration k for it. now is when it did.
func (r *closedRun) take(v *closedVU) (k, now int64, next step) {
	v.mu.Lock()
	defer v.mu.Unlock()
	now = r.p.Clock()
	wanted := !r.halted.Load() && !r.paced.Load().Paused && !v.ended && v.left != 0 && now < v.until
	if wanted {
		k = r.next.Add(1) - 1
		wanted = r.quota == unlimited || k < r.quota
	}
	switch {
	case !wanted:
		v.works = false
		if (v.starts > 0 || r.p.Control != nil) && !v.ended {
			return 0, now, home
		}
		return 0, now, homeForGood
	case v.left > 0:
		v.left--
	}
	if v.interrupted || v.user == nil {
		return k, now, renew
	}
	return k, now, iterate
}

// end notes that a VU has ended by itself. One that was interrupted has not.
func (r *closedRun) end(v *closedVU) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ended = !v.interrupted
}

// leave ends a VU's goroutine. Without a planned start to come nobody else touches the VU.
func (r *closedRun) leave(v *closedVU, forGood bool) {
	if forGood {
		v.close()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.active--
	if forGood && v.ended {
		r.ended++
	}
	r.report()
	if r.idle() {
		r.waiter.Wake()
	}
}

// idle tells whether nothing happens any more. The caller holds run.mu.
func (r *closedRun) idle() bool {
	return r.active == 0 && (r.pending == 0 || r.ended == int64(len(r.vus)))
}

// dropRest drops the iterations that time or a stop of the run prevented. What a VU that ended by itself would still have
// run is given up with it, and not dropped, unless the run was stopped: then all that was planned and not started is.
func (r *closedRun) dropRest(stopped bool) {
	started := r.next.Load()
	var count, given int64
	if r.quota != unlimited {
		started = min(started, r.quota)
		if stopped || r.ended < int64(len(r.vus)) {
			count = r.quota - started
		} else {
			given = r.quota - started
		}
	}
	for i := range r.vus {
		switch v := r.vus[i]; {
		case v.left <= 0:
		case stopped || !v.ended:
			count += v.left
		default:
			given += v.left
		}
	}
	if given > 0 {
		r.p.Recorder.GaveUp(given)
	}
	if count > 0 {
		r.p.Recorder.Dropped(r.seg.Nth(started), count, 0, r.p.Clock(), DropEnd)
	}
}
