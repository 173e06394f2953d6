package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"runner/runner/metrics"
)

// Table writes the result for people, when the run has ended.
type Table struct {
	w io.Writer
	o Options
}

var _ Output = (*Table)(nil)

// NewTable makes the output that writes tables to w.
func NewTable(w io.Writer, o Options) *Table { return &Table{w: w, o: o} }

// Start does nothing.
func (t *Table) Start(Info) error { return nil }

// Interval does nothing.
func (t *Table) Interval(*Live) {}

// Finish writes all tables and the verdict. The error is the writer's.
func (t *Table) Finish(r *metrics.Result) error { return WriteTable(t.w, r, t.o) }

// WriteTable writes a result for people: what was run, thresholds, requests, times, checks, errors, scenarios, the
// generator and the verdict, in this order. What is empty is left out. The error is the writer's.
func WriteTable(w io.Writer, r *metrics.Result, o Options) error {
	p := newPage(o)
	p.header(r)
	p.sections(r)
	p.footer(r)
	p.WriteByte('\n')
	p.verdict(r)
	if p.err != nil {
		return p.err
	}
	if _, err := w.Write(p.Bytes()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// sections are all tables.
func (p *page) sections(r *metrics.Result) {
	p.thresholds(r)
	p.requests(r, newCatalog(r))
	p.times(r)
	p.others(r)
	p.checks(r)
	p.errors(r)
	p.scenarios(r)
}

// sectionsOf are the tables of a result, for those who show them in another way.
func sectionsOf(r *metrics.Result) []section {
	list := []section{}
	p := newPage(Options{})
	p.tables = &list
	p.sections(r)
	return list
}

// header says what was run.
func (p *page) header(r *metrics.Result) {
	title := r.Plan.Name
	if r.Plan.File != "" && r.Plan.File != r.Plan.Name {
		title += " (" + r.Plan.File + ")"
	}
	p.line(bold, cut(Clean(title), p.limit))
	var facts []string
	if r.Plan.Profile != "" {
		facts = append(facts, "profile "+r.Plan.Profile)
	}
	facts = append(facts, fmt.Sprintf("seed %d", r.Plan.Seed), "took "+seconds(r.Run.DurationS))
	if !r.Run.Start.IsZero() {
		facts = append(facts, "started "+r.Run.Start.UTC().Format(time.RFC3339))
	}
	if r.Run.Segments > 1 {
		facts = append(facts, fmt.Sprintf("%d segments", r.Run.Segments))
	}
	p.line(dim, strings.Join(facts, ", "))
	p.changed(r)
}

var statusWords = map[string]cell{
	"pass":           {text: "pass", style: green},
	"fail":           {text: "FAIL", style: red},
	"skipped":        {text: "skipped", style: dim},
	"not_applicable": {text: "not applicable", style: dim},
	"not_trusted":    {text: "not trusted", style: yellow},
}

// thresholds lists every condition with what was observed.
func (p *page) thresholds(r *metrics.Result) {
	g := &grid{columns: []column{
		{title: "result"}, {title: "metric", least: 28}, {title: "condition", least: 12},
		{title: "observed", right: true, least: 10}, {title: "note", least: 7},
	}}
	for _, t := range r.Thresholds {
		word, ok := statusWords[t.Status]
		if !ok {
			word = cell{text: t.Status}
		}
		g.add(word, cell{text: seriesOf(t.ID, t.Condition)}, cell{text: t.Condition},
			cell{text: seen(t), style: map[bool]style{true: red}[t.Status == "fail"]}, cell{text: note(t), style: dim})
	}
	p.section("Thresholds", g)
}

// seriesOf is a threshold's id without the condition.
func seriesOf(id, condition string) string {
	for _, text := range []string{condition, strings.Join(strings.Fields(condition), " ")} {
		if at := strings.LastIndex(id, ": "+text); at >= 0 {
			return id[:at]
		}
	}
	return id
}

func seen(t metrics.ThresholdResult) string {
	switch {
	case len(t.Observed) > 0:
		return observed(t.Observed, t.Unit, t.Condition)
	case t.Status == "fail":
		return "no data"
	}
	return none
}

func note(t metrics.ThresholdResult) string {
	var notes []string
	if t.Default {
		notes = append(notes, "default")
	}
	if t.Stage != "" {
		notes = append(notes, "stage "+t.Stage)
	}
	if t.WindowS > 0 {
		notes = append(notes, fmt.Sprintf("windows of %g s", t.WindowS))
	}
	if t.WarmupS > 0 {
		notes = append(notes, fmt.Sprintf("after %g s", t.WarmupS))
	}
	if t.Aborted {
		notes = append(notes, "aborted the run")
	}
	if t.Reason != "" && t.Reason != seen(t) {
		notes = append(notes, t.Reason)
	}
	return strings.Join(notes, ", ")
}
