package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"runner/runner/compare"
	"runner/runner/report"
	"runner/spec"
)

// compareFlags are those of runner compare.
type compareFlags struct {
	tolerance string
	force     bool
	format    string
	noColor   bool
}

const compareHelp = `Tells from the results of several runs whether something has changed. The first result is the
base, the others are the head; with several base runs, -- stands between the sides:

  runner compare base.json head.json
  runner compare base*.json -- head*.json

The unit of evidence is the run: five against five find a change of 10 %, fewer than four against
four are too few to tell. Runs are made with: runner plan.yaml --runs 5 --out json=head.json

Exit codes: 99 a regression beyond the tolerance · 2 the results can't be compared · 0 anything else.`

func newCompare(s *streams) *cobra.Command {
	f := &compareFlags{}
	cmd := &cobra.Command{
		Use: "compare base.json… [--] head.json…", Short: "Tell whether something has changed between runs", Long: compareHelp,
		Args: cobra.MinimumNArgs(2), ValidArgsFunction: completeResults,
		RunE: func(cmd *cobra.Command, args []string) error {
			at := cmd.ArgsLenAtDash()
			if at < 0 {
				at = 1
			}
			return s.compare(f, args[:at], args[at:])
		},
	}
	names := kindNames(report.ComparisonKinds(), func(k report.ComparisonKind) string { return k.Name })
	cmd.Flags().StringVar(&f.tolerance, "tolerance", "", "a change of up to this is no regression, as in 5% (default: the plan's tolerance, else 5%)")
	cmd.Flags().BoolVar(&f.force, "force", false, "compare results of different plans or profiles all the same")
	cmd.Flags().StringVar(&f.format, "format", names[0], "what to write: "+strings.Join(names, ", "))
	cmd.Flags().BoolVar(&f.noColor, "no-color", false, "no colours (as the environment variable NO_COLOR)")
	return cmd
}

func completeResults(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"json"}, cobra.ShellCompDirectiveFilterFileExt
}

func (s *streams) compare(f *compareFlags, base, head []string) error {
	kind, err := findKind(report.ComparisonKinds(), func(k report.ComparisonKind) string { return k.Name }, f.format)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(head, func(name string) bool { return strings.HasPrefix(name, "--") }); i >= 0 {
		return fmt.Errorf("%s: behind -- there are only files: write flags before the first result", head[i])
	}
	o := compare.Options{Force: f.force}
	if f.tolerance != "" {
		ratio, err := spec.ParsePercent(f.tolerance)
		if err != nil {
			return fmt.Errorf("--tolerance %q: want a percentage, as in 5%%", f.tolerance)
		}
		o.Tolerance = new(ratio.Float())
	}
	before, err := readRuns(base)
	if err != nil {
		return err
	}
	after, err := readRuns(head)
	if err != nil {
		return err
	}
	c, err := compare.Compare(before, after, o)
	if err != nil {
		return err
	}
	if err := kind.Write(s.out, c, s.reportOptions(f.noColor)); err != nil {
		return err
	}
	return exit(c.ExitCode)
}

func (s *streams) reportOptions(noColor bool) report.Options {
	return report.Options{Color: coloured(s.out) && !noColor, Width: width(s.out)}
}

// readRuns reads result files. A pattern that the shell left as it is, as on Windows, is filled in here.
func readRuns(paths []string) ([]compare.Run, error) {
	var runs []compare.Run
	for _, path := range paths {
		names := []string{path}
		if strings.ContainsAny(path, "*?[") {
			if found, err := filepath.Glob(path); err == nil && len(found) > 0 {
				names = found
			}
		}
		for _, name := range names {
			r, err := readResult(name)
			if err != nil {
				return nil, err
			}
			if slices.ContainsFunc(runs, func(other compare.Run) bool { return other.Result.Run.ID == r.Run.ID }) {
				return nil, fmt.Errorf("%s: this run is there twice: the same evidence counts once", report.Clean(name))
			}
			runs = append(runs, compare.Run{File: name, Result: r})
		}
	}
	return runs, nil
}

func kindNames[K any](kinds []K, name func(K) string) []string {
	var names []string
	for _, k := range kinds {
		names = append(names, name(k))
	}
	return names
}

// findKind is the kind that --format names.
func findKind[K any](kinds []K, name func(K) string, want string) (K, error) {
	for _, k := range kinds {
		if name(k) == want {
			return k, nil
		}
	}
	names := kindNames(kinds, name)
	hint := "have: " + strings.Join(names, ", ")
	if near := spec.Suggest(want, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	var none K
	return none, fmt.Errorf("--format %q: there is no such format (%s)", want, hint)
}
