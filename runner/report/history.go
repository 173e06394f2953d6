package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"runner/runner/compare"
)

// HistoryKind is a way to write a history.
type HistoryKind struct {
	Name  string
	Write func(io.Writer, *compare.History, Options) error
}

// HistoryKinds lists them.
func HistoryKinds() []HistoryKind {
	return []HistoryKind{
		{"table", writeHistory},
		{"markdown", func(w io.Writer, h *compare.History, _ Options) error { return writeAll(w, historyMarkdown(h)) }},
		{"json", func(w io.Writer, h *compare.History, _ Options) error { return writeJSON(w, h) }},
	}
}

// historyBar is how long the bar of the largest value is, in columns.
const historyBar = 40

// writeHistory draws a bar for each run, and marks the runs at which the level changes.
func writeHistory(w io.Writer, h *compare.History, o Options) error {
	p := newPage(o)
	p.line(bold, historyTitle(h))
	g := &grid{columns: []column{{title: "start"}, {title: "value", right: true}, {title: "", drop: 2}, {title: "change"}, {title: "file", least: 12, drop: 1}}}
	most := 0.0
	for _, v := range h.Points {
		most = max(most, v.Value)
	}
	for _, v := range h.Points {
		change := cell{text: changeOf(&v)}
		if v.Changed {
			change.style = bold + ";" + yellow
		}
		g.add(cell{text: v.Start.UTC().Format(time.DateTime)}, cell{text: weakly(v.Weak, quantity(v.Value, historyUnit(h), digits))},
			cell{text: valueBar(v.Value, most)}, change, cell{text: v.File, style: dim})
	}
	p.section("Runs", g)
	p.WriteByte('\n')
	p.line("", historySentence(h))
	if p.err != nil {
		return p.err
	}
	return writeAll(w, p.Bytes())
}

func historyTitle(h *compare.History) string {
	title := h.Plan + ": " + seriesName(h.Metric, h.Tags) + " " + h.Aggregate
	if h.Profile != "" {
		title += " (profile " + h.Profile + ")"
	}
	return title
}

func historyUnit(h *compare.History) string {
	if h.Aggregate == "rate" && h.Unit == "" && (h.Metric == "http_reqs" || h.Metric == "iterations") {
		return "/s"
	}
	return aggregateUnit(h.Aggregate, h.Unit)
}

func weakly(weak bool, text string) string {
	if weak {
		return "~" + text
	}
	return text
}

func valueBar(v, most float64) string {
	if most <= 0 {
		return ""
	}
	return strings.Repeat("█", max(int(v/most*historyBar+0.5), 0))
}

func changeOf(v *compare.Point) string {
	if !v.Changed {
		return ""
	}
	return fmt.Sprintf("%+.1f%% from here on", 100*v.Change)
}

func historySentence(h *compare.History) string {
	changes := int64(0)
	for _, v := range h.Points {
		if v.Changed {
			changes++
		}
	}
	text := fmt.Sprintf("%s, %s of level", plural(int64(len(h.Points)), "run"), plural(changes, "change"))
	if h.Left > 0 {
		text += fmt.Sprintf("; %s left out: without this series, or not a whole run", plural(int64(h.Left), "result"))
	}
	return text + "."
}

func historyMarkdown(h *compare.History) []byte {
	m := &marked{left: CommentLimit - roomForEnd}
	m.line("### " + plainMark(historyTitle(h)))
	t := markTable{title: "Runs", head: []string{"start", "value>", "", "change", "file"}}
	most := 0.0
	for _, v := range h.Points {
		most = max(most, v.Value)
	}
	for _, v := range h.Points {
		t.add(v.Start.UTC().Format(time.DateTime), plainMark(weakly(v.Weak, quantity(v.Value, historyUnit(h), digits))), valueBar(v.Value, 2*most),
			plainMark(changeOf(&v)), codeMark(v.File))
	}
	m.table(&t, "run")
	m.left += roomForEnd
	m.line("")
	m.line(plainMark(historySentence(h)))
	return []byte(m.text.String())
}
