package metrics

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// describe is a condition and what was observed: `http_req_latency: p95 < 500ms (p95 = 812.3 ms)`.
func describe(t *ThresholdResult) string {
	if t.Reason == noData {
		return t.ID + " (no data: nothing that it measures happened, and no data is not a pass)"
	}
	var parts []string
	for _, name := range sortedKeys(t.Observed) {
		parts = append(parts, name+" = "+shown(t.Observed[name], t.Unit))
	}
	text := t.ID
	if len(parts) > 0 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	if t.Reason != "" && !strings.HasPrefix(t.Reason, "would have failed") {
		text += ": " + t.Reason
	}
	return text
}

func sortedKeys(m map[string]float64) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// shown writes an observed value with its unit: enough digits to see which side of a limit it is on.
func shown(v float64, unit string) string {
	switch unit {
	case "%":
		return strconv.FormatFloat(math.Round(v*1e7)/1e5, 'f', -1, 64) + "%"
	case "", "/s":
		return strconv.FormatFloat(v, 'g', 6, 64) + unit
	}
	return strconv.FormatFloat(math.Round(v*1e3)/1e3, 'f', -1, 64) + " " + unit
}
