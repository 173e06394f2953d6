package vu_test

import (
	"fmt"
	"strings"
	"testing"

	"runner/runner/vu/vutest"
)

// greet is a plan with flows, whose first scenario has these steps.
func greet(steps ...string) string {
	return scenario(`vars: { n: 3, word: many }
flows:
  greet:
    inputs:
      name: { type: string }
      times: { type: int, default: 1 }
    steps:
      - repeat: ${times}
        steps: [{ log: "hello ${name}" }]
      - set: { greeted: "${name}" }
  twice: { inputs: { name: {} }, steps: [{ call: greet, with: { name: "${name}a", times: 2 } }, { log: "${name} ${greeted}" }] }
  outer: { steps: [{ log: "${given}" }] }
  types: { inputs: { b: { type: bool, default: true }, n: { type: number, default: 0 }, d: { type: duration, default: 1s }, l: { type: list, default: [] }, m: { type: map, default: {} }, a: { default: x }, s: { type: string, default: '007' } },
    steps: [{ log: "${b} ${n} ${d} ${len(l)} ${len(m)} ${a} ${s}" }] }`, steps...)
}

func TestCalls(t *testing.T) {
	for _, c := range []struct {
		why   string
		steps []string
		lines string
		cause string
	}{
		{"inputs have their values, or their defaults", []string{"call: greet\n        with: { name: anna }"}, "hello anna", ""},
		{"a call gives more than the default", []string{"call: greet\n        with: { name: anna, times: 2 }"}, "hello anna|hello anna", ""},
		{"values are templates", []string{"call: greet\n        with: { name: '${vars.word}', times: '${vars.n - 1}' }"}, "hello many|hello many", ""},
		{"what a flow sets is there after the call", []string{"call: greet\n        with: { name: anna }", "log: ${greeted}"}, "hello anna|anna", ""},
		{"inputs of flows in flows do not mix", []string{"call: twice\n        with: { name: ann }"}, "hello anna|hello anna|ann anna", ""},
		{"an input hides a name of the caller, and leaves it alone", []string{"set: { name: own }", "call: greet\n        with: { name: anna }", "log: ${name}"}, "hello anna|own", ""},
		{"a flow reads what is known where it is called", []string{"set: { given: here }", "call: outer"}, "here", ""},
		{"a call can have an if", []string{"call: greet\n        with: { name: anna }\n        if: vars.n > 3", "log: end"}, "end", ""},
		{"a call in a loop, each time with other values", []string{"foreach: [anna, bert]\n        as: who\n        steps: [{ call: greet, with: { name: '${who}' } }]"}, "hello anna|hello bert", ""},
		{"a branch of parallel has inputs of its own", []string{"parallel: [{ call: greet, with: { name: anna } }]", "log: ${greeted}"}, "hello anna|anna", ""},
		{"every type has its values", []string{"call: types\n        with: { b: false, n: 1.5, d: 2s, l: [1], m: { k: 1 }, a: 5, s: 1.10 }"}, "false 1.5 2s 1 1 5 1.10", ""},
		{"and its defaults", []string{"call: types"}, "true 0 1s 0 0 x 007", ""},
		{"a value of another type fails in the run, where it is known only then", []string{"call: greet\n        with: { name: anna, times: '${[1.5, vu.id][0]}' }"}, "", "value"},
		{"a value without a value fails", []string{"call: greet\n        with: { name: '${int(vars.word)}' }"}, "", "value"},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := vutest.New(t, greet(c.steps...), vutest.Options{})
			iterate(t, w, 1, 0, 1)
			if got := strings.Join(w.Lines(), "|"); got != c.lines {
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

func TestCallsThatDoNotCompile(t *testing.T) {
	for _, c := range []struct {
		why   string
		steps []string
		want  string
	}{
		{"a text for a number", []string{"call: greet\n        with: { name: a, times: many }"}, "input times wants a whole number, found a text"},
		{"a part for a whole number", []string{"call: greet\n        with: { name: a, times: 1.5 }"}, "input times wants a whole number, found a number"},
		{"a list for a text", []string{"call: greet\n        with: { name: [a] }"}, "input name wants a text, found a list"},
		{"a duration without a unit", []string{"call: types\n        with: { d: '5' }"}, "the unit is missing"},
		{"a map for true or false", []string{"call: types\n        with: { b: {} }"}, "input b wants true or false, found a map"},
		{"null for a number", []string{"call: types\n        with: { n: null }"}, "input n wants a number"},
		{"a name that the caller does not know", []string{"call: outer"}, `unknown name "given"`},
		{"said once, however many calls", []string{"call: outer", "call: outer"}, `unknown name "given"`},
		{"an input is unknown after the call", []string{"call: greet\n        with: { name: a }", "log: ${name}"}, `unknown name "name"`},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, problems := vutest.Try(t, greet(c.steps...), vutest.Options{})
			if len(problems) != 1 || !strings.Contains(problems[0].Message, c.want) {
				t.Fatalf("want one problem, %s; found\n%v", c.want, problems)
			}
		})
	}
	_, problems := vutest.Try(t, greet("log: a", "call: outer"), vutest.Options{})
	if len(problems) != 1 || !strings.Contains(problems[0].Hint, `in flow "outer", called in line 22 of`) {
		t.Errorf("the problem does not say where the flow is called:\n%v", problems)
	}
}

func TestMixIsExact(t *testing.T) {
	plan := `
flows:
  a: { inputs: { x: {} }, steps: [{ log: "a${x}" }] }
  b: { steps: [{ log: b }] }
  c: { steps: [{ log: c }] }
scenarios:
  s:
    executor: { type: per-vu-iterations, vus: 2, iterations: 9 }
    mix: [{ weight: 50, flow: a, with: { x: 1 } }, { weight: 30, flow: b }, { weight: 20, flow: c }]
`
	w := vutest.New(t, plan, vutest.Options{})
	const turn = "a1 b c a1 a1 b a1 c b a1"
	iterate(t, w, 1, 0, 10)
	if got := strings.Join(w.Lines(), " "); got != turn {
		t.Errorf("one turn of 5:3:2 is %s, want %s: each exactly, and spread", got, turn)
	}
	iterate(t, w, 2, 10, 10)
	if got := strings.Join(w.Lines()[10:], " "); got != turn {
		t.Errorf("another VU's turn is %s, want %s: the number of the iteration decides, not who runs it", got, turn)
	}
}

func TestMixOfOddWeights(t *testing.T) {
	plan := "flows:\n"
	mix := ""
	weights := []int{997, 1, 61}
	for i, n := range weights {
		plan += fmt.Sprintf("  f%d: { steps: [{ log: f%d }] }\n", i, i)
		mix += fmt.Sprintf("      - { weight: %d, flow: f%d }\n", n, i)
	}
	plan += "scenarios:\n  s:\n    executor: { type: per-vu-iterations }\n    mix:\n" + mix
	w := vutest.New(t, plan, vutest.Options{})
	iterate(t, w, 1, 0, 1059)
	for i, want := range weights {
		if n := strings.Count(strings.Join(w.Lines(), " ")+" ", fmt.Sprintf("f%d ", i)); n != want {
			t.Errorf("flow %d ran %d times, want %d", i, n, want)
		}
	}
}
