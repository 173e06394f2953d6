package spec

import "gopkg.in/yaml.v3"

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

// tagged is a value with a YAML tag, such as - !(…) or !!str.
func (c *converter) tagged(y *yaml.Node) {
	pos := Pos{File: c.file, Line: max(1, y.Line), Col: max(1, y.Column)}
	c.problems = append(c.problems, tagTrap(pos, c.from(pos)))
}
