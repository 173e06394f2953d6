package spec

import (
	"fmt"
	"strings"
	"unicode"
)

// A snippet shows at most this many columns of a line.
const snippetWidth = 100

// write prints `file:line:col: message (hint)`, and the line with carets if there is one.
func (p Problem) write(b *strings.Builder) {
	if where := p.Pos.String(); where != "" {
		b.WriteString(escapeControls(where) + ": ")
	}
	b.WriteString(escapeControls(p.Message))
	if p.Hint != "" {
		fmt.Fprintf(b, " (%s)", escapeControls(p.Hint))
	}
	if p.Pos.IsZero() || strings.TrimSpace(p.Line) == "" {
		return
	}
	line, from, width := shown(p.Line, max(1, p.Pos.Col), max(1, p.Width))
	fmt.Fprintf(b, "\n%5d | %s\n      | %s%s", p.Pos.Line, line, strings.Repeat(" ", from), strings.Repeat("^", width))
}

// shown is a line as a terminal can show it, with the column (from 0) and width of the carets below it: tabs are four
// columns, control characters are escaped, and of a long line the part around the caret is cut out.
func shown(line string, col, width int) (text string, from, carets int) {
	cells := make([]string, 0, len(line)) // one a column on screen
	first, last := -1, -1
	for i, r := range []rune(line) {
		if i == col-1 {
			first = len(cells)
		}
		cells = appendCells(cells, r)
		if i >= col-1 && i < col-1+width {
			last = len(cells)
		}
	}
	for len(cells) > 0 && cells[len(cells)-1] == " " && len(cells) > last {
		cells = cells[:len(cells)-1]
	}
	if first < 0 { // behind the end of the line
		first, last = len(cells), len(cells)+1
	}
	return cutAround(cells, first, max(last, first+1))
}

// cutAround keeps snippetWidth columns around the carets.
func cutAround(cells []string, first, last int) (string, int, int) {
	begin, end := 0, len(cells)
	if end > snippetWidth {
		begin = max(0, min(first-snippetWidth/3, end-snippetWidth))
		end = min(end, begin+snippetWidth)
	}
	prefix, suffix := "", ""
	if begin > 0 {
		prefix = "…"
	}
	if end < len(cells) {
		suffix = "…"
	}
	shift := runeCount(prefix) - begin
	carets := min(last-first, max(1, end-first))
	return prefix + strings.Join(cells[begin:end], "") + suffix, first + shift, carets
}

// appendCells adds the columns that a character takes.
func appendCells(cells []string, r rune) []string {
	if r == '\t' {
		return append(cells, " ", " ", " ", " ")
	}
	if hidden(r) {
		for _, e := range escaped(r) {
			cells = append(cells, string(e))
		}
		return cells
	}
	if i := int(r - ' '); i < len(printable) {
		return append(cells, printable[i:i+1])
	}
	return append(cells, string(r))
}

// printable are the characters that nearly all lines are made of, from the space on.
const printable = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"

// escapeControls keeps terminal sequences and line breaks out of messages.
func escapeControls(s string) string {
	if !strings.ContainsFunc(s, hidden) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if hidden(r) {
			b.WriteString(escaped(r))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// hidden tells whether a terminal would act on a character instead of showing it.
func hidden(r rune) bool {
	if ' ' <= r && r <= '~' { // nearly all
		return false
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

func escaped(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
