package report

import (
	"bytes"
	"encoding/csv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"runner/runner/metrics"
)

// csvHead names the columns: one row an aggregate of a series, so that every spreadsheet and every script can filter.
var csvHead = []string{"metric", "type", "unit", "scenario", "step", "group", "tags", "aggregate", "value", "weak"}

// CSV is the metrics of a result as rows. Values are as exact as in the result file.
func CSV(r *metrics.Result) ([]byte, error) {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	if err := w.Write(csvHead); err != nil {
		return nil, err
	}
	for i := range r.Metrics {
		m := &r.Metrics[i]
		for _, aggregate := range slices.Sorted(maps.Keys(finite(m.Values))) {
			row := []string{m.Name, m.Type, m.Unit, m.Tags["scenario"], m.Tags["step"], m.Tags["group"], otherTags(m.Tags), aggregate}
			for i := range row {
				row[i] = csvText(row[i])
			}
			value := strconv.FormatFloat(m.Values[aggregate], 'g', -1, 64)
			if err := w.Write(append(row, value, strconv.FormatBool(slices.Contains(m.Weak, aggregate)))); err != nil {
				return nil, err
			}
		}
	}
	w.Flush()
	return text.Bytes(), w.Error()
}

// otherTags are the tags without a column of their own, as key=value joined by spaces.
func otherTags(tags map[string]string) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		if !slices.Contains([]string{"scenario", "step", "group"}, k) {
			parts = append(parts, k+"="+tags[k])
		}
	}
	return strings.Join(parts, " ")
}

// csvText makes a text safe to open in a spreadsheet: what would be read as a formula gets a quote in front (OWASP, CSV
// injection), and what steers a terminal is escaped.
func csvText(s string) string {
	s = Clean(s)
	if first := strings.TrimLeft(s, " "); first != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0]) {
		return "'" + s
	}
	return s
}

// CSVLine is texts as one line of CSV, without its end, each safe to open in a spreadsheet.
func CSVLine(fields ...string) string {
	var text strings.Builder
	w := csv.NewWriter(&text)
	for i := range fields {
		fields[i] = csvText(fields[i])
	}
	_ = w.Write(fields) // a builder takes everything
	w.Flush()
	return strings.TrimSuffix(text.String(), "\n")
}
