package spec

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The most that a plan may ask for, so that a slip of the keyboard can't hang the machine.
const (
	mostVUs        = 1_000_000
	mostDuration   = 30 * 24 * time.Hour
	mostIterations = 1 << 53
	mostRate       = 10_000_000 // a second
)

var nameText = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Validate judges the values of a plan whose settings are bound: all that needs no expression. What failed to decode is
// passed over, as Load has reported it. Settings that are still open (Bind was not called) are passed over too.
func (p *Plan) Validate() Problems {
	v := &validator{plan: p, lines: map[string][]string{}}
	v.top()
	v.names()
	for _, e := range p.Scenarios {
		if e.Value != nil {
			v.scenario(e)
		}
	}
	v.after()
	v.flows()
	v.steps(p.Setup, scope{})
	v.steps(p.Teardown, scope{})
	return v.problems.Annotate(p.Sources)
}

// validator collects what is wrong with the values of a plan.
type validator struct {
	plan     *Plan
	lines    map[string][]string // of the sources, by path
	problems Problems
}

func (v *validator) add(p Problem) { v.problems = append(v.problems, p) }

// at reports a value; without a place of its own (a flag, a default) it is shown at the fallback.
func (v *validator) at(pos, fallback Pos, format string, args ...any) {
	if pos.IsZero() {
		pos = fallback
	}
	v.add(v.widen(Problemf(pos, 1, format, args...)))
}

// top judges the words at the top of the plan.
func (v *validator) top() {
	p := v.plan
	if p.Version.Set && p.Version.Value != 1 {
		v.add(v.widen(Problemf(p.Version.Pos, 1, "version %d is not known", p.Version.Value)).WithHint("write version: 1"))
	}
	if e := p.tree.pair("scenarios"); e != nil && e.val.kind == mapNode && len(e.val.pairs) == 0 && len(p.Filtered) == 0 {
		v.add(Problemf(e.key.pos, e.key.width, "the plan has no scenario"))
	}
	if t := p.Tolerance; t.Set && t.Value.Num > t.Value.Den {
		v.at(t.Pos, Pos{}, "tolerance is %s, want at most 100%%", t.Value)
	}
	v.http(p.HTTP)
	v.thresholds(p.Thresholds)
	for _, e := range p.Services {
		if e.Value != nil {
			v.service(e.Key, e.Value)
		}
	}
	for _, e := range p.Data {
		if e.Value != nil && e.Value.File.Value == "" && !e.Value.File.Pos.IsZero() {
			v.at(e.Value.File.Pos, Pos{}, "file is empty")
		}
	}
}

// names judges the names that expressions use.
func (v *validator) names() {
	p := v.plan
	name := func(what, key string, pos Pos) {
		if !nameText.MatchString(key) {
			v.add(Problemf(pos, runeCount(key), "%s is not a name of %s", quoteShort(key), what).
				WithHint("names are letters, digits and _, and begin with no digit"))
		}
	}
	for _, e := range p.Env {
		name("an environment variable", e.Key, e.KeyPos)
	}
	for _, e := range p.Vars {
		name("a var", e.Key, e.KeyPos)
	}
	for _, e := range p.Data {
		name("data", e.Key, e.KeyPos)
	}
	for _, e := range p.Generators {
		name("a generator", e.Key, e.KeyPos)
	}
	for _, e := range p.Metrics {
		name("a metric", e.Key, e.KeyPos)
		if slices.Contains(builtinMetricNames(), e.Key) {
			v.add(Problemf(e.KeyPos, runeCount(e.Key), "%s is a built-in metric", e.Key).WithHint("choose another name"))
		}
	}
	for _, s := range p.Scenarios {
		if HasTemplate(s.Key) {
			v.add(Problemf(s.KeyPos, runeCount(s.Key), "the name of a scenario can't be a template").WithHint("write it out: reports and thresholds name scenarios"))
		}
		if s.Value == nil {
			continue
		}
		for _, e := range s.Value.Vars {
			name("a var", e.Key, e.KeyPos)
		}
	}
}

func (v *validator) service(name string, s *Service) {
	if len(s.Command) > 0 && s.Command[0].Value == "" {
		v.at(s.Command[0].Pos, s.Pos, "the command of service %s is empty", quoteShort(name))
	}
	if r := s.Ready; r.Value != "" && r.Value[0] != '/' && !HasTemplate(r.Value) && !absoluteURL(r.Value) {
		v.add(Problemf(r.Pos, runeCount(r.Value), "ready is %s, want a path", quoteShort(r.Value)).WithHint("write ready: /%s", r.Value))
	}
	v.positive("timeout", s.Timeout, s.Pos)
	for _, e := range s.Env {
		if !nameText.MatchString(e.Key) {
			v.at(e.KeyPos, s.Pos, "%s is not a name of an environment variable", quoteShort(e.Key))
		}
	}
}

// positive wants a duration above zero and below the most.
func (v *validator) positive(key string, d Duration, fallback Pos) {
	if d.Set && d.Value <= 0 {
		v.at(d.Pos, fallback, "%s is %s, want more than 0s", key, FormatDuration(d.Value))
	}
	v.bounded(key, d, fallback)
}

// bounded wants a duration below the most.
func (v *validator) bounded(key string, d Duration, fallback Pos) {
	if d.Set && d.Value > mostDuration {
		v.at(d.Pos, fallback, "%s is %s, want at most 30d", key, FormatDuration(d.Value))
	}
}

// within wants a whole number in a range.
func (v *validator) within(key string, n Int, least, most int64, fallback Pos) {
	switch {
	case n.Set && n.Value < least:
		v.at(n.Pos, fallback, "%s is %d, want at least %d", key, n.Value, least)
	case n.Set && n.Value > most:
		v.at(n.Pos, fallback, "%s is %d, want at most %d", key, n.Value, most)
	}
}

// widen underlines the whole word that a position points at.
func (v *validator) widen(p Problem) Problem {
	for _, s := range v.plan.Sources {
		if s.Path != p.Pos.File {
			continue
		}
		rest := s.line(p.Pos.Line, v.lines)
		for i := 1; i < p.Pos.Col && rest != ""; i++ {
			_, size := utf8.DecodeRuneInString(rest)
			rest = rest[size:]
		}
		if end := strings.IndexAny(rest, " \t,]}:\"'"); end >= 0 {
			rest = rest[:end]
		}
		p.Width = max(1, runeCount(rest))
		break
	}
	return p
}
