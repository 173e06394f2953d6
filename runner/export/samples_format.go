package export

import (
	"encoding/json"
	"strconv"
	"time"

	"runner/runner/metrics"
	"runner/runner/report"
)

// fields are what is written of every request after its names, in this order. Times are milliseconds.
var fields = []struct {
	name string
	add  func([]byte, *metrics.Request) []byte
}{
	{"status", func(b []byte, r *metrics.Request) []byte { return strconv.AppendInt(b, int64(r.Status), 10) }},
	{"expected", func(b []byte, r *metrics.Request) []byte {
		return strconv.AppendBool(b, r.Class == 0 && !r.Unexpected)
	}},
	{"failed", func(b []byte, r *metrics.Request) []byte { return strconv.AppendBool(b, r.Failed) }},
	{"last", func(b []byte, r *metrics.Request) []byte { return strconv.AppendBool(b, r.Last) }},
	{"due_ms", func(b []byte, r *metrics.Request) []byte { return millis(b, r.Due) }},
	{"start_ms", func(b []byte, r *metrics.Request) []byte { return millis(b, r.Start) }},
	{"latency_ms", func(b []byte, r *metrics.Request) []byte { latency, _, _ := r.Times(); return millis(b, latency) }},
	{"duration_ms", func(b []byte, r *metrics.Request) []byte {
		if _, duration, sent := r.Times(); sent {
			return millis(b, duration)
		}
		return append(b, '0')
	}},
	{"blocked_ms", func(b []byte, r *metrics.Request) []byte { return millis(b, r.Blocked) }},
	{"dns_ms", func(b []byte, r *metrics.Request) []byte { return millis(b, r.DNS) }},
	{"connecting_ms", func(b []byte, r *metrics.Request) []byte { return millis(b, r.Connecting) }},
	{"tls_ms", func(b []byte, r *metrics.Request) []byte { return millis(b, r.TLS) }},
	{"sending_ms", func(b []byte, r *metrics.Request) []byte { return millis(b, r.Sending) }},
	{"waiting_ms", func(b []byte, r *metrics.Request) []byte { return millis(b, r.Waiting) }},
	{"receiving_ms", func(b []byte, r *metrics.Request) []byte { return millis(b, r.Receiving) }},
	{"sent_bytes", func(b []byte, r *metrics.Request) []byte { return strconv.AppendInt(b, r.Sent, 10) }},
	{"received_bytes", func(b []byte, r *metrics.Request) []byte { return strconv.AppendInt(b, r.Received, 10) }},
}

// millis writes nanoseconds as milliseconds, exactly: 1234567 is 1.234567.
func millis(b []byte, ns int64) []byte {
	if ns < 0 {
		b, ns = append(b, '-'), -ns
	}
	b = strconv.AppendInt(b, ns/1e6, 10)
	rest := ns % 1e6
	if rest == 0 {
		return b
	}
	digits := strconv.AppendInt(b, 1e6+rest, 10) // a 1 in front keeps the zeros
	digits[len(b)] = '.'
	for digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return digits
}

// names are the texts of a request that are the same for all of its step, stage and class, and for all of its second:
// written once, then copied.
type names struct {
	layout *metrics.Layout
	begin  time.Time
	known  map[nameKey][]byte
	write  func(scenario, step, group, method, stage, class string) []byte

	last     nameKey
	lastText []byte // of last; nil: none yet
	second   int64  // Unix, of date
	date     []byte // its RFC 3339 text up to the seconds
}

type nameKey struct {
	step  metrics.StepID
	stage int16
	class uint8
}

func (n *names) of(r *metrics.Request) []byte {
	key := nameKey{r.Step, r.Stage, r.Class}
	if key == n.last && n.lastText != nil {
		return n.lastText
	}
	text, ok := n.known[key]
	if !ok {
		text = n.write(n.layout.Names(r))
		n.known[key] = text
	}
	n.last, n.lastText = key, text
	return text
}

// at is when a request ended, as RFC 3339 in UTC with all nine digits.
func (n *names) at(b []byte, r *metrics.Request) []byte {
	end := n.begin.Add(time.Duration(r.End))
	if second := end.Unix(); second != n.second || n.date == nil {
		n.second, n.date = second, end.UTC().AppendFormat(n.date[:0], "2006-01-02T15:04:05.")
	}
	b = append(b, n.date...)
	from := len(b)
	b = strconv.AppendInt(b, 1e9+int64(end.Nanosecond()), 10) // a 1 in front keeps the zeros
	return append(b[:from], append(b[from+1:], 'Z')...)
}

// ndjson writes an object a line.
type ndjson struct{ names }

func newNDJSON(info Info) *ndjson {
	write := func(scenario, step, group, method, stage, class string) []byte {
		text, _ := json.Marshal(struct { // strings always marshal
			Scenario string `json:"scenario"`
			Step     string `json:"step"`
			Group    string `json:"group"`
			Method   string `json:"method"`
			Stage    string `json:"stage"`
			Class    string `json:"class"`
		}{scenario, step, group, method, stage, class})
		return text[1 : len(text)-1]
	}
	return &ndjson{names{layout: info.Layout, begin: info.Begin, known: map[nameKey][]byte{}, write: write}}
}

func (j *ndjson) head(text []byte) []byte { return text }

func (j *ndjson) line(b []byte, r *metrics.Request) []byte {
	b = append(b, `{"time":"`...)
	b = append(j.at(b, r), `",`...)
	b = append(b, j.of(r)...)
	for i := range fields {
		b = append(append(append(b, `,"`...), fields[i].name...), `":`...)
		b = fields[i].add(b, r)
	}
	return append(b, "}\n"...)
}

// table writes a row a line.
type table struct{ names }

func newCSV(info Info) *table {
	return &table{names{layout: info.Layout, begin: info.Begin, known: map[nameKey][]byte{}, write: func(scenario, step, group, method, stage, class string) []byte {
		return []byte(report.CSVLine(scenario, step, group, method, stage, class))
	}}}
}

func (t *table) head(text []byte) []byte {
	text = append(text, "time,scenario,step,group,method,stage,class"...)
	for i := range fields {
		text = append(append(text, ','), fields[i].name...)
	}
	return append(text, '\n')
}

func (t *table) line(b []byte, r *metrics.Request) []byte {
	b = append(t.at(b, r), ',')
	b = append(b, t.of(r)...)
	for i := range fields {
		b = fields[i].add(append(b, ','), r)
	}
	return append(b, '\n')
}
