package report

import (
	"bytes"
	"strings"
)

// defaultWidth is how wide a report is where nobody says how wide the reader's screen is.
const defaultWidth = 120

// Options is how to write for people.
type Options struct {
	Color bool
	Width int // columns; 0: 120. Under 60 tables no longer get narrower.
}

// page collects a report in memory: it is written in one go, so that nothing else gets between its lines.
type page struct {
	bytes.Buffer
	limit int
	color bool
	err   error // the first error of a table
	// tables, if set, gets what would be written: for those who show tables in another way.
	tables *[]section
}

// section is a titled table and what is said below it.
type section struct {
	title string
	grid  *grid
	notes []string
}

func newPage(o Options) *page {
	p := &page{limit: o.Width, color: o.Color}
	if p.limit <= 0 {
		p.limit = defaultWidth
	}
	p.limit = max(p.limit, 60)
	return p
}

// line writes one line of text, cleaned.
func (p *page) line(s style, text string) {
	if p.tables != nil {
		if last := len(*p.tables) - 1; last >= 0 {
			(*p.tables)[last].notes = append((*p.tables)[last].notes, Clean(text))
		}
		return
	}
	p.WriteString(s.paint(Clean(text), p.color))
	p.WriteByte('\n')
}

// lines writes a text that may have several lines, each after the same indent.
func (p *page) lines(s style, indent, text string) {
	for line := range strings.Lines(text) {
		p.line(s, indent+strings.TrimRight(line, "\n"))
	}
}

// section writes a titled table after an empty line; nothing if the table is empty.
func (p *page) section(title string, g *grid) {
	if len(g.rows) == 0 {
		return
	}
	if p.tables != nil {
		*p.tables = append(*p.tables, section{title: title, grid: g})
		return
	}
	p.WriteByte('\n')
	p.line(bold, title)
	if err := g.table(&p.Buffer, p.limit, p.color); err != nil && p.err == nil {
		p.err = err
	}
}
