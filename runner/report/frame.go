package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"runner/runner/metrics"
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
	g := scenarioGrid(scenarios)
	if keep == len(scenarios) && total(g.natural(limit)) > limit && 2*keep+len(thresholds) < room {
		lines = append(lines, twice(g, scenarios, limit, color)...)
	} else {
		lines = append(lines, some(g, keep, "scenario", limit, color)...)
	}
	if failed := classes(l.Errors); failed != "" && len(lines)+len(thresholds) < rows {
		lines = append(lines, red.paint(cut("errors: "+failed, limit), color))
	}
	lines = append(lines, some(thresholdGrid(thresholds), rows-len(lines), "threshold", limit, color)...)
	return lines[:min(len(lines), rows)]
}

// headline is the plan, the time, the phase, and how the machine that makes the load does.
func headline(l *Live, info Info, limit int, color bool) []string {
	timing := clock(l.Elapsed)
	running := l.Phase == PhaseRunning || l.Phase == PhaseGraceful
	if info.Planned > 0 && running {
		timing += " of " + clock(info.Planned)
	}
	phase := string(l.Phase)
	if l.Paused {
		phase = "PAUSED"
	}
	rest := "  " + timing + "  " + Clean(phase)
	name := cut(Clean(info.Plan), max(limit-width(rest), 8))
	line := cut(name+rest, limit)
	health := "  " + health(l.Generator)
	switch {
	case l.Limited != "":
		return []string{bold.paint(line, color), yellow.paint(cut("generator limited: "+Clean(l.Limited), limit), color)}
	case running && l.Generator.Seconds > 0 && width(line)+width(health) <= limit:
		return []string{bold.paint(line, color) + dim.paint(health, color)}
	}
	return []string{bold.paint(line, color)}
}

// health is how the machine that makes the load does, where it does well.
func health(g metrics.Generator) string {
	text := "generator healthy, CPU " + percent(g.CPU, digits)
	if g.StartLagP99Ms > 0 {
		text += ", start lag p99 " + milliseconds(g.StartLagP99Ms, digits)
	}
	return text
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

// scenarioColumns are the fields of a scenario's line. What tells least goes first on a narrow screen.
var scenarioColumns = []column{
	{least: 10}, {drop: 8}, {least: 8, drop: 7}, {right: true}, {right: true, drop: 4}, {right: true, drop: 5}, {right: true, drop: 10},
	{right: true, drop: 3}, {right: true, drop: 2}, {right: true, drop: 9}, {right: true, drop: 1}, {right: true}, {right: true, drop: 6},
}

func scenarioGrid(scenarios []LiveScenario) *grid {
	g := &grid{columns: scenarioColumns}
	for _, s := range scenarios {
		state := cell{}
		if s.State != StateRunning {
			state = cell{text: string(s.State), style: dim}
		}
		g.add(cell{text: s.Name}, state, course(s), cell{text: share(s.Progress)}, cell{text: strings.TrimSuffix(iterations(s), "ations")},
			cell{text: users(s)}, cell{text: pace(s), style: behind(s)}, cell{text: quantity(s.RequestsS, "req/s", digits)},
			cell{text: latency("p50", s.P50Ms)}, cell{text: latency("p95", s.P95Ms)}, cell{text: latency("p99", s.P99Ms)},
			alert(s.Errors, "error"), alert(s.Dropped, "dropped"))
	}
	return g
}

// The columns of a scenario that has two lines.
var (
	topColumns    = []int{0, 1, 2, 3, 6, 11, 12}
	detailColumns = []int{8, 9, 10, 7, 5, 4}
)

// twice gives each scenario that goes on a second line, on a screen that is high enough and too narrow for one.
func twice(g *grid, scenarios []LiveScenario, limit int, color bool) []string {
	const indent = "  "
	first := g.only(topColumns).lines(limit, color)
	details := g.only(detailColumns)
	for i := range details.columns {
		details.columns[i].drop = len(details.columns) - i // percentiles stay longest
	}
	second := details.lines(limit-len(indent), color)
	var lines []string
	for i, s := range scenarios {
		if lines = append(lines, first[i]); s.State == StateRunning || s.State == StateStopping {
			lines = append(lines, strings.TrimRight(indent+second[i], " "))
		}
	}
	return lines
}

// users is how many VUs there are, of those that the schedule wants or else of the most there can be.
func users(s LiveScenario) string {
	if s.Unit == "VUs" && s.Target > 0 {
		return fmt.Sprintf("%s of %s VUs", count(s.VUs), count(int64(s.Target)))
	}
	return fmt.Sprintf("%s/%s VUs", count(s.VUs), count(s.MaxVUs))
}

// pace is the rate of iterations, of that which the schedule wants.
func pace(s LiveScenario) string {
	text := quantity(s.IterationsS, "it/s", digits)
	if s.Unit == "it/s" && s.Target > 0 {
		text = number(s.IterationsS, digits) + " of " + quantity(s.Target, "it/s", digits)
	}
	if s.Factor > 0 && s.Factor != 1 {
		text += " (×" + number(s.Factor, digits) + ")"
	}
	return text
}

// behind marks a scenario that drops what it should start.
func behind(s LiveScenario) style {
	if s.Unit == "it/s" && s.Dropped > 0 && s.IterationsS < 0.9*s.Target {
		return yellow
	}
	return normal
}

func latency(name string, ms float64) string {
	if ms <= 0 {
		return name + " " + none
	}
	return name + " " + milliseconds(ms, digits)
}

// classes says in what ways requests failed.
func classes(l []metrics.ClassCount) string {
	var parts []string
	for _, c := range l {
		parts = append(parts, Clean(c.Class)+" "+count(c.Count))
	}
	return strings.Join(parts, ", ")
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

func thresholdGrid(thresholds []LiveThreshold) *grid {
	g := &grid{columns: []column{{}, {least: 8}, {right: true, least: 6, drop: 2}, {drop: 1}}}
	for _, t := range thresholds {
		word, look := string(t.State), map[ThresholdState]style{ThresholdOK: green, ThresholdFailing: red, ThresholdNoData: dim, ThresholdPending: dim}[t.State]
		if t.State == ThresholdFailing {
			word = "FAILING"
		}
		id := cell{text: t.ID}
		if t.State == ThresholdFailing {
			id.style = red
		}
		g.add(cell{text: word, style: look}, id, cell{text: observed(t.Observed, t.Unit, t.Condition), style: id.style},
			cell{text: distance(t), style: id.style})
	}
	return g
}
