package main

import (
	"fmt"
	"strings"

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

// warnings says on stderr what is legal in a plan and surely unwanted, at once: a long plan has hundreds of them.
func (s *streams) warnings(p *runner.Program) {
	var all strings.Builder
	for _, w := range p.Warnings {
		w.Message = "warning: " + w.Message
		fmt.Fprintln(&all, w.Error())
	}
	fmt.Fprint(s.err, all.String())
}

// compiled is a plan, or what is wrong with it.
type compiled struct {
	path     string
	program  *runner.Program // nil: the plan is wrong
	problems spec.Problems
}

// compileAll looks at all plans, also after one that is wrong. The error is about the flags.
func (f *planFlags) compileAll(paths []string) ([]compiled, error) {
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
	var all []compiled
	for _, path := range paths {
		plan, problems := spec.Load(path, loading)
		program, problems := runner.Compile(plan, problems, compiling)
		all = append(all, compiled{path, program, problems})
	}
	return all, nil
}

// load compiles plans to run them. All of them are looked at before any of them runs: if one is wrong, nothing runs. What
// is wrong has been printed when the error is an exitError.
func (s *streams) load(f *planFlags, paths []string) ([]*runner.Program, error) {
	plans, err := f.compileAll(paths)
	if err != nil {
		return nil, err
	}
	var programs []*runner.Program
	for _, p := range plans {
		if p.program == nil {
			fmt.Fprintln(s.err, p.problems.Error())
			continue
		}
		programs = append(programs, p.program)
	}
	if wrong := len(plans) - len(programs); wrong > 0 {
		if len(paths) > 1 {
			fmt.Fprintf(s.err, "\n%d of %d plans are wrong; nothing was run.\n", wrong, len(paths))
		}
		return nil, exit(exitInvalid)
	}
	if f.run == 0 { // of many runs of a plan the first says it for all
		for _, p := range programs {
			s.warnings(p)
		}
	}
	return programs, nil
}
