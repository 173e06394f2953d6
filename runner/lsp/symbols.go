package lsp

// symbols is the outline that an editor shows: the sections of the plan, and the names below them.
func (v *view) symbols() any {
	all := []symbol{}
	for _, section := range v.doc.root.children {
		if section.kind != keyItem {
			continue
		}
		s := v.symbol(section, kindModule)
		for _, c := range section.children {
			if c.kind == keyItem {
				s.Children = append(s.Children, v.symbol(c, kindField))
			}
		}
		all = append(all, s)
	}
	return all
}

func (v *view) symbol(i *item, kind int) symbol {
	last, col := i.endLine, i.endCol
	i.walk(func(c *item) {
		if c.endLine > last || c.endLine == last && c.endCol > col {
			last, col = c.endLine, c.endCol
		}
	})
	name := i.key
	if name == "" {
		name = "(empty)" // the protocol wants a name
	}
	whole := span{Start: v.doc.position(i.line, i.keyAt.from), End: v.doc.position(last, col)}
	return symbol{Name: name, Kind: kind, Range: whole, Selection: v.doc.span(i.keyAt.line, i.keyAt.from, i.keyAt.to)}
}
