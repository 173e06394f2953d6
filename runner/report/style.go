package report

import (
	"os"

	"golang.org/x/term"
)

// style is how a text looks on a terminal. It never carries meaning alone: words do.
type style string

const (
	normal style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "31"
	green  style = "32"
	yellow style = "33"
)

// paint wraps a cleaned text in its colours.
func (s style) paint(text string, color bool) string {
	if !color || s == normal || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// Color says whether to write colours to f: it is a terminal, NO_COLOR (https://no-color.org) is unset or empty, TERM is
// not dumb, and the user did not say --no-color.
func Color(f *os.File, noColor bool) bool {
	return !noColor && os.Getenv("NO_COLOR") == "" && TerminalSize(f) != nil
}

// TerminalSize returns a function that asks the terminal behind f for its size in columns and rows, each time anew. It is
// nil if f is no terminal on which a line can be redrawn.
func TerminalSize(f *os.File) func() (columns, rows int) {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) || os.Getenv("TERM") == "dumb" || !ansi(f) {
		return nil
	}
	return func() (int, int) {
		columns, rows, err := term.GetSize(fd)
		if err != nil || columns <= 0 || rows <= 0 {
			return 80, 24
		}
		return columns, rows
	}
}
