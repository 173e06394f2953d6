package metrics

import "runner/spec/expr"

// Conditions are the compiled thresholds of a plan. They are read-only, and shared by every run of it.
type Conditions struct {
	list     []condition
	slots    int                      // how many selections have an accumulator of their own
	bySample [perVUs + 1][]*selection // these, by domain
}

// condition is one compiled threshold.
type condition struct {
	shown     Threshold
	selection *selection
	scenarios []bool // that it can have samples of
	test      *expr.Condition
	reads     []string // the aggregates in it; those of the baseline begin with baseline.
	upper     bool     // of one aggregate: more of it is nearer to failing
}

// register gives a selection an accumulator if leaves are not enough for it.
func (c *Conditions) register(s *selection) {
	s.slot = -1
	if !s.bySample() {
		return
	}
	s.slot = c.slots
	c.slots++
	d := s.metric.domain
	c.bySample[d] = append(c.bySample[d], s)
}
