package metrics

import (
	"maps"
	"slices"
)

// headlines are the aggregates that results list then and now, of all requests and of each step.
var headlines = []struct {
	metric     string
	aggregates []string
}{
	{"http_req_latency", []string{"med", "p95", "p99"}}, {"http_reqs", []string{"rate"}}, {"http_req_failed", []string{"rate"}},
}

// compare lists the headlines of a result beside the baseline's, in the result's order. What only one of them has is left out.
func (b *Baseline) compare(r *Result) {
	if b == nil {
		return
	}
	for i := range r.Metrics {
		now := &r.Metrics[i]
		if len(now.Tags) > 1 || len(now.Tags) == 1 && now.Tags["step"] == "" {
			continue
		}
		at := slices.IndexFunc(b.Result.Metrics, func(m MetricResult) bool { return m.Name == now.Name && maps.Equal(m.Tags, now.Tags) })
		if at < 0 {
			continue
		}
		for _, h := range headlines {
			if h.metric == now.Name {
				r.Baseline.Changes = append(r.Baseline.Changes, changes(&b.Result.Metrics[at], now, h.aggregates)...)
			}
		}
	}
}

func changes(then, now *MetricResult, aggregates []string) (list []BaselineChange) {
	for _, name := range aggregates {
		base, ok := then.Values[name]
		head, too := now.Values[name]
		if ok && too {
			list = append(list, BaselineChange{
				Metric: now.Name, Tags: now.Tags, Aggregate: name, Unit: now.Unit, Base: base, Head: head,
				Weak: slices.Contains(then.Weak, name) || slices.Contains(now.Weak, name),
			})
		}
	}
	return list
}
