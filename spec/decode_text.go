package spec

import (
	"slices"
	"strings"
)

// text takes a scalar's source text.
func (d *decoder) text(p pair) Text {
	n := p.val
	if n.bad {
		return Text{}
	}
	switch n.kind {
	case nullNode:
		return Text{}
	case scalarNode:
		if HasTemplate(n.text) || n.flow && strings.HasSuffix(n.text, "$") {
			if trap, ok := cutText(n); ok {
				d.add(trap)
				return Text{}
			}
		}
		return textOf(n)
	}
	d.wrongKind(p, nameOf(p), "text")
	return Text{}
}

func textOf(n *node) Text {
	return Text{Value: n.text, Pos: n.pos, Quoted: n.style != plain, Block: n.style == block}
}

func nameOf(p pair) string {
	if p.key == nil {
		return "this entry"
	}
	return p.key.text
}

// texts takes a list of texts; a single one too where the field says so.
func (d *decoder) texts(p pair, f Field) []Text {
	if p.val.kind == scalarNode && f.One {
		return []Text{d.text(p)}
	}
	if p.val.kind != listNode {
		d.wrongKind(p, f.Key, "a list")
		return nil
	}
	if len(p.val.items) == 0 && f.Required {
		d.empty(p, f.Key)
	}
	var texts []Text
	for _, item := range p.val.items {
		if item.kind != scalarNode {
			d.wrongKind(pair{val: item}, "an entry of "+f.Key, "text")
			continue
		}
		texts = append(texts, d.text(pair{val: item}))
	}
	return texts
}

// expr takes an expression's source.
func (d *decoder) expr(p pair) Expr {
	n := p.val
	if n.bad {
		return Expr{}
	}
	if n.kind != scalarNode {
		d.wrongKind(p, nameOf(p), "an expression")
		return Expr{}
	}
	if trap, ok := cutText(n); ok {
		d.add(trap)
		return Expr{}
	}
	if strings.TrimSpace(n.text) == "" {
		d.add(Problemf(n.pos, 1, "this expression is empty"))
		return Expr{}
	}
	return Expr{Source: n.text, Pos: n.pos}
}

// exprs takes one expression or a list.
func (d *decoder) exprs(p pair) []Expr {
	if p.val.kind != listNode {
		if e := d.expr(p); !e.IsZero() {
			return []Expr{e}
		}
		return nil
	}
	if len(p.val.items) == 0 {
		d.empty(p, nameOf(p))
	}
	var list []Expr
	cut := false
	for _, item := range p.val.items {
		if cut && item.flow && unbalanced(item.text) {
			continue // the other half of an entry that a comma cut
		}
		e := d.expr(pair{val: item})
		if cut = e.IsZero(); !cut {
			list = append(list, e)
		}
	}
	return list
}

// value takes a tree. typed: plain scalars will be typed as JSON, so what only looks like a number is a mistake. Otherwise
// they are text as written, as if in quotes: 1.10 and 007 keep their zeros.
func (d *decoder) value(n *node, typed bool) Value {
	v := Value{Pos: n.pos}
	if n.bad {
		return Value{}
	}
	switch n.kind {
	case scalarNode:
		v.Kind, v.Text = Scalar, d.text(pair{val: n})
		if !typed {
			v.Text.Quoted = true
		} else if n.style == plain {
			d.looksTyped(n)
		}
	case listNode:
		v.Kind = List
		for _, item := range n.items {
			v.Items = append(v.Items, d.value(item, typed))
		}
	case mapNode:
		v.Kind = Object
		for _, e := range n.pairs {
			v.Entries = append(v.Entries, Entry[Value]{Key: e.key.text, KeyPos: e.key.pos, Value: d.value(e.val, typed)})
		}
	}
	return v
}

// looksTyped reports plain scalars that mean one thing to a reader and another to JSON.
func (d *decoder) looksTyped(n *node) {
	number := strings.TrimLeft(n.text, "+-")
	switch {
	case leadingZero(n.text) && decimalText.MatchString(number):
		d.add(Problemf(n.pos, n.width, "%s begins with a zero, which a number can't", n.text).WithHint(`write "%s" if it is text`, n.text))
	case slices.Contains([]string{"True", "TRUE", "False", "FALSE", "Null", "NULL"}, n.text):
		lower := strings.ToLower(n.text)
		d.add(Problemf(n.pos, n.width, "%s is neither text nor %s", n.text, lower).WithHint(`write %s, or "%s" if it is text`, lower, n.text))
	}
}
