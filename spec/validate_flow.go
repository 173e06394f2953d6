package spec

import "slices"

// mostWeight bounds the sum of a mix's weights: the table of a turn has so many places.
const mostWeight = 100_000

// flows judges the plan's flows: their inputs, their steps, and that none calls itself.
func (v *validator) flows() {
	for _, e := range v.plan.Flows {
		if e.Value == nil {
			continue
		}
		for _, in := range e.Value.Inputs {
			v.captured(in.Key, in.KeyPos)
		}
		v.steps(e.Value.Steps, scope{load: true})
	}
	for _, e := range v.plan.Flows {
		if e.Value != nil {
			v.recursion(e.Key, e.Value)
		}
	}
}

// call judges a flow's name and what it is given.
func (v *validator) call(name Text, with Map[Value]) {
	if name.IsZero() {
		return
	}
	f, ok := v.plan.Flows.Get(name.Value)
	if !ok {
		hint := "the plan has no flows"
		if have := v.plan.Flows.Keys(); len(have) > 0 {
			hint = orList(name.Value, have)
		}
		v.add(Problemf(name.Pos, runeCount(name.Value), "unknown flow %s", quoteShort(name.Value)).WithHint("%s", hint))
		return
	}
	if f == nil {
		return
	}
	inputs := f.Inputs.Keys()
	for _, e := range with {
		if !slices.Contains(inputs, e.Key) {
			hint := "it has none"
			if len(inputs) > 0 {
				hint = orList(e.Key, inputs)
			}
			v.add(Problemf(e.KeyPos, runeCount(e.Key), "flow %s has no input %s", quoteShort(name.Value), quoteShort(e.Key)).WithHint("%s", hint))
		}
	}
	for _, in := range f.Inputs {
		misspelt := slices.ContainsFunc(with, func(e Entry[Value]) bool {
			return !slices.Contains(inputs, e.Key) && Suggest(e.Key, []string{in.Key}) != ""
		})
		if _, given := with.Get(in.Key); !given && !misspelt && in.Value != nil && in.Value.Default.IsZero() {
			v.add(Problemf(name.Pos, runeCount(name.Value), "flow %s needs the input %s", quoteShort(name.Value), in.Key).
				WithHint("write with: { %s: … }, or give the input a default", in.Key))
		}
	}
}

// mix judges a scenario's flows and their weights.
func (v *validator) mix(s *Scenario) {
	if len(s.Steps) > 0 && len(s.Mix) > 0 {
		v.add(Problemf(s.Mix[0].Pos, 1, "a scenario has steps or a mix, and this one has both").WithHint("make the steps a flow"))
	}
	var sum int64
	for i := range s.Mix {
		share := &s.Mix[i]
		v.within("weight", share.Weight, 1, mostWeight, share.Pos)
		v.call(share.Flow, share.With)
		if sum += share.Weight.Value; sum > mostWeight && share.Weight.Value <= mostWeight {
			v.at(share.Weight.Pos, share.Pos, "the weights add up to more than %d", mostWeight)
			return
		}
	}
}

// recursion finds a way from a flow back to itself. A circle is reported once, at its first flow in the plan.
func (v *validator) recursion(name string, f *Flow) {
	for _, call := range v.calls(f.Steps) {
		path := v.way(call.Flow.Value, name, []string{name}, map[string]bool{})
		if path != nil && firstOf(v.plan.Flows.Keys(), path) == name {
			v.add(Problemf(call.Flow.Pos, runeCount(call.Flow.Value), "a flow can't call itself: %s", arrows(append(path, name))).
				WithHint("repeat and while run steps again"))
			return
		}
	}
}

// way is the flows from one to the goal along calls, nil if there is none.
func (v *validator) way(from, goal string, path []string, seen map[string]bool) []string {
	if from == goal {
		return path
	}
	f, _ := v.plan.Flows.Get(from)
	if f == nil || seen[from] {
		return nil
	}
	seen[from] = true
	path = append(path[:len(path):len(path)], from)
	for _, call := range v.calls(f.Steps) {
		if found := v.way(call.Flow.Value, goal, path, seen); found != nil {
			return found
		}
	}
	return nil
}

// calls are the calls in steps and in what is inside them.
func (v *validator) calls(steps []Step) (all []*Call) {
	for _, s := range steps {
		if call, ok := s.(*Call); ok {
			all = append(all, call)
		}
		for _, inner := range s.Inner() {
			all = append(all, v.calls(inner)...)
		}
	}
	return all
}
