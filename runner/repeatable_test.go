package runner_test

import (
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
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

// TestAnIterationSendsTheSameBytes holds that what iteration n sends, rows of files included, depends on the seed and n
// alone: not on the number of VUs, nor on that of cores, nor on which iteration is faster.
func TestAnIterationSendsTheSameBytes(t *testing.T) {
	const plan = `
data:
  users: { file: users.csv }
  shops: { file: users.csv, order: shuffle, at_end: stop }
  colours: { file: users.csv, order: random }
generators: { order: { id: "${uuid()}", shop: "${data.shops.name}", colour: "${data.colours.name}" } }
flows: { buy: { steps: [{ post: "/buy/${iteration.n}/${data.users.name}", json: "${gen.order}" }] } }
scenarios:
  one:
    executor: %s
    steps:
      - think: 0ms..4ms
      - group: shop
        steps: [{ call: buy }, { get: "/after/${iteration.n}/${data.users.name}/${rand_int(1, 1000000)}" }]
`
	var rows strings.Builder
	rows.WriteString("name\n")
	for i := range 60 {
		fmt.Fprintf(&rows, "n%d\n", i)
	}
	sent := func(executor string) string {
		t.Helper()
		s := newTarget(t, func(http.ResponseWriter, *http.Request) { time.Sleep(time.Millisecond) })
		want(t, runPlan(t, s, fmt.Sprintf(plan, executor), map[string]string{"users.csv": rows.String()}), 0)
		lines := s.sent()
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	}
	first := sent("{ type: shared-iterations, iterations: 60, vus: 1 }")
	for n := range 60 {
		if row := fmt.Sprintf("/buy/%d/n%d ", n, n); strings.Count(first, row) != 1 {
			t.Errorf("iteration %d has not the row of its turn: %s\n%s", n, row, first)
		}
	}
	for _, cores := range []int{1, 2, 4} {
		before := runtime.GOMAXPROCS(cores)
		for _, executor := range []string{
			"{ type: shared-iterations, iterations: 60, vus: 10 }", "{ type: shared-iterations, iterations: 60, vus: 50 }",
			"{ type: per-vu-iterations, iterations: 4, vus: 15 }", "{ type: constant-arrival-rate, rate: 200/s, duration: 300ms, vus: 60 }",
		} {
			if again := sent(executor); again != first {
				t.Errorf("one VU sent\n%s\nand %s on %d cores\n%s", first, executor, cores, again)
			}
		}
		runtime.GOMAXPROCS(before)
	}
}

// TestEachRowOnce holds that order: sequence and shuffle give each row exactly once until the end, whoever reads and
// whatever keeps an iteration from reading.
func TestEachRowOnce(t *testing.T) {
	for why, c := range map[string]struct {
		plan string
		code int
	}{
		"every iteration reads": {`
scenarios: { one: { executor: { type: constant-vus, vus: 7, duration: 20s }, steps: [{ get: "/row/${data.users.name}" }] } }`, 0},
		"one in three fails before it reads": {`
scenarios: { one: { executor: { type: constant-vus, vus: 7, duration: 20s }, steps: [{ fail: no, if: iteration.n % 3 == 0 }, { get: "/row/${data.users.name}" }] } }
thresholds: { iterations_failed: rate < 100%}`, 0},
		"only some iterations read": {`
scenarios: { one: { executor: { type: constant-vus, vus: 7, duration: 20s }, steps: [{ get: "/row/${data.users.name}", if: iteration.n % 2 == 0 }] } }`, 0},
		"two scenarios read": {`
scenarios:
  one: { executor: { type: constant-vus, vus: 3, duration: 20s }, steps: [{ get: "/row/${data.users.name}" }] }
  two: { executor: { type: constant-vus, vus: 3, duration: 20s }, steps: [{ get: "/row/${data.users.name}" }] }`, 0},
		// Tickets come for long after the last row, on a slow machine, too: the last row ends it.
		"tickets were dropped": {`
scenarios: { one: { executor: { type: constant-arrival-rate, rate: 1000/s, duration: 20s, vus: 2 }, steps: [{ get: "/row/${data.users.name}" }, { think: 5ms }] } }
thresholds: { dropped_iterations: count > 0, http_reqs: { that: count < 40, abort: true } }`, 99},
		"setup and init read, too": {`
setup: [{ get: "/row/${data.users.name}" }]
scenarios: { one: { executor: { type: constant-vus, vus: 3, duration: 20s }, init: [{ get: "/row/${data.users.name}" }], steps: [{ get: "/row/${data.users.name}" }] } }`, 0},
	} {
		for _, order := range []string{"sequence", "shuffle"} {
			t.Run(why+" in "+order, func(t *testing.T) {
				t.Parallel()
				s := newTarget(t, nil)
				rows := "name\n"
				for i := range 40 {
					rows += fmt.Sprintf("n%d\n", i)
				}
				want(t, runPlan(t, s, "data: { users: { file: users.csv, at_end: stop, order: "+order+" } }"+c.plan+"\n", map[string]string{"users.csv": rows}), c.code)
				for i := range 40 {
					if n := s.count(fmt.Sprintf("GET /row/n%d", i)); n != 1 {
						t.Errorf("row %d came %d times", i, n)
					}
				}
			})
		}
	}
}
