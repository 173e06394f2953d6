package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"runner/runner/metrics"
	"runner/runner/report"
	"runner/spec"
)

// reportFlags are those of runner report.
type reportFlags struct {
	format  string
	out     string
	noColor bool
}

func newReport(s *streams) *cobra.Command {
	f := &reportFlags{}
	cmd := &cobra.Command{
		Use:   "report result.json",
		Short: "Make a report from a result file that --out json wrote",
		Args:  cobra.ExactArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"json"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(_ *cobra.Command, args []string) error { return s.report(f, args[0]) },
	}
	cmd.Flags().StringVar(&f.format, "format", tableFormat, "what to make: "+strings.Join(formats(), ", "))
	cmd.Flags().StringVarP(&f.out, "output", "o", "-", "write it to this `FILE` instead of stdout")
	cmd.Flags().BoolVar(&f.noColor, "no-color", false, "no colours (as the environment variable NO_COLOR)")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats(), cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	return cmd
}

const tableFormat = "table"

func formats() []string {
	names := []string{tableFormat}
	for _, k := range report.Kinds() {
		names = append(names, k.Name)
	}
	return names
}

// report reads a result and writes it in another form.
func (s *streams) report(f *reportFlags, path string) error {
	kind, err := f.kind(s)
	if err != nil {
		return err
	}
	out, err := kind.Open(f.out, s.out)
	if err != nil {
		return fmt.Errorf("--output %s: %w", f.out, err)
	}
	r, err := readResult(path)
	if err != nil {
		return err
	}
	return out.Finish(r)
}

// kind is the format that was asked for.
func (f *reportFlags) kind(s *streams) (report.Kind, error) {
	for _, k := range report.Kinds() {
		if k.Name == f.format {
			return k, nil
		}
	}
	if f.format != tableFormat {
		hint := "have: " + strings.Join(formats(), ", ")
		if near := spec.Suggest(f.format, formats()); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return report.Kind{}, fmt.Errorf("--format %q: there is no such format (%s)", f.format, hint)
	}
	o := report.Options{}
	if f.out == "-" {
		o = report.Options{Color: coloured(s.out) && !f.noColor, Width: width(s.out)}
	}
	return report.Kind{Name: tableFormat, Make: func(r *metrics.Result) ([]byte, error) {
		var text strings.Builder
		err := report.WriteTable(&text, r, o)
		return []byte(text.String()), err
	}}, nil
}

func readResult(path string) (*metrics.Result, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the result: %w", err)
	}
	defer file.Close()
	r, err := metrics.ReadResult(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", report.Clean(path), err)
	}
	return r, nil
}
