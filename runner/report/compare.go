package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"runner/runner/compare"
)

// ComparisonKind is a way to write a comparison.
type ComparisonKind struct {
	Name  string
	Write func(io.Writer, *compare.Comparison, Options) error
}

// ComparisonKinds lists them.
func ComparisonKinds() []ComparisonKind {
	return []ComparisonKind{
		{"table", writeComparison},
		{"markdown", func(w io.Writer, c *compare.Comparison, _ Options) error { return writeAll(w, comparisonMarkdown(c)) }},
		{"json", func(w io.Writer, c *compare.Comparison, _ Options) error { return writeJSON(w, c) }},
	}
}

func writeAll(w io.Writer, text []byte) error {
	_, err := w.Write(text)
	return err
}

func writeJSON(w io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return writeAll(w, append(text, '\n'))
}

// changeWords are the verdicts of comparisons for people.
var changeWords = map[string]cell{
	compare.Regression:  {text: "REGRESSION", style: bold + ";" + red},
	compare.Improvement: {text: "improvement", style: green},
	compare.Same:        {text: "same", style: dim},
	compare.Unclear:     {text: "unclear", style: yellow},
	compare.TooFew:      {text: "too few runs", style: yellow},
}

// writeComparison is the comparison as a table.
func writeComparison(w io.Writer, c *compare.Comparison, o Options) error {
	p := newPage(o)
	p.line("", fmt.Sprintf("%s: %s against %s", c.Plan, plural(int64(len(c.Head)), "run"), plural(int64(len(c.Base)), "run")))
	g := &grid{columns: []column{{title: "series", least: 24}, {title: "before", right: true}, {title: "now", right: true},
		{title: "change", right: true}, {title: "95 % interval", right: true, drop: 2}, {title: "p", right: true, drop: 1}, {title: "verdict"}}}
	for i := range c.Changes {
		k := &c.Changes[i]
		g.add(cell{text: k.Name()}, cell{text: spreadText(k, k.Base)}, cell{text: spreadText(k, k.Head)},
			cell{text: difference(k, k.Change)}, cell{text: intervalText(k)}, cell{text: fmt.Sprintf("%.3f", k.P)}, changeWords[k.Verdict])
	}
	p.section("Medians of the runs (± half of what lies between the smallest and the largest)", g)
	for _, n := range c.Notes {
		p.line(yellow, "note: "+n)
	}
	p.WriteByte('\n')
	p.line(changeWords[c.Verdict].style, comparisonSentence(c))
	for _, r := range c.Reasons {
		p.lines("", "  ", r)
	}
	if p.err != nil {
		return p.err
	}
	return writeAll(w, p.Bytes())
}

// comparisonSentence is the verdict in a sentence.
func comparisonSentence(c *compare.Comparison) string {
	counts := map[string]int64{}
	for _, k := range c.Changes {
		counts[k.Verdict]++
	}
	limit := percent(c.Tolerance, digits)
	switch c.Verdict {
	case compare.Regression:
		return fmt.Sprintf("REGRESSION – %d series worse by more than %s; exit code %d.", counts[compare.Regression], limit, c.ExitCode)
	case compare.Improvement:
		return fmt.Sprintf("IMPROVEMENT – %d series better by more than %s, none worse.", counts[compare.Improvement], limit)
	case compare.Same:
		return fmt.Sprintf("SAME – no change beyond %s.", limit)
	case compare.TooFew:
		return "TOO FEW RUNS TO TELL – nothing is judged."
	}
	return fmt.Sprintf("UNCLEAR – no change is shown, and one of more than %s is not excluded: make more runs, or longer ones.", limit)
}

func spreadText(k *compare.Change, s compare.Spread) string {
	unit := aggregateUnit(k.Aggregate, k.Unit)
	if k.Metric == "http_reqs" {
		unit = "/s"
	}
	text := quantity(s.Median, unit, digits)
	if s.Runs > 1 && s.Median > 0 {
		text += fmt.Sprintf(" ±%s", percent((s.Max-s.Min)/2/s.Median, 2))
	}
	return text
}

func intervalText(k *compare.Change) string {
	return difference(k, k.Low) + " … " + difference(k, k.High)
}

// difference is a change as people write it: +10.2 %; of shares in percentage points.
func difference(k *compare.Change, v float64) string {
	sign, unit := "+", ""
	if v < 0 {
		sign, v = "−", -v
	}
	if isShare(k) {
		unit = " points"
	}
	return sign + strings.TrimSuffix(percent(v, digits), "%") + map[bool]string{true: unit, false: "%"}[isShare(k)]
}

func isShare(k *compare.Change) bool { return k.Metric == "http_req_failed" || k.Metric == "checks" }

var changeMarks = map[string]string{
	compare.Regression: "❌ **regression**", compare.Improvement: "✅ improvement", compare.Same: "same", compare.Unclear: "⚠️ unclear", compare.TooFew: "too few runs",
}

// comparisonMarkdown is the comparison for a pull request: what changed first.
func comparisonMarkdown(c *compare.Comparison) []byte {
	m := &marked{left: CommentLimit - roomForEnd}
	marks := map[string]string{compare.Regression: "❌", compare.Improvement: "✅", compare.Same: "✅"}
	mark, ok := marks[c.Verdict]
	if !ok {
		mark = "⚠️"
	}
	m.line("### " + mark + " " + plainMark(comparisonSentence(c)))
	m.line("")
	m.line(fmt.Sprintf("%s, %s against %s", codeMark(c.Plan), plural(int64(len(c.Head)), "run"), plural(int64(len(c.Base)), "run")))
	if c.Verdict == compare.TooFew {
		for _, r := range c.Reasons {
			m.line("- " + plainMark(r))
		}
	}
	t := markTable{title: "Medians of the runs", head: []string{"series", "before>", "now>", "change>", "95 % interval>", "p>", "verdict"}}
	for _, verdict := range []string{compare.Regression, compare.Improvement, compare.Unclear, compare.TooFew, compare.Same} {
		for i := range c.Changes {
			if k := &c.Changes[i]; k.Verdict == verdict {
				t.add(codeMark(k.Name()), plainMark(spreadText(k, k.Base)), plainMark(spreadText(k, k.Head)), plainMark(difference(k, k.Change)),
					plainMark(intervalText(k)), fmt.Sprintf("%.3f", k.P), changeMarks[k.Verdict])
			}
		}
	}
	m.table(&t, "series")
	m.left += roomForEnd
	for _, n := range c.Notes {
		m.line("")
		m.line("<sub>" + plainMark(cut("note: "+Clean(n), longestCell)) + "</sub>")
	}
	return []byte(m.text.String())
}
