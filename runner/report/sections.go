package report

import (
	"fmt"
	"strings"

	"runner/runner/metrics"
)

// timeColumns are the aggregates of a trend that tables show, in order, and which go first on a narrow screen.
var timeColumns = []struct {
	title, value string
	drop         int
}{
	{"avg", "avg", 2}, {"p50", "med", 0}, {"p90", "p90", 1}, {"p95", "p95", 0}, {"p99", "p99", 3}, {"max", "max", 0},
}

func withTimes(columns ...column) []column {
	for _, t := range timeColumns {
		columns = append(columns, column{title: t.title, right: true, drop: t.drop})
	}
	return columns
}

func timeCells(m *metrics.MetricResult, cells ...cell) []cell {
	for _, t := range timeColumns {
		cells = append(cells, percentile(m, t.value))
	}
	return cells
}

// requests lists the steps, then each scenario, then all together. Times are http_req_latency.
func (p *page) requests(r *metrics.Result, c catalog) {
	g := &grid{columns: withTimes(
		column{title: "scenario", least: 8}, column{title: "step", least: 20}, column{title: "requests", right: true},
		column{title: "rate", right: true, drop: 4}, column{title: "failed", right: true})}
	last := ""
	for _, row := range requestRows(r, c) {
		scenario, step := row.scenario, row.step
		if scenario == last && step != "" || len(r.Scenarios) < 2 {
			scenario = ""
		}
		last = row.scenario
		if step == "" {
			step = "all"
		}
		bad := cell{text: count(row.failed)}
		if row.failed > 0 {
			bad.style = red
		}
		rate := cell{text: row.rate}
		if row.rate == none {
			rate.style = dim
		}
		g.add(timeCells(row.latency, cell{text: scenario}, cell{text: step}, cell{text: count(row.made)}, rate, bad)...)
	}
	p.section("Requests (times: http_req_latency)", g)
	p.explainWeak(g)
}

// explainWeak says what ~ means, if a table has one.
func (p *page) explainWeak(g *grid) {
	for _, row := range g.rows {
		for _, c := range row {
			if c.style == dim && strings.HasPrefix(c.text, "~") {
				p.line(dim, "~ fewer than 10 samples lie beyond this percentile")
				return
			}
		}
	}
}

// times lists the other trends: totals, groups and the plan's own.
func (p *page) times(r *metrics.Result) {
	g := &grid{columns: withTimes(column{title: "metric", least: 20}, column{title: "samples", right: true})}
	for i := range r.Metrics {
		m := &r.Metrics[i]
		if m.Type != "trend" || m.Name == "http_req_latency" || m.Values["count"] == 0 {
			continue
		}
		name := m.Name
		switch group := m.Tags["group"]; {
		case m.Name == "group_duration" && len(m.Tags) == 1 && group != "":
			name += "{group=" + group + "}"
		case len(m.Tags) > 0, m.Name == "group_duration":
			continue
		}
		g.add(timeCells(m, cell{text: name}, cell{text: count(whole(m.Values["count"]))})...)
	}
	p.section("Times and trends", g)
}

// shownElsewhere are the totals that another table has.
var shownElsewhere = map[string]bool{
	"http_reqs": true, "http_req_failed": true, "request_errors": true, "checks": true, "iterations": true,
	"iterations_failed": true, "iterations_interrupted": true, "dropped_iterations": true, "vus": true, "vus_max": true,
}

// others lists what is neither a time nor in another table: data sent and received, and the plan's own metrics.
func (p *page) others(r *metrics.Result) {
	g := &grid{columns: []column{{title: "metric", least: 20}, {title: "value", right: true}, {title: "", least: 10}}}
	for _, m := range r.Metrics {
		if len(m.Tags) > 0 || len(m.Values) == 0 || m.Type == "trend" || shownElsewhere[m.Name] {
			continue
		}
		v := m.Values
		var value, detail string
		switch m.Type {
		case "counter":
			value, detail = quantity(v["count"], m.Unit, digits), quantity(v["rate"], m.Unit+"/s", digits)
		case "rate":
			value = percent(v["rate"], digits)
			detail = fmt.Sprintf("%s of %s", count(whole(v["rate"]*(v["passes"]+v["fails"]))), count(whole(v["passes"]+v["fails"])))
		default:
			value = quantity(v["value"], m.Unit, digits)
			detail = "min " + quantity(v["min"], m.Unit, digits) + ", max " + quantity(v["max"], m.Unit, digits)
		}
		g.add(cell{text: m.Name}, cell{text: value}, cell{text: detail, style: dim})
	}
	p.section("Other metrics", g)
}

// manyChecks is how many checks are listed in full; of more, only those that failed.
const manyChecks = 20

// checks lists how often each check held.
func (p *page) checks(r *metrics.Result) {
	g := &grid{columns: []column{{title: "scenario", least: 8}, {title: "step", least: 16}, {title: "check", least: 16},
		{title: "passed", right: true}, {title: "failed", right: true}, {title: "", right: true}}}
	left := 0
	for _, k := range r.Checks {
		if k.Fails == 0 && len(r.Checks) > manyChecks {
			left++
			continue
		}
		scenario := k.Scenario
		if len(r.Scenarios) < 2 {
			scenario = ""
		}
		share, s := "not run", dim
		if n := k.Passes + k.Fails; n > 0 {
			share, s = percent(float64(k.Passes)/float64(n), digits), map[bool]style{false: red}[k.Fails == 0]
		}
		g.add(cell{text: scenario}, cell{text: k.Step}, cell{text: k.Name},
			cell{text: count(k.Passes)}, cell{text: count(k.Fails), style: s}, cell{text: share, style: s})
	}
	p.section("Checks", g)
	if left > 0 {
		if left == len(r.Checks) {
			p.WriteByte('\n')
		}
		p.line(dim, fmt.Sprintf("%s never failed", plural(int64(left), "other check")))
	}
}
