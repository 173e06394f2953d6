package spec

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problem is one mistake in a plan.
type Problem struct {
	Pos     Pos    `json:"pos"`
	Width   int    `json:"width"`             // characters to underline, at least 1
	Message string `json:"message"`           // without position: `unknown key "vuss" in executor constant-vus`
	Hint    string `json:"hint,omitempty"`    // what to do: `did you mean "vus"?`; shown in brackets after the message
	Line    string `json:"snippet,omitempty"` // the line of the file, for the snippet; filled by Problems.Annotate
	Code    string `json:"code,omitempty"`    // of a warning: which kind it is, such as unused
}

// Problemf makes a problem at a position, with so many characters to underline.
func Problemf(pos Pos, width int, format string, args ...any) Problem {
	return Problem{Pos: pos, Width: max(1, width), Message: fmt.Sprintf(format, args...)}
}

// WithHint is the problem with advice; an empty hint changes nothing.
func (p Problem) WithHint(format string, args ...any) Problem {
	if hint := fmt.Sprintf(format, args...); hint != "" {
		p.Hint = hint
	}
	return p
}

// Error is the problem as its author reads it, without a final newline.
func (p Problem) Error() string {
	var b strings.Builder
	p.write(&b)
	return b.String()
}

// Problems is an error that lists every mistake, in file order.
type Problems []Problem

// Err is nil if there are no problems: a nil Problems in an error variable would not be.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// maxShown is how many problems a text lists: nobody reads more at once.
const maxShown = 100

// Error lists the problems, one after the other, each with its snippet.
func (ps Problems) Error() string {
	var b strings.Builder
	for i, p := range ps {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i == maxShown {
			fmt.Fprintf(&b, "… and %d more problems", len(ps)-i)
			break
		}
		p.write(&b)
	}
	return b.String()
}

// Annotate sorts the problems by the order of the sources, then by line and column, drops what is there twice, and fills
// in the lines of the files. Values of secrets are masked in them. Problems without a position come last.
func (ps Problems) Annotate(sources []Source) Problems {
	rank := map[string]int{}
	for i, s := range sources {
		if _, ok := rank[s.Path]; !ok {
			rank[s.Path] = i
		}
	}
	place := func(p Problem) int {
		if i, ok := rank[p.Pos.File]; ok {
			return i
		}
		return len(sources)
	}
	sorted := slices.Clone(ps)
	slices.SortStableFunc(sorted, func(a, b Problem) int {
		if d := place(a) - place(b); d != 0 {
			return d
		}
		if d := a.Pos.Line - b.Pos.Line; d != 0 {
			return d
		}
		return a.Pos.Col - b.Pos.Col
	})
	seen := map[Problem]bool{}
	unique := sorted[:0]
	lines := map[string][]string{}
	for _, p := range sorted {
		if i, ok := rank[p.Pos.File]; ok && p.Line == "" {
			p.Line = sources[i].line(p.Pos.Line, lines)
		}
		key := p
		key.Hint, key.Width = "", 0
		if !seen[key] {
			seen[key] = true
			unique = append(unique, p)
		}
	}
	return unique
}

// line is one line of a source, with the values of secrets masked. cache holds the split texts by path.
func (s Source) line(n int, cache map[string][]string) string {
	lines, ok := cache[s.Path]
	if !ok {
		lines = splitLines(string(s.Text))
		for _, sp := range s.secrets {
			if sp.line <= len(lines) {
				lines[sp.line-1] = maskSpan(lines[sp.line-1], sp)
			}
		}
		cache[s.Path] = lines
	}
	if n < 1 || n > len(lines) {
		return ""
	}
	return lines[n-1]
}

// maskSpan puts asterisks over a run of characters, so that carets stay right.
func maskSpan(line string, sp span) string {
	runes := []rune(line)
	for i := sp.col - 1; i < min(len(runes), sp.col-1+sp.width); i++ {
		runes[i] = '*'
	}
	return string(runes)
}

// lineBreaks turns what YAML takes for a line break into a line feed.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// splitLines cuts a text at the line breaks that YAML knows.
func splitLines(text string) []string {
	text = strings.TrimPrefix(text, "\ufeff")
	return strings.Split(lineBreaks.Replace(text), "\n")
}

func runeCount(s string) int { return utf8.RuneCountInString(s) }
