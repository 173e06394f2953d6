package vu

import (
	"errors"

	"runner/runner/metrics"
)

// ErrInterrupted ends an iteration because the run, or its grace, is over.
var ErrInterrupted = errors.New("interrupted")

// Failed ends an iteration as failed.
type Failed struct {
	Cause metrics.Cause
	Where string // the step, as the author named it
	Err   error
}

// Error says where and why.
func (f *Failed) Error() string {
	if f.Where == "" {
		return f.Err.Error()
	}
	return f.Where + ": " + f.Err.Error()
}

// Unwrap gives the reason.
func (f *Failed) Unwrap() error { return f.Err }

// Stopped ends the VU after this iteration.
type Stopped struct{ Message string }

// Error says why the VU stopped.
func (s *Stopped) Error() string { return "stop: " + s.Message }

// Aborted ends the run.
type Aborted struct{ Message string }

// Error says why the run was aborted.
func (a *Aborted) Error() string { return "abort: " + a.Message }

// fail makes a Failed of an expression's or a feeder's error; endings pass through.
func fail(where string, cause metrics.Cause, err error) error {
	var f *Failed
	if errors.As(err, &f) || errors.Is(err, ErrInterrupted) {
		return err
	}
	if _, ok := errors.AsType[*Stopped](err); ok {
		return err
	}
	return &Failed{Cause: cause, Where: where, Err: err}
}

// FailValue is the ending for an expression that has no value: the usual end of a template or a capture.
func FailValue(where string, err error) error { return fail(where, metrics.CauseValue, err) }
