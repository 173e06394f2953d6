package vu

import (
	"fmt"
	"math/bits"
	"time"

	"runner/spec"
	"runner/spec/expr"
)

// think waits a fixed or a drawn time.
type think struct {
	min, max time.Duration
	text     *expr.Template // in place of the two: evaluated at each use
	drawn    *distribution  // in place of all
}

func compileThink(c *Compiler, s *spec.Think) Step {
	t := &think{min: s.Min, max: s.Max}
	if s.Drawn != nil {
		t.drawn = newDistribution(s.Drawn)
	}
	if s.Min == 0 && s.Max == 0 && !s.Text.IsZero() {
		t.text = c.Scalar(s.Text)
	}
	return t
}

// Do waits. The time counts as think time of the iteration, whatever the clock made of it.
func (s *think) Do(v *VU) error {
	d, err := s.draw(v)
	if err != nil {
		return FailValue("think", err)
	}
	if v.Trace != nil {
		v.Trace.Note(Note{Verb: "think", Text: spec.FormatDuration(d.Round(time.Microsecond))})
	}
	start := v.Run.Clock()
	err = v.Sleep(d)
	v.think += v.Run.Clock() - start
	return err
}

func (s *think) draw(v *VU) (time.Duration, error) {
	switch {
	case s.drawn != nil:
		return s.drawn.draw(v), nil
	case s.text != nil:
		return s.evaluate(v)
	}
	return v.Between(s.min, s.max), nil
}

// Between draws a time to wait, both ends included.
func (v *VU) Between(least, most time.Duration) time.Duration {
	if most <= least {
		return least
	}
	// Lemire's multiplication maps 64 random bits on the range; its bias is below 2^-30 for any think time.
	high, _ := bits.Mul64(v.chance().Uint64(), uint64(most-least)+1)
	return least + time.Duration(high)
}

// evaluate takes a number of milliseconds, or a text such as 2s or 1s..3s.
func (s *think) evaluate(v *VU) (time.Duration, error) {
	value, err := s.text.Eval(&v.VM)
	if err != nil {
		return 0, err
	}
	if text, ok := value.(string); ok {
		least, most, err := spec.ParseThink(text)
		if err != nil {
			return 0, fmt.Errorf("%q is not a time to think: %w", text, err)
		}
		return v.Between(least, most), nil
	}
	ms, ok := expr.ToFloat(value)
	if !ok || ms < 0 || ms > 1e12 {
		return 0, fmt.Errorf("%v is not a duration", value)
	}
	return time.Duration(ms * 1e6), nil
}
