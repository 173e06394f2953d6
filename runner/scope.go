package runner

import (
	"regexp"
	"strings"

	"runner/spec"
	"runner/spec/expr"
)

// codeUnset is the problem that a variable of the environment has no value, and what follows from it.
const codeUnset = "unset"

// environment resolves the plan's contract with its environment.
func (c *compiler) environment() {
	values, types := map[string]any{}, map[string]expr.Type{}
	c.unset = map[string]bool{}
	for _, e := range c.plan.Env {
		types[e.Key] = expr.String
		if e.Value == nil || e.Value.Pos.IsZero() { // loading has said what is wrong with it
			continue
		}
		value, ok := c.opt.Env(e.Key)
		if !ok {
			value = e.Value.Default.Value
		}
		if !ok && e.Value.Default.Pos.IsZero() {
			p := spec.Problemf(e.KeyPos, len(e.Key), "environment variable %s is not set", e.Key)
			p.Code = codeUnset
			c.unset[e.Key] = true
			c.add(p.WithHint("set it, pass --env %s=…, or give it a default", e.Key))
		}
		values[e.Key] = value
		if e.Value.Secret.Value && value != "" {
			c.program.Secrets = append(c.program.Secrets, value)
		}
	}
	c.program.env = values
	c.base = expr.NewScope()
	c.base.DefineRecord("env", types)
}

// variables evaluates the plan's vars in the order in which they need each other. What needs a service's address waits
// until services run (late); everything else is known before, so that executors and thresholds can use it.
func (c *compiler) variables() {
	c.known = map[string]any{}
	c.broken = map[string]spec.Problem{}
	types := map[string]expr.Type{}
	late := map[string]bool{}
	for _, e := range c.ordered("vars", c.plan.Vars) {
		if why, bad := c.brokenBy(e.Value); bad { // said once, where it is wrong
			c.broken[e.Key], types[e.Key] = why, expr.Any
			continue
		}
		if mentions(e.Value, "services", nil) || mentions(e.Value, "vars", late) {
			late[e.Key] = true
			types[e.Key] = expr.Any
			c.program.late = append(c.program.late, lateVar{name: e.Key, value: e.Value})
			continue
		}
		scope := c.base.Child()
		scope.DefineRecord("vars", types)
		value, ok := c.constant(scope, "vars."+e.Key, e.Value)
		if !ok {
			c.broken[e.Key], types[e.Key] = c.problems[len(c.problems)-1], expr.Any
			continue
		}
		c.known[e.Key], types[e.Key] = value, expr.TypeOf(value)
	}
	c.at = &settings{scope: c.base.Child(), types: without(types, late), vars: c.known, late: late}
	c.at.scope.DefineRecord("vars", c.at.types)
	c.defineServices()
	c.base = c.base.Child()
	c.base.DefineRecord("vars", types)
	c.program.late = c.compileLate(c.base, c.program.late)
}

// brokenBy tells whether a value reads a var that has no value, and why that has none.
func (c *compiler) brokenBy(v spec.Value) (spec.Problem, bool) {
	if len(c.unset) > 0 && mentions(v, "env", c.unset) {
		return spec.Problem{Code: codeUnset}, c.opt.Draft
	}
	for name, why := range c.broken {
		if mentions(v, "vars", map[string]bool{name: true}) {
			return why, true
		}
	}
	return spec.Problem{}, false
}

func without(types map[string]expr.Type, late map[string]bool) map[string]expr.Type {
	kept := map[string]expr.Type{}
	for name, t := range types {
		if !late[name] {
			kept[name] = t
		}
	}
	return kept
}

func (c *compiler) compileLate(scope *expr.Scope, vars []lateVar) []lateVar {
	for i := range vars {
		tree, problems := expr.CompileValue(vars[i].value, scope)
		c.add(problems...)
		vars[i].tree = tree
	}
	return vars
}

// defineServices makes services.NAME.url known.
func (c *compiler) defineServices() {
	members := map[string]expr.Type{}
	for _, s := range c.plan.Services {
		members[s.Key+".url"], members[s.Key+".port"] = expr.String, expr.String
	}
	c.base = c.base.Child()
	c.base.DefineRecord("services", members)
}

