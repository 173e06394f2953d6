package vu

import (
	"runner/runner/protocol"
	"runner/spec/expr"
)

// Trace is told what happens in an iteration, step by step: for runner once. Under load there is none.
type Trace interface {
	// Step comes before number i, from 1, of the steps of the plan's list.
	Step(i, of int, label string)
	Exchange(*Exchange)
	// Outcome comes after the last exchange of a step. why says what is wrong with a response whose status is expected.
	Outcome(step string, failed bool, why string)
	Check(step, name string, ok bool, err error, parts []expr.Part)
	Capture(step, name string, value any, secret bool, err error)
	Note(Note)
	// Branch is the trace of branch n, from 1, of a parallel step, which is spoken to from a goroutine of its own until Joined.
	Branch(n int) Trace
	Joined()
}

// Exchange is one request and what came back. Nothing of it may be kept: buffers are used again.
type Exchange struct {
	Step     string
	Turn     string // why the step sends more than one: "redirect 1", "attempt 2", "poll 3"; "": its first request
	Request  *protocol.Request
	Response *Response
	Timing   *protocol.Timing
	Failure  protocol.Failure
}

// Note is what a step did that is no request, in the plan's words.
type Note struct {
	Verb   string // such as set
	Text   string
	Value  any // if Valued
	Valued bool
	Parts  []expr.Part // of a condition
}

// condition tells how an if or a while has turned out, and why.
func (v *VU) condition(where string, cond *expr.Program, ok bool) {
	if v.Trace == nil {
		return
	}
	n := Note{Verb: where, Text: "is false", Parts: cond.Parts(&v.VM)}
	if ok {
		n.Text = "is true"
	}
	v.Trace.Note(n)
}
