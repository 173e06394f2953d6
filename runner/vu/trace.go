package vu

import (
	"runner/runner/protocol"
	"runner/spec/expr"
)

// Trace is told what happens in an iteration, step by step: for runner once. Under load there is none.
type Trace interface {
	Exchange(step string, req *protocol.Request, resp *Response, t *protocol.Timing, f protocol.Failure)
	// Outcome comes after the last exchange of a step. why says what is wrong with a response whose status is expected.
	Outcome(step string, failed bool, why string)
	Check(step, name string, ok bool, err error, parts []expr.Part)
	Capture(step, name string, value any, secret bool, err error)
}
