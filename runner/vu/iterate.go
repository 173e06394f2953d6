package vu

import (
	"errors"
	"slices"

	"runner/runner/metrics"
	"runner/spec/expr"
)

// Iteration is what a VU is told of the iteration that it is to run. Times are ns on the run's clock.
type Iteration struct {
	N     int64
	Turn  int64 // the number that it would have if none had been dropped: that of its row
	Stage int16
	Open  bool // an arrival: lag and latency count from Due
	First bool // closed executors: the VU's first iteration
	Due   int64
	Free  int64
	Start int64 // 0: now
}

// Init runs the scenario's init steps; what they capture is there in every iteration.
func (v *VU) Init() error {
	if len(v.Scenario.Init) == 0 {
		return nil
	}
	v.begin(Iteration{N: -v.ID})
	if err := Steps(v, v.Scenario.Init); err != nil {
		return err
	}
	for i, name := range v.Scenario.Names {
		v.base[i] = v.VM.Env[name]
	}
	v.jars.keep()
	v.hangUp()
	v.ready = v.Run.Clock()
	return nil
}

// Iterate runs the scenario's steps once and records the iteration, also one that was interrupted before its first step.
// more is false if the VU has ended.
func (v *VU) Iterate(t Iteration) (more bool) {
	v.begin(t)
	err := ErrInterrupted
	if !v.Interrupted() {
		err = Steps(v, v.Scenario.Steps)
	}
	return v.finish(t, err)
}

// begin forgets the iteration before.
func (v *VU) begin(t Iteration) {
	it := v.it
	it.n, it.turn, it.stage, it.open, it.due, it.start = t.N, t.Turn, t.Stage, t.Open, t.Due, t.Start
	if it.start == 0 { // looking at the clock is a good part of what an iteration costs
		it.start = v.Run.Clock()
	}
	it.sent.Store(false)
	if v.Run.Spans != nil {
		it.traced.trace, it.traced.on = v.Run.Spans.Sampled(v.Scenario.ID, t.N)
		it.spans.Store(0)
	}
	it.period, it.flow = 0, 0
	for i := range it.replies {
		it.replies[i].Any = false
	}
	for i := range it.rows {
		if !it.kept[i] {
			it.rows[i] = nil
		}
	}
	v.seeded, v.think, v.forks = false, 0, 0
	v.Response.Forget()
	v.jars.reset()
	v.restore()
	if v.Run.readsIteration {
		v.VM.Env["iteration"].(map[string]any)["n"] = t.N
	}
	if t.Stage != v.named {
		v.named, v.VM.Env["stage"] = t.Stage, v.stageName(t.Stage)
	}
}

func (v *VU) stageName(n int16) any {
	if n == 0 || int(n) > len(v.Scenario.Stages) {
		return noStage
	}
	return v.Scenario.Stages[n-1]
}

var noStage any = ""

// finish records how the iteration ended.
func (v *VU) finish(t Iteration, err error) (more bool) {
	s := metrics.Iteration{
		Scenario: v.Scenario.ID, Stage: t.Stage, Flow: v.it.flow, Open: t.Open, FirstOfVU: t.First,
		Due: t.Due, Free: t.Free, Ready: v.ready, Start: v.it.start, End: v.Run.Clock(), Think: v.think,
	}
	for _, i := range v.Scenario.Aligned {
		if v.it.rows[i] == nil {
			v.Run.Feeders[i].Skip(t.Turn)
		}
	}
	more = true
	if err != nil {
		more = v.ended(&s, err)
	}
	v.Recorder.Iteration(&s)
	if v.Traced() {
		v.iterationSpan(&s)
	}
	v.hangUp()
	return more
}

// hidden is an error that says no secrets. Its text is made only if somebody wants it.
type hidden struct {
	run *Run
	error
}

// Error masks the text.
func (h hidden) Error() string { return h.run.Hide(h.error.Error()) }

// ended notes what ended an iteration before its last step.
func (v *VU) ended(s *metrics.Iteration, err error) (more bool) {
	if errors.Is(err, ErrInterrupted) {
		s.Interrupted = true
		return false
	}
	if _, ok := errors.AsType[*Stopped](err); ok {
		return false
	}
	if aborted, ok := errors.AsType[*Aborted](err); ok {
		v.Run.Abort(aborted.Message)
		return false
	}
	s.Cause = metrics.CauseError
	if failed, ok := errors.AsType[*Failed](err); ok {
		s.Cause = failed.Cause
	}
	v.Recorder.Failed(v.Scenario.ID, s.Cause, s.End, hidden{v.Run, err})
	return true
}

// Steps runs steps in turn until one ends the iteration.
func Steps(v *VU, steps []Step) error {
	for _, s := range steps {
		if err := s.Do(v); err != nil {
			return err
		}
	}
	return nil
}

// Set gives a captured name its value.
func (v *VU) Set(name string, value any) { v.VM.Env[name] = value }

// unset tells whether a captured name has no value.
func unset(v any) bool { return v == expr.Unset }

// Once runs the scenario's steps as iteration n, without recording it: setup, teardown, and runner once.
func (v *VU) Once(n int64) error {
	v.begin(Iteration{N: n})
	return Steps(v, v.Scenario.Steps)
}

// Captured is what has been captured or set, by name.
func (v *VU) Captured() map[string]any {
	values := map[string]any{}
	for _, name := range v.Scenario.Names {
		if value := v.VM.Env[name]; !unset(value) {
			values[name] = value
		}
	}
	return values
}

// Give gives a captured name a value that every iteration begins with; false: no step captures or sets the name.
func (v *VU) Give(name string, value any) (known bool) {
	i := slices.Index(v.Scenario.Names, name)
	if i >= 0 {
		v.base[i] = value
	}
	return i >= 0
}
