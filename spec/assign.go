package spec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// flagFile stands where other problems have their file: lines are the --set flags in their order.
const flagFile = "--set"

// assign applies path=value to the merged document: any value of the plan by its path, such as
// scenarios.buy.executor.rate=5/s. Elements of a list are named by their number from 0, or by their name; a segment in
// double quotes may hold dots. The value is YAML on one line; null takes a word away.
func (l *loader) assign(root *node, sets []string) *node {
	for i, text := range sets {
		a := &assignment{text: text, line: i + 1}
		if next := a.apply(root); a.problem == nil {
			root = next
			continue
		}
		l.add(*a.problem)
	}
	if len(sets) > 0 {
		l.sources = append(l.sources, Source{Path: flagFile, Text: []byte(strings.Join(sets, "\n"))})
	}
	return root
}

// assignment is one --set.
type assignment struct {
	text    string
	line    int
	path    []segment
	value   *node
	problem *Problem
}

// segment is one name of a path, and where it stands in the flag.
type segment struct {
	name       string
	col, width int
}

func (a *assignment) apply(root *node) *node {
	if !a.read() {
		return root
	}
	switch a.path[0].name {
	case "include", "profiles":
		a.fail(a.path[0], "%s can't be set: files and profiles are merged before flags", a.path[0].name)
		return root
	}
	return a.within(root, 0)
}

func (a *assignment) fail(at segment, format string, args ...any) {
	p := Problemf(a.at(at.col), at.width, format, args...)
	a.problem = &p
}

// hint adds advice to what is wrong.
func (a *assignment) hint(format string, args ...any) {
	p := a.problem.WithHint(format, args...)
	a.problem = &p
}

func (a *assignment) at(col int) Pos { return Pos{File: flagFile, Line: a.line, Col: col} }

// read takes the flag apart.
func (a *assignment) read() bool {
	end := a.segments()
	if a.problem != nil {
		return false
	}
	value := a.text[end:]
	if strings.ContainsAny(value, "\n\r") {
		a.fail(segment{col: 1, width: 1}, "the value has a line break")
		a.hint("write lists and maps as [a, b] and {a: b}")
		return false
	}
	offset := runeCount(a.text[:end])
	n, problems := parseYAML(flagFile, []byte(value))
	if len(problems) > 0 && strings.TrimSpace(value) != "" {
		p := problems[0]
		p.Pos.Line, p.Pos.Col = a.line, p.Pos.Col+offset
		a.problem = &p
		return false
	}
	if n == nil { // nothing is null
		n = &node{pos: a.at(1), width: 1}
		offset = max(0, offset-1)
	}
	n.walk(func(n *node) { n.pos.File, n.pos.Line, n.pos.Col = flagFile, a.line, n.pos.Col+offset })
	a.value = n
	return true
}

// segments reads the path, and says where the value begins.
func (a *assignment) segments() (value int) {
	for i := 0; i < len(a.text) && a.problem == nil; {
		rest := a.text[i:]
		switch {
		case rest[0] == '=' && len(a.path) > 0:
			return i + 1
		case rest[0] == '[' && strings.Contains(rest, "]"):
			end := strings.IndexByte(rest, ']')
			a.segment(i+1, i+end)
			i += end + 1
		case rest[0] == '.' && i > 0 && len(rest) > 1 && !strings.ContainsRune(".[=", rune(rest[1])):
			i++
		case strings.ContainsRune(".[=", rune(rest[0])):
			a.fail(segment{col: runeCount(a.text[:i]) + 1, width: 1}, "the path has an empty name")
		default:
			end := endOfName(rest)
			a.segment(i, i+end)
			i += end
		}
	}
	if a.problem == nil {
		a.fail(segment{col: 1, width: runeCount(a.text)}, "want path=value")
		a.hint("as in --set http.timeout=1s or --set scenarios.NAME.executor.rate=5/s")
	}
	return 0
}

