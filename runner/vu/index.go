package vu

import "runner/spec"

// step compiles one step: the index of what a virtual user can do.
func (c *Compiler) step(s spec.Step) Step {
	var compiled Step
	switch s := s.(type) {
	case *spec.Request:
		compiled = c.Request(c, s)
	case *spec.Parallel:
		compiled = compileParallel(c, s)
	case *spec.Group:
		compiled = compileGroup(c, s)
	case *spec.Repeat:
		compiled = compileRepeat(c, s)
	case *spec.Choose:
		return compileChoose(c, s) // its if is the choice itself
	case *spec.Think:
		compiled = compileThink(c, s)
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
	return c.guarded(s.Common(), compiled)
}
