package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"runner/runner"
	"runner/runner/metrics"
	"runner/runner/trial"
	"runner/runner/vu"
	"runner/spec"
)

// onceFlags are the flags of once.
type onceFlags struct {
	planFlags
	noColor bool
	curl    bool
	har     string
	maxBody string
	steps   []string
	with    []string
}

func newOnce(s *streams) *cobra.Command {
	flags := &onceFlags{}
	cmd := &cobra.Command{
		Use:   "once plan.yaml",
		Short: "Run one iteration of every scenario and show every request, response, check and capture",
		Long: "Run setup, one iteration of every scenario on one virtual user each, and teardown, and show each step: requests and\n" +
			"responses, captures, checks, and of a false check the values of its parts or what differs. A failed request is shown as a\n" +
			"curl command, too. Of a mix, one iteration of each flow runs. Secrets are masked. Barriers do not wait.\n\n" +
			"  runner once plan.yaml --scenario buy --step 2..4        some steps, by number\n" +
			"  runner once plan.yaml --step \"create order\" --with id=7  one step, with a value that an earlier one would capture\n" +
			"  runner once plan.yaml --har trace.har                   for the network panel of a browser",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completePlans,
		RunE: func(_ *cobra.Command, args []string) error {
			ctx, kill, stop := signals()
			defer stop()
			programs, err := s.load(&flags.planFlags, args)
			if err != nil {
				return err
			}
			return s.once(ctx, kill, programs[0], flags)
		},
	}
	fs := cmd.Flags()
	flags.register(fs)
	fs.BoolVar(&flags.noColor, "no-color", false, "no colours")
	fs.StringArrayVar(&flags.steps, "step", nil, "run only this step, by `NUMBER`, range (2..4) or name (repeatable)")
	fs.StringArrayVar(&flags.with, "with", nil, "give a captured name a value beforehand, `NAME=VALUE` (repeatable)")
	fs.BoolVar(&flags.curl, "curl", false, "show every request as a curl command, not only failed ones")
	fs.StringVar(&flags.har, "har", "", "save what was sent and received as an HTTP archive (HAR 1.2) in `FILE`")
	fs.StringVar(&flags.maxBody, "max-body", "4KiB", "how much of a body is shown; 0B shows its size alone")
	return cmd
}

// printer is what shows a trial.
func (f *onceFlags) printer(s *streams) (*trial.Printer, error) {
	most, err := spec.ParseSize(f.maxBody)
	if err != nil || most < 0 {
		return nil, fmt.Errorf("--max-body %q: want a size with its unit, as in 4KiB or 1MB", f.maxBody)
	}
	p := &trial.Printer{Out: s.out, Colour: !f.noColor && coloured(s.out), MaxBody: most, Curl: f.curl, Mask: func(text string) string { return text }}
	if f.har != "" {
		p.Archive = trial.NewArchive(toolVersion())
	}
	return p, nil
}

// choice is which steps run, and what they are given.
func (f *onceFlags) choice(p *runner.Program) (*runner.Choice, error) {
	values := map[string]any{}
	for _, w := range f.with {
		name, text, ok := strings.Cut(w, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--with %q: want NAME=VALUE", w)
		}
		values[name] = given(text)
	}
	return p.Choose(f.steps, values)
}

// given is a value from the command line: as JSON where it is that, else a text.
func given(text string) any {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return text
	}
	return plain(v)
}

// plain has whole numbers as the plan's expressions have them.
func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64() // it was JSON
		return f
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = plain(v[k])
		}
	}
	return v
}

func (s *streams) once(ctx context.Context, kill <-chan struct{}, p *runner.Program, f *onceFlags) error {
	t, err := f.printer(s)
	if err != nil {
		return err
	}
	choice, err := f.choice(p)
	if err != nil {
		return err
	}
	for _, line := range choice.Missing {
		t.Say("warning: " + line)
	}
	file, err := f.archive()
	if err != nil {
		return err
	}
	ok, err := p.Once(ctx, runner.OnceOptions{Trace: t.Part, Ended: t.Ended, Log: t.Log, Kill: kill, Choice: choice}, func(mask func(string) string) { t.Mask = mask })
	if file != nil {
		if failed := errors.Join(t.Archive.Write(file), file.Close()); failed != nil {
			return fmt.Errorf("--har: %w", failed)
		}
	}
	return s.onceEnded(t, ok, err)
}

// archive makes the file of --har, before anything is sent; nil: nobody wants one. It will hold what was sent, so only its
// owner may read it.
func (f *onceFlags) archive() (*os.File, error) {
	if f.har == "" {
		return nil, nil
	}
	file, err := os.OpenFile(f.har, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("--har: %w", err)
	}
	return file, nil
}

// onceEnded says how it ended, in the words and the exit code that a run would have.
func (s *streams) onceEnded(t *trial.Printer, ok bool, err error) error {
	aborted, isAborted := errors.AsType[*vu.Aborted](err)
	switch {
	case errors.Is(err, runner.ErrInterrupted):
		fmt.Fprintln(s.out, "\ninterrupted")
		return exit(metrics.ExitInterrupted)
	case isAborted:
		fmt.Fprintf(s.err, "\nrunner: aborted by a step: %s\n", t.Clean(aborted.Message))
		return exit(metrics.ExitAborted)
	case err != nil:
		fmt.Fprintf(s.err, "\nrunner: %s\n", t.Clean(err.Error()))
		return exit(metrics.ExitRunError)
	case !ok:
		fmt.Fprintln(s.out, "\nSomething failed: see the lines with ✗ above.")
		return exit(metrics.ExitThresholds)
	}
	fmt.Fprintln(s.out, "\nEverything held.")
	return nil
}
