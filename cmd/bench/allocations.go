package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

var allocationCount = regexp.MustCompile(`BenchmarkSteadyIteration\S*\s.*?(\d+) allocs/op`)

// allocations runs the project's own benchmark of an iteration with checks and captures: nothing else can count them.
func allocations(*bench) section {
	s := section{
		title: "Allocations per iteration in steady state",
		how:   "Two GETs with checks and captures over an in-memory connection (`go test -bench SteadyIteration ./runner/request`); a test keeps it so.",
		unit:  "allocations",
	}
	f := finding{who: "runner"}
	f.note(countAllocations())
	s.findings = []finding{f}
	s.targets = []target{{what: "runner", values: f.values, limit: 0, missing: f.missing}}
	return s
}

func countAllocations() (float64, error) {
	cmd := exec.Command("go", "test", "-run", "^$", "-bench", "SteadyIteration", "-benchmem", "runner/runner/request")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("%w: %s", err, lastLine(out.String()))
	}
	m := allocationCount.FindStringSubmatch(out.String())
	if m == nil {
		return 0, fmt.Errorf("no such benchmark: %s", lastLine(out.String()))
	}
	return strconv.ParseFloat(m[1], 64)
}
