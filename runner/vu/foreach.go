package vu

import (
	"fmt"
	"strings"

	"runner/spec"
	"runner/spec/expr"
)

// foreach runs its steps once for each element of a list.
type foreach struct {
	list      func(*expr.VM) (any, error)
	as, index string // keys in the VM's Env; "": none
	steps     []Step
}

func compileForeach(c *Compiler, s *spec.Foreach) Step {
	step := &foreach{list: compileList(c, s)}
	inner := c.inside(c.Scope.Child(), func() {
		if s.As.IsZero() {
			return // loading has said that it is missing
		}
		step.as = c.local(s.As, expr.Any)
		if !s.Index.IsZero() {
			step.index = c.local(s.Index, expr.Int)
		}
		step.steps = c.Steps(s.Steps)
	})
	c.Scope.Adopt(inner)
	return step
}

// compileList compiles what to go through; a list that reads nothing is evaluated now.
func compileList(c *Compiler, s *spec.Foreach) func(*expr.VM) (any, error) {
	if !s.Source.IsZero() {
		p := c.Expr(s.Source, expr.List)
		if p == nil {
			return nil
		}
		return p.Eval
	}
	tree := c.Value(s.List)
	if tree == nil {
		return nil
	}
	value, ok := tree.Const()
	if !ok {
		return tree.Eval
	}
	if _, err := expr.ToList(value); err != nil {
		c.Addf(s.List.Pos, 1, "foreach: %v", err)
	}
	return func(*expr.VM) (any, error) { return value, nil }
}

// Do goes through the list as it was at the beginning.
func (s *foreach) Do(v *VU) error {
	value, err := s.list(&v.VM)
	if err != nil {
		return FailValue("foreach", err)
	}
	list, err := expr.ToList(value)
	if err != nil {
		return FailValue("foreach", err)
	}
	for i, element := range list {
		if v.Interrupted() {
			return ErrInterrupted
		}
		v.Set(s.as, element)
		if v.Trace != nil {
			name, _, _ := strings.Cut(s.as, "#") // the number that tells locals of one name apart
			v.Trace.Note(Note{Verb: "foreach", Text: fmt.Sprintf("%d of %d: %s", i+1, len(list), name), Value: element, Valued: true})
		}
		if s.index != "" {
			v.Set(s.index, expr.Whole(int64(i)))
		}
		if err := Steps(v, s.steps); err != nil {
			return err
		}
	}
	return nil
}
