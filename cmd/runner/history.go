package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"runner/runner/compare"
	"runner/runner/report"
)

// historyFlags are those of runner history.
type historyFlags struct {
	plan, profile          string
	metric, aggregate      string
	scenario, step, format string
	noColor                bool
}

func newHistory(s *streams) *cobra.Command {
	f := &historyFlags{}
	cmd := &cobra.Command{
		Use: "history DIR", Short: "Draw a metric over stored results and mark where it changed",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return s.history(f, args[0]) },
	}
	names := kindNames(report.HistoryKinds(), func(k report.HistoryKind) string { return k.Name })
	fs := cmd.Flags()
	fs.StringVar(&f.metric, "metric", "http_req_latency", "the metric")
	fs.StringVar(&f.aggregate, "aggregate", "p95", "what of it: med, p95, p99, avg, max, count, rate, …")
	fs.StringVar(&f.step, "step", "", "only this step")
	fs.StringVar(&f.scenario, "scenario", "", "only this scenario")
	fs.StringVar(&f.plan, "plan", "", "only results of this plan (needed where there are several)")
	fs.StringVar(&f.profile, "profile", "", "only results of this profile")
	fs.StringVar(&f.format, "format", names[0], "what to write: "+strings.Join(names, ", "))
	fs.BoolVar(&f.noColor, "no-color", false, "no colours (as the environment variable NO_COLOR)")
	return cmd
}

func (s *streams) history(f *historyFlags, dir string) error {
	kind, err := findKind(report.HistoryKinds(), func(k report.HistoryKind) string { return k.Name }, f.format)
	if err != nil {
		return err
	}
	runs, err := s.stored(dir)
	if err != nil {
		return err
	}
	if runs, err = f.only(runs); err != nil {
		return err
	}
	h := compare.Follow(runs, f.track())
	if len(h.Points) == 0 {
		return fmt.Errorf("none of %d results in %s has %s %s: look at the names in one of them", len(runs), report.Clean(dir), f.metric, f.aggregate)
	}
	return kind.Write(s.out, h, s.reportOptions(f.noColor))
}

func (f *historyFlags) track() compare.Track {
	t := compare.Track{Metric: f.metric, Aggregate: f.aggregate, Tags: map[string]string{}}
	if f.aggregate == "p50" {
		t.Aggregate = "med"
	}
	if f.step != "" {
		t.Tags["step"] = f.step
	}
	if f.scenario != "" {
		t.Tags["scenario"] = f.scenario
	}
	return t
}

// stored reads every result below a folder. What is no result is passed over, and said.
func (s *streams) stored(dir string) ([]compare.Run, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the results: %w", err)
	}
	var runs []compare.Run
	for _, e := range entries {
		if e.IsDir() || !strings.EqualFold(filepath.Ext(e.Name()), ".json") {
			continue
		}
		path := filepath.Join(dir, e.Name())
		r, err := readResult(path)
		if err != nil {
			fmt.Fprintf(s.err, "runner: passed over: %v\n", err)
			continue
		}
		runs = append(runs, compare.Run{File: path, Result: r})
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("%s holds no results: runs write them with --out json=%s/", report.Clean(dir), report.Clean(strings.TrimSuffix(dir, "/")))
	}
	return runs, nil
}

// only keeps the runs of one plan and profile.
func (f *historyFlags) only(runs []compare.Run) ([]compare.Run, error) {
	kept := slices.DeleteFunc(runs, func(r compare.Run) bool {
		return f.plan != "" && r.Result.Plan.Name != f.plan || f.profile != "" && r.Result.Plan.Profile != f.profile
	})
	var kinds []string
	for _, r := range kept {
		kind := r.Result.Plan.Name
		if r.Result.Plan.Profile != "" {
			kind += " [" + r.Result.Plan.Profile + "]"
		}
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	switch {
	case len(kept) == 0:
		return nil, fmt.Errorf("no result is of that plan and profile")
	case len(kinds) > 1:
		return nil, fmt.Errorf("there are results of %d plans and profiles: choose with --plan and --profile (have: %s)", len(kinds), strings.Join(kinds, ", "))
	}
	return kept, nil
}
