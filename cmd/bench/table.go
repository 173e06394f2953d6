package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// section is what came of one row.
type section struct {
	title    string
	how      string
	unit     string
	findings []finding
	targets  []target
}

// finding is what one contender came to: a number for each round, or why there is none.
type finding struct {
	who     string
	values  []float64
	missing string
}

// target compares what was measured with what must be reached.
type target struct {
	what    string
	values  []float64
	least   bool // must be at least the limit; else at most
	limit   float64
	unit    string
	missing string
}

func (t *target) met() bool {
	if t.least {
		return median(t.values) >= t.limit
	}
	return median(t.values) <= t.limit
}

// verdict is the last cell of a target's line.
func (t *target) verdict() string {
	switch {
	case len(t.values) == 0:
		return "not measured: " + t.missing
	case t.met():
		return "met"
	}
	return "**missed**"
}

func (t *target) bound() string {
	relation := "≤"
	if t.least {
		relation = "≥"
	}
	return strings.TrimSpace(fmt.Sprintf("%s %g %s", relation, t.limit, t.unit))
}

func (s *section) print(w io.Writer) {
	fmt.Fprintf(w, "## %s\n\n%s\n\n", s.title, s.how)
	if len(s.findings) > 0 {
		fmt.Fprintf(w, "| | median, %s | min – max |\n|---|---:|---:|\n", s.unit)
	}
	for _, f := range s.findings {
		if len(f.values) == 0 {
			fmt.Fprintf(w, "| %s | – | %s |\n", f.who, f.missing)
			continue
		}
		fmt.Fprintf(w, "| %s | %s | %s |\n", f.who, number(median(f.values)), spread(f.values))
	}
	fmt.Fprint(w, "\n| target | must be | median | min – max | |\n|---|---:|---:|---:|---|\n")
	for _, t := range s.targets {
		middle, around := "–", "–"
		if len(t.values) > 0 {
			middle, around = number(median(t.values)), spread(t.values)
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s |\n", t.what, t.bound(), middle, around, t.verdict())
	}
	fmt.Fprintln(w)
}

// median is the middle value, or the mean of the two in the middle; 0 of none.
func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

func spread(values []float64) string {
	return number(slices.Min(values)) + " – " + number(slices.Max(values))
}

// number shows three digits, or all before the point.
func number(v float64) string {
	switch a := max(v, -v); {
	case a >= 100 || v == 0:
		return fmt.Sprintf("%.0f", v)
	case a >= 10:
		return fmt.Sprintf("%.1f", v)
	case a >= 0.01:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.2g", v)
}

// ratios divides round by round: what disturbs the machine disturbs neighbours in time alike.
func ratios(over, under []float64) []float64 {
	var all []float64
	for i := range min(len(over), len(under)) {
		if under[i] != 0 {
			all = append(all, over[i]/under[i])
		}
	}
	return all
}
