package main

import (
	"fmt"

	"runner/runner"
	"runner/runner/report"
	"runner/spec"
)

// warn says on stderr which limits of this machine a plan may run into.
func (s *streams) warn(p *runner.Program) {
	for _, w := range p.Preflight() {
		fmt.Fprintf(s.err, "warning: %s\n", report.Clean(w))
	}
}

// load compiles plans. All of them are looked at before any of them runs: if one is wrong, nothing runs. What is wrong has
// been printed when the error is an exitError.
func (s *streams) load(f *planFlags, paths []string) ([]*runner.Program, error) {
	loading, err := f.load()
	if err != nil {
		return nil, err
	}
	compiling, err := f.compile()
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("name at least one plan, as in: runner plan.yaml")
	}
	var programs []*runner.Program
	wrong := 0
	for _, path := range paths {
		plan, problems := spec.Load(path, loading)
		program, problems := runner.Compile(plan, problems, compiling)
		if len(problems) > 0 {
			wrong++
			fmt.Fprintln(s.err, problems.Error())
			continue
		}
		programs = append(programs, program)
	}
	if wrong > 0 {
		if len(paths) > 1 {
			fmt.Fprintf(s.err, "\n%d of %d plans are wrong; nothing was run.\n", wrong, len(paths))
		}
		return nil, exit(exitInvalid)
	}
	return programs, nil
}
