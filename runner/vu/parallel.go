package vu

import (
	"maps"
	"sync"

	"runner/spec"
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
	outer, all := c.Scope, c.Names
	defer func() { c.Scope, c.Names = outer, all }()
	for _, step := range s.Steps {
		if step == nil {
			continue
		}
		// A branch sees the names from before the fork and its own, not those of its neighbours.
		c.Scope, c.Names = outer.Child(), &[]string{}
		compiled := c.step(step)
		if compiled == nil {
			continue
		}
		p.steps = append(p.steps, compiled)
		p.names = append(p.names, *c.Names)
		for _, name := range *c.Names {
			if owner[name] {
				c.Addf(step.Common().Pos, 1, "two branches of this parallel step give %q a value", name)
			}
			owner[name] = true
		}
	}
	c.Scope, c.Names = outer, all
	for _, names := range p.names {
		for _, name := range names {
			c.Define(name, s.Pos)
		}
	}
	return p
}

// Do runs the branches, at most limit at once, and takes over what they captured. The first branch that ends the
// iteration, in the order of the file, says how it ended; the others run to their own end.
func (s *parallel) Do(v *VU) error {
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
	}
	v.think += longest
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// fork readies branch i: a VU that shares this one's iteration, jars and end.
func (v *VU) fork(i int) *VU {
	for len(v.branches) <= i {
		b := &VU{
			ID: v.ID, Run: v.Run, Scenario: v.Scenario, Recorder: v.Recorder,
			branch: (v.branch+1)*1_000_003 + uint64(len(v.branches)), it: v.it, jars: v.jars, stop: v.stop,
		}
		b.VM.Host = host{b}
		b.VM.Env = map[string]any{}
		v.branches = append(v.branches, b)
	}
	b := v.branches[i]
	b.Strict, b.Trace = v.Strict, v.Trace
	b.seeded, b.think = false, 0
	b.Response.Forget()
	maps.Copy(b.VM.Env, v.VM.Env)
	return b
}
