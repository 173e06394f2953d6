package runner

import (
	"sync/atomic"

	"runner/runner/vu"
	"runner/spec/expr"
)

// watched is a trace that remembers whether something failed, in any branch.
type watched struct {
	vu.Trace
	failed *atomic.Bool
}

// Outcome notes a request that failed as a whole.
func (w *watched) Outcome(step string, failed bool, why string) {
	if failed {
		w.failed.Store(true)
	}
	w.Trace.Outcome(step, failed, why)
}

// Check notes a check that did not hold.
func (w *watched) Check(step, name string, ok bool, err error, parts []expr.Part) {
	if !ok {
		w.failed.Store(true)
	}
	w.Trace.Check(step, name, ok, err, parts)
}

// Branch watches a branch as well.
func (w *watched) Branch(n int) vu.Trace {
	return &watched{Trace: w.Trace.Branch(n), failed: w.failed}
}
