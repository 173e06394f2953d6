package runner

import (
	"runner/runner/vu"
	"runner/spec/expr"
)

// watched is a trace that remembers whether something failed.
type watched struct {
	vu.Trace
	failed bool
}

// Outcome notes a request that failed as a whole.
func (w *watched) Outcome(step string, failed bool, why string) {
	w.failed = w.failed || failed
	w.Trace.Outcome(step, failed, why)
}

// Check notes a check that did not hold.
func (w *watched) Check(step, name string, ok bool, err error, parts []expr.Part) {
	w.failed = w.failed || !ok
	w.Trace.Check(step, name, ok, err, parts)
}
