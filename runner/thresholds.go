package runner

import (
	"slices"

	"runner/runner/metrics"
	"runner/spec"
	"runner/spec/expr"
)

// thresholds compiles the plan's own, those of scenarios and steps, and the default ones.
func (c *compiler) thresholds() {
	var all []metrics.Source
	for _, t := range c.plan.Thresholds {
		all = append(all, metrics.Source{Threshold: t})
	}
	for _, s := range slices.Concat(c.plan.Scenarios, c.plan.Left) {
		if s.Value == nil {
			continue
		}
		where := []spec.Matcher{{Tag: "scenario", Op: "=", Value: s.Key}}
		for _, t := range s.Value.Thresholds {
			all = append(all, metrics.Source{Threshold: t, Where: where})
		}
	}
	all = append(all, c.inline...)
	conditions, problems := metrics.CompileThresholds(c.program.Layout, all, c.plan.Tolerance.Value)
	c.add(problems...)
	c.program.conditions = conditions
}

// totalTypes are the metrics that teardown can compare with what the target counted: metrics.NAME.
func (c *compiler) totalTypes() map[string]expr.Type {
	types := map[string]expr.Type{}
	for _, m := range c.program.Layout.Custom {
		if m.Type == metrics.Counter || m.Type == metrics.Gauge {
			types[m.Name] = expr.Float
		}
	}
	for _, name := range totalNames {
		types[name] = expr.Float
	}
	return types
}

// totalNames are the built-in counters among them.
var totalNames = []string{"http_reqs", "iterations", "dropped_iterations", "iterations_interrupted"}

// totalValues are the values of metrics.NAME, once the load is over.
func (r *run) totalValues() map[string]any {
	values := map[string]any{}
	read := func(name, aggregate string) {
		if r.totals == nil {
			values[name] = 0.0
			return
		}
		s, _ := r.totals.Series(name, "", "")
		v, _ := s.Aggregate(aggregate)
		values[name] = v
	}
	for _, name := range totalNames {
		read(name, "count")
	}
	for _, m := range r.program.Layout.Custom {
		switch m.Type {
		case metrics.Counter:
			read(m.Name, "count")
		case metrics.Gauge:
			read(m.Name, "value")
		}
	}
	return values
}
