package metrics

import (
	"slices"

	"runner/spec"
)

// resultTags are the tags by which results split every metric that has them.
var resultTags = []string{"scenario", "step", "group"}

// pairMetrics are the metrics that results also list by scenario and step together.
var pairMetrics = []string{"http_reqs", "http_req_failed", "http_req_latency"}

// trendAggregates are what results show of a trend.
var trendAggregates = []string{"count", "min", "avg", "med", "p90", "p95", "p99", "p99.9", "max"}

// metrics lists every series: of each metric the total, by scenario, by step, by group, and what thresholds select.
func (b *builder) metrics(c *Conditions) []MetricResult {
	list := []MetricResult{}
	for _, m := range b.layout.metrics() {
		list = b.series(list, m, c)
	}
	return list
}

// series lists all series of a metric.
func (b *builder) series(list []MetricResult, m metric, c *Conditions) []MetricResult {
	list = b.total(list, m)
	for _, tag := range resultTags {
		list = b.split(list, m, tag)
	}
	list = b.pairs(list, m)
	return b.selected(list, m, c)
}

// total is the metric without tags. A counter that the plan can produce, or that is its own, is there even if it is 0.
func (b *builder) total(list []MetricResult, m metric) []MetricResult {
	s, _ := b.layout.series(b.all, m, "", "")
	if s.Empty() && (m.typ != Counter || m.domain != perCustom && !b.layout.produces(&m)) {
		return list
	}
	return append(list, show(&m, &s, map[string]string{}))
}

// produces tells whether anything can have samples of a metric.
func (l *Layout) produces(m *metric) bool {
	for leaf := range l.leaves(m.domain) {
		if l.possible(m, leaf) {
			return true
		}
	}
	return false
}

// split lists the metric by a tag's values, as far as there are samples.
func (b *builder) split(list []MetricResult, m metric, tag string) []MetricResult {
	for _, value := range b.layout.valuesOf(&m, tag) {
		if s, ok := b.layout.series(b.all, m, tag, value); ok && !s.Empty() {
			list = append(list, show(&m, &s, map[string]string{tag: value}))
		}
	}
	return list
}

// pairs lists what a table of requests shows, by scenario and step, where there are several scenarios: the same step's
// name in two of them is one series by step.
func (b *builder) pairs(list []MetricResult, m metric) []MetricResult {
	if len(b.layout.Scenarios) < 2 || !slices.Contains(pairMetrics, m.name) {
		return list
	}
	seen := map[[2]string]bool{}
	for _, s := range b.layout.Steps {
		if s.Scenario < 0 {
			continue
		}
		scenario := b.layout.Scenarios[s.Scenario].Name
		if key := [2]string{scenario, s.Name}; !seen[key] {
			seen[key] = true
			list = b.pair(list, m, scenario, s.Name)
		}
	}
	return list
}

func (b *builder) pair(list []MetricResult, m metric, scenario, step string) []MetricResult {
	include, err := b.layout.compile(&m, []spec.Matcher{{Tag: "scenario", Op: "=", Value: scenario}, {Tag: "step", Op: "=", Value: step}})
	if err != nil {
		return list // only patterns can be wrong
	}
	sel := selection{metric: m, slot: -1, include: include}
	if s := b.all.series(b.layout, &sel); !s.Empty() {
		list = append(list, show(&m, &s, map[string]string{"scenario": scenario, "step": step}))
	}
	return list
}

func (l *Layout) valuesOf(m *metric, tag string) []string {
	if l.tagKind(m.domain, tag) != tagFixed {
		return nil
	}
	return l.values(m, tag)
}

// selected lists what thresholds select by more than one of the result's tags, each selector once.
func (b *builder) selected(list []MetricResult, m metric, c *Conditions) []MetricResult {
	seen := map[string]bool{}
	for i := range c.list {
		k := &c.list[i]
		id := selector(k.shown.Where)
		if k.shown.Metric != m.name || k.shown.Default || k.plain() || seen[id] {
			continue
		}
		seen[id] = true
		if s := b.all.series(b.layout, k.selection); !s.Empty() || m.typ == Counter {
			list = append(list, show(&m, &s, k.result().Selector))
		}
	}
	return list
}

// plain tells whether split has listed the selection already.
func (c *condition) plain() bool {
	where := c.shown.Where
	if len(where) == 0 {
		return true
	}
	if len(where) > 1 || where[0].Op != "=" {
		return false
	}
	for _, tag := range resultTags {
		if where[0].Tag == tag {
			return true
		}
	}
	return false
}

// show is a series as results show it.
func show(m *metric, s *Series, tags map[string]string) MetricResult {
	r := MetricResult{Name: m.name, Type: m.typ.String(), Unit: m.unit, Tags: tags, Values: map[string]float64{}}
	for _, name := range shownAggregates(m.typ) {
		if v, ok := s.Aggregate(name); ok {
			r.Values[name] = v
		}
		if s.Weak(name) {
			r.Weak = append(r.Weak, name)
		}
	}
	return r
}

func shownAggregates(t Type) []string {
	switch t {
	case Counter:
		return []string{"count", "rate"}
	case Rate:
		return []string{"rate", "passes", "fails"}
	case Gauge:
		return []string{"value", "min", "max"}
	}
	return trendAggregates
}
