package spec

import (
	"regexp"
	"strings"
)

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
			s.d.add(Problemf(begin, runeCount(m.Value), "not a regular expression: %s", patternError(err)))
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
