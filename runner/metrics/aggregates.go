package metrics

import (
	"strings"

	"runner/spec/expr"
)

// aggregates are the names that a condition over a metric may read, with their types; "p" stands for every percentile.
func aggregates(m *metric) map[string]expr.Type {
	all := ownAggregates(m)
	all["baseline"] = expr.Any // allows baseline.NAME of each
	return all
}

func ownAggregates(m *metric) map[string]expr.Type {
	switch m.typ {
	case Counter:
		count := expr.Int
		switch {
		case m.unit == "bytes":
			count = expr.Bytes
		case m.domain == perCustom:
			count = expr.Float // emit may add fractions
		}
		return map[string]expr.Type{"count": count, "rate": expr.PerSecond}
	case Rate:
		return map[string]expr.Type{"rate": expr.Ratio, "passes": expr.Int, "fails": expr.Int}
	case Gauge:
		t := unitType(m.unit)
		return map[string]expr.Type{"value": t, "min": t, "max": t}
	default:
		t := unitType(m.unit)
		return map[string]expr.Type{"avg": t, "min": t, "max": t, "med": t, "p": t, "count": expr.Int}
	}
}

// unitType is the type of values in a unit; a unit that the language has no literals for is a plain number.
func unitType(unit string) expr.Type {
	switch unit {
	case "ms":
		return expr.Millis
	case "bytes":
		return expr.Bytes
	}
	return expr.Float
}

// unitOf is the unit of what a condition observes: that of the first aggregate it reads.
func (m *metric) unitOf(reads []string) string {
	if len(reads) == 0 {
		return m.unit
	}
	switch name := strings.TrimPrefix(reads[0], ofBaseline); {
	case name == "rate" && m.typ == Rate:
		return "%"
	case name == "rate":
		return m.unit + "/s"
	case m.typ == Rate, m.typ == Trend && name == "count":
		return ""
	}
	return m.unit
}
