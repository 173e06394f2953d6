package spec

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// checks decodes one expression, a list of them, or a map of name to expression.
func (d *decoder) checks(p pair) []Check {
	var list []Check
	add := func(name Text, e Expr) {
		if e.IsZero() {
			return
		}
		if name.IsZero() {
			name = Text{Value: e.Source, Pos: e.Pos}
		}
		list = append(list, Check{Name: name, Expr: e})
	}
	if _, trapped := colonMap(p.val); p.val.kind == mapNode && !trapped {
		if len(p.val.pairs) == 0 {
			d.empty(p, "check")
		}
		for _, e := range p.val.pairs {
			add(textOf(e.key), d.expr(e))
		}
		return list
	}
	for _, e := range d.exprs(p) {
		add(Text{}, e)
	}
	return list
}

// captures decodes a map of name to expression, or to the long form.
func (d *decoder) captures(p pair) []Capture {
	if p.val.kind != mapNode {
		d.wrongKind(p, "capture", "a map of name to expression")
		return nil
	}
	if len(p.val.pairs) == 0 {
		d.empty(p, "capture")
	}
	list := make([]Capture, len(p.val.pairs)) // never grown: deferred settings point into it
	for i, e := range p.val.pairs {
		c := &list[i]
		c.Name, c.NamePos = e.key.text, e.key.pos
		if e.val.kind == mapNode {
			d.words(e, reflect.ValueOf(c).Elem(), place{"capture " + quoteShort(c.Name), "capture"}, nil)
			continue
		}
		c.From = d.expr(e)
	}
	return list
}

var (
	statusCode  = regexp.MustCompile(`^[1-5][0-9][0-9]$`)
	statusClass = regexp.MustCompile(`^[1-5]xx$`)
)

// statuses decodes expect: one entry or a list.
func (d *decoder) statuses(p pair) []Status {
	items := []*node{p.val}
	if p.val.kind == listNode {
		if items = p.val.items; len(items) == 0 {
			d.empty(p, "expect")
		}
	}
	var list []Status
	for _, item := range items {
		if item.kind != scalarNode {
			d.wrongKind(pair{val: item}, "expect", "a status such as 200, 2xx or 200..299")
			continue
		}
		s, ok := ParseStatus(item.text)
		if !ok {
			d.add(Problemf(item.pos, item.width, "expect wants a status, found %s", quoteShort(item.text)).WithHint("write 200, 2xx or 200..299"))
			continue
		}
		s.Pos = item.pos
		list = append(list, s)
	}
	return list
}

// ParseStatus reads 200, 2xx or 200..299.
func ParseStatus(s string) (Status, bool) {
	if statusClass.MatchString(strings.ToLower(s)) {
		from := int(s[0]-'0') * 100
		return Status{From: from, To: from + 99}, true
	}
	first, last, isRange := strings.Cut(s, "..")
	if !isRange {
		last = first
	}
	if !statusCode.MatchString(first) || !statusCode.MatchString(last) {
		return Status{}, false
	}
	from, _ := strconv.Atoi(first)
	to, _ := strconv.Atoi(last)
	return Status{From: from, To: to}, from <= to
}

// isToken tells whether a text is a token of HTTP: a method or a header's name.
func isToken(s string) bool {
	for _, r := range s {
		if r > 0x7e || r <= ' ' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) {
			return false
		}
	}
	return s != ""
}
