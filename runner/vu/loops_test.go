package vu_test

import (
	"strings"
	"testing"

	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

func TestLoops(t *testing.T) {
	const count = "set: { i: 0 }"
	for _, c := range []struct {
		why   string
		steps []string
		lines string // joined by spaces
		cause string // of the failure; "": none
	}{
		{"while asks before each turn", []string{count, "while: i < 3\n        steps: [{ log: '${i}' }, { set: { i: '${i + 1}' } }]", "log: end ${i}"}, "0 1 2 end 3", ""},
		{"a condition that is false at once", []string{count, "while: i > 0\n        steps: [{ log: never }]", "log: end"}, "end", ""},
		{"max turns may all be needed", []string{count, "while: i < 2\n        max: 2\n        steps: [{ set: { i: '${i + 1}' } }]", "log: end"}, "end", ""},
		{"a loop that does not end fails", []string{count, "while: i < 3\n        max: 2\n        steps: [{ log: x }]", "log: never"}, "x x", "error"},
		{"a condition without a value fails", []string{`set: { i: "a" }`, "while: i < 3\n        steps: [{ log: never }]"}, "", "value"},
		{"an ending ends the loop", []string{count, "while: i == 0\n        steps: [{ fail: no }]"}, "", "fail"},
		{"a while can have an if", []string{count, "while: i < 9\n        if: vars.n > 3\n        steps: [{ log: never }]", "log: end"}, "end", ""},
		{"foreach goes through a written list", []string{"foreach: [a, b]\n        as: x\n        steps: [{ log: '${x}' }]"}, "a b", ""},
		{"a list of a template", []string{"foreach: ${vars.names}\n        as: x\n        index: i\n        steps: [{ log: '${i}${x}' }]"}, "0anna 1bert", ""},
		{"a list of an expression", []string{"foreach: filter(vars.names, {# startsWith 'a'})\n        as: x\n        steps: [{ log: '${x}' }]"}, "anna", ""},
		{"elements keep their type", []string{"foreach: [1, 2]\n        as: x\n        steps: [{ log: '${x + 1}' }]"}, "2 3", ""},
		{"an empty list is no turn", []string{"foreach: []\n        as: x\n        steps: [{ log: never }]", "log: end"}, "end", ""},
		{"a range is a list", []string{"foreach: 1..3\n        as: x\n        steps: [{ log: '${x}' }]"}, "1 2 3", ""},
		{"what is no list fails", []string{"foreach: ${vars.any[0]}\n        as: x\n        steps: [{ log: never }]"}, "", "value"},
		{"loops inside each other, with one name", []string{"foreach: [a, b]\n        as: x\n        steps: [{ foreach: [1, 2], as: x, steps: [{ log: '${x}' }] }, { log: '${x}' }]"}, "1 2 a 1 2 b", ""},
		{"the element hides a captured name", []string{"set: { x: own }", "foreach: [a]\n        as: x\n        steps: [{ log: '${x}' }]", "log: ${x}"}, "a own", ""},
		{"what a turn sets is there after the loop", []string{"foreach: [a, b]\n        as: x\n        steps: [{ set: { x1: '${x}' } }]", "log: ${x1}"}, "b", ""},
		{"branches of parallel have elements of their own", []string{"parallel: [{ foreach: [a], as: x, steps: [{ set: { l: '${x}' } }] }, { foreach: [b], as: x, steps: [{ set: { r: '${x}' } }] }]", "log: ${l}${r}"}, "ab", ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := vutest.New(t, scenario("vars: { n: 3, names: [anna, bert], any: ['a'] }", c.steps...), vutest.Options{})
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

func TestAnInterruptEndsAWhile(t *testing.T) {
	var v *vu.VU
	w := vutest.New(t, scenario("", "while: true\n        steps: [{ log: x }]"), vutest.Options{
		Change: func(r *vu.Run, _ *vu.Scenario) { keep := r.Log; r.Log = func(s string) { keep(s); v.Interrupt() } },
	})
	v = w.VU(t, 1)
	if v.Iterate(vu.Iteration{}) {
		t.Error("the VU goes on")
	}
	lines(t, w, "x")
}

// A § stands where the problem must point, and is no part of the plan.
func TestStepsThatDoNotCompile(t *testing.T) {
	for _, c := range []struct {
		why   string
		steps []string
		want  string
	}{
		{"the element is unknown after the loop", []string{"foreach: [a]\n        as: x\n        steps: [{ log: '${x}' }]", "log: ${§x}"}, `unknown name "x"`},
		{"the element can't be set", []string{"foreach: [a]\n        as: x\n        steps: [{ set: { §x: 1 } }]"}, `"x" is the element of a loop`},
		{"a word of the language can't be an element", []string{"foreach: [a]\n        as: §vars\n        steps: [{ log: a }]"}, `"vars" cannot be a name`},
		{"a text is no list", []string{"foreach: '§${1 + 1}'\n        as: x\n        steps: [{ log: a }]"}, "foreach: a list is needed, not 2 (a number)"},
		{"an expression that gives no list", []string{"foreach: §vars.n\n        as: x\n        steps: [{ log: a }]"}, "this must be a list"},
		{"a condition that is no condition", []string{"while: §vars.n\n        steps: [{ log: a }]"}, "this must be true or false"},
		{"a name of one branch alone", []string{"if: vars.n > 1\n        then: [{ set: { x: 1 } }]", "log: ${§x}"}, `"x" is captured on some condition only`},
		{"a name of else alone", []string{"if: vars.n > 1\n        then: [{ log: a }]\n        else: [{ set: { x: 1 } }]", "log: ${§x}"}, `"x" is captured on some condition only`},
		{"a name of a step with an if", []string{"set: { x: 1 }\n        if: vars.n > 1", "log: ${§x}"}, `"x" is captured on some condition only`},
		{"a branch does not know the other's names", []string{"if: vars.n > 1\n        then: [{ set: { x: 1 } }]\n        else: [{ log: '${§x}' }]"}, `unknown name "x"`},
		{"an inner doubt is a doubt outside", []string{"if: vars.n > 1\n        then: [{ if: vars.n > 2, then: [{ set: { x: 1 } }] }]\n        else: [{ set: { x: 1 } }]", "log: ${§x}"}, `"x" is captured on some condition only`},
		{"a step's if does not know what the step gives", []string{"set: { x: 1 }\n        if: §x == 1"}, `unknown name "x"`},
	} {
		t.Run(c.why, func(t *testing.T) {
			plan := scenario("vars: { n: 3 }", c.steps...)
			before, _, ok := strings.Cut(plan, "§")
			if !ok {
				t.Fatal("the row has no place")
			}
			_, problems := vutest.Try(t, strings.Replace(plan, "§", "", 1), vutest.Options{})
			if len(problems) != 1 {
				t.Fatalf("%d problems, want one:\n%v", len(problems), problems)
			}
			line := 3 + strings.Count(before, "\n") // version and name stand before
			col := len(before) - strings.LastIndexByte(before, '\n')
			if p := problems[0]; p.Pos.Line != line || p.Pos.Col != col || !strings.Contains(p.Message, c.want) {
				t.Errorf("%d:%d %s; want %d:%d %s", p.Pos.Line, p.Pos.Col, p.Message, line, col, c.want)
			}
		})
	}
}

func TestNamesOfBranches(t *testing.T) {
	for _, c := range []struct {
		why   string
		steps []string
		lines string
	}{
		{"both branches give it", []string{"if: vars.n > 1\n        then: [{ set: { x: a } }]\n        else: [{ set: { x: b } }]", "log: ${x}"}, "a"},
		{"it has a value from before", []string{"set: { x: b }", "if: vars.n > 9\n        then: [{ set: { x: a } }]", "log: ${x}"}, "b"},
		{"it is read on a condition, too", []string{"set: { x: a }\n        if: vars.n > 1", "log: ${x}\n        if: vars.n > 1"}, "a"},
		{"the other branch never comes back", []string{"if: vars.n < 1\n        then: [{ log: a }, { fail: no }]\n        else: [{ set: { x: a } }]", "log: ${x}"}, "a"},
		{"neither here", []string{"if: vars.n > 1\n        then: [{ set: { x: a } }]\n        else: [{ stop: }]", "log: ${x}"}, "a"},
		{"a doubt ends where it surely has a value", []string{"set: { x: a }\n        if: vars.n > 9", "set: { x: b }", "log: ${x}"}, "b"},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := vutest.New(t, scenario("vars: { n: 3 }", c.steps...), vutest.Options{})
			iterate(t, w, 1, 0, 1)
			lines(t, w, c.lines)
		})
	}
}
