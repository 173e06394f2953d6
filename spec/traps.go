package spec

import (
	"strings"
)

// tagTrap is - !(…), and any value with a tag. YAML reads some texts otherwise than their author; this file names the traps
// that YAML itself accepts: what it did, and how to write it. Those that end in a syntax error are in syntax.go.
func tagTrap(pos Pos, rest string) Problem {
	rest = strings.TrimSpace(rest)
	word := rest
	if i := strings.IndexAny(rest, " ,"); i > 0 {
		word = rest[:i]
	}
	p := Problemf(pos, runeCount(word), "YAML read %s as a tag, and plans have no tags", quoteShort(word))
	if strings.HasPrefix(rest, "!!") {
		return p.WithHint("leave the tag out; quoted values are text")
	}
	return p.WithHint("put the whole value in quotes: %s", inQuotes(rest))
}

// loneEntry is `{ a: max(1, 2) }`: the comma ends an entry inside { }.
func loneEntry(m *node, key *node) Problem {
	p := Problemf(key.pos, key.width, "YAML read %s as an entry of its own, because a comma ends an entry inside { }", quoteShort(key.text))
	if len(m.pairs) == 0 {
		return p.WithHint("write key: value; a template needs quotes: \"${…}\"")
	}
	last := m.pairs[len(m.pairs)-1]
	if last.val.kind != scalarNode {
		return p.WithHint("write key: value")
	}
	return p.WithHint("put the whole value in quotes: %s: %s", last.key.text, inQuotes(last.val.text+", "+key.text))
}

// cutText tells whether YAML cut a plain text that was meant to go on: its quotes or brackets are open, and a comment, a
// comma or the end of { } follows. Such a text is a problem of its own.
func cutText(n *node) (Problem, bool) {
	if n.style != plain || !unbalanced(n.text) {
		return Problem{}, false
	}
	rest := strings.TrimLeft(n.rest, " \t")
	pos := n.pos
	pos.Col += runeCount(n.text) + len(n.rest) - len(rest)
	switch {
	case strings.HasPrefix(rest, "#"):
		return Problemf(pos, runeCount(rest), "YAML took this for a comment, because # comes after a space, and cut the value").
			WithHint("put the whole value in quotes: %s", inQuotes(n.text+" "+rest)), true
	case n.flow && rest != "" && strings.ContainsRune(",]}", rune(rest[0])):
		return Problemf(pos, 1, "YAML ended the value %s here, because it stands unquoted inside { } or [ ]", quoteShort(n.text)).
			WithHint("put the whole value in quotes"), true
	}
	return Problem{}, false
}

// colonMap tells whether a map was meant to be one text: `- x ? 1 : 2` is a map to YAML.
func colonMap(n *node) (Problem, bool) {
	if n.kind != mapNode || len(n.pairs) != 1 {
		return Problem{}, false
	}
	key, val := n.pairs[0].key, n.pairs[0].val
	if key.style != plain || val.kind != scalarNode || !strings.Contains(key.text, " ?") && !unbalanced(key.text) {
		return Problem{}, false
	}
	p := Problemf(key.pos, key.width, "YAML read this as a map, because a colon and a space end a key")
	return p.WithHint("put the whole value in quotes: %s", inQuotes(key.text+" : "+val.text)), true
}

// unbalanced tells whether quotes or brackets of an expression are left open or closed too often.
func unbalanced(s string) bool {
	var open []rune
	var quote rune
	escape := false
	for _, r := range s {
		switch {
		case escape:
			escape = false
		case quote != 0:
			escape = r == '\\'
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case strings.ContainsRune("([{", r):
			open = append(open, r)
		case strings.ContainsRune(")]}", r):
			if len(open) == 0 {
				return true
			}
			open = open[:len(open)-1]
		}
	}
	return quote != 0 || len(open) > 0
}

// inQuotes is a text as a YAML author would quote it.
func inQuotes(s string) string {
	if strings.ContainsAny(s, `"\`) {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return `"` + s + `"`
}

// templateText is the ${…} that a text begins with.
func templateText(s string) string {
	if i := strings.IndexByte(s, '}'); i > 0 {
		return s[:i+1]
	}
	return "${…}"
}

func templateWidth(s string) int {
	if i := strings.IndexByte(s, '}'); i > 0 {
		return runeCount(s[:i+1])
	}
	return 2
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
