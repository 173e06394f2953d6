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
	cond := c.Expr(s.If, expr.Bool)
	return &choose{cond: cond, then: c.Steps(s.Then), rest: c.Steps(s.Else), where: "if " + s.If.Source}
}

// guarded puts a step behind its if, where it has one. The condition is compiled after the step, but a step's own captures
// are not in its reach: they hold no value before it ran, and reading them is an error in the iteration.
func (c *Compiler) guarded(h *spec.StepHead, s Step) Step {
	if h.If.IsZero() || s == nil {
		return s
	}
	return &choose{cond: c.Expr(h.If, expr.Bool), then: []Step{s}, where: "if " + h.If.Source}
}

// Do takes one of the two ways.
func (s *choose) Do(v *VU) error {
	ok, err := s.cond.Bool(&v.VM)
	if err != nil {
		return FailValue(s.where, err)
	}
	if ok {
		return Steps(v, s.then)
	}
	return Steps(v, s.rest)
}
