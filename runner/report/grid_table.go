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
