package report

import (
	"maps"
	"slices"
	"strings"

	"runner/runner/metrics"
)

// observed writes what a threshold saw. A value that rounds to a number of the condition gets more digits, so that
// nobody reads "p95 < 200ms: 200 ms" as a mistake.
func observed(values map[string]float64, unit, condition string) string {
	var own, base []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if strings.HasPrefix(name, ofBaseline) {
			base = append(base, name)
			continue
		}
		own = append(own, name)
	}
	list := func(names []string) string {
		parts := make([]string, len(names))
		for i, name := range names {
			parts[i] = distinct(values[name], aggregateUnit(name, unit), condition)
			if len(names) > 1 {
				parts[i] = strings.TrimPrefix(name, ofBaseline) + " " + parts[i]
			}
		}
		return strings.Join(parts, ", ")
	}
	if base == nil {
		return list(own)
	}
	return list(own) + " (was " + list(base) + ")"
}

// ofBaseline begins the names of aggregates of the baseline.
const ofBaseline = "baseline."

// aggregateUnit is the unit of one aggregate where unit is that of the first one in the condition: counts have none, but
// of bytes; a rate has one of its own.
func aggregateUnit(aggregate, unit string) string {
	switch aggregate = strings.TrimPrefix(aggregate, ofBaseline); {
	case aggregate == "count" && unit != "bytes", aggregate == "passes", aggregate == "fails":
		return ""
	case aggregate == "rate" && unit == "":
		return "%"
	case aggregate == "rate" && unit == "bytes":
		return "bytes/s"
	}
	return unit
}

func distinct(v float64, unit, condition string) string {
	condition = strings.ReplaceAll(condition, " ", "")
	for n := digits; n <= 8; n++ {
		if s := quantity(v, unit, n); !strings.Contains(condition, bare(s)) {
			return s
		}
	}
	return quantity(v, unit, digits)
}

// bare is a quantity as an author would write it: "1.00 s" is 1s.
func bare(s string) string {
	end := strings.LastIndexAny(s, "0123456789") + 1
	n, unit := s[:end], strings.TrimSpace(s[end:])
	if strings.Contains(n, ".") {
		n = strings.TrimRight(strings.TrimRight(n, "0"), ".")
	}
	return strings.ReplaceAll(n, ",", "") + unit
}

// changeUnit is the unit of a headline's aggregate: rates of counters are per second.
func changeUnit(k *metrics.BaselineChange) string {
	if k.Metric == "http_reqs" {
		return "/s"
	}
	return aggregateUnit(k.Aggregate, k.Unit)
}

// change is how a value has changed, as a share of what it was: +12.3%.
func change(base, head float64) string {
	if base == head {
		return "0%"
	}
	if base == 0 {
		return none
	}
	share := (head - base) / base
	if share > 0 {
		return "+" + percent(share, digits)
	}
	return percent(share, digits)
}

// seriesName is a series as thresholds write it: metric{tag=value,…}.
func seriesName(metric string, tags map[string]string) string {
	if len(tags) == 0 {
		return metric
	}
	parts := make([]string, 0, len(tags))
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		parts = append(parts, k+"="+tags[k])
	}
	return metric + "{" + strings.Join(parts, ",") + "}"
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
