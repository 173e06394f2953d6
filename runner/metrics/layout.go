// Package metrics turns samples into numbers that can be trusted: it records them in shards, merges them in snapshots,
// judges thresholds on what was merged, and holds the result of a run. It knows no plan, no protocol and no output.
package metrics

import (
	"slices"
	"time"

	"runner/spec"
)

// Layout is everything that can be measured in a run, fixed before it starts. Positions in its lists are the numbers
// that samples carry.
type Layout struct {
	Scenarios []Scenario
	Steps     []Step
	Groups    []Group
	Checks    []Check
	Custom    []Custom
	Emits     []Emit
	// Classes are the values of request_errors{class=…} by their number in samples; position 0 is no failure.
	Classes []string
	// Thresholds are the plan's own and the default ones, in the order in which they are shown.
	Thresholds []Threshold
}

// Scenario is one scenario of the layout.
type Scenario struct {
	Name   string
	Stages []string          // names ("1", "2" where the author gave none)
	Flows  []string          // of its mix: iteration's flow n is Flows[n-1]
	Tags   map[string]string // the author's
	Queue  bool              // late: queue: what is not started at the end is so because VUs were busy
	Drops  bool              // iterations may not be started: by an arrival executor, or where max_duration may come first
}

// Step is one request step of a scenario (or of setup and teardown, whose samples are not recorded here).
type Step struct {
	Name     string // the series
	Scenario ScenarioID
	Group    GroupID // innermost, -1: none
	Method   string
	Tags     map[string]string // the author's constant tags, scenario's included
}

// Group is one group of a scenario.
type Group struct {
	Name     string // nested: outer/inner
	Scenario ScenarioID
	Parent   GroupID // -1: none
	Flow     string  // outermost flow around it, "": none
}

// Check is one check of a step.
type Check struct {
	Name     string
	Scenario ScenarioID
	Step     StepID
}

// Type is the type of a metric.
type Type uint8

// The types.
const (
	Counter Type = iota
	Gauge
	Rate
	Trend
)

// Custom is one metric of the plan's own.
type Custom struct {
	Name string
	Type Type
	Unit string // "ms", "bytes", …: of a trend or gauge
}

// Emit is a place that adds to a metric of the plan's own. Equal ones are one.
type Emit struct {
	Metric   MetricID
	Scenario ScenarioID
	Step     string  // the request before it in the plan, "": none
	Group    GroupID // innermost, -1: none
	Flow     string  // outermost flow around it, "": none
}

// Threshold is a condition over a metric's series.
type Threshold struct {
	ID        string // metric{selector}: condition, unique
	Metric    string
	Where     []spec.Matcher
	Condition string   // as written
	Pos       spec.Pos // zero: a default
	Default   bool
	Abort     bool
	Stage     string
	Unit      string // of what is observed: ms, %, "", /s

	Delay      time.Duration // after the start of its scenarios, until when it doesn't abort
	Window     time.Duration // 0: the whole run
	Warmup     time.Duration // after its scenario's start; samples of iterations due in it do not count
	MinSamples int64
}

// Masked is a copy whose names and tags have gone through mask, for those who show them; positions stay.
func (l *Layout) Masked(mask func(string) string) *Layout {
	c := *l
	c.Scenarios, c.Steps = slices.Clone(l.Scenarios), slices.Clone(l.Steps)
	c.Groups, c.Checks, c.Emits = slices.Clone(l.Groups), slices.Clone(l.Checks), slices.Clone(l.Emits)
	tags := func(m map[string]string) map[string]string {
		out := make(map[string]string, len(m))
		for k, v := range m {
			out[k] = mask(v)
		}
		return out
	}
	for i := range c.Scenarios {
		c.Scenarios[i].Name, c.Scenarios[i].Tags = mask(c.Scenarios[i].Name), tags(c.Scenarios[i].Tags)
	}
	for i := range c.Steps {
		c.Steps[i].Name, c.Steps[i].Tags = mask(c.Steps[i].Name), tags(c.Steps[i].Tags)
	}
	for i := range c.Groups {
		c.Groups[i].Name = mask(c.Groups[i].Name)
	}
	for i := range c.Emits {
		c.Emits[i].Step = mask(c.Emits[i].Step)
	}
	for i := range c.Checks {
		c.Checks[i].Name = mask(c.Checks[i].Name)
	}
	return &c
}
