package runner_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestValuesDoNotRepeatEachOther holds what a seed must not do: give two places of a plan the same random value.
func TestValuesDoNotRepeatEachOther(t *testing.T) {
	for name, plan := range map[string]string{
		"two vars": `
vars: { a: "${uuid()}", b: "${uuid()}" }
scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ get: "/${vars.a}" }, { get: "/${vars.b}" }] } }`,
		"a scenario's var and the plan's": `
vars: { a: "${uuid()}" }
scenarios: { one: { vars: { b: "${uuid()}" }, executor: { type: per-vu-iterations }, steps: [{ get: "/${vars.a}" }, { get: "/${vars.b}" }] } }`,
		"the vars of two scenarios": `
scenarios:
  one: { vars: { b: "${uuid()}" }, executor: { type: per-vu-iterations }, steps: [{ get: "/${vars.b}" }] }
  two: { vars: { b: "${uuid()}" }, executor: { type: per-vu-iterations }, steps: [{ get: "/${vars.b}" }] }`,
		"two parallel steps": `
scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ parallel: [{ get: "/${uuid()}" }, { get: "/${uuid()}" }] }, { parallel: [{ get: "/${uuid()}" }] }] } }`,
		"a parallel step that is repeated": `
scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ repeat: 3, steps: [{ parallel: [{ get: "/${uuid()}" }] }] }] } }`,
		"parallel in parallel": `
scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ parallel: [{ parallel: [{ get: "/${uuid()}" }] }, { parallel: [{ get: "/${uuid()}" }] }, { get: "/${uuid()}" }] }, { get: "/${uuid()}" }] } }`,
		"iterations and scenarios": `
scenarios:
  one: { executor: { type: per-vu-iterations, vus: 2, iterations: 3 }, steps: [{ get: "/${uuid()}" }] }
  two: { executor: { type: per-vu-iterations, vus: 2, iterations: 3 }, init: [{ get: "/${uuid()}" }], steps: [{ get: "/${uuid()}" }] }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTarget(t, nil)
			want(t, runPlan(t, s, strings.TrimPrefix(plan, "\n")+"\n", nil), 0)
			sent := s.sent()
			slices.Sort(sent)
			if len(slices.Compact(slices.Clone(sent))) != len(sent) {
				t.Errorf("a value came twice:\n%s", strings.Join(sent, "\n"))
			}
		})
	}
}

// TestASeedRepeatsARun holds that an iteration sends the same bytes whoever runs it, and when.
func TestASeedRepeatsARun(t *testing.T) {
	sent := func(vus int, think string) []string {
		t.Helper()
		s := newTarget(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"id":1}`) })
		want(t, runPlan(t, s, fmt.Sprintf(`
vars: { run: "${rand_string(8)}" }
generators: { who: { id: "${uuid()}", name: "${fake.name()}", n: "${iteration.n}" } }
data: { users: { file: users.csv, order: random }, shop: { file: users.csv, order: random, per: run }, next: { file: users.csv }, any: { file: users.csv, order: shuffle } }
scenarios:
  one:
    executor: { type: shared-iterations, iterations: 12, vus: %d }
    steps:
      - parallel:
          - post: /left/${data.users.name}
            json: { who: "${gen.who}", n: "${rand_int(1, 1000000)}" }
          - post: /right/${data.users.name}/${data.shop.name}
            json: { who: "${gen.who}", run: "${vars.run}" }
      - think: %s
      - get: /after/${uuid()}/${data.next.name}/${data.any.name}
`, vus, think), map[string]string{"users.csv": "name\na\nb\nc\nd\ne\nf\ng\nh\n"}), 0)
		lines := s.sent()
		slices.Sort(lines)
		return lines
	}
	first := sent(1, "1ms..2ms")
	for _, again := range [][]string{sent(1, "1ms..2ms"), sent(4, "1ms..2ms"), sent(4, "1ms")} {
		if !slices.Equal(first, again) {
			t.Errorf("the same seed sent\n%s\nand then\n%s", strings.Join(first, "\n"), strings.Join(again, "\n"))
		}
	}
	if !strings.Contains(strings.Join(first, "\n"), `"n":11`) {
		t.Errorf("a generator does not see iteration.n:\n%s", strings.Join(first, "\n"))
	}
}

// Rows that not every iteration of one scenario reads go to whoever asks first: each row once, none passed over.
func TestRowsThatSomeReadAreNotPassedOver(t *testing.T) {
	for _, row := range []struct{ why, scenarios string }{
		{"a step behind a condition", `
  one:
    executor: { type: shared-iterations, iterations: 8, vus: 1 }
    steps: [ { get: "/${data.users.name}", if: "iteration.n % 2 == 1" } ]`},
		{"a branch of an if", `
  one:
    executor: { type: shared-iterations, iterations: 8, vus: 1 }
    steps: [ { if: "iteration.n % 2 == 1", then: [ { get: "/${data.users.name}" } ] } ]`},
		{"two scenarios", `
  one:
    executor: { type: shared-iterations, iterations: 2, vus: 1 }
    steps: [ { get: "/${data.users.name}" } ]
  two:
    executor: { type: shared-iterations, iterations: 2, vus: 1 }
    after: one
    steps: [ { get: "/${data.users.name}" } ]`},
		{"init reads it too", `
  one:
    executor: { type: shared-iterations, iterations: 3, vus: 1 }
    init: [ { get: "/${data.users.name}" } ]
    steps: [ { get: "/${data.users.name}" } ]`},
	} {
		s := newTarget(t, nil)
		want(t, runPlan(t, s, "\ndata: { users: { file: users.csv } }\nscenarios:"+row.scenarios, map[string]string{"users.csv": "name\na\nb\nc\nd\ne\n"}), 0)
		lines := s.sent()
		slices.Sort(lines)
		if got := strings.Join(lines, ","); got != "GET /a ,GET /b ,GET /c ,GET /d " {
			t.Errorf("%s: sent %s", row.why, got)
		}
	}
}
