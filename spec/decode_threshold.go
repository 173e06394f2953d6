package spec

import (
	"reflect"
	"regexp"
	"strings"
)

// inlineMetric is what thresholds mean that don't name a metric.
const inlineMetric = "http_req_latency"

// thresholds decodes a map of metric{selector} to conditions, a list of long forms or, on a step or scenario, bare
// conditions.
func (d *decoder) thresholds(p pair, inline bool) []*Threshold {
	switch {
	case p.val.kind == listNode:
		return d.conditions(p, nil, inline)
	case p.val.kind == scalarNode && inline:
		return d.conditions(p, nil, true)
	case p.val.kind != mapNode:
		d.wrongKind(p, "thresholds", "a map of metric to condition")
		return nil
	}
	if p.val.get("that") != nil {
		return d.conditions(p, nil, inline)
	}
	var list []*Threshold
	for _, e := range p.val.pairs {
		metric, where, ok := d.selector(e.key)
		if e.val.bad {
			continue
		}
		if e.val.kind == nullNode {
			d.add(Problemf(e.key.pos, e.key.width, "%s has no condition", e.key.text).WithHint("for example p95 < 500ms"))
			continue
		}
		conditions := d.conditions(e, &Threshold{Metric: metric, Where: where, Explicit: true}, inline)
		if ok {
			list = append(list, conditions...)
		}
	}
	return list
}

// conditions decodes what stands behind a metric: a condition, a long form, or a list of both. of is the metric with its
// selector, nil if the long forms must say it.
func (d *decoder) conditions(p pair, of *Threshold, inline bool) []*Threshold {
	items := []*node{p.val}
	if p.val.kind == listNode {
		if items = p.val.items; len(items) == 0 {
			d.empty(p, nameOf(p))
		}
	}
	var list []*Threshold
	bare := d.threshold(of, p)
	for _, item := range items {
		if _, trapped := colonMap(item); item.kind == mapNode && !trapped {
			long := d.threshold(of, pair{val: item})
			d.longForm(pair{val: item}, long, of == nil, inline)
			list = append(list, long)
			continue
		}
		if of == nil && !inline && item.kind == scalarNode {
			d.add(Problemf(item.pos, item.width, "this condition has no metric").WithHint("write { metric: http_req_duration, that: %s }", item.text))
			continue
		}
		if e := d.expr(pair{p.key, item}); !e.IsZero() {
			if bare.That == nil {
				list = append(list, bare)
			}
			bare.That = append(bare.That, e)
		}
	}
	return list
}

// threshold begins a judgement of a metric, the default one where none is given.
func (d *decoder) threshold(of *Threshold, p pair) *Threshold {
	t := &Threshold{Metric: Text{Value: inlineMetric}}
	if of != nil {
		*t = *of
	}
	t.Pos, _ = whereOf(p)
	return t
}

// longForm decodes { metric, where, that, abort }. needsMetric: no key around it says the metric.
func (d *decoder) longForm(p pair, t *Threshold, needsMetric, inline bool) {
	known := *t
	t.Metric, t.Where = Text{}, nil
	d.words(p, reflect.ValueOf(t).Elem(), place{"this threshold", "threshold"}, nil)
	switch m := p.val.pair("metric"); {
	case m != nil && !needsMetric:
		d.add(Problemf(m.key.pos, m.key.width, "the metric is said twice: here and in the key around it"))
		t.Metric = known.Metric
	case m != nil && m.val.kind == scalarNode:
		metric, where, _ := d.selector(m.val)
		t.Metric, t.Where, t.Explicit = metric, append(where, t.Where...), true
	case needsMetric && !inline:
		d.add(Problemf(p.val.pos, p.val.width, "metric is missing in this threshold").WithHint("write metric: http_req_duration"))
	default:
		t.Metric = known.Metric
	}
	t.Where = append(append([]Matcher(nil), known.Where...), t.Where...)
}

// matchers decodes where: a map of tag to value.
func (d *decoder) matchers(p pair) []Matcher {
	if p.val.kind != mapNode {
		d.wrongKind(p, "where", "a map of tag to value")
		return nil
	}
	var list []Matcher
	for _, e := range p.val.pairs {
		if e.val.kind != scalarNode {
			d.wrongKind(e, e.key.text, "a value")
			continue
		}
		list = append(list, Matcher{Tag: e.key.text, Op: "=", Value: e.val.text, Pos: e.key.pos})
	}
	return list
}

