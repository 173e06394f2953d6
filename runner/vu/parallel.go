package vu

import (
	"errors"
	"maps"
	"sync"

	"runner/spec"
	"runner/spec/expr"
)

// parallel runs steps at once, each with connections, names and a response of its own.
type parallel struct {
	steps []Step
	names [][]string // what each branch captures or sets
	limit int
}

// defaultParallel is how many connections browsers open to one host over HTTP/1.1.
const defaultParallel = 6

func compileParallel(c *Compiler, s *spec.Parallel) Step {
	p := &parallel{limit: int(s.Limit.Or(defaultParallel))}
	owner := map[string]bool{}
	outer, all, reach, before := c.Scope, c.Names, c.Reach, c.After
	var branches []*expr.Scope
	defer func() { c.Scope, c.Names, c.Reach = outer, all, reach }()
	for _, step := range s.Steps {
		if step == nil {
			continue
		}
		// A branch sees the names from before the fork and its own, not those of its neighbours.
		c.Scope, c.Names, c.Reach, c.After = outer.Child(), &[]string{}, reach.branch(len(p.steps)), before
		compiled := c.step(step)
		if compiled == nil {
			continue
		}
		branches = append(branches, c.Scope)
		p.steps = append(p.steps, compiled)
		p.names = append(p.names, *c.Names)
		for _, name := range *c.Names {
			if owner[name] {
				c.Addf(step.Common().Pos, 1, "two branches of this parallel step give %q a value", name)
			}
			owner[name] = true
		}
	}
	c.Scope, c.Names, c.Reach = outer, all, reach
	for i, names := range p.names {
		c.Scope.Adopt(branches[i])
		c.name(names...)
	}
	return p
}

// Do runs the branches, at most limit at once, and takes over what they captured. Each runs to its own end; the gravest
// of their endings is the step's.
func (s *parallel) Do(v *VU) error {
	v.forks++
	errs := make([]error, len(s.steps))
	slots := make(chan struct{}, s.limit)
	var wg sync.WaitGroup
	for i := range s.steps {
		b := v.fork(i)
		slots <- struct{}{}
		wg.Go(func() {
			errs[i] = s.steps[i].Do(b)
			<-slots
		})
	}
	wg.Wait()
	return s.join(v, errs)
}

func (s *parallel) join(v *VU, errs []error) error {
	var longest int64
	for i, names := range s.names {
		b := v.branches[i]
		for _, name := range names {
			v.VM.Env[name] = b.VM.Env[name]
		}
		longest = max(longest, b.think)
		if b.Trace != nil {
			b.Trace.Joined()
		}
	}
	v.think += longest
	var worst error
	for _, err := range errs {
		if gravity(err) > gravity(worst) {
			worst = err
		}
	}
	return worst
}

// gravity orders the endings of branches: of the run, of the VU, of the iteration. Of equals the first in the file counts.
func gravity(err error) int {
	if err == nil {
		return 0
	}
	if _, ok := errors.AsType[*Aborted](err); ok {
		return 4
	}
	if errors.Is(err, ErrInterrupted) {
		return 3
	}
	if _, ok := errors.AsType[*Stopped](err); ok {
		return 2
	}
	return 1
}

// fork readies branch i of the present parallel step: a VU that shares this one's iteration, jars and end, and draws
// random values of its own.
func (v *VU) fork(i int) *VU {
	for len(v.branches) <= i {
		b := &VU{
			ID: v.ID, Run: v.Run, Scenario: v.Scenario, Recorder: v.Recorder,
			it: v.it, jars: v.jars, stop: v.stop,
		}
		b.VM.Host = host{b}
		b.VM.Shared, b.VM.Env = v.VM.Shared, map[string]any{}
		v.branches = append(v.branches, b)
	}
	b := v.branches[i]
	b.Strict = v.Strict
	if v.Trace != nil {
		b.Trace = v.Trace.Branch(i + 1)
	}
	var path expr.Source // mixes well: no two paths of an iteration meet
	path.Reset(v.branch, v.forks, uint64(i))
	b.branch = path.Uint64()
	b.seeded, b.think, b.forks = false, 0, 0
	b.Response.Forget()
	maps.Copy(b.VM.Env, v.VM.Env)
	return b
}
