package metrics

import (
	"slices"
	"sync"
)

// Totals is everything that was seen since the run's start: the merge of all snapshots, its judgement and what happened over
// time. Any goroutine may use it.
type Totals struct {
	layout     *Layout
	conditions *Conditions

	mu     sync.Mutex
	all    *Snapshot
	curves curves
	trials []trial // by condition
}

// NewTotals makes empty totals of a run. conditions may be nil.
func NewTotals(l *Layout, conditions *Conditions) *Totals {
	if conditions == nil {
		conditions = &Conditions{}
	}
	return &Totals{
		layout: l, conditions: conditions,
		all:    newSnapshot(l, conditions.slots, 0, 0),
		curves: newCurves(l),
		trials: newTrials(conditions),
	}
}

// Add takes in the next interval. Snapshots of the same interval from several segments must be merged before.
func (t *Totals) Add(s *Snapshot) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.curves.add(s)
	for i := range t.trials {
		if w := t.trials[i].window; w != nil {
			w.add(&t.conditions.list[i], t.layout, s)
		}
	}
	t.all.Merge(s)
}

// Now is the end of the last interval, in ns since the run's start.
func (t *Totals) Now() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all.To
}

// Series is a metric of the whole run so far, optionally of one scenario, step or group ("" for all): the tag and its
// value. ok is false if there is no such metric, or if it has no such tag.
func (t *Totals) Series(name, tag, value string) (s Series, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m, ok := t.layout.metric(name)
	if !ok {
		return Series{}, false
	}
	return t.layout.series(t.all, m, tag, value)
}

// Series is a metric of this interval, as Totals.Series has it of the run. l is the run's layout.
func (s *Snapshot) Series(l *Layout, name, tag, value string) (Series, bool) {
	m, ok := l.metric(name)
	if !ok {
		return Series{}, false
	}
	return l.series(s, m, tag, value)
}

// Point is the last interval of the timeline: what happened in it, in total (scenario < 0) or in one scenario.
func (t *Totals) Point(scenario ScenarioID) Point {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.curves.fine.last(t.curves.place(scenario))
}

// Curve is what happened over time in total (scenario and step ""), in a scenario or at one of its steps, in at most points
// points; ok is false if there is no such scenario or step. Latencies hold one map, of the same.
func (t *Totals) Curve(scenario, step string, points int) (c Timeline, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at, ok := t.curves.find(scenario, step)
	if !ok {
		return Timeline{}, false
	}
	return t.curves.one(at, points), true
}

// series selects by one fixed tag and reads.
func (l *Layout) series(s *Snapshot, m metric, tag, value string) (Series, bool) {
	if tag == "" && m.domain == perVUs {
		out := Series{Type: Gauge}
		out.addVUs(&m, &s.VUs[len(l.Scenarios)])
		return out, true
	}
	sel := selection{metric: m, slot: -1, include: clause{leaves: make([]bool, l.leaves(m.domain))}}
	if tag != "" && !slices.Contains(fixedTags[m.domain], tag) {
		return Series{}, false
	}
	for i := range sel.include.leaves {
		sel.include.leaves[i] = l.possible(&m, i) && (tag == "" || l.fixedTag(m.domain, i, tag) == value)
	}
	return s.series(l, &sel), true
}
