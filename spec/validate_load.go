package spec

import (
	"slices"
	"time"
)

// scenario judges one scenario: its load and what its VUs do.
func (v *validator) scenario(e Entry[*Scenario]) {
	s := e.Value
	v.bounded("start", s.Start, s.Pos)
	v.bounded("graceful_stop", s.GracefulStop, s.Pos)
	v.http(s.HTTP)
	v.tags(s.Tags)
	v.thresholds(s.Thresholds)
	most := int64(0)
	if s.Executor != nil {
		most = v.executor(s.Executor)
	}
	in := scope{vus: most, load: true}
	v.steps(s.Init, in)
	v.steps(s.Steps, in)
	v.mix(s)
}

// executor judges the load, and tells how many VUs there can be at most; 0 if that is not known.
func (v *validator) executor(e Executor) int64 {
	switch e := e.(type) {
	case *ConstantVUs:
		v.within("vus", e.VUs, 1, mostVUs, e.Pos)
		v.positive("duration", e.Duration, e.Pos)
		return e.VUs.Value
	case *RampingVUs:
		return v.rampingVUs(e)
	case *PerVUIterations:
		return v.iterations(e.VUs, e.Iterations, e.MaxDuration, e.Pos)
	case *SharedIterations:
		return v.iterations(e.VUs, e.Iterations, e.MaxDuration, e.Pos)
	case *ConstantArrivalRate:
		v.rate("rate", e.Rate, e.Pos)
		if e.Rate.Set && e.Rate.Value.Num == 0 {
			v.at(e.Rate.Pos, e.Pos, "rate is 0, want more")
		}
		v.positive("duration", e.Duration, e.Pos)
		return v.arrivalVUs(e.VUs, e.MaxVUs, e.Pos)
	case *RampingArrivalRate:
		return v.rampingRate(e)
	}
	return 0
}

func (v *validator) iterations(vus, n Int, d Duration, pos Pos) int64 {
	v.within("vus", vus, 1, mostVUs, pos)
	v.within("iterations", n, 1, mostIterations, pos)
	v.positive("max_duration", d, pos)
	if !vus.Set && !vus.Pos.IsZero() {
		return 0
	}
	return vus.Or(1)
}

func (v *validator) rampingVUs(e *RampingVUs) int64 {
	v.within("start_vus", e.StartVUs, 0, mostVUs, e.Pos)
	v.bounded("graceful_ramp_down", e.GracefulRampDown, e.Pos)
	most, known := e.StartVUs.Or(1), true
	for i := range e.Stages {
		t := e.Stages[i].Target
		v.within("target", t, 0, mostVUs, e.Stages[i].Pos)
		most, known = max(most, t.Value), known && t.Set
	}
	stages(v, e.Stages, e.Pos)
	if known && len(e.Stages) > 0 && most == 0 {
		v.at(e.Pos, Pos{}, "this ramp never has a VU")
	}
	if !known {
		return 0
	}
	return most
}

func (v *validator) rampingRate(e *RampingArrivalRate) int64 {
	v.rate("start_rate", e.StartRate, e.Pos)
	zero, known := e.StartRate.Value.Num == 0, true
	for i := range e.Stages {
		t := e.Stages[i].Target
		v.rate("target", t, e.Stages[i].Pos)
		zero, known = zero && t.Value.Num == 0, known && t.Set
	}
	stages(v, e.Stages, e.Pos)
	if known && zero && len(e.Stages) > 0 {
		v.at(e.Pos, Pos{}, "the rate of this ramp is always 0")
	}
	return v.arrivalVUs(e.VUs, e.MaxVUs, e.Pos)
}

// stages judges the durations of a ramp, and their sum.
func stages[T any](v *validator, list []Stage[T], fallback Pos) time.Duration {
	var sum time.Duration
	known := true
	named := map[string]bool{}
	for i := range list {
		if name := list[i].Name; named[name.Value] && name.Value != "" {
			v.add(Problemf(name.Pos, runeCount(name.Value), "two stages are called %s", quoteShort(name.Value)).WithHint("thresholds could not tell them apart: choose another name"))
		}
		named[list[i].Name.Value] = true
	}
	for i := range list {
		d := list[i].Duration
		v.bounded("duration", d, list[i].Pos)
		known = known && d.Set
		if sum += min(d.Value, mostDuration); sum > mostDuration {
			v.at(list[i].Pos, fallback, "the stages take more than 30d")
			return sum
		}
	}
	if known && len(list) > 0 && sum == 0 {
		v.at(list[0].Duration.Pos, fallback, "all stages together take 0s, want more")
	}
	return sum
}

func (v *validator) rate(key string, r RateOf, fallback Pos) {
	if r.Set && float64(r.Value.Num)/float64(max(1, r.Value.Den))/max(1, r.Value.Per.Seconds()) > mostRate {
		v.at(r.Pos, fallback, "%s is %s, want at most %d/s", key, r.Value, mostRate)
	}
}

// arrivalVUs judges vus and max_vus, whose default is vus; max_vus is the most.
func (v *validator) arrivalVUs(vus, most Int, pos Pos) int64 {
	v.within("vus", vus, 0, mostVUs, pos)
	v.within("max_vus", most, 1, mostVUs, pos)
	open := !vus.Set && !vus.Pos.IsZero() || !most.Set && !most.Pos.IsZero()
	if open {
		return 0
	}
	if most.Set && most.Value < vus.Or(1) && vus.Set {
		v.at(most.Pos, pos, "max_vus is %d and less than vus, which is %d", most.Value, vus.Value)
	}
	if !most.Set && vus.Set && vus.Value == 0 {
		v.at(vus.Pos, pos, "vus is 0 and there is no max_vus: no VU could ever run")
	}
	return most.Or(vus.Or(1))
}

// after judges the order of scenarios: the names exist and none waits for itself.
func (v *validator) after() {
	all := v.plan.Scenarios.Keys()
	for _, e := range v.plan.Scenarios {
		if e.Value == nil {
			continue
		}
		for _, name := range e.Value.After {
			if !slices.Contains(all, name.Value) && !slices.Contains(v.plan.Filtered, name.Value) {
				v.add(Problemf(name.Pos, runeCount(name.Value), "unknown scenario %s in after", quoteShort(name.Value)).WithHint("%s", orList(name.Value, all)))
			}
		}
	}
	for _, e := range v.plan.Scenarios {
		if e.Value == nil {
			continue
		}
		if path := v.circle(e.Key, e.Key, nil, map[string]bool{}); path != nil && firstOf(all, path) == e.Key {
			v.add(Problemf(e.Value.After[0].Pos, runeCount(e.Value.After[0].Value), "scenarios wait for each other in a circle: %s", arrows(append(path, e.Key))))
		}
	}
}

// circle finds a way from a scenario along after to the goal.
func (v *validator) circle(name, goal string, path []string, seen map[string]bool) []string {
	if seen[name] {
		return nil
	}
	seen[name] = true
	s, _ := v.plan.Scenarios.Get(name)
	if s == nil {
		return nil
	}
	path = append(path, name)
	for _, next := range s.After {
		if next.Value == goal {
			return path
		}
		if found := v.circle(next.Value, goal, path, seen); found != nil {
			return found
		}
	}
	return nil
}

// firstOf is the member of a circle that comes first in the plan: the circle is reported there, once.
func firstOf(all, circle []string) string {
	for _, name := range all {
		if slices.Contains(circle, name) {
			return name
		}
	}
	return ""
}

func arrows(names []string) string {
	out := names[0]
	for _, n := range names[1:] {
		out += " → " + n
	}
	return out
}
