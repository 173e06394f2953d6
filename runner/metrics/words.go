package metrics

import (
	"maps"
	"slices"
	"strings"
)

// Words are what a threshold may say of a metric: the aggregates that its conditions read, of the percentiles the usual
// ones, and the tags that its selectors name. Only the layout's custom metrics and the author's tags count; of an unknown
// metric there are none.
func (l *Layout) Words(name string) (aggregates, tags []string) {
	m, ok := l.metric(name)
	if !ok {
		return nil, nil
	}
	for _, a := range slices.Sorted(maps.Keys(ownAggregates(&m))) {
		if a == "p" {
			aggregates = append(aggregates, "p50", "p90", "p95", "p99", "p(99.9)")
			continue
		}
		aggregates = append(aggregates, a)
	}
	return aggregates, l.tagsOf(m.domain)
}

// TagValues are the values of a tag that are the same for every plan.
func TagValues(tag string) []string {
	switch tag {
	case "cause":
		return append(slices.Clone(causeNames[1:]), dropNames[:]...)
	case "expected":
		return []string{"true", "false"}
	case "method":
		return strings.Fields("GET POST PUT PATCH DELETE HEAD OPTIONS")
	case "status":
		return strings.Fields("200 201 204 400 401 403 404 409 422 429 500 502 503 504")
	}
	return nil
}
