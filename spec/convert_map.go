package spec

import (
	"strings"

	"gopkg.in/yaml.v3"
)

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
		switch {
		case val == nil:
			return nil
		case key == nil:
			n.bad = true
		case key.text == "<<" && key.style == plain:
			merges = append(merges, val)
		default:
			c.entry(n, pair{key, val}, y.Style&yaml.FlowStyle != 0, seen)
		}
	}
	for _, m := range merges {
		c.mergeKey(n, m, seen)
	}
	return n
}

// entry adds a key and its value to a map, unless the key is there already or was never meant to be one.
func (c *converter) entry(n *node, e pair, braces bool, seen map[string]Pos) {
	key := e.key
	if first, twice := seen[key.text]; twice {
		c.problems = append(c.problems, Problemf(key.pos, key.width, "the key %s is there twice", quoteShort(key.text)).
			WithHint("first in line %d", first.Line))
		return
	}
	seen[key.text] = key.pos
	if braces && e.val.kind == nullNode && c.lonely(key) {
		c.problems = append(c.problems, loneEntry(n, key))
		if len(n.pairs) > 0 {
			n.pairs[len(n.pairs)-1].val.bad = true
		}
		return
	}
	n.pairs = append(n.pairs, e)
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
