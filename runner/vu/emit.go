package vu

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"runner/runner/metrics"
	"runner/spec"
	"runner/spec/expr"
)

// emit adds samples to custom metrics.
type emit struct{ entries []emitted }

type emitted struct {
	place metrics.EmitID
	kind  metrics.Type
	name  string
	value *expr.Template
}

func compileEmit(c *Compiler, s *spec.Emit) Step {
	e := &emit{}
	if c.Phase != "" {
		p := spec.Problemf(s.Pos, len(s.Verb), "emit in %s adds to no metric: %s is kept out of all of them", c.Phase, c.Phase)
		c.Add(spec.Problems{p.WithHint("emit in a scenario, with after: where it has to come last")})
	}
	for _, entry := range s.Values {
		id := customMetric(c.Layout, entry.Key)
		if id < 0 {
			var have []string
			for _, m := range c.Layout.Custom {
				have = append(have, m.Name)
			}
			p := spec.Problemf(entry.KeyPos, len(entry.Key), "emit: unknown metric %q", entry.Key)
			c.Add(spec.Problems{p.WithHint("%s", metricHint(entry.Key, have))})
			continue
		}
		one := emitted{place: c.place(id), kind: c.Layout.Custom[id].Type, name: entry.Key, value: c.Scalar(entry.Value)}
		if p := one.constant(entry.Value); p != nil {
			c.Add(spec.Problems{*p})
		}
		e.entries = append(e.entries, one)
	}
	return e
}

// place is where a metric is added to: what its samples are tagged with.
func (c *Compiler) place(id metrics.MetricID) metrics.EmitID {
	place := metrics.Emit{Metric: id, Scenario: c.Scenario, Step: c.After, Group: c.group, Flow: c.Flow()}
	at := slices.Index(c.Layout.Emits, place)
	if at < 0 {
		at = len(c.Layout.Emits)
		c.Layout.Emits = append(c.Layout.Emits, place)
	}
	return metrics.EmitID(at)
}

func metricHint(name string, have []string) string {
	if near := spec.Suggest(name, have); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "declare it at the top level: metrics: { " + name + ": { type: counter } }"
}

func customMetric(l *metrics.Layout, name string) metrics.MetricID {
	for i, m := range l.Custom {
		if m.Name == name {
			return metrics.MetricID(i)
		}
	}
	return -1
}

// constant judges a sample that is written out: it is as wrong before the run as in it.
func (e *emitted) constant(t spec.Text) *spec.Problem {
	if e.value == nil {
		return nil
	}
	text, ok := e.value.Const()
	if !ok {
		return nil
	}
	if _, err := e.number(text); err != nil {
		p := spec.Problemf(t.Pos, utf8.RuneCountInString(t.Value), "emit %s: %v", e.name, err)
		return &p
	}
	return nil
}

// Do emits in the order of the file.
func (s *emit) Do(v *VU) error {
	for i := range s.entries {
		e := &s.entries[i]
		value, err := e.value.Eval(&v.VM)
		if err != nil {
			return FailValue("emit "+e.name, err)
		}
		n, err := e.number(value)
		if err != nil {
			return FailValue("emit "+e.name, err)
		}
		if v.Trace != nil {
			v.Trace.Note(Note{Verb: "emit", Text: e.name, Value: n, Valued: true})
		}
		v.Recorder.Emit(e.place, v.Moment(), n)
	}
	return nil
}

// number takes a number, or a bool where the metric is a rate. Text that reads as one is taken too: what a header, a CSV
// column or the plan itself holds is always text.
func (e *emitted) number(value any) (float64, error) {
	switch value := value.(type) {
	case bool:
		if e.kind != metrics.Rate {
			return 0, fmt.Errorf("%v is not a number", value)
		}
		if value {
			return 1, nil
		}
		return 0, nil
	case string:
		if e.kind == metrics.Rate && (value == "true" || value == "false") {
			return e.number(value == "true")
		}
		n, err := expr.ParseNumber(value)
		if err != nil {
			return 0, fmt.Errorf("%q is not a number", value)
		}
		return e.bounded(n)
	}
	n, ok := expr.ToFloat(value)
	if !ok {
		return 0, fmt.Errorf("%v is not a number", value)
	}
	return e.bounded(n)
}

// bounded refuses what would take back what a counter has counted.
func (e *emitted) bounded(n float64) (float64, error) {
	if e.kind == metrics.Counter && n < 0 {
		return 0, fmt.Errorf("%v: a counter only grows", n)
	}
	return n, nil
}
