package draft

import "strings"

// Value is a tree as the plan's text will show it.
type Value struct {
	kind  valueKind
	text  string
	items []Value
	pairs []Pair
	flow  bool // on one line
}

// Pair is one entry of a map, with a comment above it or none.
type Pair struct {
	Key     string
	Value   Value
	Comment string
}

type valueKind uint8

const (
	wordValue valueKind = iota // stands as it is: 10s, 5/s, true, null, 12
	textValue                  // text of the plan's language, in quotes where YAML needs them
	listValue
	mapValue
)

// Word is a scalar that is written as it stands: a number, a unit, true, null.
func Word(s string) Value { return Value{kind: wordValue, text: s} }

// Template is a text of the plan's language, in which ${…} are templates. Expressions are such texts, too.
func Template(s string) Value { return Value{kind: textValue, text: s} }

// Literal is a text that means itself, whatever is in it.
func Literal(s string) Value { return Template(escape(s)) }

// List is a list in block style.
func List(items ...Value) Value { return Value{kind: listValue, items: items} }

// Map is a map in block style.
func Map(pairs ...Pair) Value { return Value{kind: mapValue, pairs: pairs} }

// Row is a map on one line.
func Row(pairs ...Pair) Value { return Value{kind: mapValue, pairs: pairs, flow: true} }

// Run is a list on one line.
func Run(items ...Value) Value { return Value{kind: listValue, items: items, flow: true} }

// isEmpty tells whether a list or map has nothing in it.
func (v Value) isEmpty() bool {
	return v.kind == listValue && len(v.items) == 0 || v.kind == mapValue && len(v.pairs) == 0
}

// nodes counts a value with all that is in it, as the limits on plans do.
func (v Value) nodes() int {
	n := 1
	for _, i := range v.items {
		n += i.nodes()
	}
	for _, p := range v.pairs {
		n += 1 + p.Value.nodes()
	}
	return n
}

// escape makes a template of a literal text.
func escape(s string) string { return strings.ReplaceAll(s, "${", "$${") }

// oneLine is a text without line breaks and other characters that a comment or a terminal should not get.
func oneLine(s string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t', r == '\u0085', r == '\u2028', r == '\u2029':
			return ' '
		case !printable(r):
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.TrimSpace(clean)
}

// shorten cuts a text for a message.
func shorten(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
