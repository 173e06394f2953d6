package lsp

import (
	"slices"
	"strings"

	"runner/runner/metrics"
	"runner/spec"
	"runner/spec/expr"
)

// view is one look at one place of a document.
type view struct {
	s     *server
	doc   *document
	place *place
	index *index
	owner *item // the scenario, flow or phase around the place
}

func (s *server) view(doc *document, p position) *view {
	s.mu.Lock()
	plan := s.parts[doc.path]
	s.mu.Unlock()
	around := doc
	if plan != "" && plan != doc.path {
		if d := s.files.read(plan); d != nil {
			around = d
		}
	}
	v := &view{s: s, doc: doc, index: indexOf(&s.files, around)}
	v.place = doc.find(p.Line, doc.column(p))
	v.owner = ownerOf(v.place.in)
	if v.place.on != nil {
		v.owner = ownerOf(v.place.on)
	}
	return v
}

// here is the range of what is being written, up to the cursor.
func (v *view) here(from int) span { return v.doc.span(v.place.line, from, v.place.column) }

// entry is the key whose value the place is in; in a list that of the list.
func (v *view) entry() *item {
	i := v.place.on
	if i == nil {
		i = v.place.in
	}
	for i != nil && i.kind == listItem {
		i = i.parent
	}
	return i
}

// key is the key whose value the place is in.
func (v *view) key() string {
	if i := v.entry(); i != nil {
		return i.key
	}
	return ""
}

// container is the key of the map around the place.
func (v *view) container() *item {
	i := v.place.in
	for i != nil && i.kind == listItem {
		i = i.parent
	}
	return i
}

// valueForms are the forms of the value in which the place is.
func (v *view) valueForms() []form {
	if v.place.on != nil {
		return v.s.words.forms(v.place.on)
	}
	if v.place.in.flow == '[' {
		return v.s.words.forms(&item{kind: listItem, parent: v.place.in})
	}
	return nil
}

// isExpression tells whether values of these forms are expressions without ${ }.
func isExpression(forms []form) bool {
	return slices.ContainsFunc(forms, func(f form) bool { return f.is("expression") })
}

// inThresholds tells whether a place is in a condition of a threshold, and of which metric. An inline one without a metric
// is of http_req_latency.
func (v *view) inThresholds() (metric string, ok bool) {
	metric = "http_req_latency"
	i := v.place.on
	if i == nil {
		i = v.place.in
	}
	for ; i != nil; i = i.parent {
		if m := i.child("metric"); m != nil && m.value != "" {
			metric, _, _ = strings.Cut(m.value, "{")
		}
		if i.parent != nil && i.parent.key == "thresholds" && i.kind == keyItem && i.key != "that" {
			metric, _, _ = strings.Cut(i.key, "{")
		}
		if i.key == "thresholds" {
			return metric, true
		}
	}
	return "", false
}

// layout is what the plan's own metrics and tags make of thresholds.
func (v *view) layout() *metrics.Layout {
	l := &metrics.Layout{Scenarios: []metrics.Scenario{{Tags: map[string]string{}}}}
	types := map[string]metrics.Type{"counter": metrics.Counter, "gauge": metrics.Gauge, "rate": metrics.Rate, "trend": metrics.Trend}
	for _, d := range v.index.named("metrics", nil) {
		kind := ""
		if t := d.at.child("type"); t != nil {
			kind = t.value
		}
		l.Custom = append(l.Custom, metrics.Custom{Name: d.name, Type: types[kind]})
	}
	for _, d := range v.index.named("tags", nil) {
		l.Scenarios[0].Tags[d.name] = ""
	}
	return l
}

// chain is the name around the cursor, such as vars.base: its parts up to the one under the cursor, and that one's place.
// whole: with what follows the cursor.
func (v *view) chain(whole bool) (parts []string, at part) {
	line := v.doc.line(v.place.line)
	from, to := v.place.column, v.place.column
	for from > 0 && isWord(line[from-1]) {
		from--
	}
	for whole && to < len(line) && isWord(line[to]) {
		to++
	}
	at = part{v.place.line, from, to}
	parts = []string{string(line[from:to])}
	for from > 0 && line[from-1] == '.' {
		from--
		if from > 0 && line[from-1] == '?' {
			from--
		}
		end := from
		for from > 0 && isWord(line[from-1]) {
			from--
		}
		parts = append([]string{string(line[from:end])}, parts...)
	}
	return parts, at
}

// builtinMetric finds a metric that every run has.
func builtinMetric(name string) (spec.BuiltinMetric, bool) {
	for _, m := range spec.BuiltinMetrics() {
		if m.Name == name {
			return m, true
		}
	}
	return spec.BuiltinMetric{}, false
}

// function finds a function of expressions.
func function(name string) (expr.Func, bool) {
	for _, f := range expr.Functions() {
		if called, _, _ := strings.Cut(f.Signature, "("); called == name {
			return f, true
		}
	}
	return expr.Func{}, false
}

// wordOf finds a name that every expression has, such as vu.id or status.
func wordOf(name string) (expr.Word, bool) {
	for _, w := range expr.Words() {
		if slices.Contains(w.Names(), name) {
			return w, true
		}
	}
	return expr.Word{}, false
}
