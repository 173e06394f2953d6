package metrics

import (
	"regexp"
	"slices"
	"strconv"

	"runner/spec"
)

// selection is the compiled form of metric{selector}: which leaves, and which of their samples. It is read-only.
type selection struct {
	metric  metric
	include clause
	exclude []clause // a default's: what the plan's own conditions select
	warmup  int64    // ns after its scenario's start in which an iteration is due whose samples do not count
	slot    int      // of its accumulator in snapshots; -1: leaves are enough
}

// clause is one selector.
type clause struct {
	leaves  []bool
	sampled []matcher // all must hold of a sample; empty: leaves decide
}

// matcher is one compiled condition of a selector.
type matcher struct {
	tag     string
	op      string
	values  []string       // of = and !=
	pattern *regexp.Regexp // of =~
}

func (m *matcher) matches(value string) bool {
	switch m.op {
	case "!=":
		return !slices.Contains(m.values, value)
	case "=~":
		return m.pattern.MatchString(value)
	}
	return slices.Contains(m.values, value)
}

// sampleTags are the values of a sample's own tags.
type sampleTags struct {
	layout   *Layout
	scenario ScenarioID
	stage    int16
	status   int16
	class    uint8
	cause    Cause
	flow     int16 // of an iteration
	age      int64 // ns from the scenario's start to when the iteration was due
}

func (t *sampleTags) value(tag string) string {
	switch tag {
	case "stage":
		return t.layout.stageName(t.scenario, t.stage)
	case "status":
		return strconv.Itoa(int(t.status))
	case "class":
		return t.layout.className(t.class)
	case "flow":
		return t.layout.flowName(t.scenario, t.flow)
	}
	return t.cause.String()
}

// compile makes a clause of a selector whose tags are known to exist.
func (l *Layout) compile(of *metric, where []spec.Matcher) (clause, error) {
	d := of.domain
	c := clause{leaves: make([]bool, l.leaves(d))}
	var fixed []matcher
	for _, w := range where {
		m := matcher{tag: w.Tag, op: w.Op, values: w.Values()}
		if w.Op == "=~" {
			pattern, err := regexp.Compile(w.Value)
			if err != nil {
				return c, err
			}
			m.pattern = pattern
		}
		if l.tagKind(d, w.Tag) == tagSampled {
			c.sampled = append(c.sampled, m)
			continue
		}
		fixed = append(fixed, m)
	}
	for leaf := range c.leaves {
		c.leaves[leaf] = l.possible(of, leaf)
		for i := range fixed {
			c.leaves[leaf] = c.leaves[leaf] && fixed[i].matches(l.fixedTag(d, leaf, fixed[i].tag))
		}
	}
	return c, nil
}

// matches tells whether a sample of a leaf is selected.
func (c *clause) matches(leaf int, t *sampleTags) bool {
	if !c.leaves[leaf] {
		return false
	}
	for i := range c.sampled {
		if !c.sampled[i].holds(t) {
			return false
		}
	}
	return true
}

// holds tells whether a sample has what the matcher asks for. A stage goes by its name and by its number.
func (m *matcher) holds(t *sampleTags) bool {
	held := m.matches(t.value(m.tag))
	if m.tag != "stage" || t.stage == 0 {
		return held
	}
	byNumber := m.matches(strconv.Itoa(int(t.stage)))
	if m.op == "!=" {
		return held && byNumber
	}
	return held || byNumber
}

func (s *selection) matches(leaf int, t *sampleTags) bool {
	if s.warmup > 0 && t.age < s.warmup || !s.include.matches(leaf, t) {
		return false
	}
	for i := range s.exclude {
		if s.exclude[i].matches(leaf, t) {
			return false
		}
	}
	return true
}

// settle drops what leaf-wide exclusions take away from the included leaves, and keeps the exclusions that only samples
// can decide.
func (s *selection) settle() {
	var open []clause
	for _, x := range s.exclude {
		if len(x.sampled) > 0 {
			open = append(open, x)
			continue
		}
		for leaf, out := range x.leaves {
			s.include.leaves[leaf] = s.include.leaves[leaf] && !out
		}
	}
	s.exclude = open
}

// bySample tells whether leaves are not fine enough: it needs an accumulator of its own. VUs of several scenarios are
// such a case, because the extremes of a sum do not follow from those of its parts.
func (s *selection) bySample() bool {
	return len(s.include.sampled) > 0 || len(s.exclude) > 0 || s.warmup > 0 || s.metric.domain == perVUs && s.count() > 1
}

// count is how many leaves are selected.
func (s *selection) count() int {
	n := 0
	for _, in := range s.include.leaves {
		if in {
			n++
		}
	}
	return n
}

// scenarios lists which scenarios a selection can have samples of.
func (s *selection) scenarios(l *Layout) []bool {
	in := make([]bool, len(l.Scenarios))
	for leaf, on := range s.include.leaves {
		if on {
			in[l.scenarioOf(s.metric.domain, leaf)] = true
		}
	}
	return in
}
