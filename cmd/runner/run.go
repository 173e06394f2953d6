package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"runner/runner"
	"runner/runner/metrics"
	"runner/runner/monitor"
	"runner/runner/report"
)

// runFlags are the flags of a run.
type runFlags struct {
	planFlags
	baselineFlags
	out     []string
	runs    int
	quiet   bool
	noColor bool
	ui      string // address of the page; "": none
}

func (f *runFlags) register(fs *pflag.FlagSet) {
	f.planFlags.register(fs)
	f.baselineFlags.register(fs)
	fs.StringArrayVarP(&f.out, "out", "o", nil, outputHelp())
	fs.IntVar(&f.runs, "runs", 1, "run each plan `N` times, with a seed of its own each time: the evidence for runner compare; a file of --out gets the run's number")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "no progress and no tables, only the verdict")
	f.registerUI(fs)
	fs.BoolVar(&f.noColor, "no-color", false, "no colours (as the environment variable NO_COLOR)")
}

func newRun(s *streams) *cobra.Command {
	flags := &runFlags{}
	cmd := &cobra.Command{
		Use:               "run plan.yaml…",
		Short:             "Run plans, one after the other",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: completePlans,
		RunE:              func(_ *cobra.Command, args []string) error { return runPlans(s, flags, args) },
	}
	flags.register(cmd.Flags())
	return cmd
}

// runPlans runs plans one after the other, with one exit code: the worst.
func runPlans(s *streams, f *runFlags, paths []string) error {
	ctx, kill, stop := signals()
	defer stop()
	programs, err := f.programs(s, paths)
	if err != nil {
		return err
	}
	baseline, err := f.baselineFlags.load(programs)
	if err != nil {
		return err
	}
	outputs, err := f.outputs(s, programs)
	if err != nil {
		return err
	}
	page, err := f.page(s)
	if err != nil {
		return err
	}
	defer page.close(s)
	monitor.HoldMemory(os.Getenv("GOMEMLIMIT"))
	results, verdicts := s.runEach(ctx, f, programs, func(i int) runner.RunOptions {
		return page.with(runner.RunOptions{Kill: kill, Baseline: baseline, Outputs: outputs[i].files, Streams: outputs[i].streams})
	})
	code := metrics.Worst(verdicts...).ExitCode
	if len(programs) > 1 {
		if err := report.WriteSuite(s.out, results, code, f.options(s)); err != nil {
			fmt.Fprintf(s.err, "runner: %v\n", err)
			return exit(exitOther)
		}
	}
	return exit(code)
}

// runEach runs programs one after the other. An error is told at once and is a verdict like another: the next one runs.
func (s *streams) runEach(ctx context.Context, f *runFlags, programs []*runner.Program, options func(i int) runner.RunOptions) (results []*metrics.Result, verdicts []metrics.Verdict) {
	for i, p := range programs {
		if ctx.Err() != nil && i > 0 { // its files are written all the same: an old result would pass for one of this run
			f.quiet = true
			fmt.Fprintf(s.err, "runner: interrupted: %s not run\n", p.Plan.File)
		}
		result, err := s.runPlan(ctx, f, p, options(i))
		if result != nil {
			missed(s.err, result)
			results = append(results, result)
			verdicts = append(verdicts, result.Verdict)
		}
		if err != nil {
			fmt.Fprintf(s.err, "runner: %v\n", err)
			verdicts = append(verdicts, metrics.Verdict{ExitCode: exitOther})
		}
	}
	return results, verdicts
}

// mostRuns bounds --runs: a slip of the keyboard must not run for a year.
const mostRuns = 1000

// programs are the plans, each as often as --runs says: all the first runs, then all the second ones, so that a machine that
// slows down does so for every plan.
func (f *runFlags) programs(s *streams, paths []string) ([]*runner.Program, error) {
	if f.runs < 1 || f.runs > mostRuns {
		return nil, fmt.Errorf("--runs %d: want 1 to %d", f.runs, mostRuns)
	}
	var all []*runner.Program
	for f.run = range f.runs {
		programs, err := s.load(&f.planFlags, paths)
		if err != nil {
			return nil, err
		}
		all = append(all, programs...)
	}
	return all, nil
}

// runPlan runs one plan; opt has the outputs that --out asks for. These come before the tables: a pager that isn't read must
// not keep the result from its file.
func (s *streams) runPlan(ctx context.Context, f *runFlags, p *runner.Program, opt runner.RunOptions) (*metrics.Result, error) {
	files := append(opt.Outputs, stepSummary(s)...)
	if f.quiet {
		opt.Log = func(string) {}
		opt.Outputs = append(files, report.NewBrief(s.out, f.options(s)))
	} else {
		progress := report.NewProgress(s.err, f.progress(s))
		defer progress.Close()
		opt.Log = progress.Print
		opt.Outputs = append(append(report.Outputs{progress}, files...), f.tables(s))
	}
	return p.Run(ctx, opt)
}

// tables is what a run shows on stdout: of one of many the verdict is enough.
func (f *runFlags) tables(s *streams) report.Output {
	if f.runs > 1 {
		return report.NewBrief(s.out, f.options(s))
	}
	return report.NewTable(s.out, f.options(s))
}

func (f *runFlags) options(s *streams) report.Options {
	return report.Options{Color: coloured(s.out) && !f.noColor, Width: width(s.out)}
}

func (f *runFlags) progress(s *streams) report.ProgressOptions {
	file, ok := s.err.(*os.File)
	if !ok {
		return report.ProgressOptions{}
	}
	return report.ProgressOptions{Color: report.Color(file, f.noColor), Size: report.TerminalSize(file)}
}

// coloured tells whether a writer is a terminal that shows colours.
func coloured(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && report.Color(file, false)
}
