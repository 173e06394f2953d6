package spec

import (
	"reflect"
	"slices"
	"strconv"
)

// withScenarios is a document that keeps only some scenarios.
func withScenarios(root *node, names []string) *node {
	scenarios := root.get("scenarios")
	if scenarios == nil || scenarios.kind != mapNode {
		return root
	}
	var others []string
	for _, k := range scenarios.keys() {
		if !slices.Contains(names, k) {
			others = append(others, k)
		}
	}
	return root.with("scenarios", scenarios.without(others...))
}

// with is a copy of a map in which a key has another value.
func (n *node) with(key string, val *node) *node {
	c := *n
	c.pairs = slices.Clone(n.pairs)
	if e := c.pair(key); e != nil {
		e.val = val
	}
	return &c
}

// retree writes an executor that flags have changed back into the document.
func (p *Plan) retree(scenario string, e Executor) {
	scenarios := p.tree.get("scenarios")
	s := scenarios.get(scenario)
	if s == nil {
		return
	}
	p.tree = p.tree.with("scenarios", scenarios.with(scenario, s.with("executor", p.executorNode(e, s.get("executor")))))
}

// executorNode is an executor as a document; what still stands as it was written keeps its place.
func (p *Plan) executorNode(e Executor, old *node) *node {
	word := func(s string) *node { return &node{kind: scalarNode, text: s, width: runeCount(s)} }
	n := &node{kind: mapNode, pos: e.At(), pairs: []pair{{word("type"), word(e.Kind())}}}
	if t := old.get("type"); t != nil && t.text == e.Kind() {
		n.pairs[0] = *old.pair("type")
	}
	v := reflect.ValueOf(e).Elem()
	for _, f := range Fields(v.Type()) {
		text, ok := p.setting(v.Field(f.Index))
		switch {
		case ok:
			val := word(text.Value)
			val.pos = text.Pos
			if text.Quoted {
				val.style = quoted
			}
			n.pairs = append(n.pairs, pair{word(f.Key), val})
		case old.pair(f.Key) != nil && f.Key == "stages":
			n.pairs = append(n.pairs, *old.pair(f.Key))
		}
	}
	return n
}

// setting is a scalar of an executor as a plan writes it.
func (p *Plan) setting(v reflect.Value) (text Text, ok bool) {
	if d := p.open(v.Addr().Interface()); d != nil {
		return d.text, true
	}
	switch o := v.Addr().Interface().(type) {
	case *Int:
		return Text{Value: strconv.FormatInt(o.Value, 10), Pos: o.Pos}, o.Set
	case *Duration:
		return Text{Value: FormatDuration(o.Value), Pos: o.Pos}, o.Set
	case *Word:
		return Text{Value: o.Value, Pos: o.Pos}, o.Set
	case *RateOf:
		return Text{Value: o.Value.String(), Pos: o.Pos}, o.Set
	}
	return Text{}, false
}

// settings are the addresses of an executor's scalars, of its stages too.
func settings(e Executor) []any {
	var list []any
	v := reflect.ValueOf(e).Elem()
	for _, f := range Fields(v.Type()) {
		field := v.Field(f.Index)
		if field.Kind() != reflect.Slice {
			list = append(list, field.Addr().Interface())
			continue
		}
		for i := range field.Len() {
			for _, g := range Fields(field.Index(i).Type()) {
				list = append(list, field.Index(i).Field(g.Index).Addr().Interface())
			}
		}
	}
	return list
}
