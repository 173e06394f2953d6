package vu

import (
	"fmt"

	"runner/runner/metrics"
	"runner/spec"
	"runner/spec/expr"
)

// while runs its steps as long as a condition holds.
type while struct {
	cond  *expr.Program
	most  int64
	steps []Step
	where string
}

// defaultTurns is more than any sensible loop of requests has, and few enough that one without an end is found out.
const defaultTurns = 10_000

func compileWhile(c *Compiler, s *spec.While) Step {
	step := &while{cond: c.Expr(s.Cond, expr.Bool), most: s.Max.Or(defaultTurns), where: "while " + s.Cond.Source}
	step.steps = c.Steps(s.Steps)
	return step
}

// Do asks before each turn.
func (s *while) Do(v *VU) error {
	for turns := int64(0); ; turns++ {
		if v.Interrupted() {
			return ErrInterrupted
		}
		ok, err := s.cond.Bool(&v.VM)
		if err != nil {
			return FailValue(s.where, err)
		}
		v.condition(s.where, s.cond, ok)
		if !ok {
			return nil
		}
		if turns == s.most {
			return &Failed{Cause: metrics.CauseError, Where: s.where, Err: fmt.Errorf("still true after %d turns (max)", turns)}
		}
		if err := Steps(v, s.steps); err != nil {
			return err
		}
	}
}