var (
	metricName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*`)
	matcherTag = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*`)
)

// selector reads metric{tag=value, tag!=value, tag=~regex}. A value with , or } in it is put in quotes.
func (d *decoder) selector(n *node) (Text, []Matcher, bool) {
	s := &selector{d: d, n: n, rest: n.text}
	name := metricName.FindString(s.rest)
	if name == "" {
		s.fail(1, "%s does not begin with the name of a metric", quoteShort(n.text))
		return Text{}, nil, false
	}
	metric := textOf(n)
	metric.Value = name
	s.skip(len(name))
	if s.rest == "" {
		return metric, nil, true
	}
	where, ok := s.matchers()
	return metric, where, ok
}

// selector is a cursor in the text of a selector.
type selector struct {
	d    *decoder
	n    *node
	rest string
	done int // characters
}

func (s *selector) skip(bytes int) {
	s.done += runeCount(s.rest[:bytes])
	s.rest = s.rest[bytes:]
}

func (s *selector) spaces() { s.skip(len(s.rest) - len(strings.TrimLeft(s.rest, " \t"))) }

func (s *selector) pos() Pos {
	p := s.n.pos
	p.Col += s.done
	return p
}

func (s *selector) fail(width int, format string, args ...any) {
	s.d.add(Problemf(s.pos(), width, format, args...).WithHint(`a selector is metric{tag=value, tag!=value, tag=~regex}`))
}

func (s *selector) matchers() ([]Matcher, bool) {
	s.spaces()
	if !strings.HasPrefix(s.rest, "{") {
		s.fail(runeCount(s.rest), "unexpected %s after the name of the metric", quoteShort(s.rest))
		return nil, false
	}
	s.skip(1)
	var list []Matcher
	for {
		m, ok := s.matcher()
		if !ok {
			return nil, false
		}
		list = append(list, m)
		s.spaces()
		switch {
		case strings.HasPrefix(s.rest, ","):
			s.skip(1)
		case s.rest == "}":
			return list, true
		case s.rest == "":
			s.fail(1, "the selector is not closed")
			return nil, false
		default:
			s.fail(runeCount(s.rest), "unexpected %s in the selector", quoteShort(s.rest))
			return nil, false
		}
	}
}

func (s *selector) matcher() (Matcher, bool) {
	s.spaces()
	m := Matcher{Pos: s.pos(), Tag: matcherTag.FindString(s.rest)}
	if m.Tag == "" {
		s.fail(1, "a tag is missing here")
		return m, false
	}
	s.skip(len(m.Tag))
	s.spaces()
	for _, op := range []string{"=~", "!=", "="} {
		if strings.HasPrefix(s.rest, op) {
			m.Op = op
			break
		}
	}
	if m.Op == "" {
		s.fail(1, "after the tag %s comes =, != or =~", m.Tag)
		return m, false
	}
	s.skip(len(m.Op))
	s.spaces()
	begin := s.pos()
	var ok bool
	if m.Value, ok = s.value(); !ok {
		return m, false
	}
	if m.Op == "=~" {
		if _, err := regexp.Compile(m.Value); err != nil {
			reason := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
			s.d.add(Problemf(begin, runeCount(m.Value), "not a regular expression: %s", reason))
			return m, false
		}
	}
	return m, true
}

// value reads a quoted value, or all up to a comma or the closing brace.
func (s *selector) value() (string, bool) {
	if q := s.rest; q != "" && (q[0] == '"' || q[0] == '\'') {
		end := strings.IndexByte(q[1:], q[0])
		if end < 0 {
			s.fail(1, "the quote is not closed")
			return "", false
		}
		s.skip(end + 2)
		return q[1 : end+1], true
	}
	end := strings.IndexAny(s.rest, ",}")
	if end < 0 {
		end = len(s.rest)
	}
	value := strings.TrimRight(s.rest[:end], " \t")
	if value == "" {
		s.fail(1, "a value is missing here")
		return "", false
	}
	s.skip(end)
	return value, true
}
