package spec

import (
	"slices"
	"strings"
	"time"
)

// Overrides are the flags that change a plan's load, with k6's meaning. They act on every scenario that runs.
//
//	vus and duration           a constant-vus executor
//	iterations (vus, duration) a shared-iterations executor; duration is max_duration
//	rate (duration, vus)       a constant-arrival-rate executor
//	vus alone, duration alone  a setting of the plan's own executor
type Overrides struct {
	VUs        *int64
	Duration   *time.Duration
	Iterations *int64
	Rate       *Rate
	Scenarios  []string // only these run; nil: all
}

// What --rate gives an executor that says nothing of VUs: so many at the start, and at most so many, or as many as start in
// a second if that is more.
const (
	defaultRateVUs    = 10
	defaultRateMaxVUs = 100
	mostRateMaxVUs    = 100_000
)

// override applies the flags.
func (p *Plan) override(o Overrides) Problems {
	problems := p.filter(o.Scenarios)
	if o.Rate != nil && o.Iterations != nil {
		return append(problems, Problemf(Pos{}, 1, "--rate and --iterations are two kinds of load").WithHint("give one of them"))
	}
	if o.VUs == nil && o.Duration == nil && o.Iterations == nil && o.Rate == nil {
		return problems
	}
	for _, e := range p.Scenarios {
		if e.Value == nil || e.Value.Executor == nil {
			continue
		}
		old := e.Value.Executor
		next, problem := p.overridden(old, o)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		e.Value.Executor = next
		if next != old {
			gone := settings(old)
			p.drop(func(d *deferred) bool { return slices.Contains(gone, d.target) })
		}
		p.retree(e.Key, next)
	}
	return problems
}

// overridden is the executor that the flags make of one: the old one with other settings, or a new one.
func (p *Plan) overridden(e Executor, o Overrides) (Executor, *Problem) {
	switch {
	case o.Rate != nil:
		return p.atRate(e, o)
	case o.Iterations != nil:
		return p.iterations(e, o), nil
	case o.VUs != nil && o.Duration != nil:
		return &ConstantVUs{Pos: e.At(), VUs: flag(*o.VUs), Duration: flag(*o.Duration)}, nil
	case o.VUs != nil:
		return p.withVUs(e, *o.VUs)
	}
	return p.withDuration(e, *o.Duration)
}

// flag is a setting that comes from a flag: it has a value and no place.
func flag[T any](v T) Opt[T] { return Opt[T]{Value: v, Set: true} }

// put replaces a setting of the plan's own.
func put[T any](p *Plan, o *Opt[T], v T) {
	p.drop(func(d *deferred) bool { return d.target == any(o) })
	*o = flag(v)
}

// move takes a setting over into a new executor, its template too.
func move[T any](p *Plan, from, to *Opt[T]) {
	*to = *from
	if d := p.open(from); d != nil {
		d.target = to
	}
}

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
	out := &SharedIterations{Pos: e.At(), Iterations: flag(*o.Iterations)}
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
	out := &ConstantArrivalRate{Pos: e.At(), Rate: flag(*o.Rate)}
	if o.Duration != nil {
		out.Duration = flag(*o.Duration)
	} else if problem := p.planDuration(e, &out.Duration); problem != nil {
		return e, problem
	}
	p.planVUs(e, &out.VUs)
	switch e := e.(type) {
	case *ConstantArrivalRate:
		move(p, &e.MaxVUs, &out.MaxVUs)
	case *RampingArrivalRate:
		move(p, &e.MaxVUs, &out.MaxVUs)
	}
	if o.VUs != nil {
		put(p, &out.VUs, *o.VUs)
	} else if !out.VUs.Set && p.open(&out.VUs) == nil {
		out.VUs = flag(int64(defaultRateVUs))
	}
	if p.open(&out.MaxVUs) != nil {
		return out, nil
	}
	if !out.MaxVUs.Set {
		out.MaxVUs = flag(max(defaultRateMaxVUs, min(mostRateMaxVUs, perSecond(*o.Rate))))
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
		*to = flag(most)
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
		sumStages(p, e.Stages, to)
	case *RampingArrivalRate:
		sumStages(p, e.Stages, to)
	}
	if to.Set || p.open(to) != nil {
		return nil
	}
	prob := Problemf(e.At(), len("executor"), "executor %s says no duration that --rate could take over", e.Kind()).WithHint("add --duration")
	return &prob
}

// sumStages adds up the durations of stages, unless one is still open.
func sumStages[T any](p *Plan, stages []Stage[T], to *Duration) {
	var sum time.Duration
	for i := range stages {
		if !stages[i].Duration.Set {
			return
		}
		sum += stages[i].Duration.Value
	}
	*to = flag(sum)
}

// filter leaves only the named scenarios.
func (p *Plan) filter(names []string) Problems {
	if names == nil {
		return nil
	}
	var problems Problems
	all := p.Scenarios.Keys()
	for _, name := range names {
		if !slices.Contains(all, name) {
			hint := didYouMean(name, all)
			if hint == "" {
				hint = "have: " + strings.Join(all, ", ")
			}
			problems = append(problems, Problemf(Pos{}, 1, "unknown scenario %s", quoteShort(name)).WithHint("%s", hint))
		}
	}
	var kept Map[*Scenario]
	for _, e := range p.Scenarios {
		if slices.Contains(names, e.Key) {
			kept = append(kept, e)
			continue
		}
		p.Filtered = append(p.Filtered, e.Key)
		p.drop(func(d *deferred) bool { return d.owner == e.Key })
	}
	p.Scenarios = kept
	for _, e := range kept {
		if e.Value != nil {
			e.Value.After = slices.DeleteFunc(e.Value.After, func(t Text) bool { return slices.Contains(p.Filtered, t.Value) })
		}
	}
	p.tree = withScenarios(p.tree, names)
	return problems
}
