package executor

import (
	"context"
	"time"
)

// unplanned is the slot of an iteration that starts as soon as its VU is free.
const unplanned = -1

// rest waits for the slot that the pace of a VU's last iteration gives to its next one, at most until the VU is not wanted
// any more. Where the slot is past already, or there is no pace, the next iteration is unplanned: nothing is caught up.
func (r *closedRun) rest(ctx context.Context, v *closedVU, due int64) (slot int64) {
	period := v.user.Pace()
	if period == 0 {
		return unplanned
	}
	slot = due + int64(period)
	if slot <= r.p.Clock() {
		return unplanned
	}
	for wait := r.toWait(v, slot); wait > 0; wait = r.toWait(v, slot) {
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			r.halted.Store(true) // the end has begun; halt may come to say so a moment later
			return slot
		}
	}
	return slot
}

// toWait is how long a VU has to wait for its slot; 0 if there is no iteration to wait for. A planned start that comes
// meanwhile prolongs the VU's time.
func (r *closedRun) toWait(v *closedVU, slot int64) time.Duration {
	v.mu.Lock()
	defer v.mu.Unlock()
	done := r.halted.Load() || v.ended || v.interrupted || v.left == 0 || r.quota != unlimited && r.next.Load() >= r.quota
	if done {
		return 0
	}
	return time.Duration(max(0, min(slot, v.until)-r.p.Clock()))
}
