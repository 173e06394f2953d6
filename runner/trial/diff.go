package trial

import (
	"encoding/json"
	"fmt"
	"strings"

	"runner/spec/expr"
)

const (
	diffContext = 2   // lines that are alike around a difference
	diffLines   = 60  // of a diff that are shown
	diffMost    = 600 // lines of each side beyond which no diff is made
)

// diff shows what was expected and what came as a unified diff of indented JSON.
func (l *listener) diff(p *expr.Part) []string {
	lines := []string{
		l.Clean("      " + p.Source + " = false"),
		l.paint(red, l.Clean("      --- expected: "+p.ExpectedSource)),
		l.paint(green, l.Clean("      +++ actual: "+p.ActualSource)),
	}
	expected, actual := l.lines(p.Expected), l.lines(p.Actual)
	if len(expected) > diffMost || len(actual) > diffMost {
		return append(lines, fmt.Sprintf("      (%d and %d lines: too many to compare here)", len(expected), len(actual)))
	}
	shown := unified(expected, actual)
	for i, line := range shown {
		if i == diffLines {
			return append(lines, fmt.Sprintf("      … and %d lines more", len(shown)-i))
		}
		lines = append(lines, l.marked(line))
	}
	return lines
}

func (l *listener) marked(line string) string {
	text := l.Clean("      " + line)
	switch line[0] {
	case '-':
		return l.paint(red, text)
	case '+':
		return l.paint(green, text)
	case '@':
		return l.paint(dim, text)
	}
	return text
}

// lines is a value as indented JSON, keys in order, secrets masked.
func (l *listener) lines(v any) []string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if e.Encode(v) != nil {
		return []string{fmt.Sprint(v)}
	}
	return strings.Split(l.Mask(strings.TrimSuffix(b.String(), "\n")), "\n")
}

// unified compares two texts line by line: "-" only expected, "+" only actual, " " both, "@" where lines are left out.
func unified(expected, actual []string) (out []string) {
	all := script(expected, actual)
	near := make([]bool, len(all))
	for i, line := range all {
		if line[0] == ' ' {
			continue
		}
		for j := max(0, i-diffContext); j <= min(len(all)-1, i+diffContext); j++ {
			near[j] = true
		}
	}
	for i, line := range all {
		switch {
		case near[i]:
			out = append(out, line)
		case i == 0 || near[i-1]:
			out = append(out, "@ …")
		}
	}
	return out
}

// script is the shortest way from one text to the other (longest common subsequence). A comma at a line's end is JSON's, not
// a difference.
func script(a, b []string) []string {
	long := make([][]int, len(a)+1) // long[i][j]: of a[i:] and b[j:]
	for i := range long {
		long[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if same(a[i], b[j]) {
				long[i][j] = long[i+1][j+1] + 1
			} else {
				long[i][j] = max(long[i+1][j], long[i][j+1])
			}
		}
	}
	var out []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && same(a[i], b[j]):
			out = append(out, "  "+b[j])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && long[i+1][j] >= long[i][j+1]:
			out = append(out, "- "+a[i])
			i++
		default:
			out = append(out, "+ "+b[j])
			j++
		}
	}
	return out
}

func same(a, b string) bool { return strings.TrimSuffix(a, ",") == strings.TrimSuffix(b, ",") }
