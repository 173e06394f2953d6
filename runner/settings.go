package runner

import (
	"maps"

	"runner/spec"
	"runner/spec/expr"
)

// settings is what a place of the plan knows before the run: env and those vars that wait for nothing. Executors, tags,
// conditions and ways to connect are made of it.
type settings struct {
	scope *expr.Scope
	types map[string]expr.Type
	vars  map[string]any
	late  map[string]bool      // vars that wait for services, setup or a run
	order spec.Map[spec.Value] // a scenario's own vars, each after those that it needs
}

// own evaluates those vars of a scenario that wait for nothing, on top of the plan's, which they hide. What is wrong with
// the others is said when the scenario is compiled.
func (c *compiler) own(name string, vars spec.Map[spec.Value]) *settings {
	s := &settings{types: maps.Clone(c.at.types), vars: maps.Clone(c.at.vars), late: maps.Clone(c.at.late), order: c.ordered("vars", vars)}
	for _, e := range s.order {
		scope := c.at.scope.Child()
		scope.DefineRecord("vars", s.types)
		tree, problems := expr.CompileValue(e.Value, scope)
		delete(s.types, e.Key)
		delete(s.vars, e.Key)
		s.late[e.Key] = true
		if len(problems) > 0 || mentions(e.Value, "services", nil) {
			continue
		}
		vm := c.machine("scenario " + name + " vars." + e.Key)
		vm.Env["vars"] = s.vars
		if value, err := tree.Eval(vm); err == nil {
			s.vars[e.Key], s.types[e.Key] = value, expr.TypeOf(value)
			delete(s.late, e.Key)
		}
	}
	s.scope = c.at.scope.Child()
	s.scope.DefineRecord("vars", s.types)
	return s
}

// ownSettings are those of each scenario that has vars of its own.
func (c *compiler) ownSettings() {
	c.settings = map[string]*settings{}
	for _, list := range []spec.Map[*spec.Scenario]{c.plan.Scenarios, c.plan.Left} {
		for _, e := range list {
			if e.Value != nil && len(e.Value.Vars) > 0 {
				c.settings[e.Key] = c.own(e.Key, e.Value.Vars)
			}
		}
	}
}

// within does something with what a scenario knows before the run.
func (c *compiler) within(scenario string, do func()) {
	outer := c.at
	if own := c.settings[scenario]; own != nil {
		c.at = own
	}
	do()
	c.at = outer
}

// bind is evaluate for the settings of a scenario, or of the plan where owner is "".
func (c *compiler) bind(owner string, t spec.Text) (text string, problem *spec.Problem) {
	c.within(owner, func() { text, problem = c.evaluate(t) })
	return text, problem
}

// scenarioVars adds a scenario's own vars to the plan's, for its steps.
func (c *compiler) scenarioVars(s *Scenario) *expr.Scope {
	types := map[string]expr.Type{}
	for _, e := range c.plan.Vars {
		types[e.Key] = expr.Any
		if value, ok := c.known[e.Key]; ok {
			types[e.Key] = expr.TypeOf(value)
		}
	}
	for _, e := range c.at.order {
		scope := c.full.Child()
		scope.DefineRecord("vars", types)
		tree, problems := expr.CompileValue(e.Value, scope)
		c.add(problems...)
		v := lateVar{name: e.Key, value: e.Value, tree: tree}
		types[e.Key] = expr.Any
		if v.known = !c.at.late[e.Key]; v.known {
			v.is, types[e.Key] = c.at.vars[e.Key], c.at.types[e.Key]
		}
		s.late = append(s.late, v)
	}
	scope := c.full.Child()
	scope.DefineRecord("vars", types)
	return scope
}

// evaluate is what typed settings written as templates come to: text, from what is known before the run.
func (c *compiler) evaluate(t spec.Text) (string, *spec.Problem) {
	whole := spec.Value{Kind: spec.Scalar, Text: t}
	if why, bad := c.brokenBy(whole); bad {
		return "", &why
	}
	template, problems := expr.CompileText(t, c.at.scope)
	if len(problems) > 0 {
		if mentions(whole, "services", nil) || mentions(whole, "vars", c.at.late) {
			p := spec.Problemf(t.Pos, len(t.Value), "this setting must be known before services start")
			p = p.WithHint("use env or vars that do not read services")
			return "", &p
		}
		return "", &problems[0]
	}
	text, err := template.Append(nil, c.machine("setting"))
	if err != nil {
		p := spec.Problemf(t.Pos, len(t.Value), "%v", err)
		return "", &p
	}
	return string(text), nil
}

// decide evaluates a condition that must be known before the run.
func (c *compiler) decide(e spec.Expr) bool {
	p, problems := expr.Compile(e, c.at.scope, expr.Bool)
	if len(problems) > 0 {
		c.add(problems...)
		return true
	}
	ok, err := p.Bool(c.machine("setting"))
	if err != nil {
		c.add(spec.Problemf(e.Pos, len(e.Source), "%v", err))
		return true
	}
	return ok
}

// machine evaluates what needs no run. what it is for is part of the seed: two vars never draw the same values.
func (c *compiler) machine(what string) *expr.VM {
	vars := c.known
	if c.at != nil {
		vars = c.at.vars
	}
	return &expr.VM{Env: map[string]any{"env": c.program.env, "vars": vars}, Host: newStill(c.opt.Seed, hash(what))}
}
