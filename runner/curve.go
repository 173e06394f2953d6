package runner

import (
	"time"

	"runner/runner/metrics"
	"runner/runner/report"
)

// curveParts is in how many equal parts of a scenario's duration its curve is shown.
const curveParts = 60

// curve is what the schedule plans, and what was reached of it. What is planned is that of the schedule as it is now.
func (r *run) curve(one *report.LiveScenario, i int, starts []metrics.StartSecond) {
	now := r.standing(i)
	var planned func(time.Duration) float64
	switch info := now.Info; {
	case info.Arrivals != nil:
		one.Unit, planned = "it/s", info.Arrivals.RateAt
	case info.Active != nil && !info.Limit:
		one.Unit, planned = "VUs", func(t time.Duration) float64 { return float64(info.Active.At(t)) }
	default:
		return
	}
	begun := r.progress[i].started.Load()
	at := now.Elapsed(r.shared.Clock())
	if begun && !now.Over && !now.Paused {
		one.Target = planned(at)
	}
	part := now.Info.Duration / curveParts
	if part <= 0 {
		return
	}
	for k := range time.Duration(curveParts) {
		one.Curve = append(one.Curve, planned(k*part+part/2))
	}
	if begun {
		one.Reached = r.reached(i, starts, part, at)
	}
}

// reached is what was reached in each part, up to now: by whole seconds, and where none is over yet as in the part before.
// It goes by the schedule's clock as it is: before a pause the parts are off by its length.
func (r *run) reached(i int, starts []metrics.StartSecond, part, at time.Duration) []float64 {
	t0 := time.Duration(r.progress[i].t0.Load())
	seen := func(s int) (float64, bool) {
		if s < len(starts) && time.Duration(s+1)*time.Second <= t0+at {
			return float64(starts[s].Arrivals), true
		}
		return 0, false
	}
	if r.standing(i).Info.Arrivals == nil {
		levels, interval := r.totals.Levels(r.program.Scenarios[i].id)
		seen = func(s int) (float64, bool) {
			if s/interval < len(levels) {
				return float64(levels[s/interval]), true
			}
			return 0, false
		}
	}
	var values []float64
	last := 0.0
	for from := time.Duration(0); from < at && len(values) < curveParts; from += part {
		first, end := (t0+from)/time.Second, (t0+min(from+part, at)-1)/time.Second
		if v, ok := mean(seen, int(first), int(end)); ok {
			last = v
		}
		values = append(values, last)
	}
	return values
}

// mean is the mean of some seconds; ok is false if none of them was seen.
func mean(seen func(second int) (float64, bool), first, last int) (v float64, ok bool) {
	sum, n := 0.0, 0
	for s := first; s <= last; s++ {
		if v, ok := seen(s); ok {
			sum, n = sum+v, n+1
		}
	}
	return sum / float64(max(n, 1)), n > 0
}
