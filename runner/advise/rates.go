package advise

import (
	"math"
	"time"

	"runner/spec"
)

// unreachableRates finds arrival executors whose users think for so long that max_vus of them can't make the rate, however
// fast the target answers. By Little's law the users at work are rate × time of an iteration; of that time the think time
// is known.
func unreachableRates(s *Subject) spec.Problems {
	var found spec.Problems
	for _, sc := range s.Scenarios {
		if !sc.Info.Open || sc.Info.Arrivals == nil || sc.Info.Planned <= 0 {
			continue
		}
		think := s.thinkOf(sc.Spec)
		peak, at := sc.peak()
		need := math.Ceil(peak * min(think, sc.Info.Duration).Seconds())
		if need = min(need, float64(sc.Info.Planned)); need <= float64(sc.Info.MaxVUs) {
			continue
		}
		p := spec.Problemf(sc.Spec.Executor.At(), len("executor"), "scenario %q can't reach its rate: at %.4g/s and with %s of think time an iteration it takes at least %.0f VUs, and max_vus is %d",
			sc.Name, peak, spec.FormatDuration(think), need, sc.Info.MaxVUs)
		if at > 0 {
			p.Message += ", from " + spec.FormatDuration(at.Round(time.Second)) + " on"
		}
		found = append(found, p.WithHint("write max_vus: %.0f or more, or think less: iterations will be dropped", need*1.2))
	}
	return found
}

// peak is the highest rate a second, and when it is reached first.
func (sc *Scenario) peak() (rate float64, at time.Duration) {
	const looks = 1000
	for i := range looks {
		t := time.Duration(float64(sc.Info.Duration) / looks * float64(i))
		if r := sc.Info.Arrivals.RateAt(t); r > rate*1.000001 {
			rate, at = r, t
		}
	}
	return rate, at
}

// thinkOf is how long an iteration thinks on average, at least.
func (s *Subject) thinkOf(sc *spec.Scenario) time.Duration {
	if len(sc.Mix) == 0 {
		return s.thinking(sc.Steps, nil)
	}
	var sum, weights float64
	for _, share := range sc.Mix {
		if f, ok := s.Plan.Flows.Get(share.Flow.Value); ok && f != nil {
			sum += float64(share.Weight.Value) * float64(s.thinking(f.Steps, nil))
			weights += float64(share.Weight.Value)
		}
	}
	return time.Duration(sum / max(1, weights))
}

// thinking is the average think time of steps that are surely taken. calls are the flows around them.
func (s *Subject) thinking(steps []spec.Step, calls []string) time.Duration {
	var sum time.Duration
	for _, step := range steps {
		if !step.Common().If.IsZero() {
			if c, ok := step.(*spec.Choose); ok {
				sum += min(s.thinking(c.Then, calls), s.thinking(c.Else, calls))
			}
			continue
		}
		switch step := step.(type) {
		case *spec.Think:
			sum += average(step)
		case *spec.Group:
			sum += s.thinking(step.Steps, calls)
		case *spec.Repeat:
			if n, err := spec.ParseInt(step.Times.Value); err == nil {
				sum += time.Duration(min(n, 1_000_000)) * s.thinking(step.Steps, calls)
			}
		case *spec.Parallel:
			var most time.Duration
			for _, branch := range step.Steps {
				most = max(most, s.thinking([]spec.Step{branch}, calls))
			}
			sum += most
		case *spec.Call:
			if f, ok := s.Plan.Flows.Get(step.Flow.Value); ok && f != nil && len(calls) < 100 {
				sum += s.thinking(f.Steps, append(calls, step.Flow.Value))
			}
		}
	}
	return sum
}

// average is how long one think step waits on average; 0 if that is not known.
func average(t *spec.Think) time.Duration {
	d := t.Drawn
	switch {
	case d == nil:
		return (t.Min + t.Max) / 2
	case d.Kind.Value == "uniform":
		return (d.Min.Value + d.Max.Value) / 2
	case d.Max.Set: // what lies above max is drawn again: the mean of what is left is not known here
		return d.Min.Value
	}
	return d.Mean.Value
}
