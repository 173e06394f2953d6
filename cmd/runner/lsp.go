package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"runner/runner"
	"runner/runner/lsp"
	"runner/spec"
)

func newLSP(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "lsp",
		Short: "Speak the Language Server Protocol on stdin and stdout, for editors",
		Long: "Speak the Language Server Protocol on stdin and stdout: what is wrong with a plan as it is typed, words and names\n" +
			"to complete, what they mean, and where they were defined. An editor starts it; the README says how.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out, ok := s.out.(io.WriteCloser)
			if !ok {
				out = unclosed{s.out}
			}
			return lsp.Serve(context.Background(), s.in, out, lsp.Options{Check: checkDraft, Version: toolVersion()})
		},
	}
}

// checkDraft judges a plan that is being written. The environment is not looked at: what a plan will be given is not known,
// and no value of it can get into a message.
func checkDraft(path string, unsaved func(string) ([]byte, bool)) (v lsp.Verdict) {
	plan, problems := spec.Load(path, spec.Options{Unsaved: unsaved})
	program, problems := runner.Compile(plan, problems, runner.Options{
		Env: func(string) (string, bool) { return "", false }, Draft: true, Version: toolVersion(),
	})
	v.Errors = problems
	if program != nil {
		v.Warnings = program.Warnings
	}
	if plan != nil {
		for _, s := range plan.Sources {
			v.Files = append(v.Files, s.Path)
		}
	}
	return v
}

// unclosed is a writer that stays open.
type unclosed struct{ io.Writer }

// Close does nothing.
func (unclosed) Close() error { return nil }
