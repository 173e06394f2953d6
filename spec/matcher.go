package spec

import (
	"regexp"
	"strings"
)

// Matcher is one condition of a selector: tag=value, tag!=value, tag=~regex. In the map form of where, = and != may have
// several values: any of them, or none of them.
type Matcher struct {
	Tag   string
	Op    string // =, != or =~
	Value string
	More  []string // further values of = and !=
	Pos   Pos
}

// Values lists the values of = and !=, at least one.
func (m Matcher) Values() []string { return append([]string{m.Value}, m.More...) }

// Text is the value as selectors show it: several are joined by |.
func (m Matcher) Text() string { return strings.Join(m.Values(), "|") }

// String is the condition as selectors show it.
func (m Matcher) String() string { return m.Tag + m.Op + m.Text() }

// matchers decodes where: a map of tag to what its value must be.
func (d *decoder) matchers(p pair) []Matcher {
	if p.val.kind != mapNode {
		d.wrongKind(p, "where", "a map of tag to value")
		return nil
	}
	var list []Matcher
	for _, e := range p.val.pairs {
		if e.val.kind == mapNode && !e.val.bad {
			list = append(list, d.operators(e)...)
			continue
		}
		if m, ok := d.oneOf(e, e.key, "="); ok {
			list = append(list, m)
		}
	}
	return list
}

// oneOf decodes a value or a list of values of a tag.
func (d *decoder) oneOf(e pair, tag *node, op string) (Matcher, bool) {
	m := Matcher{Tag: tag.text, Op: op, Pos: tag.pos}
	items := []*node{e.val}
	if e.val.kind == listNode {
		if items = e.val.items; len(items) == 0 {
			d.empty(e, e.key.text)
			return m, false
		}
	}
	var values []string
	for _, item := range items {
		if item.kind != scalarNode {
			d.wrongKind(pair{e.key, item}, e.key.text, "a value")
			return m, false
		}
		values = append(values, item.text)
	}
	m.Value, m.More = values[0], values[1:]
	return m, true
}

// operators decodes { not: …, matches: … }.
func (d *decoder) operators(tag pair) []Matcher {
	var list []Matcher
	for _, e := range tag.val.pairs {
		switch e.key.text {
		case "not":
			if m, ok := d.oneOf(e, tag.key, "!="); ok {
				list = append(list, m)
			}
		case "matches":
			if m, ok := d.pattern(e, tag.key); ok {
				list = append(list, m)
			}
		}
	}
	d.unknown(tag.val, place{"this selector", "where"}, []string{"not", "matches"})
	return list
}

func (d *decoder) pattern(e pair, tag *node) (Matcher, bool) {
	m := Matcher{Tag: tag.text, Op: "=~", Pos: tag.pos}
	if e.val.kind != scalarNode {
		d.wrongKind(e, "matches", "a regular expression")
		return m, false
	}
	m.Value = e.val.text
	if _, err := regexp.Compile(m.Value); err != nil {
		d.add(Problemf(e.val.pos, e.val.width, "not a regular expression: %s", patternError(err)))
		return m, false
	}
	return m, true
}

// patternError is what a regular expression's error says, without the words that each begins with.
func patternError(err error) string { return strings.TrimPrefix(err.Error(), "error parsing regexp: ") }
