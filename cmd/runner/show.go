package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"runner/runner"
	"runner/runner/report"
	"runner/spec"
)

func newShow(s *streams) *cobra.Command {
	flags := &planFlags{}
	cmd := &cobra.Command{
		Use:               "show plan.yaml",
		Short:             "Show the merged plan, with where each line comes from, and the load that it would make",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completePlans,
		RunE: func(_ *cobra.Command, args []string) error {
			programs, err := s.load(flags, args)
			if err != nil {
				return err
			}
			p := programs[0]
			var text strings.Builder
			_ = p.Plan.Render(&text, true) // a builder takes everything
			fmt.Fprint(s.out, p.Masked(text.String()))
			for _, sc := range p.Scenarios {
				fmt.Fprintln(s.out)
				showScenario(s.out, sc)
			}
			s.warn(p)
			return nil
		},
	}
	flags.register(cmd.Flags())
	return cmd
}

// summary is a plan in a line: what it has, and how long it takes.
func summary(p *runner.Program) string {
	skipped := 0
	for _, s := range p.Scenarios {
		if s.Skipped {
			skipped++
		}
	}
	longest, _ := p.Planned()
	text := fmt.Sprintf("%s, %s, %s, at most %s and grace", plural(len(p.Scenarios), "scenario"), plural(len(p.Layout.Steps), "request step"),
		plural(len(p.Layout.Thresholds), "threshold"), spec.FormatDuration(longest))
	if skipped > 0 {
		text += fmt.Sprintf(" (%d skipped by if)", skipped)
	}
	return text
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

const (
	chartWidth  = 60
	chartHeight = 8
)

// showScenario draws a scenario's load over time.
func showScenario(w io.Writer, s *runner.Scenario) {
	fmt.Fprintf(w, "scenario %s: %s\n", report.Clean(s.Name), s.Info.Load)
	if s.Skipped {
		fmt.Fprintln(w, "  does not run: its if says no")
		return
	}
	if begin := s.Begins(); begin != "" {
		fmt.Fprintf(w, "  begins %s\n", begin)
	}
	info := s.Info
	fmt.Fprintf(w, "  %s\n", strings.Join(totals(s), ", "))
	at, unit := vusAt(s), "VUs"
	if info.Arrivals != nil {
		at, unit = info.Arrivals.RateAt, "arrivals/s"
	}
	if at != nil && info.Duration > 0 {
		drawCurve(w, at, info.Duration, unit)
	}
}

func vusAt(s *runner.Scenario) func(time.Duration) float64 {
	if s.Info.Active == nil {
		return nil
	}
	return func(t time.Duration) float64 { return float64(s.Info.Active.At(t)) }
}

func totals(s *runner.Scenario) []string {
	info := s.Info
	var parts []string
	if info.Planned >= 0 {
		parts = append(parts, plural(int(info.Planned), "iteration"))
	} else {
		parts = append(parts, "as many iterations as fit in")
	}
	if info.VUs == info.MaxVUs {
		parts = append(parts, plural(int(info.VUs), "VU"))
	} else {
		parts = append(parts, fmt.Sprintf("%d VUs at first, at most %d", info.VUs, info.MaxVUs))
	}
	word := "for "
	if info.Limit {
		word = "at most "
	}
	return append(parts, word+spec.FormatDuration(info.Duration))
}

// drawCurve draws a curve as columns of blocks, a column a slice of time: its height is the highest value in the slice.
func drawCurve(w io.Writer, at func(time.Duration) float64, d time.Duration, unit string) {
	const samples = 16 // a column
	columns := make([]float64, chartWidth)
	highest := 0.0
	for i := range columns {
		for j := range samples {
			t := time.Duration(float64(d) * (float64(i) + float64(j)/samples) / chartWidth)
			columns[i] = max(columns[i], at(t))
		}
		highest = max(highest, columns[i])
	}
	blocks := []rune(" ▁▂▃▄▅▆▇█")
	for row := chartHeight - 1; row >= 0; row-- {
		label := ""
		if row == chartHeight-1 {
			label = fmt.Sprintf("%.4g", highest)
		}
		var line strings.Builder
		for _, v := range columns {
			eighths := 0
			if highest > 0 {
				eighths = int(v/highest*chartHeight*8+0.5) - row*8
			}
			line.WriteRune(blocks[min(max(eighths, 0), 8)])
		}
		fmt.Fprintf(w, "  %8s │%s\n", label, strings.TrimRight(line.String(), " "))
	}
	end := spec.FormatDuration(d)
	fmt.Fprintf(w, "  %8s └%s\n", "0", strings.Repeat("─", chartWidth))
	fmt.Fprintf(w, "  %8s  0s%s%s   (%s)\n", "", strings.Repeat(" ", max(chartWidth-2-len(end), 1)), end, unit)
}
