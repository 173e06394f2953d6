package vu

import (
	"fmt"
	"maps"
	"sync"
	"sync/atomic"

	"runner/runner/auth"
	"runner/runner/data"
	"runner/spec/expr"
)

// Run is what all VUs of one run share.
type Run struct {
	ID         string
	Seed       uint64
	Clock      func() int64 // ns since the run's start
	Env        map[string]any
	Services   map[string]any
	Vars       map[string]any
	Setup      map[string]any
	Generators []*expr.Tree
	Feeders    []*data.Feeder
	Log        func(line string)
	Abort      func(message string) // ends the run
	Secret     func(value string)   // masks a value in every output from now on
	Masked     func(string) string  // text without secrets, for what is cut before it is shown; nil: there are none
	Auth       *auth.Run            // tokens that all VUs share; setup and teardown too
	Spans      Spans                // what traces go to; nil: none
	Alone      bool                 // one VU at a time, as in runner once: nobody to wait for at a barrier

	consts   []atomic.Pointer[any]
	barriers []*meeting
	mu       sync.Mutex
	runRows  []map[string]any

	readsIteration, readsVU bool

	replies int // of steps, for steps.NAME
}

// Aside is a run beside this one, with a clock and an end of its own: setup and teardown. It shares what was found out, and
// what its steps find out of run-wide values is its own.
func (r *Run) Aside(c Counts, clock func() int64, abort func(string)) *Run {
	a := &Run{
		ID: r.ID, Seed: r.Seed, Clock: clock, Env: r.Env, Services: r.Services, Vars: r.Vars, Setup: r.Setup,
		Generators: r.Generators, Feeders: r.Feeders, Log: r.Log, Abort: abort, Secret: r.Secret, Masked: r.Masked, Auth: r.Auth, Alone: true,
	}
	a.Prepare(c)
	return a
}

// Prepare makes room for what compilation counted.
func (r *Run) Prepare(c Counts) {
	r.readsIteration, r.readsVU, r.replies = c.Iteration, c.VU, c.Replies
	r.consts = make([]atomic.Pointer[any], c.Consts)
	r.runRows = make([]map[string]any, len(r.Feeders))
	r.barriers = make([]*meeting, c.Barriers)
	for i := range r.barriers {
		r.barriers[i] = newMeeting()
	}
}

// Const gives slot i, made by compute at first use: what a template over vars and env comes to is the same for every
// request of a run. Two VUs may compute it at once; both get the same value.
func (r *Run) Const(i int, compute func() (any, error)) (any, error) {
	if p := r.consts[i].Load(); p != nil {
		return *p, nil
	}
	v, err := compute()
	if err != nil {
		return nil, err
	}
	r.consts[i].CompareAndSwap(nil, &v)
	return *r.consts[i].Load(), nil
}

// Hide gives text without secrets. A text must be masked before it is cut: part of a secret is not recognised any more.
func (r *Run) Hide(text string) string {
	if r.Masked == nil {
		return text
	}
	return r.Masked(text)
}

// runRow is the one row of a feeder with per: run. Whoever reads it first, it is the same.
func (r *Run) runRow(i int, f *data.Feeder) (map[string]any, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.runRows[i] == nil {
		var draws expr.Source
		draws.Reset(r.Seed, rowsOf(i), 0)
		row, err := f.Draw(nobody, &draws)
		if err != nil {
			return nil, err
		}
		r.runRows[i] = row
	}
	return r.runRows[i], nil
}

// environment is what names stand for in every VU of the scenario: made once, and never changed. A VU's own names go first.
func (s *Scenario) environment(r *Run) map[string]any {
	s.once.Do(func() {
		vars := r.Vars
		if len(s.Vars) > 0 {
			vars = maps.Clone(r.Vars)
			maps.Copy(vars, s.Vars)
		}
		s.shared = map[string]any{
			"env": r.Env, "services": r.Services, "vars": vars, "setup": r.Setup,
			"run":       map[string]any{"id": r.ID, "seed": fmt.Sprint(r.Seed)},
			"scenario":  map[string]any{"name": s.Name},
			"iteration": map[string]any{"n": int64(0)},
			"stage":     "",
		}
	})
	return s.shared
}

// own is what differs between VUs, where a plan reads it: a map of a few names is a third of what a resting VU takes.
func (r *Run) own(s *Scenario, id int64) map[string]any {
	names := make(map[string]any, len(s.Names))
	if r.readsVU {
		names["vu"] = map[string]any{"id": id}
	}
	if r.readsIteration {
		names["iteration"] = map[string]any{"n": int64(0)}
	}
	return names
}
