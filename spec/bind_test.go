package spec

import (
	"strings"
	"testing"
	"time"
)

// eval stands for the evaluation of templates: it knows a few by heart.
func eval(values map[string]string) func(string, Text) (string, *Problem) {
	return func(_ string, t Text) (string, *Problem) {
		if v, ok := values[t.Value]; ok {
			return v, nil
		}
		p := Problemf(t.Pos, runeCount(t.Value), "unknown name")
		return "", &p
	}
}

const deferredPlan = `version: 1
env: { KEY: { secret: true, default: hush }, N: { default: "3" } }
vars: { n: "${env.N}", key: "${env.KEY}", derived: "${vars.key + 1}" }
http: { timeout: "${vars.t}", max_body: "${vars.b}", cookies: "${vars.c}" }
tolerance: ${vars.p}
scenarios:
  s:
    executor: { type: ramping-arrival-rate, start_rate: "${vars.r}", vus: "${vars.n}", stages: [{ duration: 1s, target: 1/s }, { duration: "${vars.t}", target: "${vars.r}" }] }
    steps:
      - get: http://a/
        on_failure: ${vars.w}
        capture: { a: { from: status, secret: "${vars.c}" }, b: { from: status, secret: "${vars.c}" } }
`

func TestBind(t *testing.T) {
	plan := load(t, deferredPlan, Options{})
	if n := len(plan.Deferred()); n != 11 {
		t.Errorf("%d open settings, want 11", n)
	}
	if problems := plan.Validate(); len(problems) > 0 {
		t.Errorf("open settings are not judged: %v", problems)
	}
	problems := plan.Bind(eval(map[string]string{"${vars.t}": "5s", "${vars.b}": "1KiB", "${vars.c}": "true", "${vars.p}": "2%",
		"${vars.r}": "7/m", "${vars.n}": " 4\n", "${vars.w}": "stop"}))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	s := plan.Scenarios[0].Value
	e, r := s.Executor.(*RampingArrivalRate), s.Steps[0].(*Request)
	for what, ok := range map[string]bool{
		"timeout":       plan.HTTP.Timeout.Value == 5*time.Second && plan.HTTP.Timeout.Set,
		"max_body":      plan.HTTP.MaxBody.Value == 1024,
		"cookies":       plan.HTTP.Cookies.Value,
		"tolerance":     plan.Tolerance.Value == Ratio{1, 50},
		"start_rate":    e.StartRate.Value == Rate{7, 1, time.Minute},
		"spaces around": e.VUs.Value == 4,
		"a stage":       e.Stages[1].Duration.Value == 5*time.Second && e.Stages[1].Target.Value.Num == 7,
		"on_failure":    r.OnFailure.Value == "stop",
		"captures":      r.Capture[0].Secret.Value && r.Capture[1].Secret.Value,
		"the place":     r.OnFailure.Pos.Line == 11 && r.OnFailure.Pos.Col == 21,
		"nothing open":  len(plan.Deferred()) == 0,
	} {
		if !ok {
			t.Errorf("%s is not bound: %+v %+v", what, e, r)
		}
	}
}

func TestBindProblems(t *testing.T) {
	plan := load(t, deferredPlan, Options{})
	problems := plan.Bind(eval(map[string]string{"${vars.t}": "5", "${vars.b}": "1KiB", "${vars.c}": "true", "${vars.p}": "2%",
		"${vars.r}": "7/m", "${vars.n}": "many", "${vars.w}": "stopp"}))
	want := []string{
		`:4:19: timeout wants a time with a unit, found "5": the unit is missing (write 5s)`,
		`vus wants a whole number, found "many"`,
		`duration wants a time with a unit, found "5"`,
		`:11:21: on_failure wants one of continue, next_iteration, stop, abort, found "stopp" (did you mean "stop"?)`,
	}
	if len(problems) != len(want) {
		t.Fatalf("want %d problems, got\n%v", len(want), problems)
	}
	for i, w := range want {
		if !strings.Contains(problems[i].Error(), w) {
			t.Errorf("got %s\nwant %s", problems[i].Error(), w)
		}
	}
}

func TestBindReportsTheEvaluationsOwnProblem(t *testing.T) {
	plan := load(t, top("tolerance: ${nope}"), Options{})
	if problems := plan.Bind(eval(nil)); len(problems) != 1 || problems[0].Message != "unknown name" || problems[0].Line == "" {
		t.Error(problems)
	}
}

// A value that may come from a secret is in no message, however it gets there.
func TestSecretsAreNotShown(t *testing.T) {
	for why, template := range map[string]string{
		"the variable itself":    "${env.KEY}",
		"with another spelling":  `${env["KEY"]}`,
		"through a var":          "${vars.key}",
		"through a var of a var": "${vars.derived}",
	} {
		plan := load(t, swap(deferredPlan, "${vars.p}", template), Options{})
		problems := plan.Bind(func(string, Text) (string, *Problem) { return "hush-hush", nil })
		shown := ""
		for _, p := range problems {
			if p.Pos.Line == 5 {
				shown = p.Error()
			}
		}
		if shown == "" || strings.Contains(shown, "hush") || !strings.Contains(shown, "not shown") {
			t.Errorf("%s: %s", why, shown)
		}
	}
	for why, text := range map[string]string{
		"a default in a snippet":           top("env: { KEY: { secret: true, default: hush, wrong: 1 } }"),
		"said after the default":           top("env: { KEY: { default: hush, secret: true, wrong: 1 } }"),
		"a quoted one":                     top("env: { KEY: { default: \"hush\", secret: true, wrong: 1 } }"),
		"secret in the plan, not profiled": top("env: { KEY: { secret: true } }") + "profiles: { p: { env: { KEY: { default: hush, wrong: 1 } } } }",
	} {
		problems := all(t, text, Options{})
		if len(problems) == 0 || strings.Contains(problems.Error(), "hush") || !strings.Contains(problems.Error(), "****") {
			t.Errorf("%s:\n%v", why, problems)
		}
	}
	var shown strings.Builder
	if err := load(t, deferredPlan, Options{}).Render(&shown, false); err != nil || strings.Contains(shown.String(), "hush") {
		t.Error(shown.String())
	}
}
