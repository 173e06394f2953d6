package spec

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// converter turns yaml.v3's nodes into ours: aliases and merge keys are expanded, limits are kept, and what the language
// doesn't have (tags, duplicate keys, keys that are not text) is a problem.
type converter struct {
	file     string
	lines    []string
	starts   map[int][]int // by line: see runeStarts
	nodes    int
	open     []*yaml.Node // aliases that are being expanded
	full     bool         // a limit was passed: nothing more is converted
	problems Problems
}

// convert is nil if a limit was passed.
func (c *converter) convert(y *yaml.Node, depth int, flow bool) *node {
	if c.full {
		return nil
	}
	c.nodes++
	pos := c.posOf(y)
	switch {
	case c.nodes > maxNodes:
		return c.stop(pos, "the file has more than %d values after its aliases are expanded", maxNodes)
	case depth > maxDepth:
		return c.stop(pos, "the file is nested more than %d levels deep", maxDepth)
	}
	if y.Style&yaml.TaggedStyle != 0 {
		c.tagged(y)
		return &node{kind: nullNode, pos: pos, width: 1, bad: true}
	}
	switch y.Kind {
	case yaml.AliasNode:
		return c.alias(y, depth, flow)
	case yaml.SequenceNode:
		return c.list(y, pos, depth, flow || y.Style&yaml.FlowStyle != 0)
	case yaml.MappingNode:
		return c.mapping(y, pos, depth, flow || y.Style&yaml.FlowStyle != 0)
	}
	return c.scalar(y, pos, flow)
}

func (c *converter) stop(pos Pos, format string, args ...any) *node {
	if !c.full {
		c.full = true
		c.problems = append(c.problems, Problemf(pos, 1, format, args...).WithHint("split the plan with include:, or put rows into data:"))
	}
	return nil
}

// alias expands *name, unless that would never end.
func (c *converter) alias(y *yaml.Node, depth int, flow bool) *node {
	for _, o := range c.open {
		if o == y.Alias {
			c.problems = append(c.problems, Problemf(c.posOf(y), 1+runeCount(y.Value), "the alias *%s stands inside its own anchor", y.Value))
			return &node{kind: nullNode, pos: c.posOf(y), width: 1, bad: true}
		}
	}
	c.open = append(c.open, y.Alias)
	n := c.convert(y.Alias, depth+1, flow)
	c.open = c.open[:len(c.open)-1]
	return n
}

func (c *converter) list(y *yaml.Node, pos Pos, depth int, flow bool) *node {
	n := &node{kind: listNode, pos: pos, width: 1, flow: flow}
	c.open = append(c.open, y)
	defer func() { c.open = c.open[:len(c.open)-1] }()
	for _, item := range y.Content {
		child := c.convert(item, depth+1, flow)
		if child == nil {
			return nil
		}
		n.items = append(n.items, child)
	}
	return n
}

func (c *converter) mapping(y *yaml.Node, pos Pos, depth int, flow bool) *node {
	if len(y.Content)/2 > maxMapKeys {
		return c.stop(pos, "a map has more than %d keys", maxMapKeys)
	}
	n := &node{kind: mapNode, pos: pos, width: 1, flow: flow}
	c.open = append(c.open, y)
	defer func() { c.open = c.open[:len(c.open)-1] }()
	seen := map[string]Pos{}
	var merges []*node
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		key := c.key(k, flow)
		val := c.convert(v, depth+1, flow)
		if val == nil {
			return nil
		}
		if key == nil {
			n.bad = true
			continue
		}
		if key.text == "<<" && key.style == plain {
			merges = append(merges, val)
			continue
		}
		if first, twice := seen[key.text]; twice {
			c.problems = append(c.problems, Problemf(key.pos, key.width, "the key %s is there twice", quoteShort(key.text)).
				WithHint("first in line %d", first.Line))
			continue
		}
		seen[key.text] = key.pos
		if y.Style&yaml.FlowStyle != 0 && val.kind == nullNode && c.lonely(key) {
			c.problems = append(c.problems, loneEntry(n, key))
			if len(n.pairs) > 0 {
				n.pairs[len(n.pairs)-1].val.bad = true
			}
			continue
		}
		n.pairs = append(n.pairs, pair{key, val})
	}
	for _, m := range merges {
		c.mergeKey(n, m, seen)
	}
	return n
}

// mergeKey adds the entries of a <<: value that the map doesn't have itself; of several maps the first wins.
func (c *converter) mergeKey(n, from *node, seen map[string]Pos) {
	switch from.kind {
	case mapNode:
		for _, p := range from.pairs {
			if _, has := seen[p.key.text]; !has {
				seen[p.key.text] = p.key.pos
				n.pairs = append(n.pairs, p)
			}
		}
	case listNode:
		for _, item := range from.items {
			if item.kind != mapNode {
				c.problems = append(c.problems, Problemf(item.pos, item.width, "<< merges maps, found %s", item.found()))
				continue
			}
			c.mergeKey(n, item, seen)
		}
	default:
		c.problems = append(c.problems, Problemf(from.pos, from.width, "<< merges a map or a list of maps, found %s", from.found()).
			WithHint("write <<: *name"))
	}
}

