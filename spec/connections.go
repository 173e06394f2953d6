package spec

import (
	"slices"
	"strings"
)

var connectionWords = []string{PerVU, PerIteration, Shared}

// connections decodes per_vu, per_iteration, shared, or a map with the number of shared ones.
func (d *decoder) connections(p pair, c *Connections) {
	n := p.val
	c.Pos = n.pos
	const noun = "per_vu, per_iteration, shared or { shared: N }"
	switch {
	case n.bad:
	case n.kind == scalarNode && slices.Contains(connectionWords, n.text):
		c.Mode = n.text
		if c.Mode == Shared {
			c.Shared = Int{Value: 1, Set: true, Pos: n.pos}
		}
	case n.kind == scalarNode:
		prob := Problemf(n.pos, n.width, "connections wants %s, found %s", noun, quoteShort(n.text))
		if word, _, cut := strings.Cut(n.text, ":"); cut && strings.TrimSpace(word) == Shared {
			d.add(prob.WithHint("write { shared: 4 }, with a space behind the colon"))
			return
		}
		d.add(prob.WithHint("%s", orList(n.text, connectionWords)))
	case n.kind == mapNode && len(n.pairs) == 1 && n.pairs[0].key.text == Shared:
		c.Mode = Shared
		setScalar(d, n.pairs[0], &c.Shared, Field{Key: Shared, Example: "4"}, "a whole number", "4", ParseInt)
	default:
		d.wrongKind(p, "connections", noun)
	}
}
