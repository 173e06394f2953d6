package expr

import (
	"fmt"
	"strings"
	"testing"

	"runner/spec"
)

func trend() map[string]Type {
	return map[string]Type{"avg": Millis, "min": Millis, "max": Millis, "med": Millis, "p": Millis, "count": Int, "baseline": Any}
}

func rate() map[string]Type { return map[string]Type{"rate": Ratio, "passes": Int, "fails": Int} }

func counter() map[string]Type { return map[string]Type{"count": Int, "rate": PerSecond} }

func TestConditions(t *testing.T) {
	values := map[string]float64{"p95": 420, "p99": 900, "p99.9": 1500, "max": 1900, "min": 1, "med": 300, "avg": 310, "count": 50, "baseline.p95": 400, "p50": 300, "p100": 1900}
	tests := []struct {
		metric map[string]Type
		source string
		rate   float64
		want   bool
		reads  string
		why    string
	}{
		{trend(), `p95 < 500ms && max < 2s`, 0, true, "p95 max", "two aggregates"},
		{trend(), `p(99.9) < 1s`, 0, false, "p99.9", "any percentile"},
		{trend(), `p(95) < 500ms and p95 > 0`, 0, true, "p95", "two ways to write one, and zero needs no unit"},
		{trend(), `p95 < baseline.p95 * 1.1`, 0, true, "p95 baseline.p95", "against a baseline"},
		{trend(), `p95 < baseline.p(95)`, 0, false, "", "which has no functions"},
		{trend(), `med == p50`, 0, true, "med p50", "med is p50"},
		{trend(), `count == 50`, 0, true, "count", "a count is bare"},
		{trend(), `max - min < 1999ms`, 0, true, "max min", "arithmetic"},
		{trend(), `max(p95, p99) < 1s`, 0, true, "p95 p99", "a function with an aggregate's name"},
		{trend(), `p95 < 500ms || p99 < 500ms ? true : false`, 0, true, "p95 p99", "all of the language"},
		{rate(), `rate <= 0.7%`, 7.0 / 1000, true, "rate", "7 of 1,000 are 0.7 %"},
		{rate(), `rate <= 0.7%`, 8.0 / 1000, false, "rate", "8 are more"},
		{rate(), `rate == 0`, 0, true, "rate", "a ratio may be bare"},
		{rate(), `rate < 0.01`, 0.02, false, "rate", "with a fraction too"},
		{rate(), `rate == 100%`, 1, true, "rate", "all of them"},
		{counter(), `rate > 10/s`, 11, true, "rate", "a counter's rate is per second"},
		{counter(), `rate > 600/m`, 9, false, "rate", "or per minute"},
	}
	for _, tt := range tests {
		c, problems := CompileCondition(spec.Expr{Source: tt.source}, tt.metric)
		if tt.reads == "" {
			if len(problems) == 0 {
				t.Errorf("%s: %s is fine", tt.why, tt.source)
			}
			continue
		}
		if len(problems) > 0 {
			t.Errorf("%s: %s: %s", tt.why, tt.source, problems[0].Message)
			continue
		}
		got, err := c.Eval(func(name string) float64 {
			if name == "rate" {
				return tt.rate
			}
			v, ok := values[name]
			if !ok {
				t.Errorf("%s asks for %q", tt.source, name)
			}
			return v
		})
		if got != tt.want || err != nil || strings.Join(c.Aggregates(), " ") != tt.reads {
			t.Errorf("%s: %s is %v, %v and reads %v, want %v and %s", tt.why, tt.source, got, err, c.Aggregates(), tt.want, tt.reads)
		}
	}
}

func TestConditionProblems(t *testing.T) {
	sources := []struct {
		metric      map[string]Type
		source, why string
	}{
		{trend(), `p95 < 500`, "a duration without its unit"},
		{trend(), `p95 < 1%`, "with another unit"},
		{trend(), `p95 < 10/s`, "or a third"},
		{trend(), `p59 < maxx`, "a name nearly spelled"},
		{trend(), `p < 1s`, "no percentile"},
		{trend(), `p(0) < 1s`, "one that is none"},
		{trend(), `p0 < 1s`, "as a name"},
		{trend(), `p(101) < 1s`, "another"},
		{trend(), `p101 < 1s`, "as a name"},
		{trend(), `p(count) < 1s`, "one that nobody knows"},
		{trend(), `p99.9 < 1s`, "a decimal in a name"},
		{trend(), `rate < 1%`, "an aggregate of another metric"},
		{trend(), `p95`, "no condition"},
		{trend(), `1s < 2s`, "a condition of nothing"},
		{trend(), `status == 200`, "there is no response here"},
		{trend(), `vars.x < 1s`, "nor variables"},
		{trend(), `baseline.rate < 1s`, "the baseline has what the metric has"},
		{trend(), ``, "nothing"},
		{counter(), `p95 < 1s`, "a counter has no percentiles"},
		{counter(), `p(95) < 1s`, "in either way"},
		{counter(), `rate > 10`, "a rate without its unit"},
		{counter(), `count < 10ms`, "a count with one"},
		{rate(), `rate < 500ms`, "a ratio in milliseconds"},
		{rate(), `baseline.rate < 1%`, "no baseline was offered"},
	}
	var b strings.Builder
	for _, tt := range sources {
		fmt.Fprintf(&b, "# %s\n", tt.why)
		_, problems := CompileCondition(spec.Expr{Source: tt.source, Pos: spec.Pos{File: "plan.yaml", Line: 1, Col: 1}}, tt.metric)
		if len(problems) == 0 {
			fmt.Fprintf(&b, "%s\nis fine\n", tt.source)
		}
		showProblems(t, &b, tt.source, problems)
		b.WriteByte('\n')
	}
	golden(t, "testdata/conditions.golden", b.String())
}
