package metrics

import (
	"fmt"
	"math"
)

// Shortfall says that a scenario had too few VUs for its schedule.
type Shortfall struct {
	Scenario  string
	Dropped   int64
	Planned   int64   // started and dropped
	VUs       int64   // how many there were
	Needed    int64   // how many it would have taken, about; 0: no iteration ended, so nobody knows
	PerSecond float64 // arrivals a second where they were densest
	Duration  float64 // mean iteration_duration, s
}

// Shortfalls lists the scenarios that dropped iterations because their VUs were busy. starts is Recorder.Starts; early
// tells that the run ended before its time.
func (t *Totals) Shortfalls(starts [][]StartSecond, early bool) []Shortfall {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []Shortfall
	for i, r := range t.all.Iterations {
		if r == nil {
			continue
		}
		dropped, queues := r.Dropped[dropVUs], t.layout.Scenarios[i].Queue && !early
		if queues { // what a stop left unstarted is nobody's shortfall
			dropped += r.Dropped[dropEnd]
		}
		if dropped == 0 {
			continue
		}
		s := Shortfall{
			Scenario: t.layout.Scenarios[i].Name, Dropped: dropped, Planned: dropped + r.Started,
			VUs: int64(t.all.VUs[i].Made.Max), Duration: r.Trends[trendIterationDuration].Mean() / 1e9,
		}
		if i < len(starts) {
			times := t.all.Times[i]
			s.estimate(starts[i], float64(times.End-times.Start)/1e9)
			if queues { // a queue starts as many as its VUs let it, so starts don't show what arrived
				s.need(max(s.PerSecond, float64(s.Planned)/max(float64(times.Planned-times.Start)/1e9, 1)))
			}
		}
		list = append(list, s)
	}
	return list
}

// estimate is Little's law, L = λ·W, where arrivals are densest: as many VUs are busy as iterations arrive in the time
// that one takes. The window is that time, in full seconds, so that neither a burst nor a slow schedule misleads; but no
// longer than the scenario lasted (s).
func (s *Shortfall) estimate(starts []StartSecond, lasted float64) {
	window := max(int(math.Ceil(s.Duration)), 1)
	var sum, most int64
	for i := range starts {
		sum += int64(starts[i].Arrivals) + int64(starts[i].Dropped)
		if i >= window {
			sum -= int64(starts[i-window].Arrivals) + int64(starts[i-window].Dropped)
		}
		most = max(most, sum)
	}
	perSecond := float64(most) / float64(window)
	if lasted > 0 {
		perSecond = float64(most) / min(float64(window), lasted)
	}
	s.need(perSecond)
}

func (s *Shortfall) need(perSecond float64) {
	s.PerSecond = perSecond
	if s.Duration > 0 {
		s.Needed = max(int64(math.Ceil(s.PerSecond*s.Duration)), s.VUs+1)
	}
}

// String says what was short and what to do.
func (s Shortfall) String() string {
	text := fmt.Sprintf("scenario %q dropped %d of %d iterations because all of its %d VUs were busy", s.Scenario, s.Dropped, s.Planned, s.VUs)
	if s.Needed == 0 {
		return text + "; no iteration ended, so how many it would have taken is unknown: look at the target first, then raise max_vus"
	}
	return fmt.Sprintf("%s; it would have taken about %d (%.4g arrivals a second × %.3g s an iteration): raise max_vus, or find out why iterations take so long",
		text, s.Needed, s.PerSecond, s.Duration)
}
