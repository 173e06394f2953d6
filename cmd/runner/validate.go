package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"runner/spec"
)

// patience is what the collector waits for, in percent, while plans are validated: below 32 MiB it stays away. The process
// ends with them, and a plan of thousands of lines took a fifth of its time.
const patience = 800

// validateFlags are the flags of validate alone.
type validateFlags struct {
	planFlags
	json   bool
	strict bool
}

func newValidate(s *streams) *cobra.Command {
	flags := &validateFlags{}
	cmd := &cobra.Command{
		Use:   "validate plan.yaml…",
		Short: "Say everything that is wrong with plans, and run nothing",
		Long: "Say everything that is wrong with plans, and what is legal in them and surely unwanted, and run nothing.\n" +
			"Exit code 104 if there is an error, 0 if there are warnings at most.",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: completePlans,
		RunE: func(_ *cobra.Command, args []string) error {
			defer debug.SetGCPercent(debug.SetGCPercent(patience))
			plans, err := flags.compileAll(args)
			if err != nil {
				return err
			}
			if flags.json {
				return s.findings(plans, flags.strict)
			}
			return s.validated(plans, flags.strict)
		},
	}
	flags.register(cmd.Flags())
	cmd.Flags().BoolVar(&flags.json, "json", false, "write what was found as a JSON array of {file, line, col, endCol, severity, message, hint, code}")
	cmd.Flags().BoolVar(&flags.strict, "strict", false, "a warning is an error")
	return cmd
}

// validated says for people what is wrong, and what plans would do that are right.
func (s *streams) validated(plans []compiled, strict bool) error {
	code := exitPass
	for _, p := range plans {
		if p.program == nil {
			fmt.Fprintln(s.err, p.problems.Error())
			code = exitInvalid
			continue
		}
		s.warnings(p.program)
		if strict && len(p.program.Warnings) > 0 {
			code = exitInvalid
			continue
		}
		fmt.Fprintf(s.out, "%s: valid: %s\n", p.path, summary(p.program))
		s.warn(p.program)
	}
	return exit(code)
}

// finding is one problem as tools read it. Line, col and endCol count from 1, in characters; endCol is behind the last one.
type finding struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Col      int    `json:"col"`
	EndCol   int    `json:"endCol"`
	Severity string `json:"severity"` // error or warning
	Message  string `json:"message"`
	Hint     string `json:"hint"`
	Code     string `json:"code,omitempty"` // of a warning: its kind
}

// findings says the same for tools, as one array over all plans.
func (s *streams) findings(plans []compiled, strict bool) error {
	severity, code := "warning", exitPass
	if strict {
		severity = "error"
	}
	list := []finding{} // never null
	for _, p := range plans {
		if p.program == nil {
			list, code = append(list, findingsOf(p, p.problems, "error")...), exitInvalid
			continue
		}
		list = append(list, findingsOf(p, p.program.Warnings, severity)...)
		if strict && len(p.program.Warnings) > 0 {
			code = exitInvalid
		}
	}
	out := json.NewEncoder(s.out)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(list); err != nil {
		return err
	}
	return exit(code)
}

// findingsOf puts what has no place, such as a file that is not there, at the first character of its file.
func findingsOf(p compiled, problems spec.Problems, severity string) []finding {
	var list []finding
	for _, one := range problems {
		f := finding{File: one.Pos.File, Line: max(1, one.Pos.Line), Col: max(1, one.Pos.Col), Severity: severity, Message: one.Message, Hint: one.Hint, Code: one.Code}
		if f.File == "" {
			f.File = p.path
		}
		f.EndCol = f.Col + max(1, one.Width)
		list = append(list, f)
	}
	return list
}
