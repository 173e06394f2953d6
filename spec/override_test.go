package spec

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func ptr[T any](v T) *T { return &v }

// said is an executor in one line, its templates too.
func said(p *Plan, e Executor) string {
	n := p.executorNode(e, p.tree.get("scenarios").get("s").get("executor"))
	var parts []string
	for _, x := range n.pairs {
		if x.val.kind == scalarNode {
			parts = append(parts, x.key.text+"="+x.val.text)
		} else {
			parts = append(parts, x.key.text)
		}
	}
	return strings.Join(parts, " ")
}

func TestOverrides(t *testing.T) {
	vus, dur, iter, rate := ptr(int64(7)), ptr(5*time.Second), ptr(int64(3)), ptr(Rate{20, 1, time.Second})
	const (
		constant = "type: constant-vus, vus: 10, duration: 30s"
		open     = "type: constant-vus, vus: \"${n}\", duration: \"${d}\""
		ramp     = "type: ramping-vus, start_vus: 2, stages: [{ duration: 10s, target: 20 }, { duration: 5s, target: 0 }]"
		perVU    = "type: per-vu-iterations, vus: 4, iterations: 5, max_duration: 1m"
		shared   = "type: shared-iterations, vus: 4, iterations: 50"
		arrival  = "type: constant-arrival-rate, rate: 1/s, duration: 1m, vus: 5, max_vus: 50"
		rampRate = "type: ramping-arrival-rate, stages: [{ duration: 10s, target: 5/s }], vus: 5"
	)
	for _, row := range []struct {
		why, executor string
		o             Overrides
		want          string
	}{
		{"nothing said", constant, Overrides{}, "type=constant-vus vus=10 duration=30s"},
		{"vus alone", constant, Overrides{VUs: vus}, "type=constant-vus vus=7 duration=30s"},
		{"duration alone", constant, Overrides{Duration: dur}, "type=constant-vus vus=10 duration=5s"},
		{"vus and duration replace a ramp", ramp, Overrides{VUs: vus, Duration: dur}, "type=constant-vus vus=7 duration=5s"},
		{"vus and duration replace arrivals", arrival, Overrides{VUs: vus, Duration: dur}, "type=constant-vus vus=7 duration=5s"},
		{"vus of iterations", perVU, Overrides{VUs: vus}, "type=per-vu-iterations vus=7 iterations=5 max_duration=1m"},
		{"duration of iterations is the most", shared, Overrides{Duration: dur}, "type=shared-iterations vus=4 iterations=50 max_duration=5s"},
		{"vus of arrivals", arrival, Overrides{VUs: vus}, "type=constant-arrival-rate rate=1/s duration=1m vus=7 max_vus=50"},
		{"more vus than max_vus raise it", arrival, Overrides{VUs: ptr(int64(60))}, "type=constant-arrival-rate rate=1/s duration=1m vus=60 max_vus=60"},
		{"vus of a ramp of arrivals", rampRate, Overrides{VUs: vus}, "type=ramping-arrival-rate stages vus=7"},
		{"a ramp wants more than vus", ramp, Overrides{VUs: vus}, "--vus alone does not fit executor ramping-vus, which has stages (add --duration for constant VUs)"},
		{"a ramp wants more than a duration", ramp, Overrides{Duration: dur}, "--duration alone does not fit executor ramping-vus, which has stages (add --vus for constant VUs)"},
		{"a ramp of arrivals wants a rate", rampRate, Overrides{Duration: dur}, "--duration alone does not fit executor ramping-arrival-rate, which has stages (add --rate for a constant rate)"},
		{"iterations with fewer than the plan's vus", constant, Overrides{Iterations: iter}, "type=shared-iterations vus=3 iterations=3"},
		{"iterations with the plan's vus", shared, Overrides{Iterations: ptr(int64(99))}, "type=shared-iterations vus=4 iterations=99"},
		{"iterations with vus as said", constant, Overrides{Iterations: iter, VUs: vus}, "type=shared-iterations vus=7 iterations=3"},
		{"iterations of a ramp", ramp, Overrides{Iterations: ptr(int64(99))}, "type=shared-iterations vus=20 iterations=99"},
		{"iterations keep the plan's most", perVU, Overrides{Iterations: iter}, "type=shared-iterations vus=3 iterations=3 max_duration=1m"},
		{"iterations with a duration", perVU, Overrides{Iterations: iter, Duration: dur}, "type=shared-iterations vus=3 iterations=3 max_duration=5s"},
		{"a rate for the plan's time", arrival, Overrides{Rate: rate}, "type=constant-arrival-rate rate=20/s duration=1m vus=5 max_vus=50"},
		{"a rate for a time", arrival, Overrides{Rate: rate, Duration: dur}, "type=constant-arrival-rate rate=20/s duration=5s vus=5 max_vus=50"},
		{"a rate for all stages", rampRate, Overrides{Rate: rate}, "type=constant-arrival-rate rate=20/s duration=10s vus=5 max_vus=100"},
		{"a rate for a ramp's time and VUs", ramp, Overrides{Rate: rate}, "type=constant-arrival-rate rate=20/s duration=15s vus=20 max_vus=100"},
		{"a rate with more vus than there may be", arrival, Overrides{Rate: rate, VUs: ptr(int64(60))}, "type=constant-arrival-rate rate=20/s duration=1m vus=60 max_vus=60"},
		{"a high rate may take as many VUs as start in a second", constant, Overrides{Rate: &Rate{5000, 1, time.Second}}, "type=constant-arrival-rate rate=5000/s duration=30s vus=10 max_vus=5001"},
		{"a rate for a plan that says no VUs", "type: shared-iterations, max_duration: 9s", Overrides{Rate: rate}, "type=constant-arrival-rate rate=20/s duration=9s vus=10 max_vus=100"},
		{"a rate for a plan that says no time", shared, Overrides{Rate: rate}, "executor shared-iterations says no duration that --rate could take over (add --duration)"},
		{"a rate and iterations", shared, Overrides{Rate: rate, Iterations: iter}, "--rate and --iterations are two kinds of load (give one of them)"},
		{"a flag wins over a template", open, Overrides{VUs: vus}, "type=constant-vus vus=7 duration=${d}"},
		{"a new executor takes templates over", open, Overrides{Rate: rate}, "type=constant-arrival-rate rate=20/s duration=${d} vus=${n} max_vus=100"},
		{"and drops those it has no place for", open, Overrides{Iterations: iter}, "type=shared-iterations vus=${n} iterations=3"},
	} {
		t.Run(row.why, func(t *testing.T) {
			text := swap(base, "type: constant-vus, vus: 2, duration: 1s", row.executor)
			plan, problems := Load(write(t, text), Options{Overrides: row.o})
			var got string
			if len(problems) > 0 {
				got = problems[0].Message + " (" + problems[0].Hint + ")"
			} else {
				e := plan.Scenarios[0].Value.Executor
				got = said(plan, e)
				if e.At().Line != 5 {
					t.Errorf("the executor lost its place: %v", e.At())
				}
				for _, d := range plan.Deferred() {
					if !strings.Contains(got, d.Value) {
						t.Errorf("%s is still open", d.Value)
					}
				}
				var shown strings.Builder
				if err := plan.Render(&shown, false); err != nil {
					t.Fatal(err)
				}
				if again := load(t, shown.String(), Options{}); said(again, again.Scenarios[0].Value.Executor) != got {
					t.Errorf("what is shown is not what runs:\n%s", shown.String())
				}
			}
			if got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

func TestFlagsAreJudged(t *testing.T) {
	for _, row := range []struct {
		why  string
		o    Overrides
		text string
		want string
	}{
		{"no VU", Overrides{VUs: ptr(int64(0))}, base, "5:5: vus is 0, want at least 1"},
		{"no time", Overrides{Duration: ptr(time.Duration(0))}, base, "5:5: duration is 0s, want more than 0s"},
		{"fewer VUs than a barrier waits for", Overrides{VUs: ptr(int64(1))}, step("- barrier: { vus: 2 }"), "8:25: this barrier waits for 2 VUs and the scenario has at most 1"},
	} {
		problems := all(t, row.text, Options{Overrides: row.o})
		if len(problems) != 1 || !strings.Contains(problems[0].Error(), row.want) {
			t.Errorf("%s: want %s, got\n%v", row.why, row.want, problems)
		}
	}
}

func TestScenariosCanBeChosen(t *testing.T) {
	text := scenario("after: s\nexecutor: { type: constant-vus, vus: \"${n}\", duration: 1s }\nsteps: [{ get: / }]") +
		"  u:\n    after: [s, t]\n    executor: { type: constant-vus, vus: 1, duration: 1s }\n    steps: [{ get: / }]\n"
	plan := load(t, text, Options{Overrides: Overrides{Scenarios: []string{"s", "u"}}})
	if got := fmt.Sprint(plan.Scenarios.Keys(), plan.Filtered, len(plan.Deferred())); got != "[s u] [t] 0" {
		t.Errorf("kept, left out, open: %s", got)
	}
	u, _ := plan.Scenarios.Get("u")
	if len(u.After) != 1 || u.After[0].Value != "s" {
		t.Errorf("after a scenario that does not run: %v", u.After)
	}
	if problems := plan.Validate(); len(problems) > 0 {
		t.Error(problems)
	}
	problems := all(t, text, Options{Overrides: Overrides{Scenarios: []string{"ss"}}})
	if len(problems) != 1 || problems[0].Error() != `unknown scenario "ss" (have: s, t, u)` && problems[0].Error() != `unknown scenario "ss" (did you mean "s"?)` {
		t.Error(problems)
	}
}
