package vu

import (
	"fmt"
	"slices"
	"strings"

	"runner/spec"
	"runner/spec/expr"
)

// call runs the steps of a flow. Each call in the plan has steps of its own, compiled with the names that are known there.
type call struct {
	name   string
	inputs []input
	steps  []Step
}

// input is one thing that a flow is told.
type input struct {
	name  string
	kind  string
	key   string // in the VM's Env
	value *expr.Tree
	fixed any // what the value comes to where it reads nothing
	known bool
}

func compileCall(c *Compiler, name spec.Text, with spec.Map[spec.Value]) Step {
	flow, _ := c.Plan.Flows.Get(name.Value)
	if flow == nil || slices.Contains(c.calling, name.Value) {
		return nil // validating the plan has said so
	}
	step := &call{name: name.Value}
	c.Called(name.Value)
	for _, e := range flow.Inputs {
		if e.Value != nil {
			step.inputs = append(step.inputs, compileInput(c, e, with))
		}
	}
	outer := c.calling
	c.calling = append(slices.Clone(outer), name.Value)
	defer func() { c.calling = outer }()
	before := len(*c.Problems)
	inner := c.inside(c.Scope.Child(), func() {
		for i := range step.inputs {
			in := &step.inputs[i]
			in.key = c.local(spec.Text{Value: in.name, Pos: flow.Inputs[i].KeyPos}, inputTypes[in.kind])
		}
		step.steps = c.Steps(flow.Steps)
	})
	c.Scope.Adopt(inner)
	c.calledFrom(name, before)
	return step
}

// calledFrom adds to what is wrong in a flow where it was called, and drops what another call has brought up already.
func (c *Compiler) calledFrom(name spec.Text, before int) {
	found := slices.Clone((*c.Problems)[before:])
	*c.Problems = (*c.Problems)[:before]
	for _, p := range found {
		same := func(q spec.Problem) bool { return q.Pos == p.Pos && q.Message == p.Message }
		if slices.ContainsFunc(*c.Problems, same) {
			continue
		}
		if p.Pos.Line != name.Pos.Line || p.Pos.File != name.Pos.File {
			where := fmt.Sprintf("in flow %q, called in line %d of %s", name.Value, name.Pos.Line, name.Pos.File)
			p.Hint = strings.TrimPrefix(p.Hint+"; "+where, "; ")
		}
		*c.Problems = append(*c.Problems, p)
	}
}

// Flow is the outermost flow around the step being compiled, "" if there is none: the tag flow.
func (c *Compiler) Flow() string {
	if len(c.calling) == 0 {
		return ""
	}
	return c.calling[0]
}

var inputTypes = map[string]expr.Type{
	"any": expr.Any, "string": expr.String, "int": expr.Int, "number": expr.Float, "bool": expr.Bool, "duration": expr.Millis,
	"list": expr.List, "map": expr.Map,
}

// compileInput compiles what a call gives, or the default. What is written out is judged now.
func compileInput(c *Compiler, e spec.Entry[*spec.Input], with spec.Map[spec.Value]) input {
	in := input{name: e.Key, kind: e.Value.Type.Or("any")}
	value, given := with.Get(e.Key)
	if !given {
		value = e.Value.Default
	}
	if in.kind == "string" && value.Kind == spec.Scalar {
		value.Text.Quoted = true // 007 is a text here
	}
	if value.IsZero() { // validating the plan has said that it is not given
		return in
	}
	if in.value = c.Value(value); in.value == nil {
		return in
	}
	fixed, ok := in.value.Const()
	if !ok {
		return in
	}
	var err error
	if in.fixed, err = in.check(fixed); err != nil {
		c.Addf(value.Pos, max(1, len(value.Text.Value)), "%v", err)
	}
	in.known = true
	return in
}

// check is a value as the flow sees it, if it is of the input's type.
func (in *input) check(value any) (any, error) {
	have := expr.TypeOf(value)
	ok := in.kind == "any" || value != nil && have == inputTypes[in.kind]
	switch in.kind {
	case "number":
		ok = have == expr.Int || have == expr.Float
	case "duration":
		ok = have == expr.Int || have == expr.Float
		if text, isText := value.(string); isText {
			d, err := spec.ParseDuration(text)
			return float64(d) / 1e6, err
		}
	}
	if !ok {
		return nil, fmt.Errorf("input %s wants %s, found %s", in.name, inputTypes[in.kind], have)
	}
	return value, nil
}

// Do gives the inputs their values and runs the steps.
func (s *call) Do(v *VU) error {
	for i := range s.inputs {
		in := &s.inputs[i]
		value := in.fixed
		if !in.known {
			var err error
			if value, err = in.value.Eval(&v.VM); err == nil {
				value, err = in.check(value)
			}
			if err != nil {
				return FailValue("call "+s.name, err)
			}
		}
		v.Set(in.key, value)
		if v.Trace != nil {
			v.Trace.Note(Note{Verb: "call", Text: s.name + ": " + in.name, Value: value, Valued: true})
		}
	}
	return Steps(v, s.steps)
}
