// Package request is the request step: what happens around one exchange whatever the HTTP version. It builds the request
// from the plan's texts, follows redirects, keeps cookies, decodes the body, judges the response, captures values and
// records every exchange as a sample. It does not know how bytes travel: that is a vu.Client.
package request

import (
	"time"

	"runner/runner/auth"
	"runner/runner/metrics"
	"runner/runner/protocol"
	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
)

// Step is a compiled request step.
type Step struct {
	id      metrics.StepID
	name    string
	method  string
	peer    int // number of the way to connect
	url     address
	query   []parameter
	headers []header
	body    payload
	auth    proof
	timeout time.Duration

	again     again
	redirects int
	cookies   cookies
	decode    bool
	maxBody   int64
	expect    []spec.Status
	checks    []check
	captures  []capture
	onFailure ending
	answers   answers
	ownTrace  bool // the plan writes a traceparent itself

	needsBody bool      // its own checks and captures read the body
	later     *vu.Later // what later steps read
	use       *expr.StepUse
}

// check is one compiled check.
type check struct {
	id   metrics.CheckID
	name string
	expr *expr.Program
}

// capture is one compiled capture.
type capture struct {
	name     string
	from     *expr.Program
	secret   bool
	fallback *expr.Tree // nil: finding nothing fails the iteration
}

// ending is what on_failure asks for.
type ending uint8

const (
	goOn ending = iota
	nextIteration
	stopVU
	abortRun
)

// scratch is what a VU reuses between its requests.
type scratch struct {
	req    protocol.Request
	path   []byte
	values []byte // header values, one after the other
	body   []byte
	text   []byte
	plain  []byte // decoded content
	fields []protocol.Field

	multipart []byte // Content-Type of a multipart body
	streamed  streamed
	own       []byte          // cookies of the step itself, as one header's value; empty: none
	user      *auth.User      // who auth proves that we are, made at first use
	written   []byte          // what a Cookie header of the plan says
	served    int64           // the iteration that user is of
	home      protocol.Target // where the step's first request goes

	hops, challenges int // of the present attempt

	span      spanned
	tries     tries
	exchanged exchanged // the last one, here because a Client is told where to write its times
}

func scratchOf(v *vu.VU) *scratch {
	if s, ok := v.Scratch.(*scratch); ok {
		return s
	}
	s := &scratch{served: -1}
	v.Scratch = s
	return s
}

// proving is who auth proves that v is.
func (x *scratch) proving(v *vu.VU) *auth.User {
	if x.user == nil {
		x.user = &auth.User{
			VM: &v.VM, Run: v.Run.Auth, Now: time.Now, Hide: v.Run.Secret, Done: v.Done(),
			Client: func() auth.Client { return v.Scenario.Peers.New(0, nil) },
		}
	}
	return x.user
}

// Do sends the request and whatever redirects it leads to, and judges the last response.
func (s *Step) Do(v *vu.VU) error {
	if v.Interrupted() {
		return vu.ErrInterrupted
	}
	x := scratchOf(v)
	outcome := s.attempt(v, x)
	v.SetBody(nil, false)
	switch {
	case outcome.broken != nil && v.Interrupted():
		return vu.ErrInterrupted
	case outcome.broken != nil:
		return vu.FailValue(s.name, outcome.broken)
	}
	if outcome.failure.Class == protocol.ClassInterrupted {
		return vu.ErrInterrupted
	}
	if s.use.Slot >= 0 {
		v.Keep(s.use.Slot, s.use.Body)
	}
	if x.tries.late {
		return s.expired(v, &x.tries, &outcome)
	}
	return s.judge(v, outcome)
}

// attempt sends the request, and again for as long as retry or until say so.
func (s *Step) attempt(v *vu.VU, x *scratch) outcome {
	x.tries, x.span.resent = tries{}, 0
	if s.again.retries() {
		x.tries.mark = v.Mark()
	}
	if s.again.polls() {
		x.tries.deadline = v.Run.Clock() + int64(s.again.within)
	}
	for {
		if err := s.build(v, x); err != nil {
			return outcome{broken: err}
		}
		if s.again.polls() {
			x.req.Timeout = min(x.req.Timeout, time.Duration(x.tries.deadline-v.Run.Clock()))
		}
		o := s.send(v, x)
		if !o.again {
			return o
		}
		if err := s.again.pause(v, &x.tries); err != nil {
			return outcome{broken: err}
		}
		if s.again.retries() { // the same request means the same drawn values
			v.Rewind(x.tries.mark)
		}
	}
}
