package runner

import (
	"fmt"
	"math"
	"math/big"

	"runner/runner/report"
	"runner/runner/schedule"
	"runner/spec"
)

// scalable finds a scenario whose load is a rate or a number of VUs.
func (p *Program) scalable(scenario string) (int, error) {
	for i, s := range p.Scenarios {
		switch {
		case s.Name != scenario:
		case s.Skipped:
			return 0, fmt.Errorf("scenario %q does not run", scenario)
		case s.Info.Limit:
			return 0, fmt.Errorf("scenario %q is %s: its numbers of VUs and iterations are what it measures, so there is nothing to scale", scenario, s.Info.Kind)
		default:
			return i, nil
		}
	}
	return 0, fmt.Errorf("there is no scenario %q", scenario)
}

// The bounds of a factor, and its precision: a thousandth.
const (
	leastFactor = 0.001
	mostFactor  = 1000
)

// factor is how many times the plan's load is asked for.
func factor(s *Scenario, want report.Scale) (schedule.Factor, error) {
	f, err := asked(s, want)
	if err != nil {
		return schedule.Factor{}, err
	}
	if v, _ := f.Float64(); v < leastFactor || v > mostFactor || !f.Num().IsInt64() || !f.Denom().IsInt64() {
		return schedule.Factor{}, fmt.Errorf("a load can be scaled to %g to %d times the plan's", leastFactor, mostFactor)
	}
	return schedule.Factor{Num: f.Num().Int64(), Den: f.Denom().Int64()}, nil
}

func asked(s *Scenario, want report.Scale) (*big.Rat, error) {
	e, _ := s.Spec.Executor.(*spec.ConstantArrivalRate)
	vus, _ := s.Spec.Executor.(*spec.ConstantVUs)
	switch {
	case want.Factor != 0:
		if !(want.Factor > 0 && want.Factor <= mostFactor) {
			return new(big.Rat), nil // out of bounds, whatever it is
		}
		return big.NewRat(int64(math.Round(want.Factor*1000)), 1000), nil
	case want.VUs != 0 && vus != nil:
		return big.NewRat(want.VUs, vus.VUs.Value), nil
	case want.Rate != "" && e != nil && e.Rate.Value.Num > 0:
		rate, err := spec.ParseRate(want.Rate)
		if err != nil {
			return nil, fmt.Errorf("rate %q: want a rate with its unit, as in 50/s or 300/m", want.Rate)
		}
		return new(big.Rat).Quo(exact(rate), exact(e.Rate.Value)), nil
	}
	return nil, fmt.Errorf("scenario %q is %s: say by what factor to scale it", s.Name, s.Info.Kind)
}

func exact(r spec.Rate) *big.Rat {
	den := new(big.Int).Mul(big.NewInt(r.Den), big.NewInt(int64(r.Per)))
	return new(big.Rat).SetFrac(big.NewInt(r.Num), den)
}
