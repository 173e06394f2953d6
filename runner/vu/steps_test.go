package vu_test

import (
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

const vars = "vars: { n: 3, word: many, yes: true, list: [1] }\nmetrics: { c: { type: counter }, g: { type: gauge }, r: { type: rate }, t: { type: trend } }"

func TestFlow(t *testing.T) {
	for _, c := range []struct {
		why   string
		steps []string
		lines string // joined by spaces
		cause string // of the failure; "": none
	}{
		{"steps run in the order of the file", []string{"log: a", "log: b"}, "a b", ""},
		{"a number repeats", []string{"repeat: 3\n        steps: [{ log: x }]"}, "x x x", ""},
		{"a template can come to nothing", []string{"repeat: ${vars.n - 3}\n        steps: [{ log: x }]", "log: end"}, "end", ""},
		{"a template repeats", []string{`repeat: "${vars.n - 1}"` + "\n        steps: [{ log: x }]"}, "x x", ""},
		{"less than nothing is no number of times", []string{`repeat: "${-vars.n}"` + "\n        steps: [{ log: x }]", "log: never"}, "", "value"},
		{"nor is a part of one", []string{`repeat: "${vars.n / 2}"` + "\n        steps: [{ log: x }]"}, "", "value"},
		{"nor is a word", []string{`repeat: "${vars.word}"` + "\n        steps: [{ log: x }]"}, "", "value"},
		{"an ending ends the loop", []string{"repeat: 3\n        steps: [{ log: x }, { fail: no }]", "log: never"}, "x", "fail"},
		{"if takes then", []string{"if: vars.n == 3\n        then: [{ log: yes }]\n        else: [{ log: no }]"}, "yes", ""},
		{"if takes else", []string{"if: vars.n > 3\n        then: [{ log: yes }]\n        else: [{ log: no }]"}, "no", ""},
		{"without else there is nothing to do", []string{"if: vars.n > 3\n        then: [{ log: yes }]", "log: end"}, "end", ""},
		{"any step can have an if", []string{"log: skipped\n        if: vars.n > 3", "log: done\n        if: vars.yes"}, "done", ""},
		{"a condition without a value fails", []string{"if: x > 1\n        then: [{ log: yes }]"}, "", ""},
		{"set gives a name its value", []string{"set: { x: 5 }", `log: "${x + 1}"`}, "6", ""},
		{"a later name reads an earlier one", []string{"set: { x: 5, y: '${x * 2}' }", `log: "${y}"`}, "10", ""},
		{"set replaces", []string{"set: { x: 5 }", "set: { x: '${x + 1}' }", `log: "${x}"`}, "6", ""},
		{"a value without a value fails", []string{"set: { x: '${int(vars.word)}' }", "log: never"}, "", "value"},
		{"a list is no line", []string{`log: "${from_json(to_json(vars.list))}"`, "log: never"}, "", "value"},
		{"groups run their steps", []string{"group: g\n        steps: [{ log: a }, { log: b }]"}, "a b", ""},
		{"fail ends the iteration", []string{"log: a", "fail: for ${vars.word}", "log: never"}, "a", "fail"},
		{"a message without a value fails, too", []string{`fail: "${from_json(to_json(vars.list))}"`}, "", "value"},
	} {
		t.Run(c.why, func(t *testing.T) {
			w, problems := vutest.Try(t, scenario(vars, c.steps...), vutest.Options{})
			if strings.HasPrefix(c.why, "a condition without") {
				if len(problems) == 0 {
					t.Error("a name that nothing defines was compiled")
				}
				return
			}
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			iterate(t, w, 1, 0, 1)
			if got := strings.Join(w.Lines(), " "); got != c.lines {
				t.Errorf("lines %q, want %q", got, c.lines)
			}
			s := w.Cut()
			failed := w.Value(s, "iterations_failed", "", "", "passes")
			if c.cause == "" && failed != 0 || c.cause != "" && w.Value(s, "iterations_failed", "cause", c.cause, "passes") != 1 {
				t.Errorf("%v iterations failed, want cause %q", failed, c.cause)
			}
		})
	}
}

func TestEndings(t *testing.T) {
	for _, c := range []struct {
		step        string
		more        bool
		aborts      int
		failed      float64
		interrupted float64
		why         string
	}{
		{"log: x", true, 0, 0, 0, "an iteration that comes to its end"},
		{"fail: no", true, 0, 1, 0, "fail is of this iteration: the VU goes on"},
		{"stop: enough", false, 0, 0, 0, "stop is of this VU, and no failure"},
		{"abort: broken", false, 1, 0, 0, "abort is of the run"},
	} {
		t.Run(c.step, func(t *testing.T) {
			w := vutest.New(t, scenario("", c.step), vutest.Options{})
			if more := w.VU(t, 1).Iterate(vu.Iteration{}); more != c.more {
				t.Errorf("more is %v: %s", more, c.why)
			}
			s := w.Cut()
			if n := w.Value(s, "iterations", "", "", "count"); n+w.Value(s, "iterations_interrupted", "", "", "count") != 1 {
				t.Errorf("%v iterations, want 1", n)
			}
			if n := w.Value(s, "iterations_failed", "", "", "passes"); n != c.failed {
				t.Errorf("%v failed: %s", n, c.why)
			}
			if n := w.Value(s, "iterations_interrupted", "", "", "count"); n != c.interrupted {
				t.Errorf("%v interrupted: %s", n, c.why)
			}
			if n := len(w.Aborts()); n != c.aborts {
				t.Errorf("%d aborts: %s", n, c.why)
			}
		})
	}
}

func TestAnInterruptEndsALoopWithoutWaits(t *testing.T) {
	var v *vu.VU
	w := vutest.New(t, scenario("", "repeat: 1000000\n        steps: [{ log: x }]"), vutest.Options{
		Change: func(r *vu.Run, _ *vu.Scenario) { keep := r.Log; r.Log = func(s string) { keep(s); v.Interrupt() } },
	})
	v = w.VU(t, 1)
	if v.Iterate(vu.Iteration{}) {
		t.Error("the VU goes on")
	}
	lines(t, w, "x")
}

func TestNamesBeginAfreshInEveryIteration(t *testing.T) {
	w := vutest.New(t, scenario("", "set: { x: 1 }\n        if: iteration.n == 0", "log: ${x}\n        if: iteration.n < 9"), vutest.Options{})
	iterate(t, w, 1, 0, 2)
	lines(t, w, "1")
	if n := w.Value(w.Cut(), "iterations_failed", "cause", "value", "passes"); n != 1 {
		t.Errorf("%v iterations failed, want the second: what the first has set is gone", n)
	}
}

func TestWordsOfAnIteration(t *testing.T) {
	w := vutest.New(t, scenario("", `log: "${vu.id} ${iteration.n} ${scenario.name} ${run.id} ${run.seed} ${stage} ${setup.token}"`), vutest.Options{
		Seed: 7, Setup: map[string]any{"token": "t0"},
		Change: func(_ *vu.Run, s *vu.Scenario) { s.Stages = []string{"rise", "hold"} },
	})
	v := w.VU(t, 4)
	v.Iterate(vu.Iteration{N: 12, Stage: 2})
	v.Iterate(vu.Iteration{N: 13})
	lines(t, w, "4 12 s test 7 hold t0", "4 13 s test 7  t0")
}

func TestEmit(t *testing.T) {
	const value = "emit: { c: 2 }|emit: { c: '${vars.n}' }|emit: { g: -1.5 }|emit: { r: true }|emit: { r: false }|emit: { t: 10 }|emit: { t: '20' }"
	w := vutest.New(t, scenario(vars, strings.Split(value, "|")...), vutest.Options{})
	iterate(t, w, 1, 0, 1)
	s := w.Cut()
	for _, c := range []struct {
		metric, aggregate string
		want              float64
	}{{"c", "count", 5}, {"g", "value", -1.5}, {"r", "rate", 0.5}, {"t", "max", 20}, {"t", "avg", 15}} {
		if got := w.Value(s, c.metric, "", "", c.aggregate); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s %s is %v, want %v", c.metric, c.aggregate, got, c.want)
		}
	}
}

