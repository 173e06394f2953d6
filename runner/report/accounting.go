package report

import (
	"fmt"
	"slices"
	"strings"

	"runner/runner/metrics"
)

// manyErrors is how many kinds of errors are listed: the most frequent ones.
const manyErrors = 20

// errors lists what went wrong, most frequent first, each with one sample.
func (p *page) errors(r *metrics.Result) {
	g := &grid{columns: []column{{title: "error", least: 15}, {title: "scenario", least: 8}, {title: "step", least: 12},
		{title: "count", right: true}, {title: "at", right: true, drop: 1}, {title: "message", least: 20}, {title: "url", least: 20, drop: 2}}}
	sorted := byCount(r.Errors)
	for _, e := range sorted[:min(len(sorted), manyErrors)] {
		var sample metrics.ErrorSample
		at := ""
		if len(e.Samples) > 0 {
			sample = e.Samples[0]
			at = seconds(sample.AtS)
		}
		scenario := e.Scenario
		if len(r.Scenarios) < 2 {
			scenario = ""
		}
		g.add(cell{text: e.Class, style: red}, cell{text: scenario}, cell{text: e.Step}, cell{text: count(e.Count)},
			cell{text: at}, cell{text: sample.Message}, cell{text: sample.URL})
	}
	p.section("Errors", g)
	if rest := len(sorted) - manyErrors; rest > 0 {
		p.line(dim, fmt.Sprintf("and %s in the result file", plural(int64(rest), "rarer kind")))
	}
}

func byCount(errors []metrics.ErrorResult) []metrics.ErrorResult {
	sorted := slices.Clone(errors)
	slices.SortStableFunc(sorted, func(a, b metrics.ErrorResult) int { return int(min(1, max(-1, b.Count-a.Count))) })
	return sorted
}

// scenarios lists the accounting of iterations.
func (p *page) scenarios(r *metrics.Result) {
	number := func(title string, drop int) column { return column{title: title, right: true, drop: drop} }
	g := &grid{columns: []column{{title: "scenario", least: 10}, {title: "executor", least: 12}, number("planned", 0),
		number("started", 0), number("completed", 1), number("failed", 0), number("interrupted", 2), number("dropped", 0), number("VUs", 0)}}
	alarm := func(n int64, s style) cell {
		if n == 0 {
			return cell{text: "0"}
		}
		return cell{text: count(n), style: s}
	}
	for _, s := range r.Scenarios {
		planned := cell{text: count(s.Planned)}
		if s.Planned < 0 {
			planned = cell{text: none, style: dim}
		}
		g.add(cell{text: s.Name}, cell{text: s.Executor}, planned, cell{text: count(s.Started)}, cell{text: count(s.Completed)},
			alarm(s.Failed, red), alarm(s.Interrupted, yellow), alarm(s.Dropped, red), cell{text: count(s.VUsMax)})
	}
	p.section("Scenarios (iterations)", g)
	for _, s := range r.Scenarios {
		if s.Unseen != nil {
			p.line(yellow, unseen(s))
		}
	}
}

// unseen says what a closed scenario's times leave out.
func unseen(s metrics.ScenarioResult) string {
	return fmt.Sprintf("%s is a closed model: %s took up to %s (usual: %s); about %s that would have come meanwhile were not made and are in no time above. An arrival rate would show them.",
		s.Name, plural(s.Unseen.Stalls, "iteration"), milliseconds(s.Unseen.LongestMs, digits), milliseconds(s.Unseen.UsualMs, digits), count(s.Unseen.Iterations))
}

// footer says how setup, teardown and the generator did.
func (p *page) footer(r *metrics.Result) {
	gen := r.Generator
	defer p.outputs(r)
	watched := gen.Seconds > 0 || gen.Limited
	if watched || r.Internal != nil || len(r.Setup) > 0 || len(r.Teardown) > 0 {
		p.WriteByte('\n')
	}
	p.besides("Setup", r.Setup)
	p.besides("Teardown", r.Teardown)
	if i := r.Internal; i != nil {
		p.line(normal, fmt.Sprintf("Internal: %s for tokens, %s failed", plural(i.Requests, "request"), count(i.Failed)))
	}
	if !watched {
		return
	}
	word, s := "healthy", normal
	if gen.Limited {
		word, s = "LIMITED", yellow
	}
	p.line(s, fmt.Sprintf("Generator: %s, %s CPU of %s, start lag p99 %s, %d of %s late", word, percent(gen.CPU, digits),
		plural(int64(r.Run.Host.CPUs), "core"), milliseconds(gen.StartLagP99Ms, digits), gen.BadSeconds, plural(int64(gen.Seconds), "second")))
	for _, w := range gen.Warnings {
		p.lines(yellow, "  warning: ", w)
	}
}

// outputs says how those that were fed while the run went on fared.
func (p *page) outputs(r *metrics.Result) {
	for _, o := range r.Outputs {
		s := normal
		if o.Missed > 0 || o.Error != "" {
			s = yellow
		}
		p.line(s, "Output "+Missed(o))
	}
}

// Missed says of an output what it got and what not: it is cleaned text.
func Missed(o metrics.OutputResult) string {
	text := fmt.Sprintf("%s: %s delivered", o.Name, plural(o.Delivered, strings.TrimSuffix(o.Unit, "s")))
	if o.Missed > 0 {
		text += fmt.Sprintf(", %s missed", count(o.Missed))
	}
	if o.Error != "" {
		text += ": " + o.Error
	}
	return Clean(text)
}

// besides says what setup or teardown did: their requests are in no other table.
func (p *page) besides(name string, facts map[string]any) {
	if len(facts) == 0 {
		return
	}
	requests, failed := asFloat(facts["requests"]), asFloat(facts["failed"])
	s := normal
	if failed > 0 {
		s = red
	}
	p.line(s, fmt.Sprintf("%s: %s, %s failed, %s", name, plural(whole(requests), "request"), count(whole(failed)),
		milliseconds(asFloat(facts["duration_ms"]), digits)))
}

// asFloat is a number of a JSON-like map, 0 if it is none.
func asFloat(v any) float64 {
	switch n := v.(type) {
	case int:
		return float64(n)
	case int64:
		return float64(n)
	case float64:
		return n
	}
	return 0
}
