package request_test

import (
	"slices"
	"strings"
	"testing"

	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

// shop answers differently by path.
func store() *server {
	return &server{replies: map[string]string{
		"/order": "201\nX-Id: o1\n\n{\"id\": \"o1\", \"n\": 2}", "/pay": "202\nX-Id: p1\n\n{\"id\": \"p1\"}", "/1": "200\n\n{\"id\": 1}", "/2": "200\n\n{\"id\": 2}",
	}}
}

const orders = "      - post: /order\n        name: create order\n      - post: /pay\n"

func TestStepsByName(t *testing.T) {
	for _, c := range []struct {
		why   string
		steps string
		lines []string
	}{
		{"a body", orders + "      - log: ${steps[\"create order\"].json(\"id\")}", []string{"o1"}},
		{"the name as an identifier", orders + "      - log: ${steps.create_order.json(\"n\") + 1}", []string{"3"}},
		{"a default name", orders + "      - log: ${steps[\"POST /pay\"].status}", []string{"202"}},
		{"what needs no body", orders + "      - log: ${steps.create_order.status} ${steps.create_order.header(\"X-Id\")} ${steps.create_order.url}", []string{"201 o1 http://shop.invalid/order"}},
		{"beside the last response", orders + "      - log: ${steps.create_order.json(\"id\")} ${response.json(\"id\")}", []string{"o1 p1"}},
		{"a path that the last response gives", orders + "      - log: '${steps.create_order.json(response.json(\"id\") == \"p1\" ? \"n\" : \"id\")}'", []string{"2"}},
		{"a header that is not the first", orders + "      - log: ${steps.create_order.header(\"content-length\")}", []string{"20"}},
		{"a default, and asking", orders + "      - log: ${steps.create_order.json(\"x\", 5)} ${steps.create_order.has(\"x\")}", []string{"5 false"}},
		{"in a loop of the expression", orders + "      - log: '${join(map([\"id\"], steps.create_order.json(#)))}'", []string{"o1"}},
		{"of steps with one name, the last", "      - get: /1\n        name: a\n      - get: /2\n        name: a\n      - log: ${steps.a.json(\"id\")}", []string{"2"}},
		{"a step of a loop, its last turn", "      - foreach: [1, 2]\n        as: x\n        steps: [{ get: '/${x}', name: a }]\n      - log: ${steps.a.json(\"id\")}", []string{"2"}},
		{"a branch of parallel", "      - parallel: [{ get: /1, name: a }, { get: /2, name: b }]\n      - log: ${steps.a.json(\"id\")} ${steps.b.json(\"id\")}", []string{"1 2"}},
		{"in another request's check and capture", orders + "      - get: /1\n        check: [steps.create_order.json(\"n\") == json(\"id\") + 1]\n        capture: { x: steps.create_order.status }\n      - log: ${x}", []string{"201"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			w, going := once(t, store(), "", c.steps)
			if got := w.Lines(); !going || !slices.Equal(got, c.lines) {
				t.Errorf("lines %q (going on: %v), want %q", got, going, c.lines)
			}
			if n := w.Value(w.Cut(), "iterations_failed", "", "", "passes"); n != 0 {
				t.Errorf("%v iterations failed", n)
			}
		})
	}
}

func TestAStepThatHasNotRun(t *testing.T) {
	w := inMemory(t, scenario("      - get: /1\n        name: a\n        if: iteration.n == 0\n      - log: ${steps.a.status}"), store().answer)
	v := w.VU(t, 1)
	v.Iterate(vu.Iteration{})
	if err := v.Once(1); err == nil || !strings.Contains(err.Error(), `step "a" has no response yet in this iteration`) {
		t.Errorf("iteration 1 ended with %v", err)
	}
	if got := w.Lines(); !slices.Equal(got, []string{"200"}) {
		t.Errorf("lines %q", got)
	}
}

func TestStepsThatAreNone(t *testing.T) {
	for expression, want := range map[string][2]string{
		`steps.create_ordr.status`:           {`no step "create_ordr" before this`, "create order"},
		`steps["later"].status`:              {`no step "later" before this`, "create order"},
		`steps.create_order`:                 {"a step's response has members", "create order"},
		`steps`:                              {"a step's response has members", ""},
		`steps.create_order.stauts`:          {`a step's response has no member "stauts"`, `did you mean "status"?`},
		`steps.create_order.json`:            {`"json" is a function: write steps.NAME.json("path")`, ""},
		`steps.create_order.jsn("id")`:       {`a step's response has no function "jsn"`, `did you mean "json"?`},
		`steps[vu.id].status`:                {"the name of a step is written out", ""},
		`steps.create_order.json("a", 1, 2)`: {"json() takes", ""},
	} {
		_, problems := vutest.Try(t, scenario(orders+"      - log: '${"+expression+"}'\n      - get: /1\n        name: later"), over(nil))
		if len(problems) != 1 || !strings.Contains(problems[0].Message, want[0]) || !strings.Contains(problems[0].Hint, want[1]) {
			t.Errorf("%s: want %q, found\n%v", expression, want, problems)
		}
	}
}
