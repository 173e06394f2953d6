package monitor

import "runtime/debug"

// HoldMemory makes garbage collection work harder where 90 % of the process's memory limit are in use, rather than let the
// kernel kill it. set is what GOMEMLIMIT says: a person's word stands.
func HoldMemory(set string) {
	if limit := newSource().limits().Memory; limit > 0 && set == "" {
		debug.SetMemoryLimit(limit / 10 * 9)
	}
}
