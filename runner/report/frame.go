package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// frame is the live view: a headline, a line for each scenario, then the thresholds, at most limit columns wide and rows
// lines long.
func frame(l *Live, info Info, limit, rows int, color bool) []string {
	limit, rows = max(1, limit), max(1, rows)
	lines := headline(l, info, limit, color)
	room := max(0, rows-len(lines))
	scenarios := urgent(l.Scenarios, stateOrder)
	thresholds := urgent(l.Thresholds, thresholdOrder)
	keep := len(scenarios)
	if keep+len(thresholds) > room {
		keep = min(keep, max(room-len(thresholds), (room+1)/2))
	}
	lines = append(lines, some(scenarioGrid(scenarios), keep, "scenario", limit, color)...)
	lines = append(lines, some(thresholdGrid(thresholds), rows-len(lines), "threshold", limit, color)...)
	return lines[:min(len(lines), rows)]
}

// headline is the plan, the time, the phase and, if something is wrong with it, the generator.
func headline(l *Live, info Info, limit int, color bool) []string {
	timing := clock(l.Elapsed)
	if info.Planned > 0 && (l.Phase == PhaseRunning || l.Phase == PhaseGraceful) {
		timing += " of " + clock(info.Planned)
	}
	rest := "  " + timing + "  " + Clean(string(l.Phase))
	name := cut(Clean(info.Plan), max(limit-width(rest), 8))
	lines := []string{bold.paint(cut(name+rest, limit), color)}
	if l.Limited != "" {
		lines = append(lines, yellow.paint(cut("generator limited: "+Clean(l.Limited), limit), color))
	}
	return lines
}

// some renders at most n lines of a grid; the last one says how many more there are.
func some(g *grid, n int, what string, limit int, color bool) []string {
	if len(g.rows) <= n {
		return g.lines(limit, color)
	}
	if n <= 0 {
		return nil
	}
	left := len(g.rows) - (n - 1)
	g.rows = g.rows[:n-1]
	return append(g.lines(limit, color), dim.paint(cut("and "+plural(int64(left), "more "+what), limit), color))
}

// urgent sorts by order and keeps the author's order within.
func urgent[T any](list []T, order func(T) int) []T {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b T) int { return order(a) - order(b) })
	return sorted
}

// stateOrder keeps all scenarios that matter now before those that are done: only a screen that is too small shows it.
func stateOrder(s LiveScenario) int {
	if s.State == StateDone {
		return 1
	}
	return 0
}

func thresholdOrder(t LiveThreshold) int {
	return slices.Index([]ThresholdState{ThresholdFailing, ThresholdPending, ThresholdNoData, ThresholdOK}, t.State)
}

// scenarioColumns are the fields of a scenario's line. The rarest go first on a narrow screen.
var scenarioColumns = []column{
	{least: 14}, {drop: 8}, {least: 5, drop: 7}, {right: true}, {right: true, drop: 5}, {right: true, drop: 4}, {right: true, drop: 2},
	{right: true, drop: 3}, {right: true, drop: 6}, {right: true}, {right: true, drop: 1},
}

func scenarioGrid(scenarios []LiveScenario) *grid {
	g := &grid{columns: scenarioColumns}
	for _, s := range scenarios {
		state := cell{}
		if s.State != StateRunning {
			state = cell{text: string(s.State), style: dim}
		}
		g.add(cell{text: s.Name}, state, bar(s), cell{text: share(s.Progress)}, cell{text: strings.TrimSuffix(iterations(s), "ations")},
			cell{text: fmt.Sprintf("%s/%s VUs", count(s.VUs), count(s.MaxVUs))},
			cell{text: quantity(s.IterationsS, "it/s", digits)}, cell{text: quantity(s.RequestsS, "req/s", digits)},
			cell{text: p95(s)}, alert(s.Errors, "error"), alert(s.Dropped, "dropped"))
	}
	return g
}

// alert is a number that should be none. Errors say so; nothing dropped is not worth a word.
func alert(n int64, what string) cell {
	if n == 0 {
		if what == "error" {
			return cell{text: "0 errors"}
		}
		return cell{}
	}
	if what == "error" {
		return cell{text: plural(n, what), style: red}
	}
	return cell{text: count(n) + " " + what, style: yellow}
}

// barWidth is how long a bar would like to be.
const barWidth = 20

func bar(s LiveScenario) cell {
	look := green
	if s.State == StateWaiting || s.State == StateDone {
		look = dim
	}
	return cell{style: look, most: barWidth, draw: func(w int) string {
		full, empty := "█", "░"
		if width(full) != 1 || width(empty) != 1 {
			full, empty = "#", "-"
		}
		done := 0
		if s.Progress > 0 {
			done = int(min(1, s.Progress) * float64(w))
		}
		return strings.Repeat(full, done) + strings.Repeat(empty, w-done)
	}}
}

// share is a progress as whole per cent, rounded down: 100% is the end.
func share(progress float64) string {
	if progress < 0 || math.IsNaN(progress) {
		return none
	}
	return fmt.Sprintf("%d%%", int(100*min(1, progress)))
}

func iterations(s LiveScenario) string {
	if s.Planned < 0 {
		return count(s.Done) + " iterations"
	}
	return count(s.Done) + "/" + count(s.Planned) + " iterations"
}

func p95(s LiveScenario) string {
	if s.P95Ms <= 0 {
		return "p95 " + none
	}
	return "p95 " + milliseconds(s.P95Ms, digits)
}

func thresholdGrid(thresholds []LiveThreshold) *grid {
	g := &grid{columns: []column{{}, {least: 8}, {right: true, least: 6, drop: 1}}}
	for _, t := range thresholds {
		word, look := string(t.State), map[ThresholdState]style{ThresholdOK: green, ThresholdFailing: red, ThresholdNoData: dim, ThresholdPending: dim}[t.State]
		if t.State == ThresholdFailing {
			word = "FAILING"
		}
		id := cell{text: t.ID}
		if t.State == ThresholdFailing {
			id.style = red
		}
		g.add(cell{text: word, style: look}, id, cell{text: observed(t.Observed, t.Unit, t.Condition), style: id.style})
	}
	return g
}
