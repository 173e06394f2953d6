package vu

import (
	"fmt"

	"runner/spec"
	"runner/spec/expr"
)

// repeat runs its steps a number of times.
type repeat struct {
	times *expr.Template
	steps []Step
}

func compileRepeat(c *Compiler, s *spec.Repeat) Step {
	return &repeat{times: c.Scalar(s.Times), steps: c.Steps(s.Steps)}
}

// Do repeats.
func (s *repeat) Do(v *VU) error {
	value, err := s.times.Eval(&v.VM)
	if err != nil {
		return FailValue("repeat", err)
	}
	n, ok := expr.ToInt(value)
	if !ok || n < 0 {
		return FailValue("repeat", fmt.Errorf("times is %v: want a whole number, 0 or more", value))
	}
	for i := range n {
		if v.Interrupted() {
			return ErrInterrupted
		}
		if v.Trace != nil {
			v.Trace.Note(Note{Verb: "repeat", Text: fmt.Sprintf("%d of %d", i+1, n)})
		}
		if err := Steps(v, s.steps); err != nil {
			return err
		}
	}
	return nil
}
