package executor

import "time"

// A VU's first iteration opens a connection, which costs this machine several times what a request does. A generator that
// is late and answers each late ticket with another cold VU gets later still, until max_vus VUs have connected and tickets
// are dropped that a handful of warm VUs could have run. So cold VUs start only now and then where a warm one is free, and,
// while we are late, also where none is: tickets wait for warm ones, whose wait is start_lag. Where no VU comes free it is
// the target that is slow, and VUs are what is needed; but only after a while, as a busy process may look at its sockets
// every 10 ms only.
const (
	unhurried = int64(time.Millisecond)       // between two cold starts that a warm VU could have spared
	behind    = int64(250 * time.Microsecond) // later than this is late
	ration    = int64(250 * time.Microsecond) // between two cold starts meanwhile
	patient   = int64(20 * time.Millisecond)  // without a VU coming free, until cold ones are not rationed
)

// cold is the free VUs that never ran, and when one began last. Guarded by mu.
type cold struct {
	free    fifo
	last    int64
	waiting int64 // since when we are late and no VU has come free, as far as we were awake; 0: we are not, or one has
}

// may tells whether a VU that never ran may take a ticket that is due then and that no warm VU is free for.
func (c *cold) may(due, now int64) bool {
	if now-due <= behind {
		c.waiting = 0
		return true
	}
	if c.waiting == 0 {
		c.waiting = now
	}
	return now >= c.last+ration || now-c.waiting >= patient
}

// nextFree is who leads next, for a ticket that is due then. nil: there is no free VU, or none that may.
func (r *openRun) nextFree(due int64) *openVU {
	r.mu.Lock()
	defer r.mu.Unlock()
	if q := r.queue(due); q != nil {
		return r.pop(q)
	}
	return nil
}

// queue is the one whose first VU has been free for longest: that of those that never ran, unless we are late and they have
// to be rationed. nil: there is no free VU, or none that may. The caller holds mu.
func (r *openRun) queue(due int64) *fifo {
	cold, warm := r.cold.free.head != nil, r.free.head != nil
	now := r.p.Clock()
	switch {
	case warm && (!cold || now-due > behind || now-r.cold.last < unhurried):
		return &r.free
	case cold && r.cold.may(due, now):
		return &r.cold.free
	}
	return nil
}

// pop takes the first VU of a queue that has one. The caller holds mu.
func (r *openRun) pop(q *fifo) *openVU {
	if q == &r.cold.free {
		r.cold.last = r.p.Clock()
	}
	return q.pop()
}

// spare tells whether there is a VU that never ran, or room for one. The caller holds mu.
func (r *openRun) spare() bool { return r.active < r.limit || r.cold.free.head != nil }
