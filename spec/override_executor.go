package spec

import (
	"time"
)

func (p *Plan) withVUs(e Executor, n int64) (Executor, *Problem) {
	switch e := e.(type) {
	case *ConstantVUs:
		put(p, &e.VUs, n)
	case *PerVUIterations:
		put(p, &e.VUs, n)
	case *SharedIterations:
		put(p, &e.VUs, n)
	case *ConstantArrivalRate:
		p.arrivalVUs(&e.VUs, &e.MaxVUs, n)
	case *RampingArrivalRate:
		p.arrivalVUs(&e.VUs, &e.MaxVUs, n)
	case *RampingVUs:
		return e, misfit(e, "--vus", "add --duration for constant VUs")
	}
	return e, nil
}

// arrivalVUs sets the VUs of an arrival executor, and raises its max_vus to them.
func (p *Plan) arrivalVUs(vus, most *Int, n int64) {
	if p.open(most) == nil && most.Set && most.Value < n {
		put(p, most, n)
	}
	put(p, vus, n)
}

func (p *Plan) withDuration(e Executor, d time.Duration) (Executor, *Problem) {
	switch e := e.(type) {
	case *ConstantVUs:
		put(p, &e.Duration, d)
	case *PerVUIterations:
		put(p, &e.MaxDuration, d)
	case *SharedIterations:
		put(p, &e.MaxDuration, d)
	case *ConstantArrivalRate:
		put(p, &e.Duration, d)
	case *RampingVUs:
		return e, misfit(e, "--duration", "add --vus for constant VUs")
	case *RampingArrivalRate:
		return e, misfit(e, "--duration", "add --rate for a constant rate")
	}
	return e, nil
}

func misfit(e Executor, name, advice string) *Problem {
	p := Problemf(e.At(), len("executor"), "%s alone does not fit executor %s, which has stages", name, e.Kind()).WithHint("%s", advice)
	return &p
}

// iterations makes shared iterations: with the VUs of the flag, else the plan's, at most one for each iteration.
func (p *Plan) iterations(e Executor, o Overrides) Executor {
	out := &SharedIterations{Pos: e.At(), Iterations: fromFlag(*o.Iterations)}
	p.planVUs(e, &out.VUs)
	if o.VUs != nil {
		put(p, &out.VUs, *o.VUs)
	} else if out.VUs.Set {
		out.VUs.Value = max(1, min(out.VUs.Value, *o.Iterations))
	}
	switch e := e.(type) {
	case *PerVUIterations:
		move(p, &e.MaxDuration, &out.MaxDuration)
	case *SharedIterations:
		move(p, &e.MaxDuration, &out.MaxDuration)
	}
	if o.Duration != nil {
		put(p, &out.MaxDuration, *o.Duration)
	}
	return out
}

// atRate makes a constant arrival rate, for the duration of the flag, else of the plan.
func (p *Plan) atRate(e Executor, o Overrides) (Executor, *Problem) {
	out := &ConstantArrivalRate{Pos: e.At(), Rate: fromFlag(*o.Rate)}
	if o.Duration != nil {
		out.Duration = fromFlag(*o.Duration)
	} else if problem := p.planDuration(e, &out.Duration); problem != nil {
		return e, problem
	}
	p.planVUs(e, &out.VUs)
	switch e := e.(type) {
	case *ConstantArrivalRate:
		move(p, &e.MaxVUs, &out.MaxVUs)
		move(p, &e.Arrivals, &out.Arrivals)
		move(p, &e.Late, &out.Late)
	case *RampingArrivalRate:
		move(p, &e.MaxVUs, &out.MaxVUs)
		move(p, &e.Arrivals, &out.Arrivals)
		move(p, &e.Late, &out.Late)
	}
	if o.VUs != nil {
		put(p, &out.VUs, *o.VUs)
	} else if !out.VUs.Set && p.open(&out.VUs) == nil {
		out.VUs = fromFlag(int64(defaultRateVUs))
	}
	if p.open(&out.MaxVUs) != nil {
		return out, nil
	}
	if !out.MaxVUs.Set {
		out.MaxVUs = fromFlag(max(defaultRateMaxVUs, min(mostRateMaxVUs, perSecond(*o.Rate))))
	}
	if out.MaxVUs.Value < out.VUs.Value {
		out.MaxVUs = out.VUs
	}
	return out, nil
}

// perSecond is a rate's whole number of starts a second, rounded up.
func perSecond(r Rate) int64 {
	den := max(1, r.Den)
	return int64(float64(r.Num)/float64(den)/max(1, r.Per.Seconds())) + 1
}

// planVUs takes the plan's number of VUs over: of ramping-vus the most that there are at a time.
func (p *Plan) planVUs(e Executor, to *Int) {
	switch e := e.(type) {
	case *ConstantVUs:
		move(p, &e.VUs, to)
	case *PerVUIterations:
		move(p, &e.VUs, to)
	case *SharedIterations:
		move(p, &e.VUs, to)
	case *ConstantArrivalRate:
		move(p, &e.VUs, to)
	case *RampingArrivalRate:
		move(p, &e.VUs, to)
	case *RampingVUs:
		most := max(1, e.StartVUs.Value)
		for i := range e.Stages {
			most = max(most, e.Stages[i].Target.Value)
		}
		*to = fromFlag(most)
	}
}

// planDuration takes the plan's total duration over.
func (p *Plan) planDuration(e Executor, to *Duration) *Problem {
	switch e := e.(type) {
	case *ConstantVUs:
		move(p, &e.Duration, to)
	case *ConstantArrivalRate:
		move(p, &e.Duration, to)
	case *PerVUIterations:
		move(p, &e.MaxDuration, to)
	case *SharedIterations:
		move(p, &e.MaxDuration, to)
	case *RampingVUs:
		sumStages(e.Stages, to)
	case *RampingArrivalRate:
		sumStages(e.Stages, to)
	}
	if to.Set || p.open(to) != nil {
		return nil
	}
	prob := Problemf(e.At(), len("executor"), "executor %s says no duration that --rate could take over", e.Kind()).WithHint("add --duration")
	return &prob
}

// sumStages adds up the durations of stages, unless one is still open.
func sumStages[T any](stages []Stage[T], to *Duration) {
	var sum time.Duration
	for i := range stages {
		if !stages[i].Duration.Set {
			return
		}
		sum += stages[i].Duration.Value
	}
	*to = fromFlag(sum)
}
