package report

import (
	"fmt"
	"strings"
	"time"

	"runner/runner/metrics"
)

const (
	// CommentLimit is how much Markdown is written: GitHub takes 65,536 characters in a comment, and whoever posts it
	// may want to add a line.
	CommentLimit = 65_000
	// longestCell is how much of a message a table shows, in columns.
	longestCell = 200
)

// Markdown is the result on a page for a reviewer, verdict first, in GitHub's dialect, at most CommentLimit characters
// long: what does not fit is left out from the end of tables, and said.
func Markdown(r *metrics.Result) ([]byte, error) { return markdown(r, CommentLimit), nil }

func markdown(r *metrics.Result, limit int) []byte {
	m := &marked{left: limit - roomForEnd}
	c := newCatalog(r)
	m.verdict(r)
	m.thresholds(r)
	m.baseline(r)
	m.requests(r, c)
	m.checks(r)
	m.errors(r)
	m.scenarios(r)
	m.outputs(r)
	m.origin(r)
	return []byte(m.text.String())
}

var verdictMarks = map[string]string{"pass": "✅", "fail": "❌", "load_not_achieved": "⚠️", "interrupted": "⚠️"}

func verdictMark(status string) string {
	if mark, ok := verdictMarks[status]; ok {
		return mark
	}
	return "❌"
}

// verdict is the headline, what was run, and the reasons that the headline does not name.
func (m *marked) verdict(r *metrics.Result) {
	sentence := Sentence(r)
	m.line("### " + verdictMark(r.Verdict.Status) + " " + plainMark(sentence))
	m.line("")
	facts := codeMark(r.Plan.Name)
	if r.Plan.Profile != "" {
		facts += ", profile " + codeMark(r.Plan.Profile)
	}
	m.line(facts + ", took " + seconds(r.Run.DurationS) + fmt.Sprintf(", seed %d", r.Plan.Seed))
	if r.Verdict.Status == "pass" {
		return
	}
	listed := 0
	for i, reason := range r.Verdict.Reasons {
		first := Clean(firstLine(reason))
		if i == 0 || strings.Contains(sentence, first) {
			continue
		}
		if listed++; listed == 1 {
			m.line("")
		}
		if listed > manyReasons {
			m.line(fmt.Sprintf("- and %s", plural(int64(len(r.Verdict.Reasons)-i), "more reason")))
			break
		}
		m.line("- " + plainMark(cut(first, 2*longestCell)))
	}
}

// thresholds lists every condition, those that failed first.
func (m *marked) thresholds(r *metrics.Result) {
	t := markTable{title: "Thresholds", head: []string{"", "metric", "condition", "observed>", "note"}}
	marks := map[string]string{"pass": "✅ pass", "fail": "❌ **fail**", "not_trusted": "⚠️ not trusted"}
	for _, failed := range []bool{true, false} {
		for _, k := range r.Thresholds {
			if (k.Status == "fail") != failed {
				continue
			}
			mark, ok := marks[k.Status]
			if !ok {
				mark = plainMark(strings.ReplaceAll(k.Status, "_", " "))
			}
			t.add(mark, codeMark(seriesOf(k.ID, k.Condition)), codeMark(k.Condition), plainMark(seen(k)), plainMark(cut(Clean(note(k)), longestCell)))
		}
	}
	m.table(&t, "threshold")
}

// baseline lists the headline numbers then and now. It does not judge: one run against one cannot tell a change from chance.
func (m *marked) baseline(r *metrics.Result) {
	if r.Baseline == nil {
		return
	}
	t := markTable{title: "Against the baseline", head: []string{"series", "before>", "now>", "change>"}}
	for _, k := range r.Baseline.Changes {
		unit, mark := changeUnit(&k), ""
		if k.Weak {
			mark = `\~`
		}
		t.add(codeMark(seriesName(k.Metric, k.Tags)+": "+k.Aggregate), mark+plainMark(quantity(k.Base, unit, digits)),
			mark+plainMark(quantity(k.Head, unit, digits)), change(k.Base, k.Head))
	}
	m.table(&t, "change")
	note := fmt.Sprintf("against %s of %s", codeMark(r.Baseline.File), r.Baseline.Start.UTC().Format(time.RFC3339))
	if !r.Baseline.SamePlan {
		note += "; the plan, its data or the tool have changed since"
	}
	m.line("")
	m.line("<sub>" + note + "</sub>")
}

