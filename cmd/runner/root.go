package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"runner/spec"
)

const longHelp = `runner runs load tests written as YAML plans: it starts what a plan needs, makes the load,
prints tables, and exits with a verdict.

  runner plan.yaml            run a plan (the same as: runner run plan.yaml)
  runner new                  write a first plan: guided, or --from a curl command, HAR, OpenAPI, …
  runner validate plan.yaml   say everything that is wrong with a plan, and run nothing
  runner once plan.yaml       one iteration of every scenario, everything shown
  runner show plan.yaml       the merged plan and the load that it would make
  runner report result.json   a report from a result file: table, markdown, junit, csv, html
  runner compare a.json b.json  whether something has changed between runs
  runner history results/     a metric over stored results, and where it changed

Exit codes: 0 pass · 2 usage · 96 load not achieved · 99 thresholds failed · 104 invalid plan ·
105 interrupted · 107 setup, teardown, service or run error · 108 aborted by a step · 1 anything else.`

// newRoot is the program's commands: the index of cmd/runner.
func newRoot(s *streams) *cobra.Command {
	runFlags := &runFlags{}
	root := &cobra.Command{
		Use:               "runner plan.yaml…",
		Short:             "Load tests as YAML plans",
		Long:              longHelp,
		Args:              cobra.ArbitraryArgs,
		SilenceUsage:      true,
		SilenceErrors:     true,
		ValidArgsFunction: completePlans,
	}
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		if err := misspelt(root, args[0]); err != nil {
			return err
		}
		return runPlans(s, runFlags, args)
	}
	runFlags.register(root.Flags())
	root.AddCommand(newRun(s), newNew(s), newValidate(s), newOnce(s), newShow(s), newReport(s), newCompare(s), newHistory(s), newSchema(s), newLSP(s), newVersion(s))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w%s (see: %s --help)", err, flagHint(err, cmd.Flags()), cmd.CommandPath())
	})
	return root
}

// misspelt tells a command that does not exist from a plan: a plan is a file.
func misspelt(root *cobra.Command, arg string) error {
	if _, err := os.Stat(arg); err == nil || strings.ContainsAny(arg, "./\\") {
		return nil
	}
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	if near := spec.Suggest(arg, names); near != "" {
		return fmt.Errorf("%q is neither a plan nor a command (did you mean %q?)", arg, near)
	}
	return fmt.Errorf("%q is neither a plan nor a command (commands: %s)", arg, strings.Join(names, ", "))
}

// completePlans offers YAML files to the shell.
func completePlans(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}
