package metrics

import (
	"context"
	"sync/atomic"
	"testing"

	"runner/spec"
)

// Numbers of classes in the layout of these tests.
const (
	classTimeout     = 1
	classReset       = 2
	classInterrupted = 3
	classLocal       = 4
)

const ms = int64(1_000_000)

// shopLayout has two scenarios: an open one with two stages, a group and three steps, and a closed one with one step that
// shares its name with a step of the other.
func shopLayout() *Layout {
	return &Layout{
		Classes: []string{"", "timeout", "reset", "interrupted", "local"},
		Scenarios: []Scenario{
			{Name: "buy", Stages: []string{"warm", "peak"}, Tags: map[string]string{"team": "red"}, Drops: true},
			{Name: "browse", Tags: map[string]string{"team": "blue"}},
		},
		Steps: []Step{
			{Name: "list", Scenario: 0, Group: -1, Method: "GET"},
			{Name: "order", Scenario: 0, Group: 0, Method: "POST", Tags: map[string]string{"kind": "write"}},
			{Name: "list", Scenario: 1, Group: -1, Method: "GET"},
			{Name: "log in", Scenario: -1, Group: -1, Method: "POST"},
		},
		Groups: []Group{{Name: "checkout", Scenario: 0, Parent: -1}},
		Checks: []Check{
			{Name: "ok", Scenario: 0, Step: 0}, {Name: "ordered", Scenario: 0, Step: 1}, {Name: "ok", Scenario: 1, Step: 2},
		},
		Custom: []Custom{
			{Name: "carts", Type: Counter}, {Name: "depth", Type: Gauge}, {Name: "cached", Type: Rate}, {Name: "size", Type: Trend, Unit: "bytes"},
		},
		Emits: []Emit{ // metric m of scenario s is emit 2m + s
			{Metric: 0, Scenario: 0, Group: -1}, {Metric: 0, Scenario: 1, Group: -1}, {Metric: 1, Scenario: 0, Group: -1}, {Metric: 1, Scenario: 1, Group: -1},
			{Metric: 2, Scenario: 0, Group: -1}, {Metric: 2, Scenario: 1, Group: -1}, {Metric: 3, Scenario: 0, Group: -1}, {Metric: 3, Scenario: 1, Group: -1},
		},
	}
}

// bench is a recorder under a clock that only the test moves, with its totals.
type bench struct {
	*Recorder
	totals *Totals
	now    atomic.Int64
}

func newBench(t testing.TB, l *Layout, c *Conditions) *bench {
	t.Helper()
	b := &bench{}
	b.Recorder = NewRecorder(l, c, b.now.Load)
	b.totals = NewTotals(l, c)
	return b
}

// finish ends the run at a time and adds up everything.
func (b *bench) finish(end int64) {
	for b.current.To <= end {
		b.totals.Add(b.Cut(0))
	}
	b.totals.Add(b.Cut(end))
}

// aggregate reads one number of a metric.
func (b *bench) aggregate(t testing.TB, metric, tag, value, aggregate string) float64 {
	t.Helper()
	s, ok := b.totals.Series(metric, tag, value)
	if !ok {
		t.Fatalf("no series %s{%s=%s}", metric, tag, value)
	}
	v, ok := s.Aggregate(aggregate)
	if !ok {
		t.Fatalf("%s has no %s", metric, aggregate)
	}
	return v
}

// okRequest is a request that took so many ms from start to end, all of it waiting.
func okRequest(step StepID, start, took int64) Request {
	return Request{
		Step: step, Status: 200, Last: true, BytesOut: true, Start: start, End: start + took, Due: start, Waiting: took, Sent: 10, Received: 100,
	}
}

// where reads a selector as tests write it: step=list,class!=timeout.
func where(conditions ...string) []spec.Matcher {
	var list []spec.Matcher
	for i, c := range conditions {
		for _, op := range []string{"!=", "=~", "="} {
			if tag, value, ok := cut(c, op); ok {
				list = append(list, spec.Matcher{Tag: tag, Op: op, Value: value, Pos: spec.Pos{File: "plan.yaml", Line: 10, Col: 1 + i}})
				break
			}
		}
	}
	return list
}

func cut(s, sep string) (before, after string, ok bool) {
	for i := range s {
		if len(s) >= i+len(sep) && s[i:i+len(sep)] == sep {
			return s[:i], s[i+len(sep):], true
		}
	}
	return s, "", false
}

// threshold makes the source of a threshold: metric, selector and conditions.
func threshold(metric string, selector []spec.Matcher, that ...string) Source {
	t := &spec.Threshold{
		Pos: spec.Pos{File: "plan.yaml", Line: 10, Col: 1}, Metric: spec.Text{Value: metric, Pos: spec.Pos{File: "plan.yaml", Line: 10, Col: 1}}, Where: selector,
	}
	for i, c := range that {
		t.That = append(t.That, spec.Expr{Source: c, Pos: spec.Pos{File: "plan.yaml", Line: 11 + i, Col: 1}})
	}
	return Source{Threshold: t}
}

func runUntilCancelled(t testing.TB, r *Recorder, each func(*Snapshot)) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx, each)
	}()
	return func() {
		cancel()
		<-done
	}
}