// requests lists the steps, each scenario, and all together.
func (m *marked) requests(r *metrics.Result, c catalog) {
	t := markTable{title: "Requests (times: `http_req_latency`)", head: []string{"step", "requests>", "rate>", "failed>", "p50>", "p90>", "p95>", "p99>", "max>"}}
	several := len(r.Scenarios) > 1
	if several {
		t.head = append([]string{"scenario"}, t.head...)
	}
	for _, row := range requestRows(r, c) {
		cells := []string{"**all**"}
		if row.step != "" {
			cells[0] = codeMark(row.step)
		}
		if several {
			cells = append([]string{""}, cells...)
			if row.scenario != "" {
				cells[0] = codeMark(row.scenario)
			}
		}
		failed := count(row.failed)
		if row.failed > 0 {
			failed = "**" + failed + "**"
		}
		cells = append(cells, count(row.made), row.rate, failed)
		for _, name := range []string{"med", "p90", "p95", "p99", "max"} {
			cells = append(cells, strings.Replace(percentile(row.latency, name).text, "~", `\~`, 1))
		}
		t.add(cells...)
	}
	m.table(&t, "step")
	if t.contains(`\~`) {
		m.line("")
		m.line(`<sub>\~ fewer than 10 samples lie beyond this percentile</sub>`)
	}
}

// checks lists those that failed.
func (m *marked) checks(r *metrics.Result) {
	t := markTable{title: "Failed checks", head: []string{"step", "check", "passed>", "failed>"}}
	for _, k := range r.Checks {
		if k.Fails > 0 {
			t.add(codeMark(k.Step), codeMark(k.Name), count(k.Passes), "**"+count(k.Fails)+"**")
		}
	}
	m.table(&t, "check")
}

// errors lists the kinds of errors, most frequent first.
func (m *marked) errors(r *metrics.Result) {
	t := markTable{title: "Errors", head: []string{"error", "step", "count>", "first message"}}
	for _, e := range byCount(r.Errors) {
		message := ""
		if len(e.Samples) > 0 {
			message = codeMark(cut(Clean(e.Samples[0].Message), longestCell))
		}
		step := e.Step
		if step == "" {
			step = e.Scenario
		}
		t.add(codeMark(e.Class), codeMark(step), count(e.Count), message)
	}
	m.table(&t, "error")
}

// scenarios lists the accounting where not all went as planned.
func (m *marked) scenarios(r *metrics.Result) {
	t := markTable{title: "Iterations", head: []string{"scenario", "planned>", "started>", "completed>", "failed>", "interrupted>", "dropped>"}}
	for _, s := range r.Scenarios {
		if s.Failed+s.Interrupted+s.Dropped == 0 {
			continue
		}
		planned := none
		if s.Planned >= 0 {
			planned = count(s.Planned)
		}
		t.add(codeMark(s.Name), planned, count(s.Started), count(s.Completed), count(s.Failed), count(s.Interrupted), count(s.Dropped))
	}
	m.table(&t, "scenario")
}

// outputs lists those that missed something.
func (m *marked) outputs(r *metrics.Result) {
	t := markTable{title: "Outputs that missed something", head: []string{"output", "delivered>", "missed>", "last error"}}
	for _, o := range r.Outputs {
		if o.Missed > 0 || o.Error != "" {
			t.add(codeMark(o.Name), plural(o.Delivered, strings.TrimSuffix(o.Unit, "s")), count(o.Missed), codeMark(cut(Clean(o.Error), longestCell)))
		}
	}
	m.table(&t, "output")
}

// origin says who measured, where and when.
func (m *marked) origin(r *metrics.Result) {
	m.left += roomForEnd
	m.line("")
	facts := fmt.Sprintf("%s %s on %s/%s, %s", r.Tool.Name, r.Tool.Version, r.Run.Host.OS, r.Run.Host.Arch, plural(int64(r.Run.Host.CPUs), "core"))
	if !r.Run.Start.IsZero() {
		facts += ", " + r.Run.Start.UTC().Format(time.RFC3339)
	}
	if g := r.Generator; g.Seconds > 0 {
		facts += fmt.Sprintf(", CPU %s, start lag p99 %s", percent(g.CPU, digits), milliseconds(g.StartLagP99Ms, digits))
	}
	m.line("<sub>" + plainMark(cut(facts, longestCell)) + "</sub>")
}
