package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"runner/runner"
	"runner/runner/metrics"
	"runner/runner/vu"
)

func newOnce(s *streams) *cobra.Command {
	flags := &planFlags{}
	var noColor bool
	cmd := &cobra.Command{
		Use:   "once plan.yaml",
		Short: "Run one iteration of every scenario and show every request, response, check and capture",
		Long: "Run setup, one iteration of every scenario on one virtual user each, and teardown, and show each request and\n" +
			"response, each check with the values of its parts, and each capture. Secrets are masked. Barriers do not wait.",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completePlans,
		RunE: func(_ *cobra.Command, args []string) error {
			ctx, kill, stop := signals()
			defer stop()
			programs, err := s.load(flags, args)
			if err != nil {
				return err
			}
			return s.once(ctx, kill, programs[0], !noColor && coloured(s.out))
		},
	}
	flags.register(cmd.Flags())
	cmd.Flags().BoolVar(&noColor, "no-color", false, "no colours")
	return cmd
}

func (s *streams) once(ctx context.Context, kill <-chan struct{}, p *runner.Program, colour bool) error {
	t := &tracer{out: s.out, colour: colour}
	ok, err := p.Once(ctx, runner.OnceOptions{
		Trace: func(part string) vu.Trace { t.part(part); return t },
		Ended: t.ended,
		Log:   func(line string) { t.line("log: " + line) },
		Kill:  kill,
	}, func(mask func(string) string) { t.mask = mask })
	aborted, isAborted := errors.AsType[*vu.Aborted](err)
	switch {
	case errors.Is(err, runner.ErrInterrupted):
		fmt.Fprintln(s.out, "\ninterrupted")
		return exit(metrics.ExitInterrupted)
	case isAborted:
		fmt.Fprintf(s.err, "\nrunner: aborted by a step: %s\n", t.clean(aborted.Message))
		return exit(metrics.ExitAborted)
	case err != nil:
		fmt.Fprintf(s.err, "\nrunner: %s\n", t.clean(err.Error()))
		return exit(metrics.ExitRunError)
	case !ok:
		fmt.Fprintln(s.out, "\nSomething failed: see the lines with ✗ above.")
		return exit(metrics.ExitThresholds)
	}
	fmt.Fprintln(s.out, "\nEverything held.")
	return nil
}