// worldScope adds what every step can read: run, data, generators, and the places of an iteration. full adds what setup
// captures.
func (c *compiler) worldScope() {
	c.base = c.base.Child()
	c.base.DefineRecord("run", map[string]expr.Type{"id": expr.String, "seed": expr.String})
	c.base.DefineRecord("vu", map[string]expr.Type{"id": expr.Int})
	c.base.DefineRecord("iteration", map[string]expr.Type{"n": expr.Int})
	c.base.DefineRecord("scenario", map[string]expr.Type{"name": expr.String})
	c.base.DefineWord("stage", expr.String)
	c.base.DefineSchemas(c.schema)
	c.base.DefineData(c.plan.Data.Keys())
	for i, f := range c.program.feeders {
		if f != nil {
			c.base.DefineColumns(i, f.Columns())
		}
	}
	c.base.DefineGenerators(c.plan.Generators.Keys())
	c.full = c.base.Child()
	c.full.DefineRecord("setup", captured(c.plan, c.plan.Setup))
}

// captured are the names that steps capture or set.
func captured(p *spec.Plan, steps []spec.Step) map[string]expr.Type {
	names := map[string]expr.Type{}
	p.Walk(steps, func(s spec.Step) {
		switch s := s.(type) {
		case *spec.Request:
			for _, k := range s.Capture {
				names[k.Name] = expr.Any
			}
		case *spec.Set:
			for _, e := range s.Values {
				names[e.Key] = expr.Any
			}
		}
	})
	return names
}

// secretNames are the names that steps capture with secret: true.
func secretNames(p *spec.Plan, steps []spec.Step) map[string]bool {
	names := map[string]bool{}
	p.Walk(steps, func(s spec.Step) {
		if s, ok := s.(*spec.Request); ok {
			for _, k := range s.Capture {
				if k.Secret.Value {
					names[k.Name] = true
				}
			}
		}
	})
	return names
}

// ordered sorts entries so that each comes after those it reads as record.NAME; a circle is a problem.
func (c *compiler) ordered(record string, entries spec.Map[spec.Value]) spec.Map[spec.Value] {
	var out spec.Map[spec.Value]
	state := map[string]int{} // 1: being visited, 2: done
	var visit func(e spec.Entry[spec.Value], path []string)
	visit = func(e spec.Entry[spec.Value], path []string) {
		path = append(path, e.Key)
		if state[e.Key] == 1 {
			circle := spec.Problemf(e.KeyPos, len(e.Key), "%s.%s needs itself: %s", record, e.Key, strings.Join(path, " → "))
			c.add(circle)
			if record == "vars" {
				c.broken[e.Key] = circle
			}
			return
		}
		if state[e.Key] == 2 {
			return
		}
		state[e.Key] = 1
		for _, other := range entries {
			if other.Key != e.Key || mentions(e.Value, record, map[string]bool{e.Key: true}) {
				if mentions(e.Value, record, map[string]bool{other.Key: true}) {
					visit(other, path)
				}
			}
		}
		state[e.Key] = 2
		out = append(out, e)
	}
	for _, e := range entries {
		visit(e, nil)
	}
	return out
}

var memberPattern = regexp.MustCompile(`\b([a-z]+)\.([A-Za-z_][A-Za-z0-9_]*)`)

// mentions tells whether templates in a tree read record.NAME for one of the names (nil: any). It looks at the text, so it
// can find one too many (in a string inside an expression), never one too few.
func mentions(v spec.Value, record string, names map[string]bool) bool {
	switch v.Kind {
	case spec.Scalar:
		if !strings.Contains(v.Text.Value, "${") {
			return false
		}
		for _, m := range memberPattern.FindAllStringSubmatch(v.Text.Value, -1) {
			if m[1] == record && (names == nil || names[m[2]]) {
				return true
			}
		}
	case spec.List:
		for _, item := range v.Items {
			if mentions(item, record, names) {
				return true
			}
		}
	case spec.Object:
		for _, e := range v.Entries {
			if mentions(e.Value, record, names) {
				return true
			}
		}
	}
	return false
}

// constant evaluates a tree now.
func (c *compiler) constant(scope *expr.Scope, what string, v spec.Value) (any, bool) {
	tree, problems := expr.CompileValue(v, scope)
	if len(problems) > 0 || tree == nil {
		c.add(problems...)
		return nil, false
	}
	value, err := tree.Eval(c.machine(what))
	if err != nil {
		c.add(spec.Problemf(v.Pos, 1, "%s: %v", what, err))
		return nil, false
	}
	return value, true
}
