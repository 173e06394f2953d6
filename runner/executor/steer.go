package executor

import (
	"errors"
	"time"

	"runner/runner/schedule"
)

// slice is how long a run that can be changed waits without looking for changes.
const slice = int64(20 * time.Millisecond)

// outcome is how a wait ended.
type outcome uint8

const (
	reached outcome = iota
	changed         // there are changes to be made, and then another time to wait for
	halted
)

// reach waits for a time on Clock. While the schedule stands still no time is reached.
func (r *run) reach(t int64) outcome {
	c := r.p.Control
	if c == nil {
		if r.waiter.Until(t) {
			return reached
		}
		return halted
	}
	for !c.waiting.Load() {
		until := min(t, r.p.Clock()+slice)
		if r.now.Paused {
			until = r.p.Clock() + slice
		}
		if !r.waiter.Until(until) {
			return halted
		}
		if until == t && !r.now.Paused {
			return reached
		}
	}
	return changed
}

// steer makes the changes that wait. scale gives the scaled schedule from a time on it; only the schedule's keeper calls.
func (r *run) steer(scale func(schedule.Factor, time.Duration) (Info, error)) {
	for _, ch := range r.p.Control.take() {
		ch.at = max(ch.at, r.began)
		err := r.make(ch, scale)
		r.p.Control.publish(r.now)
		ch.made <- err
	}
}

func (r *run) make(ch change, scale func(schedule.Factor, time.Duration) (Info, error)) error {
	s := &r.now
	switch {
	case s.Over || !s.Paused && s.Elapsed(ch.at) >= s.Length:
		return ErrOver
	case ch.kind == pause && !s.Paused:
		s.Paused, s.Since = true, ch.at
	case ch.kind == resume && s.Paused:
		r.move(ch.at)
	case ch.kind == stop:
		if s.Paused {
			r.move(ch.at)
		}
		s.Over, s.Length = true, max(s.Elapsed(ch.at), 0)
	case ch.kind == rescale:
		info, err := scale(ch.factor, s.Elapsed(ch.at))
		if err != nil {
			return err
		}
		s.Info, s.Length, s.Factor = info, info.Duration, ch.factor.Value()
	}
	return nil
}

// move ends a pause: all times of the schedule move on by its length.
func (r *run) move(at int64) {
	r.now.T0 += at - r.now.Since
	r.now.Paused = false
}

// errFixed refuses to scale what is a number of iterations.
var errFixed = errors.New("its number of VUs and iterations is what it measures: only arrival rates, constant-vus and ramping-vus can be scaled")
