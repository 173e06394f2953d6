package metrics

import "math"

// span is a time, in ns since the run's start.
type span struct{ from, to int64 }

// within is how much of it lies in another.
func (s span) within(o span) int64 { return max(min(s.to, o.to)-max(s.from, o.from), 0) }

// Paused says that the run stands still from a time on, in ns since its start: until Resumed, no rate counts the time.
func (r *Recorder) Paused(at int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pauses = append(r.pauses, span{at, math.MaxInt64})
}

// Resumed says that it goes on.
func (r *Recorder) Resumed(at int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.pauses); n > 0 {
		r.pauses[n-1].to = min(r.pauses[n-1].to, at)
	}
}