// endOfName is the length of the name that a text begins with; one in quotes may hold anything.
func endOfName(text string) int {
	if text[0] == '"' {
		if end := strings.IndexByte(text[1:], '"'); end >= 0 {
			return end + 2
		}
	}
	if end := strings.IndexAny(text, ".[="); end >= 0 {
		return end
	}
	return len(text)
}

// segment adds the name between two bytes of the flag.
func (a *assignment) segment(from, to int) {
	raw := a.text[from:to]
	s := segment{name: raw, col: runeCount(a.text[:from]) + 1, width: max(1, runeCount(raw))}
	if len(raw) >= 2 && raw[0] == '"' && raw[len(raw)-1] == '"' {
		s.name = raw[1 : len(raw)-1]
	}
	a.path = append(a.path, s)
}

// within is a node with the value put at the rest of the path.
func (a *assignment) within(n *node, depth int) *node {
	if depth == len(a.path) {
		return a.value
	}
	s := a.path[depth]
	switch {
	case n == nil || n.kind == nullNode:
		n = &node{kind: mapNode, pos: a.at(s.col), width: s.width}
	case n.kind == listNode:
		return a.inList(n, depth)
	case n.kind == scalarNode:
		before := a.path[depth-1]
		a.fail(s, "%s is the value %s: it has nothing below it", before.name, n.found())
		return n
	}
	old := n.get(s.name)
	if old == nil && a.named(depth) {
		a.fail(s, "unknown name %q under %s", s.name, a.above(depth))
		if keys := n.keys(); len(keys) > 0 {
			a.hint("%s", orList(s.name, keys))
		}
		return n
	}
	next := a.within(old, depth+1)
	if a.problem != nil {
		return n
	}
	if next.kind == nullNode {
		return n.without(s.name)
	}
	return n.put(&node{kind: scalarNode, text: s.name, pos: a.at(s.col), width: s.width}, next)
}

// put is a copy of a map in which a key has a value, in its old place if it had one.
func (n *node) put(key, val *node) *node {
	c := *n
	c.pairs = slices.Clone(n.pairs)
	if e := c.pair(key.text); e != nil {
		e.key, e.val = key, val
		return &c
	}
	c.pairs = append(c.pairs, pair{key, val})
	return &c
}

// named tells whether a name must be there already: those that the plan's author chose. A new one would be read by nobody.
func (a *assignment) named(depth int) bool {
	switch a.path[0].name {
	case "vars", "generators":
		return depth >= 1
	case "scenarios", "flows", "services", "env", "data", "metrics":
		return depth == 1
	}
	return false
}

// above is the path that leads to a segment, as a sentence needs it.
func (a *assignment) above(depth int) string {
	names := make([]string, depth)
	for i := range names {
		names[i] = a.path[i].name
	}
	return strings.Join(names, ".")
}

// inList puts the value into an element of a list: by number, or by the name or verb's target that a step has.
func (a *assignment) inList(n *node, depth int) *node {
	s := a.path[depth]
	i, err := strconv.Atoi(s.name)
	if err != nil {
		i = slices.IndexFunc(n.items, func(item *node) bool { v := item.get("name"); return v != nil && v.text == s.name })
	}
	if i < 0 || i >= len(n.items) {
		a.fail(s, "%s has no element %q", a.above(depth), s.name)
		a.hint("%s", elements(n))
		return n
	}
	next := a.within(n.items[i], depth+1)
	if a.problem != nil {
		return n
	}
	c := *n
	c.items = slices.Clone(n.items)
	if next.kind == nullNode {
		c.items = slices.Delete(c.items, i, i+1)
		return &c
	}
	c.items[i] = next
	return &c
}

// elements says what a list has.
func elements(n *node) string {
	text := fmt.Sprintf("elements count from 0 to %d", len(n.items)-1)
	var names []string
	for _, item := range n.items {
		if v := item.get("name"); v != nil {
			names = append(names, v.text)
		}
	}
	if len(names) > 0 {
		text += ", or by name: " + strings.Join(names, ", ")
	}
	return text
}
