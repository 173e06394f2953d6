package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"runner/runner"
	"runner/runner/metrics"
)

// baselineFlags name the earlier result that thresholds compare with.
type baselineFlags struct {
	file     string
	required bool
}

func (f *baselineFlags) register(fs *pflag.FlagSet) {
	fs.StringVar(&f.file, "baseline", "", "compare with the result `FILE` of an earlier run: what baseline.p95 in thresholds means")
	fs.BoolVar(&f.required, "require-baseline", false, "refuse to run where a threshold finds nothing in the baseline to compare with, instead of skipping it")
}

// load reads the baseline, nil without one. One that can't be compared with the plan is refused before anything is sent.
func (f *baselineFlags) load(programs []*runner.Program) (*metrics.Baseline, error) {
	if f.file == "" && !f.required {
		return nil, nil
	}
	if f.file == "" {
		return nil, fmt.Errorf("--require-baseline: there is no baseline: name one with --baseline FILE")
	}
	for _, p := range programs {
		if p.Plan.File != programs[0].Plan.File {
			return nil, fmt.Errorf("--baseline %s: a baseline is of one plan: run the plans one by one", f.file)
		}
	}
	baseline, err := readBaseline(f.file)
	if err == nil {
		err = baseline.Fits(programs[0].Info())
	}
	if missing := programs[0].Uncompared(baseline); err == nil && f.required && len(missing) > 0 {
		err = fmt.Errorf("--require-baseline: %s", strings.Join(missing, "; "))
	}
	if err != nil {
		return nil, fmt.Errorf("--baseline %s: %w", f.file, err)
	}
	return baseline, nil
}

func readBaseline(name string) (*metrics.Baseline, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("can't be read: %w", err)
	}
	defer file.Close()
	result, err := metrics.ReadResult(file)
	return &metrics.Baseline{File: name, Result: result}, err
}
