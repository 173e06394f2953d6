package spec

import (
	"strings"
)

// syntaxProblem turns yaml.v3's error into a problem at the right place.
func syntaxProblem(file string, lines []string, e syntaxError) Problem {
	if name, ok := strings.CutPrefix(e.problem, "unknown anchor '"); ok {
		name, _, _ = strings.Cut(name, "'")
		return unknownAnchor(file, lines, name)
	}
	at := e.at
	if e.ok && startsBetter(e) {
		at = e.begin
	}
	pos, line := clampMark(file, lines, at)
	if p, ok := trapAt(pos, line, e); ok {
		return p
	}
	message := e.problem
	if e.context != "" {
		message += " " + e.context
	}
	return Problemf(pos, 1, "not valid YAML: %s", message).WithHint("%s", syntaxHint(e))
}

// startsBetter tells whether an error is better shown where its construct begins: an unclosed quote ends at the end of the
// file, and so does an unclosed bracket.
func startsBetter(e syntaxError) bool {
	return strings.Contains(e.problem, "unexpected end of stream") || strings.Contains(e.problem, "could not find expected ':'") ||
		strings.Contains(e.problem, "document indicator")
}

// clampMark is a mark as a position inside the file, and the line there.
func clampMark(file string, lines []string, m mark) (Pos, string) {
	l := min(max(0, m.line), len(lines)-1)
	col := m.col
	for l > 0 && strings.TrimSpace(lines[l]) == "" { // an error at the end of the file belongs to the last line
		l--
		col = runeCount(lines[l])
	}
	col = min(max(0, col), runeCount(lines[l]))
	return Pos{File: file, Line: l + 1, Col: col + 1}, lines[l]
}

func unknownAnchor(file string, lines []string, name string) Problem {
	for i, line := range lines {
		if j := strings.Index(line, "*"+name); j >= 0 {
			return Problemf(Pos{File: file, Line: i + 1, Col: runeCount(line[:j]) + 1}, 1+runeCount(name),
				"YAML read *%s as an alias, and there is no anchor &%s before it", name, name).WithHint("if this is text, put it in quotes")
		}
	}
	return Problemf(Pos{File: file, Line: 1, Col: 1}, 1, "unknown anchor %s", name)
}

// trapAt names the trap that stands at the place of a syntax error.
func trapAt(pos Pos, line string, e syntaxError) (Problem, bool) {
	runes := []rune(line)
	at := func(i int) rune {
		if i >= 0 && i < len(runes) {
			return runes[i]
		}
		return 0
	}
	i := pos.Col - 1
	switch {
	case at(i) == '{' && at(i-1) == '$' && strings.Contains(e.context, "flow"):
		p := Problemf(Pos{pos.File, pos.Line, pos.Col - 1}, templateWidth(string(runes[i-1:])), "YAML cut ${…} at its brace, because it stands unquoted inside { } or [ ]")
		return p.WithHint("put it in quotes: \"%s\"", templateText(string(runes[i-1:]))), true
	case strings.Contains(e.context, "tag"):
		begin := min(max(0, e.begin.col), len(runes))
		return tagTrap(Pos{pos.File, pos.Line, begin + 1}, string(runes[begin:])), true
	case strings.Contains(e.context, "alias"):
		begin := min(max(0, e.begin.col), len(runes))
		word := firstWord(string(runes[begin:]))
		return Problemf(Pos{pos.File, pos.Line, begin + 1}, runeCount(word), "YAML read %s as an alias", quoteShort(word)).
			WithHint("if this is text, put the whole value in quotes"), true
	case strings.Contains(e.problem, "incompatible YAML document"):
		return Problemf(pos, runeCount(line), "plans have no %%YAML line").WithHint("remove it"), true
	case strings.Contains(e.problem, "mapping values are not allowed"):
		return colonTrap(pos, runes), true
	case at(i) == '\t':
		return Problemf(pos, 1, "a tab stands where YAML wants spaces").WithHint("indent with spaces"), true
	case strings.Contains(e.problem, "cannot start any token"):
		return Problemf(pos, 1, "no YAML text can begin with %q", at(i)).WithHint("put the whole value in quotes"), true
	}
	return quoteTrap(pos, runes, e)
}

// colonTrap is `a: x ? 1 : 2` and `a: b: c`.
func colonTrap(pos Pos, runes []rune) Problem {
	before := strings.TrimSpace(string(runes[:min(len(runes), pos.Col-1)]))
	_, value, _ := strings.Cut(before, ": ")
	p := Problemf(pos, 1, "YAML read this colon as the end of a key, in the middle of a value")
	if value == "" {
		return p.WithHint("check the indentation, or put the whole value in quotes")
	}
	rest := string(runes[min(len(runes), pos.Col-1):])
	return p.WithHint("put the whole value in quotes: %s", inQuotes(strings.TrimSpace(value)+spaceBefore(runes, pos.Col-1)+strings.TrimSpace(rest)))
}

func spaceBefore(runes []rune, i int) string {
	if i > 0 && i <= len(runes) && runes[i-1] == ' ' {
		return " "
	}
	return ""
}

// quoteTrap is `- "a" == b`: YAML ends the value at the closing quote.
func quoteTrap(pos Pos, runes []rune, e syntaxError) (Problem, bool) {
	if !strings.Contains(e.problem, "did not find expected") || pos.Col < 2 {
		return Problem{}, false
	}
	before := strings.TrimRight(string(runes[:min(len(runes), pos.Col-1)]), " ")
	if before == "" || !strings.ContainsAny(before[len(before)-1:], `"'`) {
		return Problem{}, false
	}
	begin := strings.IndexByte(before, before[len(before)-1])
	if begin == len(before)-1 {
		return Problem{}, false
	}
	whole := before[begin:] + " " + strings.TrimSpace(string(runes[min(len(runes), pos.Col-1):]))
	return Problemf(pos, 1, "YAML ended the value at its closing quote, and found more text").
		WithHint("put the whole value in quotes: %s", inQuotes(whole)), true
}

// firstWord is a text up to its first space.
func firstWord(s string) string {
	if i := strings.IndexAny(s, " \t"); i > 0 {
		return s[:i]
	}
	return s
}

// syntaxHint is advice for the errors that authors meet most.
func syntaxHint(e syntaxError) string {
	switch {
	case strings.Contains(e.problem, "expected key"), strings.Contains(e.problem, "'-' indicator"):
		return "check the indentation of this line"
	case strings.Contains(e.problem, "unexpected end of stream"):
		return "the quote that opens here is never closed"
	case strings.Contains(e.problem, "expected ':'"):
		return "write key: value"
	case strings.Contains(e.problem, "',' or"):
		return "close the bracket, or put the value in quotes; an expression with commas, quotes or brackets is best written in block form, a line for each entry"
	case strings.Contains(e.problem, "escape"):
		return `write \\ for a backslash, or use single quotes`
	}
	return ""
}
