package spec

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"
)

// deferred is a setting that was written as a template: it is parsed when the template has a value.
type deferred struct {
	key    string // the word, for messages
	noun   string // what it wants
	text   Text
	owner  string                               // its scenario, "" for none
	target any                                  // *Opt[T]
	set    func(target any, value string) error // parses and stores
}

// scalarInto decodes a typed scalar; false if the field is none.
func (d *decoder) scalarInto(p pair, v reflect.Value, f Field) bool {
	switch t := v.Addr().Interface().(type) {
	case *Int: // and Size, which is the same type
		if f.Size {
			setScalar(d, p, t, f, "a size with a unit", "64KiB", ParseSize)
		} else {
			setScalar(d, p, t, f, "a whole number", "10", ParseInt)
		}
	case *Bool:
		setScalar(d, p, t, f, "true or false", "true", ParseBool)
	case *Opt[time.Duration]:
		setScalar(d, p, t, f, "a time with a unit", "30s", ParseDuration)
	case *RateOf:
		setScalar(d, p, t, f, "a rate", "5/s", ParseRate)
	case *Percent:
		setScalar(d, p, t, f, "a percentage", "1%", ParsePercent)
	case *Word:
		setScalar(d, p, t, f, "one of "+strings.Join(f.Enum, ", "), "", wordOf(f.Enum))
	default:
		return false
	}
	return true
}

// wordOf parses a word of a closed set.
func wordOf(words []string) func(string) (string, error) {
	return func(s string) (string, error) {
		if slices.Contains(words, s) {
			return s, nil
		}
		return "", scalarError(didYouMean(s, words), "not one of them")
	}
}

// setScalar parses a scalar into its field, or defers it if it is a template.
func setScalar[T any](d *decoder, p pair, o *Opt[T], f Field, noun, example string, parse func(string) (T, error)) {
	n := p.val
	if n.kind != scalarNode {
		d.wrongKind(p, f.Key, noun)
		return
	}
	o.Pos = n.pos
	if HasTemplate(n.text) {
		set := func(target any, s string) error {
			v, err := parse(strings.TrimSpace(s))
			if err == nil {
				t := target.(*Opt[T])
				t.Value, t.Set = v, true
			}
			return err
		}
		d.deferred = append(d.deferred, &deferred{key: f.Key, noun: noun, text: d.text(p), owner: d.owner, target: o, set: set})
		return
	}
	v, err := parse(n.text)
	if err != nil {
		if f.Example != "" {
			example = f.Example
		}
		d.add(scalarProblem(n.pos, n.width, f.Key, noun, n.text, example, err))
		return
	}
	o.Value, o.Set = v, true
}

// scalarProblem is the message for a text that is not the scalar that its place wants.
func scalarProblem(pos Pos, width int, key, noun, text, example string, err error) Problem {
	p := Problemf(pos, width, "%s wants %s, found %s", key, noun, quoteShort(text))
	var s *ScalarError
	if !errors.As(err, &s) {
		return p
	}
	if !strings.HasPrefix(s.Message, "not ") {
		p.Message += ": " + s.Message
	}
	if s.Hint != "" {
		return p.WithHint("%s", s.Hint)
	}
	if example != "" {
		return p.WithHint("for example %s: %s", key, example)
	}
	return p
}

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
	for _, item := range p.val.items {
		if e := d.expr(pair{val: item}); !e.IsZero() {
			list = append(list, e)
		}
	}
	return list
}

// value takes a tree. typed: plain scalars will be typed as JSON, so what only looks like a number is a mistake.
func (d *decoder) value(n *node, typed bool) Value {
	v := Value{Pos: n.pos}
	if n.bad {
		return Value{}
	}
	switch n.kind {
	case scalarNode:
		v.Kind, v.Text = Scalar, d.text(pair{val: n})
		if typed && n.style == plain {
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
