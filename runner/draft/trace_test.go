package draft_test

import (
	"fmt"

	"runner/runner/vu"
	"runner/spec/expr"
)

// trace keeps what went wrong in an iteration, for the message of a test.
type trace struct{ said *[]string }

var _ vu.Trace = trace{}

func (t trace) add(format string, args ...any) {
	*t.said = append(*t.said, fmt.Sprintf(format, args...))
}

func (t trace) Step(int, int, string) {}

func (t trace) Note(vu.Note) {}

// Branch and Joined: nothing here runs steps at once.
func (t trace) Branch(int) vu.Trace { return t }

func (t trace) Joined() {}

func (t trace) Exchange(x *vu.Exchange) {
	t.add("%s: %s %s: %d %v", x.Step, x.Request.Method, x.Request.Path, x.Response.Status(), x.Failure)
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
