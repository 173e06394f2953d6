package spec

import (
	"reflect"
)

// inlineMetric is what thresholds mean that don't name a metric.
const inlineMetric = "http_req_latency"

// thresholds decodes a map of metric{selector} to conditions, a list of long forms or, on a step or scenario, bare
// conditions.
func (d *decoder) thresholds(p pair, inline bool) []*Threshold {
	switch {
	case p.val.kind == listNode:
		return d.conditions(p, nil, inline)
	case p.val.kind == scalarNode && inline:
		return d.conditions(p, nil, true)
	case p.val.kind != mapNode:
		d.wrongKind(p, "thresholds", "a map of metric to condition")
		return nil
	}
	if p.val.get("that") != nil {
		return d.conditions(p, nil, inline)
	}
	var list []*Threshold
	for _, e := range p.val.pairs {
		metric, where, ok := d.selector(e.key)
		if e.val.bad {
			continue
		}
		if e.val.kind == nullNode {
			d.add(Problemf(e.key.pos, e.key.width, "%s has no condition", e.key.text).WithHint("for example p95 < 500ms"))
			continue
		}
		conditions := d.conditions(e, &Threshold{Metric: metric, Where: where, Explicit: true}, inline)
		if ok {
			list = append(list, conditions...)
		}
	}
	return list
}

// conditions decodes what stands behind a metric: a condition, a long form, or a list of both. of is the metric with its
// selector, nil if the long forms must say it.
func (d *decoder) conditions(p pair, of *Threshold, inline bool) []*Threshold {
	items := []*node{p.val}
	if p.val.kind == listNode {
		if items = p.val.items; len(items) == 0 {
			d.empty(p, nameOf(p))
		}
	}
	var list []*Threshold
	bare := d.threshold(of, p)
	for _, item := range items {
		if _, trapped := colonMap(item); item.kind == mapNode && !trapped {
			long := d.threshold(of, pair{val: item})
			d.longForm(pair{val: item}, long, of == nil, inline)
			list = append(list, long)
			continue
		}
		if of == nil && !inline && item.kind == scalarNode {
			d.add(Problemf(item.pos, item.width, "this condition has no metric").WithHint("write { metric: http_req_duration, that: %s }", item.text))
			continue
		}
		if e := d.expr(pair{p.key, item}); !e.IsZero() {
			if bare.That == nil {
				list = append(list, bare)
			}
			bare.That = append(bare.That, e)
		}
	}
	return list
}

// threshold begins a judgement of a metric, the default one where none is given.
func (d *decoder) threshold(of *Threshold, p pair) *Threshold {
	t := &Threshold{Metric: Text{Value: inlineMetric}}
	if of != nil {
		*t = *of
	}
	t.Pos, _ = whereOf(p)
	return t
}

// longForm decodes { metric, where, that, … }. needsMetric: no key around it says the metric.
func (d *decoder) longForm(p pair, t *Threshold, needsMetric, inline bool) {
	known := *t
	t.Metric, t.Where = Text{}, nil
	d.words(p, reflect.ValueOf(t).Elem(), place{"this threshold", "threshold"}, nil)
	switch m := p.val.pair("metric"); {
	case m != nil && !needsMetric:
		d.add(Problemf(m.key.pos, m.key.width, "the metric is said twice: here and in the key around it"))
		t.Metric = known.Metric
	case m != nil && m.val.kind == scalarNode:
		metric, where, _ := d.selector(m.val)
		t.Metric, t.Where, t.Explicit = metric, append(where, t.Where...), true
	case needsMetric && !inline:
		d.add(Problemf(p.val.pos, p.val.width, "metric is missing in this threshold").WithHint("write metric: http_req_duration"))
	default:
		t.Metric = known.Metric
	}
	t.Where = append(append([]Matcher(nil), known.Where...), t.Where...)
	if s := p.val.pair("stage"); s != nil && t.Stage.Value != "" {
		t.Where = append(t.Where, Matcher{Tag: "stage", Op: "=", Value: t.Stage.Value, Pos: s.val.pos})
	}
}
