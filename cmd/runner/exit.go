package main

import (
	"fmt"

	"runner/runner/metrics"
)

// Exit codes that no run decides. Those of a run are in its verdict.
const (
	exitPass    = metrics.ExitPass
	exitOther   = 1
	exitUsage   = 2
	exitInvalid = metrics.ExitInvalidPlan
)

// exitError ends the program with a code; what there is to say has been said.
type exitError int

// Error is for the logs of tests: the program itself prints nothing of it.
func (e exitError) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// exit is nil for success.
func exit(code int) error {
	if code == exitPass {
		return nil
	}
	return exitError(code)
}
