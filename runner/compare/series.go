package compare

import (
	"maps"
	"math"
	"slices"
	"strings"

	"runner/runner/metrics"
)

// judged lists what is compared: of the totals, and of each step where there are several.
var judged = []struct {
	metric, aggregate string
	steps             bool
	more              bool // more is better
	share             bool // a ratio 0..1: differences count, not ratios
}{
	{"http_req_latency", "med", true, false, false},
	{"http_req_latency", "p95", true, false, false},
	{"http_req_failed", "rate", false, false, true},
	{"checks", "rate", false, true, true},
	{"http_reqs", "rate", false, true, false},
}

// mostSteps is how many steps are compared: of the others the totals tell.
const mostSteps = 100

// series is one aggregate of one series by run.
type series struct {
	metric, aggregate, unit string
	tags                    map[string]string
	more, share             bool
	base, head              []float64
}

// collect lists the series that every run has. A percentile with too few samples beyond it in any run is not compared.
func collect(base, head []Run) []series {
	all := slices.Concat(base, head)
	var list []series
	for _, j := range judged {
		for _, tags := range selectors(all, j.metric, j.steps) {
			s := series{metric: j.metric, aggregate: j.aggregate, tags: tags, more: j.more, share: j.share}
			if values, unit, ok := read(all, j.metric, j.aggregate, tags); ok {
				s.unit, s.base, s.head = unit, values[:len(base)], values[len(base):]
				list = append(list, s)
			}
		}
	}
	return list
}

// selectors are the total and, where there are several, the steps of the first run.
func selectors(all []Run, metric string, steps bool) []map[string]string {
	list := []map[string]string{{}}
	if !steps {
		return list
	}
	for _, m := range all[0].Result.Metrics {
		if _, ok := m.Tags["step"]; ok && m.Name == metric && len(m.Tags) == 1 && len(list) <= mostSteps {
			list = append(list, m.Tags)
		}
	}
	if len(list) == 2 { // the one step is the total
		return list[:1]
	}
	return list
}

// read is an aggregate in every run.
func read(all []Run, metric, aggregate string, tags map[string]string) (values []float64, unit string, ok bool) {
	for _, r := range all {
		i := slices.IndexFunc(r.Result.Metrics, func(m metrics.MetricResult) bool { return m.Name == metric && maps.Equal(m.Tags, tags) })
		if i < 0 {
			return nil, "", false
		}
		m := &r.Result.Metrics[i]
		v, has := m.Values[aggregate]
		if !has || slices.Contains(m.Weak, aggregate) {
			return nil, "", false
		}
		values, unit = append(values, v), m.Unit
	}
	return values, unit, true
}

// Name is the series as people write it: http_req_latency{step=pay} p95.
func (c *Change) Name() string {
	name := c.Metric
	if len(c.Tags) > 0 {
		var parts []string
		for _, tag := range slices.Sorted(maps.Keys(c.Tags)) {
			parts = append(parts, tag+"="+c.Tags[tag])
		}
		name += "{" + strings.Join(parts, ",") + "}"
	}
	return name + " " + c.Aggregate
}

// scale makes values additive: differences of logarithms are ratios.
func (s *series) scale(v float64) float64 {
	if s.share {
		return v
	}
	return math.Log(max(v, math.SmallestNonzeroFloat32))
}

// change is the median of head against that of base.
func (s *series) change(base, head float64) float64 {
	switch {
	case s.share:
		return head - base
	case base == head:
		return 0
	case base == 0:
		return math.MaxFloat32 // JSON has no infinity
	}
	return head/base - 1
}
