package spec

// Written visits every scalar of the plan's files, in the order of the merged document, profiles that were not chosen
// included: what only they read is read. keys are the keys that lead to it, without places in lists; they are valid during
// the call.
func (p *Plan) Written(visit func(keys []string, t Text)) {
	var walk func(n *node, keys []string)
	walk = func(n *node, keys []string) {
		if n.kind == scalarNode && !n.bad {
			visit(keys, textOf(n))
		}
		for _, item := range n.items {
			walk(item, keys)
		}
		for _, e := range n.pairs {
			walk(e.val, append(keys, e.key.text))
		}
	}
	if p.whole != nil {
		walk(p.whole, nil)
	}
}

// Hide masks a text in every snippet of its file from here on.
func (p *Plan) Hide(t Text) {
	p.hide(&node{pos: t.Pos, width: max(1, runeCount(firstLine(t.Value)))})
}
