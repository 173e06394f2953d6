package runner_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// library is a file of flows, for plans to include.
const library = `
flows:
  login:
    inputs: { user: { type: string } }
    steps:
      - post: /login
        form: { user: "${user}" }
        capture: { token: json("token") }
  browse:
    steps:
      - get: /list
      - get: /item
        thresholds: count >= 1
  buy:
    inputs: { user: { type: string, default: anna } }
    steps:
      - call: login
        with: { user: "${user}" }
      - post: /buy
        headers: { Token: "${token}" }
`

func TestMixSendsItsShares(t *testing.T) {
	s := newTarget(t, answer(`{"token": "t1"}`))
	r := runPlan(t, s, `
include: library.yaml
scenarios:
  users:
    executor: { type: shared-iterations, vus: 4, iterations: 30 }
    mix: [{ weight: 70, flow: browse }, { weight: 20, flow: buy }, { weight: 10, flow: login, with: { user: carl } }]
thresholds:
  http_reqs{flow=browse}: count == 42
  http_reqs{flow=buy}: count == 12
  http_reqs{flow=login}: count == 3
  http_reqs{flow=buy, step=POST /login}: count == 6
`, map[string]string{"library.yaml": library})
	want(t, r, 0)
	for path, n := range map[string]int{"GET /list": 21, "GET /item": 21, "POST /buy": 6, "POST /login": 9} {
		if got := s.count(path); got != n {
			t.Errorf("the server counted %d of %s, want %d", got, path, n)
		}
	}
}

func TestSetupReadsWhatItsFlowsCapture(t *testing.T) {
	s := newTarget(t, answer(`{"token": "t1"}`))
	r := runPlan(t, s, `
include: library.yaml
setup: [{ call: login, with: { user: anna } }]
scenarios:
  users: { executor: { type: per-vu-iterations }, steps: [{ get: "/${setup.token}" }] }
`, map[string]string{"library.yaml": library})
	want(t, r, 0)
	if s.count("GET /t1") != 1 {
		t.Errorf("the server saw %v", s.sent())
	}
}

func TestWrongFlowControl(t *testing.T) {
	const arrivals = "executor: { type: constant-arrival-rate, rate: 1/s, duration: 1s }"
	for why, c := range map[string]struct{ plan, want, hint string }{
		"a pace under an arrival executor": {
			"scenarios: { one: { " + arrivals + ", steps: [{ pace: 1s }, { get: /x }] } }\n", "an arrival executor starts iterations at its rate", "constant-vus"},
		"a pace in a flow that such a scenario calls": {
			"flows: { f: { steps: [{ pace: 1s }, { get: /x }] } }\nscenarios: { one: { " + arrivals + ", steps: [{ call: f }] } }\n", "an arrival executor starts iterations at its rate", "in flow \"f\""},
		"a pace in setup": {
			"setup: [{ pace: 1s }]\nscenarios: { one: { " + arrivals + ", steps: [{ get: /x }] } }\n", "a pace gives the iterations", "setup runs once"},
		"a threshold on a flow that isn't there": {
			"flows: { browse: { steps: [{ get: /x }] } }\nscenarios: { one: { " + arrivals + ", mix: [{ weight: 1, flow: browse }] } }\nthresholds: { 'http_reqs{flow=brows}': count > 0 }\n", `the plan has no flow "brows"`, `did you mean "browse"?`},
		"a flow in a circle": {
			"flows: { a: { steps: [{ call: b }] }, b: { steps: [{ call: a }] } }\nsetup: [{ call: a }]\nscenarios: { one: { " + arrivals + ", steps: [{ call: b }] } }\n", "a flow can't call itself: a → b → a", ""},
	} {
		t.Run(why, func(t *testing.T) {
			_, problems := tryCompile(write(t, whole(c.plan), nil), map[string]string{"BASE": "http://127.0.0.1:1", "TOKEN": "t"})
			if len(problems) != 1 || !strings.Contains(problems[0].Message, c.want) || !strings.Contains(problems[0].Hint, c.hint) {
				t.Errorf("want one problem with %q (%s), got %d:\n%v", c.want, c.hint, len(problems), problems)
			}
		})
	}
}

// answer is a handler that always says the same.
func answer(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body) // the client may have gone
	}
}
