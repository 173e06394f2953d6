package request

import (
	"errors"
	"fmt"

	"runner/runner/metrics"
	"runner/runner/protocol"
	"runner/runner/vu"
	"runner/spec/expr"
)

// judge runs checks and captures on the last response. A false check or an unexpected status is counted and the iteration
// goes on, unless on_failure says otherwise; an expression without a value, or a capture that finds nothing, ends it.
func (s *Step) judge(v *vu.VU, o outcome) error {
	falseCheck, broken := s.check(v, &o)
	if broken == nil {
		broken = s.capture(v, &o)
	}
	if broken != nil {
		return broken
	}
	if v.Strict {
		return s.strict(v, &o, falseCheck)
	}
	if s.onFailure == goOn || falseCheck == "" && !o.failed() {
		return nil
	}
	return s.end(&o, falseCheck)
}

// check counts every check. falseCheck is the first that did not hold.
func (s *Step) check(v *vu.VU, o *outcome) (falseCheck string, broken error) {
	for i := range s.checks {
		c := &s.checks[i]
		ok, err := false, error(nil)
		if o.failure.Class == protocol.ClassNone {
			ok, err = c.expr.Bool(&v.VM)
		}
		if v.Trace != nil {
			s.trace(v, c, ok, err)
		}
		if endsVU(err) {
			return falseCheck, err
		}
		v.Recorder.Check(c.id, v.Moment(), ok)
		if !ok && falseCheck == "" {
			falseCheck = c.name
		}
		if err != nil && broken == nil {
			broken = s.broken(o, fmt.Sprintf("check %q", c.name), err)
		}
	}
	return falseCheck, broken
}

// endsVU tells whether an expression ended more than itself: a feeder that ran out.
func endsVU(err error) bool {
	_, stopped := errors.AsType[*vu.Stopped](err)
	return stopped
}

func (s *Step) trace(v *vu.VU, c *check, ok bool, err error) {
	var parts []expr.Part
	if v.Response.Any {
		parts = c.expr.Parts(&v.VM)
	}
	v.Trace.Check(s.name, c.name, ok, err, parts)
}

// capture keeps what the step captures.
func (s *Step) capture(v *vu.VU, o *outcome) error {
	for i := range s.captures {
		c := &s.captures[i]
		value, err := c.value(v, o)
		if v.Trace != nil {
			v.Trace.Capture(s.name, c.name, value, c.secret, err)
		}
		if err != nil {
			return s.broken(o, fmt.Sprintf("capture %q", c.name), err)
		}
		if c.secret {
			hide(v.Run, value)
		}
		v.Set(c.name, value)
	}
	return nil
}

// hideCaptures makes what the step is about to capture as a secret one before the response that holds it is shown.
func (s *Step) hideCaptures(v *vu.VU, o *outcome) {
	for i := range s.captures {
		if c := &s.captures[i]; c.secret {
			if value, err := c.value(v, o); err == nil { // a capture without a value is told when its turn comes
				hide(v.Run, value)
			}
		}
	}
}

// hide makes every text and number inside a value secret.
func hide(r *vu.Run, value any) {
	switch value := value.(type) {
	case nil, bool:
	case map[string]any:
		for _, inner := range value {
			hide(r, inner)
		}
	case []any:
		for _, inner := range value {
			hide(r, inner)
		}
	default:
		r.Secret(fmt.Sprint(value))
	}
}

var errNoResponse = errors.New("there is no response to take it from")

func (c *capture) value(v *vu.VU, o *outcome) (any, error) {
	value, err := any(nil), errNoResponse
	if o.failure.Class == protocol.ClassNone {
		value, err = c.from.Eval(&v.VM)
	}
	if err != nil && c.fallback != nil && !endsVU(err) {
		return c.fallback.Eval(&v.VM)
	}
	return value, err
}

// broken is the ending for an expression without a value. Where the request itself failed, that is the cause: an error
// page rarely holds what a plan wants to read.
func (s *Step) broken(o *outcome, what string, err error) error {
	if endsVU(err) {
		return err
	}
	if f, ok := errors.AsType[*vu.Failed](err); ok {
		return f
	}
	cause := metrics.CauseValue
	if o.failed() {
		cause = metrics.CauseRequest
	}
	return &vu.Failed{Cause: cause, Where: s.name, Err: fmt.Errorf("%s: %w", what, err)}
}

// strict is setup's and teardown's way: nothing may fail there.
func (s *Step) strict(v *vu.VU, o *outcome, falseCheck string) error {
	switch {
	case o.failure.Class != protocol.ClassNone:
		return &vu.Failed{Cause: metrics.CauseRequest, Where: s.name, Err: o.failure}
	case o.unexpected:
		return &vu.Failed{Cause: metrics.CauseRequest, Where: s.name, Err: errors.New(o.reason(v))}
	case falseCheck != "":
		return &vu.Failed{Cause: metrics.CauseCheck, Where: s.name, Err: fmt.Errorf("check %q is false (status %d)", falseCheck, v.Response.Response.Status)}
	}
	return nil
}

// end is what on_failure asks for.
func (s *Step) end(o *outcome, falseCheck string) error {
	cause, why := metrics.CauseRequest, "the request failed"
	if !o.failed() {
		cause, why = metrics.CauseCheck, fmt.Sprintf("check %q is false", falseCheck)
	}
	return s.endAs(cause, errors.New(why))
}

// endAs is the same for a reason.
func (s *Step) endAs(cause metrics.Cause, why error) error {
	switch s.onFailure {
	case stopVU:
		return &vu.Stopped{Message: s.name + ": " + why.Error()}
	case abortRun:
		return &vu.Aborted{Message: s.name + ": " + why.Error()}
	default:
		return &vu.Failed{Cause: cause, Where: s.name, Err: why}
	}
}
