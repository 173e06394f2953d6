package request

import (
	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
)

// compileResponse compiles what reads the response, and defines what it captures.
func compileResponse(c *vu.Compiler, s *spec.Request, step *Step) {
	outer := c.Scope
	c.Scope = outer.Child()
	c.Scope.AllowResponse(true)
	compileAgain(c, s, step)
	for i := range s.Check {
		step.compileCheck(c, &s.Check[i])
	}
	for i := range s.Capture {
		k := &s.Capture[i]
		step.compileCapture(c, k)
		inner := c.Scope
		c.Scope = outer
		c.Define(k.Name, k.NamePos)
		c.Scope = inner
	}
	c.Scope = outer
	outer.AllowResponse(false) // from here on, response.status and the like
}

func (step *Step) compileCheck(c *vu.Compiler, k *spec.Check) {
	p, problems := expr.Compile(k.Expr, c.Scope, expr.Bool)
	c.Add(problems)
	if p == nil {
		return
	}
	c.Note(p)
	step.needsBody = step.needsBody || p.NeedsBody()
	if value, ok := p.Const(); ok {
		w := spec.Problemf(k.Expr.Pos, len(k.Expr.Source), "this check is always %v: it reads nothing of the response", value)
		w.Code = "constant-check"
		c.Warn(w.WithHint("compare status, json(…) or another part of the response"))
	}
	name := k.Name.Value
	if k.Name.IsZero() {
		name = k.Expr.Source
	}
	step.checks = append(step.checks, check{id: checkID(c, step.id, name), name: name, expr: p})
}

func (step *Step) compileCapture(c *vu.Compiler, k *spec.Capture) {
	if k.From.Pos.IsZero() { // loading has said that from is missing
		return
	}
	p, problems := expr.Compile(k.From, c.Scope, expr.Any)
	c.Add(problems)
	if p == nil {
		return
	}
	c.Note(p)
	step.needsBody = step.needsBody || p.NeedsBody()
	one := capture{name: k.Name, from: p, secret: k.Secret.Value}
	if k.Default.Pos != (spec.Pos{}) {
		if one.fallback, problems = expr.CompileValue(k.Default, c.Scope); one.fallback != nil {
			c.Note(one.fallback)
			step.needsBody = step.needsBody || one.fallback.NeedsBody()
		}
		c.Add(problems)
	}
	step.captures = append(step.captures, one)
}
