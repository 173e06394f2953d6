package vu

import "runner/spec"

// step compiles one step, with its if.
func (c *Compiler) step(s spec.Step) (compiled Step) {
	if !always(s) {
		c.Maybe(func() { compiled = c.one(s) })
		return compiled
	}
	return c.one(s)
}

// always tells whether an iteration that comes to a step does all that stands in it.
func always(s spec.Step) bool {
	switch s.(type) {
	case *spec.Choose, *spec.Repeat, *spec.While, *spec.Foreach:
		return false
	}
	return s.Common().If.IsZero()
}

func (c *Compiler) one(s spec.Step) Step {
	if s, ok := s.(*spec.Choose); ok {
		return compileChoose(c, s) // its if is the choice itself
	}
	return c.guarded(s)
}

// bare compiles a step without its if: the index of what a virtual user can do.
func (c *Compiler) bare(s spec.Step) (compiled Step) {
	switch s := s.(type) {
	case *spec.Request:
		compiled = c.Request(c, s)
	case *spec.Parallel:
		compiled = compileParallel(c, s)
	case *spec.Group:
		compiled = compileGroup(c, s)
	case *spec.Repeat:
		compiled = compileRepeat(c, s)
	case *spec.While:
		compiled = compileWhile(c, s)
	case *spec.Foreach:
		compiled = compileForeach(c, s)
	case *spec.Call:
		compiled = compileCall(c, s.Flow, s.With)
	case *spec.Think:
		compiled = compileThink(c, s)
	case *spec.Pace:
		compiled = compilePace(c, s)
	case *spec.Barrier:
		compiled = compileBarrier(c, s)
	case *spec.Set:
		compiled = compileSet(c, s)
	case *spec.Emit:
		compiled = compileEmit(c, s)
	case *spec.Log:
		compiled = compileLog(c, s)
	case *spec.End:
		compiled = compileEnd(c, s)
	}
	return compiled
}
