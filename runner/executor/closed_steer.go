package executor

import (
	"time"

	"runner/runner/schedule"
)

// replanned makes the changes that wait, and lists the events that are to come now. While the schedule stands still no VU
// is wanted; then those that were go on, as if they were planned to start at that moment.
func (r *closedRun) replanned() []event {
	r.mu.Lock()
	r.pending++ // until the events are there: a VU that ends meanwhile must not end the run
	r.mu.Unlock()
	r.steer(r.scaled)
	r.publish()
	if !r.now.Paused {
		return r.planned(r.now.Elapsed(r.p.Clock()))
	}
	return []event{{at: r.now.Length + r.p.Graceful, kind: killAll}}
}

// publish tells the VUs how the schedule stands.
func (r *closedRun) publish() {
	now := r.now
	r.paced.Store(&now)
}

// scaled is the schedule with another number of VUs from a time on. New VUs are made as they begin.
func (r *closedRun) scaled(f schedule.Factor, at time.Duration) (Info, error) {
	info := r.now.Info
	if info.Limit {
		return info, errFixed
	}
	active, err := info.Active.Scaled(at, f)
	if err != nil {
		return info, err
	}
	if err := checkVUs("the number of VUs", active.Max()); err != nil {
		return info, err
	}
	info.Active, info.MaxVUs = active, active.Max()
	r.crew(info.MaxVUs)
	return info, nil
}
