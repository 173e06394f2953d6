package draft_test

import (
	"fmt"

	"runner/runner/protocol"
	"runner/runner/vu"
	"runner/spec/expr"
)

// trace keeps what went wrong in an iteration, for the message of a test.
type trace struct{ said *[]string }

var _ vu.Trace = trace{}

func (t trace) add(format string, args ...any) {
	*t.said = append(*t.said, fmt.Sprintf(format, args...))
}

func (t trace) Exchange(step string, req *protocol.Request, resp *vu.Response, _ *protocol.Timing, f protocol.Failure) {
	t.add("%s: %s %s: %d %v", step, req.Method, req.Path, resp.Status(), f)
}

func (t trace) Outcome(step string, failed bool, why string) {
	if failed {
		t.add("%s failed: %s", step, why)
	}
}

func (t trace) Check(step, name string, ok bool, err error, _ []expr.Part) {
	if !ok {
		t.add("%s: check %s: %v", step, name, err)
	}
}

func (t trace) Capture(step, name string, value any, _ bool, err error) {
	t.add("%s: %s is %v %v", step, name, value, err)
}
