package runner_test

import (
	"strings"
	"testing"
)

// TestAScenariosOwnVarsHoldInItsSettings: a scenario's vars hide the plan's wherever the scenario reads them, also where a
// value must be known before the run. Otherwise a run makes another load than its plan says.
func TestAScenariosOwnVarsHoldInItsSettings(t *testing.T) {
	s := newTarget(t, nil)
	r := runPlan(t, s, `
vars: { n: 1, m: 5 }
scenarios:
  own:
    vars: { n: 3, twice: "${vars.n * 2}", chance: "${rand_int(1, 1000000)}" }
    if: vars.n == 3
    tags: { size: "n${vars.n}" }
    executor: { type: per-vu-iterations, vus: "${vars.n}", iterations: "${vars.twice}" }
    steps: [{ get: "/own/${vars.n}/${vars.chance}", tags: { kind: "c${vars.chance}" } }]
  plans:
    executor: { type: per-vu-iterations, vus: "${vars.n}" }
    steps: [{ get: "/plans/${vars.n}" }]
  out:
    if: vars.n == 1
    vars: { n: 2 }
    executor: { type: per-vu-iterations }
    steps: [{ get: /out }]
thresholds: { "http_reqs{size=n3}": count == 18 }
`, nil)
	want(t, r, 0)
	if n := s.count("GET /plans/1"); n != 1 {
		t.Errorf("the other scenario reads the plan's: %d requests, want 1", n)
	}
	first := s.sent()[0]
	if strings.HasPrefix(first, "GET /plans") {
		first = s.sent()[1]
	}
	chance := strings.TrimSpace(strings.TrimPrefix(first, "GET /own/3/"))
	if n := s.count("GET /own/3/" + chance); n != 18 {
		t.Errorf("%d of 18 requests carry one drawn value", n)
	}
	for _, m := range r.Metrics {
		if kind, ok := m.Tags["kind"]; ok && kind != "c"+chance {
			t.Errorf("the tag has %s and the requests %s", kind, chance)
		}
	}
}

func TestSettingsThatWaitForARun(t *testing.T) {
	for why, vars := range map[string]string{
		"what setup captures comes later": `{ n: "${setup.n}" }`,
		"so does a service's address":     `{ n: "${len(services.box.url)}" }`,
	} {
		_, problems := tryCompile(write(t, whole(`
services: { box: { command: [box] } }
setup: [{ set: { n: 2 } }]
scenarios: { one: { vars: `+vars+`, executor: { type: per-vu-iterations, vus: "${vars.n}" }, steps: [{ get: "/${vars.n}" }] } }
`), nil), map[string]string{"BASE": "http://127.0.0.1:1", "TOKEN": "t"})
		if len(problems) != 1 || !strings.Contains(problems[0].Message, "must be known before services start") {
			t.Errorf("%s: %v", why, problems)
		}
	}
}
