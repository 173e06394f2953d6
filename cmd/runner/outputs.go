package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"runner/runner"
	"runner/runner/export"
	"runner/runner/metrics"
	"runner/runner/report"
	"runner/spec"
)

// planOutputs is where one plan's run is written to.
type planOutputs struct {
	files   report.Outputs
	streams export.Streams
}

// outputs opens what --out names, for each plan. What can't be written to is refused here, before any load.
func (f *runFlags) outputs(s *streams, programs []*runner.Program) ([]planOutputs, error) {
	all := make([]planOutputs, len(programs))
	taken := map[string]string{} // by file: the flag that writes it
	for _, text := range f.out {
		kind, err := findOutput(text)
		if err != nil {
			return nil, err
		}
		for i, p := range programs {
			target, err := kind.perPlan(text, p, len(programs)/f.runs, f.number(i, len(programs)))
			if err != nil {
				return nil, err
			}
			if other, ok := taken[target]; ok && kind.extension != "" {
				return nil, fmt.Errorf("--out %s and --out %s write to the same place", report.Clean(other), report.Clean(text))
			}
			taken[target] = text
			if err := kind.open(&all[i], target, s.out); err != nil {
				return nil, fmt.Errorf("output %q: %w", text, err)
			}
		}
	}
	return all, nil
}

// number is what a run's files have behind their names: which of --runs it is; "" for the only one.
func (f *runFlags) number(i, programs int) string {
	if f.runs == 1 {
		return ""
	}
	return fmt.Sprintf("-%d", i/(programs/f.runs)+1)
}

// outputKind is a kind of output, whether it is written at the end or fed while the run goes.
type outputKind struct {
	name, help, sample string
	extension          string // of a file's name; "": the target is no file
	open               func(to *planOutputs, target string, stdout io.Writer) error
}

// outputKinds lists all of them.
func outputKinds() []outputKind {
	var kinds []outputKind
	for _, k := range report.Kinds() {
		kinds = append(kinds, outputKind{k.Name, k.Help, "result." + k.Extension, k.Extension, func(to *planOutputs, target string, stdout io.Writer) error {
			o, err := k.Open(target, stdout)
			to.files = append(to.files, o)
			return err
		}})
	}
	for _, k := range export.Kinds() {
		extension := ""
		if k.File {
			_, extension, _ = strings.Cut(k.Sample, ".")
		}
		kinds = append(kinds, outputKind{k.Name, k.Help, k.Sample, extension, func(to *planOutputs, target string, _ io.Writer) error {
			o, err := k.Open(target)
			to.streams = append(to.streams, o...)
			return err
		}})
	}
	return kinds
}

// findOutput is the kind that --out names.
func findOutput(text string) (outputKind, error) {
	name, target, ok := strings.Cut(text, "=")
	var names []string
	for _, k := range outputKinds() {
		names = append(names, k.name)
		if k.name != name {
			continue
		}
		if !ok || target == "" {
			return k, fmt.Errorf("output %q: write %s=TARGET, such as %s=%s", text, k.name, k.name, k.sample)
		}
		return k, nil
	}
	hint := ""
	if near := spec.Suggest(name, names); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return outputKind{}, fmt.Errorf("output %q: there is no kind %q (have: %s%s)", text, name, strings.Join(names, ", "), hint)
}

// perPlan is the target for one plan: in a file's name a * stands for the plan's name, and a folder gets a file of that
// name. Several plans can't share one file: the last would be all that is left. number tells several runs apart.
func (k *outputKind) perPlan(text string, p *runner.Program, plans int, number string) (string, error) {
	_, target, _ := strings.Cut(text, "=")
	if k.extension == "" || target == "-" {
		return target, nil
	}
	name := strings.TrimSuffix(filepath.Base(p.Plan.File), filepath.Ext(p.Plan.File)) + number
	info, err := os.Stat(target)
	folder := strings.HasSuffix(target, "/") || err == nil && info.IsDir()
	switch {
	case strings.Contains(target, "*"):
		return strings.ReplaceAll(target, "*", name), nil
	case folder:
		return filepath.Join(target, name+"."+k.extension), nil
	case plans > 1:
		return "", fmt.Errorf("--out %s: %d plans would write the same file; name a folder, or put a * where the plan's name goes, as in %s=results/*.%s",
			text, plans, k.name, k.extension)
	}
	stem, extension, _ := strings.Cut(filepath.Base(target), ".")
	if number != "" && extension != "" {
		number += "."
	}
	if number == "" {
		return target, nil
	}
	return filepath.Join(filepath.Dir(target), stem+number+extension), nil
}

// outputHelp is what --help says of --out.
func outputHelp() string {
	var names []string
	for _, k := range outputKinds() {
		names = append(names, k.name)
	}
	return "write the result, or every measurement, to `KIND=TARGET` (repeatable; KIND: " + strings.Join(names, ", ") +
		"; - is stdout; with several plans a file's name needs a * for the plan's)"
}

// stepSummary is the summary of a step in GitHub Actions, if this is one.
func stepSummary(s *streams) report.Outputs {
	path := os.Getenv("GITHUB_STEP_SUMMARY")
	if os.Getenv("GITHUB_ACTIONS") != "true" || path == "" {
		return nil
	}
	return report.Outputs{report.NewStepSummary(path, s.err)}
}

// missed tells what outputs have missed. It changes nothing about the run.
func missed(w io.Writer, r *metrics.Result) {
	for _, o := range r.Outputs {
		if o.Missed > 0 || o.Error != "" {
			fmt.Fprintf(w, "runner: %s\n", report.Missed(o))
		}
	}
}

// width is the terminal's, 0 for anything else.
func width(w io.Writer) int {
	file, ok := w.(*os.File)
	if !ok {
		return 0
	}
	if size := report.TerminalSize(file); size != nil {
		columns, _ := size()
		return columns
	}
	return 0
}
