package report

import "strings"

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
	ahead func(w int) int // from which column on what is drawn is yet to come; nil: from none
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

// only is a grid of some of the columns, in that order.
func (g *grid) only(columns []int) *grid {
	out := &grid{}
	for _, c := range columns {
		out.columns = append(out.columns, g.columns[c])
	}
	for _, row := range g.rows {
		var cells []cell
		for _, c := range columns {
			cells = append(cells, row[c])
		}
		out.rows = append(out.rows, cells)
	}
	return out
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

// paint gives a text its colours: what is yet to come is dim.
func (c cell) paint(text string, w int, color bool) string {
	if c.ahead == nil {
		return c.style.paint(text, color)
	}
	runes := []rune(text)
	at := min(c.ahead(w), len(runes))
	return c.style.paint(string(runes[:at]), color) + dim.paint(string(runes[at:]), color)
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
			b.WriteString(row[i].paint(pad(text, w, g.columns[i].right), w, color))
		}
		lines = append(lines, strings.TrimRight(b.String(), " "))
	}
	return lines
}
