package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"runner/runner/metrics"
)

// Encode is the result as indented JSON in which every character can be shown.
func Encode(r *metrics.Result) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(presentable(r)); err != nil {
		return nil, err
	}
	return visible(rows(buf.Bytes())), nil
}

// rows puts each list of numbers on one line: an hour of seconds is a line, not a page of them. Text stands in quotes, so
// what a line holds can be told from its ends.
func rows(text []byte) []byte {
	out := make([]byte, 0, len(text))
	open := false // a list's opening bracket, or numbers after it, end the line that is being written
	for line := range bytes.Lines(text) {
		bare := bytes.TrimSpace(line)
		switch number := numeric(bare); {
		case open && (number || bare[0] == ']'):
			if number && out[len(out)-1] == ',' {
				out = append(out, ' ')
			}
			out = append(out, bare...)
			open = number
		case open:
			out = append(append(out, '\n'), bytes.TrimRight(line, "\n")...)
			open = false
		default:
			out = append(out, bytes.TrimRight(line, "\n")...)
		}
		if open = open || bare[len(bare)-1] == '['; !open {
			out = append(out, '\n')
		}
	}
	return out
}

func numeric(bare []byte) bool { return bare[0] == '-' || bare[0] >= '0' && bare[0] <= '9' }

// visible escapes what encoding/json leaves as it is although a terminal acts on it: DEL, C1 controls, format
// characters. Such bytes only occur inside JSON strings.
func visible(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r < 0x7f || unicode.IsPrint(r):
			out = append(out, text[i:i+n]...)
		case r < 0x10000:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		}
		i += n
	}
	return out
}

// presentable is a copy of a result in which empty lists and maps are [] and {}, as the schema wants them, and numbers
// that JSON cannot write are left out: the result of an hour must not be lost to one of them.
func presentable(r *metrics.Result) *metrics.Result {
	c := *r
	c.Verdict.Reasons = list(r.Verdict.Reasons)
	c.Metrics = list(r.Metrics)
	for i := range c.Metrics {
		c.Metrics[i].Tags = dict(c.Metrics[i].Tags)
		c.Metrics[i].Values = finite(c.Metrics[i].Values)
	}
	c.Thresholds = list(r.Thresholds)
	for i := range c.Thresholds {
		c.Thresholds[i].Selector = dict(c.Thresholds[i].Selector)
		c.Thresholds[i].Observed = finite(c.Thresholds[i].Observed)
	}
	c.Checks = list(r.Checks)
	c.Errors, c.Interventions = list(r.Errors), list(r.Interventions)
	for i := range c.Errors {
		c.Errors[i].Samples = list(c.Errors[i].Samples)
	}
	c.Scenarios = list(r.Scenarios)
	if r.Baseline != nil {
		b := *r.Baseline
		b.Changes = list(b.Changes)
		c.Baseline = &b
	}
	c.Setup, c.Teardown = dict(r.Setup), dict(r.Teardown)
	c.Timeline.Series, c.Timeline.Steps.Series = curves(r.Timeline.Series), curves(r.Timeline.Steps.Series)
	c.Timeline.Latencies.BoundsMs, c.Timeline.Latencies.Maps = list(r.Timeline.Latencies.BoundsMs), list(r.Timeline.Latencies.Maps)
	return &c
}

func curves(all []metrics.TimelineSeries) []metrics.TimelineSeries {
	c := list(all)
	for i := range c {
		c[i].Tags, c[i].Values = dict(c[i].Tags), list(c[i].Values)
	}
	return c
}

// list is a copy that is never nil.
func list[T any](s []T) []T { return append([]T{}, s...) }

// dict is the map, never nil.
func dict[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}

// finite is a copy without what is no number.
func finite(m map[string]float64) map[string]float64 {
	c := make(map[string]float64, len(m))
	for k, v := range m {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			c[k] = v
		}
	}
	return c
}
