package vu

import (
	"runner/spec"
	"runner/spec/expr"
)

// choose is if/then/else, and the if of any other step.
type choose struct {
	cond       *expr.Program
	then, rest []Step
	where      string
}

func compileChoose(c *Compiler, s *spec.Choose) Step {
	step := &choose{cond: c.Expr(s.If, expr.Bool), where: "if " + s.If.Source}
	before := c.After
	then := c.inside(c.Scope.Branch(), func() { step.then = c.Steps(s.Then) })
	c.After = before
	rest := c.inside(c.Scope.Branch(), func() { step.rest = c.Steps(s.Else) })
	switch { // a branch that never comes back says nothing of what is known after it
	case endsEarly(s.Then):
		c.Scope.Adopt(rest)
	case endsEarly(s.Else):
		c.Scope.Adopt(then)
	default:
		c.Scope.Adopt(then, rest)
	}
	return step
}

// endsEarly tells whether steps always end in fail, stop or abort.
func endsEarly(steps []spec.Step) bool {
	for _, s := range steps {
		if end, ok := s.(*spec.End); ok && end.If.IsZero() {
			return true
		}
	}
	return false
}

// guarded compiles a step that has an if, and puts it behind that.
func (c *Compiler) guarded(s spec.Step) Step {
	h := s.Common()
	if h.If.IsZero() {
		return c.bare(s)
	}
	step := &choose{cond: c.Expr(h.If, expr.Bool), where: "if " + h.If.Source}
	then := c.inside(c.Scope.Branch(), func() {
		if compiled := c.bare(s); compiled != nil {
			step.then = []Step{compiled}
		}
	})
	if _, ends := s.(*spec.End); !ends {
		c.Scope.Adopt(then, c.Scope.Child())
	}
	if step.then == nil {
		return nil
	}
	return step
}

// Do takes one of the two ways.
func (s *choose) Do(v *VU) error {
	ok, err := s.cond.Bool(&v.VM)
	if err != nil {
		return FailValue(s.where, err)
	}
	v.condition(s.where, s.cond, ok)
	if ok {
		return Steps(v, s.then)
	}
	return Steps(v, s.rest)
}
