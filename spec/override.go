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
		return &ConstantVUs{Pos: e.At(), VUs: fromFlag(*o.VUs), Duration: fromFlag(*o.Duration)}, nil
	case o.VUs != nil:
		return p.withVUs(e, *o.VUs)
	}
	return p.withDuration(e, *o.Duration)
}

// fromFlag is a setting that comes from a flag: it has a value and no place.
func fromFlag[T any](v T) Opt[T] { return Opt[T]{Value: v, Set: true} }

// put replaces a setting of the plan's own.
func put[T any](p *Plan, o *Opt[T], v T) {
	p.drop(func(d *deferred) bool { return d.target == any(o) })
	*o = fromFlag(v)
}

// move takes a setting over into a new executor, its template too.
func move[T any](p *Plan, from, to *Opt[T]) {
	*to = *from
	if d := p.open(from); d != nil {
		d.target = to
	}
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
		p.Left = append(p.Left, e)
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
