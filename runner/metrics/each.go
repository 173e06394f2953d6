package metrics

import (
	"maps"
	"strconv"
)

// Measured is one series at the finest grain that is kept of every run.
type Measured struct {
	Name string
	Type Type
	Unit string            // of what Series' aggregates are in: ms, bytes, "" …
	Tags map[string]string // without empty ones; the receiver may keep it, not change it
	Series
}

// Each shows every series in which something was measured: of requests by step and expected, http_reqs also by status
// ("0": no response), request_errors by class, checks by check, iterations_failed by scenario. Summed up over all their
// tags they give the totals. l is the run's layout.
func (s *Snapshot) Each(l *Layout, visit func(*Measured)) {
	planTags := l.planTags()
	for _, m := range l.metrics() {
		for i := range l.leaves(m.domain) {
			if !l.possible(&m, i) {
				continue
			}
			out := Measured{Name: m.name, Type: m.typ, Unit: m.unit, Series: Series{Type: m.typ, Scale: m.scale}}
			if m.domain == perCause {
				if i%int(NumCauses) > 1 {
					continue // all causes of a scenario are shown with its first
				}
				out.addCauses(s.Iterations[i/int(NumCauses)], i)
			} else {
				out.addLeaf(&m, s, i)
			}
			if out.Empty() {
				continue
			}
			out.Tags = l.leafTags(m.domain, i, planTags)
			if m.name == "http_reqs" {
				s.byStatus(&out, &s.Requests[i].Statuses, visit)
				continue
			}
			visit(&out)
		}
	}
}

// addCauses adds all causes of the scenario whose first cause is the leaf.
func (s *Series) addCauses(r *IterationLeaf, first int) {
	for i := range int(NumCauses) - 1 {
		s.addCause(r, first+i)
	}
}

// byStatus shows a count of requests by the status of their responses.
func (s *Snapshot) byStatus(all *Measured, statuses *Statuses, visit func(*Measured)) {
	rest := all.Count - statuses.Other
	show := func(status string, n int64) {
		if n == 0 {
			return
		}
		one := *all
		one.Series = Series{Type: Counter}
		one.addCount(n)
		one.Tags = maps.Clone(all.Tags)
		one.Tags["status"] = status
		visit(&one)
	}
	for i := range statuses.Used {
		rest -= statuses.Counts[i]
		show(strconv.Itoa(int(statuses.Codes[i])), statuses.Counts[i])
	}
	show("other", statuses.Other)
	show("0", rest)
}

// leafTags are all tags that are known of a leaf.
func (l *Layout) leafTags(d domain, leaf int, planTags []string) map[string]string {
	tags := map[string]string{}
	for _, names := range [][]string{fixedTags[d], planTags} {
		for _, tag := range names {
			if v := l.fixedTag(d, leaf, tag); v != "" {
				tags[tag] = v
			}
		}
	}
	if d == perCause {
		delete(tags, "cause")
	}
	return tags
}

// Merged is the merge of two snapshots of the same run, either of which may be nil; neither is changed.
func Merged(a, b *Snapshot) *Snapshot {
	if a == nil || b == nil {
		if a == nil {
			return b
		}
		return a
	}
	sum := a.Copy()
	sum.Merge(b)
	return sum
}

// Copy is a snapshot of the same, for those who want to merge into it.
func (s *Snapshot) Copy() *Snapshot {
	c := &Snapshot{
		From: s.From, To: s.To,
		Requests: make([]*RequestLeaf, len(s.Requests)), Iterations: make([]*IterationLeaf, len(s.Iterations)),
		Checks: make([]Tally, len(s.Checks)), Groups: make([]*Histogram, len(s.Groups)), Custom: make([]*Series, len(s.Custom)),
		VUs: make([]VULevel, len(s.VUs)), Times: make([]ScenarioTime, len(s.Times)), selected: make([]*selected, len(s.selected)),
	}
	c.Merge(s)
	return c
}

// Names are the names that a sample's numbers stand for, for those who show single requests.
func (l *Layout) Names(r *Request) (scenario, step, group, method, stage, class string) {
	if r.Step < 0 || int(r.Step) >= len(l.Steps) || l.Steps[r.Step].Scenario < 0 {
		return
	}
	s := &l.Steps[r.Step]
	return l.Scenarios[s.Scenario].Name, s.Name, l.stepTag(r.Step, "group"), s.Method, l.stageName(s.Scenario, r.Stage), l.className(r.Class)
}
