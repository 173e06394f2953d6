package vu_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

// branches makes a parallel step, each branch a list of steps in braces.
func branches(limit string, all ...string) string {
	steps := make([]string, len(all))
	for i, b := range all {
		steps[i] = "{ group: b" + string(rune('0'+i)) + ", steps: [" + b + "] }"
	}
	return "parallel: [" + strings.Join(steps, ", ") + "]" + limit
}

func TestParallelRunsAtOnceUpToItsLimit(t *testing.T) {
	for _, c := range []struct {
		limit string
		took  time.Duration
		why   string
	}{
		{"", 2 * time.Second, "six at once by default: the seventh waits"},
		{"\n        limit: 1", 7 * time.Second, "one after the other"},
		{"\n        limit: 3", 3 * time.Second, "three at once"},
		{"\n        limit: 7", time.Second, "all at once"},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := vutest.New(t, scenario("", branches(c.limit, slices.Repeat([]string{"{ think: 1s }"}, 7)...)), vutest.Options{})
				begin := time.Now()
				iterate(t, w, 1, 0, 1)
				if d := time.Since(begin); d != c.took {
					t.Errorf("took %s, want %s: %s", d, c.took, c.why)
				}
			})
		})
	}
}

func TestBranchesMergeWhatTheySet(t *testing.T) {
	w := vutest.New(t, scenario("", "set: { before: 1 }",
		branches("", "{ set: { a: '${before + 1}' } }", "{ set: { b: '${before + 2}' } }"), `log: "${before} ${a} ${b}"`), vutest.Options{})
	iterate(t, w, 1, 0, 2)
	lines(t, w, "1 2 3", "1 2 3")
}

func TestBranchesAreApart(t *testing.T) {
	for _, c := range []struct{ step, want, why string }{
		{branches("", "{ set: { a: 1 } }", "{ log: '${a}' }"), `unknown name "a"`, "a neighbour's name has no value at a time that anybody knows"},
		{branches("", "{ set: { a: 1 } }", "{ set: { a: 2 } }"), `two branches of this parallel step give "a" a value`, "the value would be that of the slower branch"},
	} {
		_, problems := vutest.Try(t, scenario("", c.step), vutest.Options{})
		if text := problems.Error(); !strings.Contains(text, c.want) {
			t.Errorf("problems %q, want %q: %s", text, c.want, c.why)
		}
	}
}

func TestTheGravestEndingOfBranchesCounts(t *testing.T) {
	const ok, fail, stop, abort, data = "{ log: x }", "{ fail: f }", "{ stop: s }", "{ abort: a }", "{ set: { x: '${int(vars.word)}' } }"
	for _, c := range []struct {
		first, second string
		more          bool
		aborts        int
		cause         string
		why           string
	}{
		{ok, fail, true, 0, "fail", "one failure is enough"},
		{fail, data, true, 0, "fail", "of equals the first in the file"},
		{data, fail, true, 0, "value", "of equals the first in the file"},
		{fail, stop, false, 0, "", "the end of the VU goes before that of an iteration"},
		{stop, fail, false, 0, "", "whatever the order"},
		{fail, abort, false, 1, "", "the end of the run goes before all"},
		{stop, abort, false, 1, "", "the end of the run goes before all"},
	} {
		t.Run(c.first+c.second, func(t *testing.T) {
			w := vutest.New(t, scenario("vars: { word: w }", branches("", c.first, c.second), "log: never"), vutest.Options{})
			if more := w.VU(t, 1).Iterate(vu.Iteration{}); more != c.more {
				t.Errorf("more is %v: %s", more, c.why)
			}
			if n := len(w.Aborts()); n != c.aborts {
				t.Errorf("%d aborts: %s", n, c.why)
			}
			if c.cause != "" && w.Value(w.Cut(), "iterations_failed", "cause", c.cause, "passes") != 1 {
				t.Errorf("cause is not %s: %s", c.cause, c.why)
			}
			if slices.Contains(w.Lines(), "never") {
				t.Error("the iteration went on")
			}
		})
	}
}

func TestAnInterruptReachesBranches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := vutest.New(t, scenario("", branches("", "{ think: 1h }", "{ think: 2h }")), vutest.Options{})
		v := w.VU(t, 1)
		begin := time.Now()
		time.AfterFunc(time.Second, v.Interrupt)
		if v.Iterate(vu.Iteration{}) || time.Since(begin) != time.Second {
			t.Errorf("branches ran for %s, want the 1s until the interrupt", time.Since(begin))
		}
	})
}

func TestThinkTimeOfBranchesCountsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := vutest.New(t, scenario("", branches("", "{ think: 1s }", "{ think: 3s }")), vutest.Options{})
		iterate(t, w, 1, 0, 1)
		s := w.Cut()
		if d, l := w.Value(s, "iteration_duration", "", "", "max"), w.Value(s, "iteration_latency", "", "", "max"); d != 3000 || l > 0.001 {
			t.Errorf("duration %v ms, latency %v ms; want 3000 and 0", d, l)
		}
	})
}
