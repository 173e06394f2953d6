package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// gap is what stands between two columns.
const gap = "  "

// column is one column of a grid and what it may do to fit a narrow screen.
type column struct {
	title string
	right bool
	least int // may be cut down to this width; 0: it keeps its own
	drop  int // from 1: columns go in this order when nothing can be cut any more; 0: never
}

// cell is one field. draw, if set, makes its text from the width it is given, at most most.
type cell struct {
	text  string
	style style
	draw  func(w int) string
	most  int
}

// grid is rows under columns. Cells are cleaned when they come in.
type grid struct {
	columns []column
	rows    [][]cell
}

func (g *grid) add(cells ...cell) {
	for i := range cells {
		cells[i].text = Clean(cells[i].text)
	}
	g.rows = append(g.rows, cells)
}

// fit returns the width of every column, so that all together take at most limit columns where that can be had; -1:
// the column is left out.
func (g *grid) fit(limit int) []int {
	natural := g.natural(limit)
	widths := append([]int(nil), natural...)
	for total(widths) > limit {
		if g.narrow(widths) {
			continue
		}
		i := g.dropped(widths)
		if i < 0 {
			break
		}
		natural[i] = -1
		copy(widths, natural)
	}
	return widths
}

// natural is how wide the columns would like to be. A column without content is left out.
func (g *grid) natural(limit int) []int {
	widths := make([]int, len(g.columns))
	for i := range widths {
		widths[i] = -1
		for _, row := range g.rows {
			if w := max(width(row[i].text), row[i].most); w > 0 {
				widths[i] = max(widths[i], w, width(g.columns[i].title))
			}
		}
		if g.columns[i].least > 0 {
			widths[i] = min(widths[i], limit) // bounds the loop in fit
		}
	}
	return widths
}

// narrow takes one column off the widest that may be cut, and says whether there was one.
func (g *grid) narrow(widths []int) bool {
	widest := -1
	for i, w := range widths {
		least := g.columns[i].least
		if least > 0 && w > max(least, width(g.columns[i].title)) && (widest < 0 || w > widths[widest]) {
			widest = i
		}
	}
	if widest < 0 {
		return false
	}
	widths[widest]--
	return true
}

// dropped is the next column to leave out, -1: there is none.
func (g *grid) dropped(widths []int) int {
	next := -1
	for i, w := range widths {
		drop := g.columns[i].drop
		if w >= 0 && drop > 0 && (next < 0 || drop < g.columns[next].drop) {
			next = i
		}
	}
	return next
}

func total(widths []int) int {
	sum := -len(gap)
	for _, w := range widths {
		if w >= 0 {
			sum += w + len(gap)
		}
	}
	return sum
}

// fitted is a cell's text within w columns.
func (c cell) fitted(w int) string {
	if c.draw != nil {
		return c.draw(w)
	}
	return cut(c.text, w)
}

// lines renders the grid without titles, each line at most limit columns wide.
func (g *grid) lines(limit int, color bool) []string {
	widths := g.fit(limit)
	lines := make([]string, 0, len(g.rows))
	for _, row := range g.rows {
		var b strings.Builder
		used := 0
		for i, w := range widths {
			if used > 0 && w >= 0 {
				used += len(gap)
				b.WriteString(gap)
			}
			w = min(w, limit-used)
			if w <= 0 {
				continue
			}
			text := row[i].fitted(w)
			used += max(w, width(text))
			b.WriteString(row[i].style.paint(pad(text, w, g.columns[i].right), color))
		}
		lines = append(lines, strings.TrimRight(b.String(), " "))
	}
	return lines
}

// table renders the grid with its titles.
func (g *grid) table(w io.Writer, limit int, color bool) error {
	widths := g.fit(limit)
	var titles []string
	var aligns []tw.Align
	for i, w := range widths {
		if w < 0 {
			continue
		}
		titles = append(titles, g.columns[i].title)
		aligns = append(aligns, map[bool]tw.Align{false: tw.AlignLeft, true: tw.AlignRight}[g.columns[i].right])
	}
	if len(titles) == 0 {
		return nil
	}
	var buf bytes.Buffer
	t := newTable(&buf, aligns)
	t.Header(titles)
	for _, row := range g.rows {
		var texts []string
		for i, w := range widths {
			if w >= 0 {
				texts = append(texts, row[i].style.paint(row[i].fitted(w), color))
			}
		}
		if err := t.Append(texts); err != nil {
			return fmt.Errorf("adding a row to a table: %w", err)
		}
	}
	if err := t.Render(); err != nil {
		return fmt.Errorf("rendering a table: %w", err)
	}
	return writeTrimmed(w, buf.String())
}

// newTable is the one style of all tables: no frame, one line under the titles. It reads the same on a terminal, in a
// log and pasted into a pull request.
func newTable(w io.Writer, aligns []tw.Align) *tablewriter.Table {
	paddings := make([]tw.Padding, len(aligns))
	for i := range paddings {
		paddings[i] = tw.Padding{Right: gap, Overwrite: true}
	}
	paddings[len(paddings)-1].Right = ""
	cells := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:  tw.CellAlignment{PerColumn: aligns},
		Padding:    tw.CellPadding{PerColumn: paddings},
	}
	off := tw.Border{Left: tw.Off, Right: tw.Off, Top: tw.Off, Bottom: tw.Off}
	return tablewriter.NewTable(w,
		tablewriter.WithConfig(tablewriter.Config{
			Header: cells, Row: cells,
			Behavior: tw.Behavior{TrimSpace: tw.Off, AutoHide: tw.Off},
		}),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: off,
			Symbols: tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{
				Separators: tw.Separators{ShowHeader: tw.On, ShowFooter: tw.Off, BetweenRows: tw.Off, BetweenColumns: tw.Off},
				Lines:      tw.Lines{ShowHeaderLine: tw.On, ShowTop: tw.Off, ShowBottom: tw.Off},
			},
		})))
}

// writeTrimmed writes text without spaces at the ends of its lines.
func writeTrimmed(w io.Writer, text string) error {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(line, " \n"))
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}
