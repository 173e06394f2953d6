package report

import (
	"maps"
	"math"
	"slices"
	"strings"

	"runner/runner/metrics"
)

// catalog finds the series of a result.
type catalog map[string]*metrics.MetricResult

func newCatalog(r *metrics.Result) catalog {
	c := make(catalog, len(r.Metrics))
	for i := range r.Metrics {
		m := &r.Metrics[i]
		c[seriesKey(m.Name, m.Tags)] = m
	}
	return c
}

func seriesKey(name string, tags map[string]string) string {
	var b strings.Builder
	b.WriteString(name)
	for _, tag := range slices.Sorted(maps.Keys(tags)) {
		b.WriteString("\x00" + tag + "\x00" + tags[tag])
	}
	return b.String()
}

// find returns a series, or one without values.
func (c catalog) find(name string, tags map[string]string) *metrics.MetricResult {
	if m := c[seriesKey(name, tags)]; m != nil {
		return m
	}
	return &metrics.MetricResult{Name: name}
}

// total returns a metric's series over everything.
func (c catalog) total(name string) *metrics.MetricResult { return c.find(name, nil) }

// requests is how many requests a series of tags made, and how many request steps of them failed.
func (c catalog) requests(tags map[string]string) (made, failed int64) {
	rate := c.find("http_req_failed", tags).Values
	return whole(c.find("http_reqs", tags).Values["count"]), whole(rate["rate"] * (rate["passes"] + rate["fails"]))
}

func whole(v float64) int64 { return int64(math.Round(v)) }

// percentile is a trend's aggregate as a cell: marked with ~ if too few samples are beyond it to rely on.
func percentile(m *metrics.MetricResult, name string) cell {
	v, ok := m.Values[name]
	if !ok || m.Values["count"] == 0 {
		return cell{text: none, style: dim}
	}
	text := quantity(v, m.Unit, digits)
	if slices.Contains(m.Weak, name) {
		return cell{text: "~" + text, style: dim}
	}
	return cell{text: text}
}

// stepSeries is the tags of the series that stand for the steps: by scenario and step where the result has these, else
// by step alone. A result may hold some of either kind because a threshold selects them.
func stepSeries(r *metrics.Result) []map[string]string {
	var series []metrics.MetricResult
	for _, m := range r.Metrics {
		if m.Name == "http_reqs" && m.Tags["step"] != "" && !several(m.Tags) {
			series = append(series, m)
		}
	}
	covered := map[string]float64{} // by step: requests that series by scenario and step account for
	for _, m := range series {
		if len(m.Tags) == 2 && m.Tags["scenario"] != "" {
			covered[m.Tags["step"]] += m.Values["count"]
		}
	}
	alone := map[string]bool{} // by step: its series by step has to be shown
	for _, m := range series {
		if len(m.Tags) == 1 {
			n, ok := covered[m.Tags["step"]]
			alone[m.Tags["step"]] = !ok || n != m.Values["count"]
		}
	}
	var found []map[string]string
	for _, m := range series {
		step, scenario := m.Tags["step"], m.Tags["scenario"]
		if len(m.Tags) == 1 && alone[step] || len(m.Tags) == 2 && scenario != "" && !alone[step] {
			found = append(found, m.Tags)
		}
	}
	return found
}

// several tells whether tags are a selector that may take in several values, as step=~^GET does: no step is called so.
func several(tags map[string]string) bool {
	for _, value := range tags {
		if strings.HasPrefix(value, "=~") || strings.HasPrefix(value, "!=") {
			return true
		}
	}
	return false
}

// requestRow is a line of the table of requests.
type requestRow struct {
	scenario, step string // step "": all of the scenario's; both "": all
	made, failed   int64
	rate           string
	latency        *metrics.MetricResult
}

// requestRows are the steps, then, if there are several, each scenario, then all together.
func requestRows(r *metrics.Result, c catalog) []requestRow {
	var rows []requestRow
	add := func(tags map[string]string) {
		row := requestRow{scenario: tags["scenario"], step: tags["step"], rate: none, latency: c.find("http_req_latency", tags)}
		row.made, row.failed = c.requests(tags)
		if v, ok := c.find("http_reqs", tags).Values["rate"]; ok {
			row.rate = quantity(v, "/s", digits)
		}
		rows = append(rows, row)
	}
	steps := stepSeries(r)
	for _, tags := range steps {
		add(tags)
	}
	if len(r.Scenarios) > 1 {
		for _, s := range r.Scenarios {
			if in := (map[string]string{"scenario": s.Name}); c[seriesKey("http_reqs", in)] != nil {
				add(in)
			}
		}
	}
	if made, _ := c.requests(nil); len(steps) != 1 && (made > 0 || len(steps) > 0) {
		add(nil)
	}
	return rows
}
