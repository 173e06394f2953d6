package lsp

import (
	"strings"
	"unicode/utf8"
)

// document is a text with its lines. It is not changed once it is made: a change makes a new one.
type document struct {
	path  string
	text  string
	lines [][]rune
	root  *item // its outline
}

// Most of a file that is looked at: what spec allows.
const mostText = 256 << 10

func newDocument(path, text string) *document {
	d := &document{path: path, text: text}
	if len(text) > mostText || !utf8.ValidString(text) {
		text = "" // checking it says why
	}
	for _, line := range strings.Split(text, "\n") {
		d.lines = append(d.lines, []rune(strings.TrimSuffix(line, "\r")))
	}
	if len(d.lines) > 0 && len(d.lines[0]) > 0 && d.lines[0][0] == '\ufeff' {
		d.lines[0][0] = ' '
	}
	d.root = outline(d.lines)
	return d
}

// line is a line's characters; nothing behind the end.
func (d *document) line(n int) []rune {
	if n < 0 || n >= len(d.lines) {
		return nil
	}
	return d.lines[n]
}

// column turns UTF-16 units into characters of a line.
func (d *document) column(p position) int {
	units := 0
	line := d.line(p.Line)
	for i, r := range line {
		if units >= p.Character {
			return i
		}
		units += utf16Width(r)
	}
	return len(line)
}

// position turns characters of a line into UTF-16 units. A column behind the end is the end.
func (d *document) position(line, col int) position {
	units := 0
	for i, r := range d.line(line) {
		if i >= col {
			break
		}
		units += utf16Width(r)
	}
	return position{Line: max(0, line), Character: units}
}

func (d *document) span(line, from, to int) span {
	return span{Start: d.position(line, from), End: d.position(line, to)}
}

func utf16Width(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