// key reads a map's key, which must be text; nil after a problem.
func (c *converter) key(y *yaml.Node, flow bool) *node {
	if y.Kind == yaml.AliasNode {
		y = y.Alias
	}
	pos := c.posOf(y)
	switch {
	case y.Style&yaml.TaggedStyle != 0:
		c.tagged(y)
		return nil
	case y.Kind != yaml.ScalarNode:
		c.problems = append(c.problems, Problemf(pos, 1, "a key must be text, found %s", map[bool]string{true: "a list", false: "a map"}[y.Kind == yaml.SequenceNode]).
			WithHint("if this is a template, put it in quotes: \"${…}\""))
		return nil
	case y.Value == "" && y.Style == 0:
		c.problems = append(c.problems, Problemf(pos, 1, "this entry has no key"))
		return nil
	}
	k := c.scalar(y, pos, flow)
	k.kind = scalarNode // a key named null is text
	return k
}

// scalar keeps the source text; only an empty plain scalar, null and ~ are no text.
func (c *converter) scalar(y *yaml.Node, pos Pos, flow bool) *node {
	n := &node{kind: scalarNode, pos: pos, text: y.Value, flow: flow, width: max(1, runeCount(y.Value))}
	switch {
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		n.style, n.width = block, 1
		n.pos = c.blockContent(pos)
		if n.pos != pos {
			n.width = max(1, runeCount(firstLine(y.Value)))
		}
	case y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		n.style = quoted
		n.pos.Col++
	default:
		if y.Value == "" || y.Value == "null" || y.Value == "~" {
			n.kind, n.text = nullNode, y.Value
		}
		n.rest = c.after(pos, y.Value)
	}
	return n
}

// posOf is where a node's own text begins: yaml.v3 counts an anchor in.
func (c *converter) posOf(y *yaml.Node) Pos {
	pos := Pos{File: c.file, Line: max(1, y.Line), Col: max(1, y.Column)}
	if y.Anchor == "" || y.Kind == yaml.AliasNode {
		return pos
	}
	after, ok := strings.CutPrefix(c.from(pos), "&"+y.Anchor)
	if !ok {
		return pos
	}
	if content := strings.TrimLeft(after, " \t"); content != "" {
		pos.Col += 1 + runeCount(y.Anchor) + len(after) - len(content)
	}
	return pos
}

// from is the rest of a line, from a position on.
func (c *converter) from(pos Pos) string {
	if pos.Line > len(c.lines) {
		return ""
	}
	line := c.lines[pos.Line-1]
	starts, known := c.starts[pos.Line]
	if !known {
		starts = runeStarts(line)
		c.starts[pos.Line] = starts
	}
	i := pos.Col - 1
	if starts != nil && i < len(starts) {
		i = starts[i]
	}
	return line[min(i, len(line)):]
}

// runeStarts are the bytes at which the characters of a line begin; nil if each is one byte. Lines of many values are
// asked often: counting from the line's beginning each time would be quadratic.
func runeStarts(line string) []int {
	if runeCount(line) == len(line) {
		return nil
	}
	starts := make([]int, 0, len(line))
	for i := range line {
		starts = append(starts, i)
	}
	return append(starts, len(line))
}

// after is what follows a plain scalar on its line.
func (c *converter) after(pos Pos, text string) string {
	line := c.from(pos)
	rest, ok := strings.CutPrefix(line, text)
	if !ok {
		return ""
	}
	return rest
}

// blockContent is where the text of a block scalar begins, given its | or >.
func (c *converter) blockContent(pos Pos) Pos {
	for l := pos.Line; l < len(c.lines); l++ {
		line := c.lines[l]
		if text := strings.TrimLeft(line, " "); text != "" {
			return Pos{File: pos.File, Line: l + 1, Col: len(line) - len(text) + 1}
		}
	}
	return pos
}

// lonely tells whether a key of a { } map stands there without a colon.
func (c *converter) lonely(key *node) bool {
	rest := c.from(key.pos)
	if key.style == plain {
		rest = key.rest
	} else if i := strings.IndexAny(rest, `"'`); i >= 0 {
		rest = rest[i+1:]
	}
	rest = strings.TrimLeft(rest, " \t")
	return strings.HasPrefix(rest, ",") || strings.HasPrefix(rest, "}")
}

// tagged is a value with a YAML tag, such as - !(…) or !!str.
func (c *converter) tagged(y *yaml.Node) {
	pos := Pos{File: c.file, Line: max(1, y.Line), Col: max(1, y.Column)}
	c.problems = append(c.problems, tagTrap(pos, c.from(pos)))
}