func TestEmitRefuses(t *testing.T) {
	for _, c := range []struct{ step, why string }{
		{"emit: { c: '${-vars.n}' }", "a counter only grows"},
		{"emit: { t: '${vars.word}' }", "a word is no number"},
		{"emit: { t: '${vars.yes}' }", "only a rate takes true and false"},
		{"emit: { g: '${vars.list}' }", "a list is no number"},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := vutest.New(t, scenario(vars, c.step, "log: never"), vutest.Options{})
			iterate(t, w, 1, 0, 1)
			lines(t, w)
			if n := w.Value(w.Cut(), "iterations_failed", "cause", "value", "passes"); n != 1 {
				t.Errorf("%v failed, want 1: %s", n, c.why)
			}
		})
	}
}

func TestGroupTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := vutest.New(t, scenario("", "group: outer\n        steps: [{ think: 1s }, { group: inner, steps: [{ think: 2s }] }]"), vutest.Options{})
		v := iterate(t, w, 1, 0, 1)
		s := w.Cut()
		for name, want := range map[string]float64{"outer": 3000, "outer/inner": 2000} {
			if got := w.Value(s, "group_duration", "group", name, "max"); got != want {
				t.Errorf("group %s took %v ms, want %v", name, got, want)
			}
		}
		time.AfterFunc(time.Second, v.Interrupt)
		v.Iterate(vu.Iteration{N: 1})
		if n := w.Value(w.Cut(), "group_duration", "", "", "count"); n != 0 {
			t.Errorf("%v durations of groups that were interrupted, want none", n)
		}
	})
}
