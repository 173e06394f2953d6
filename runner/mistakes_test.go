package runner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOneMistakeIsOneMessage: what loading said about a value, compiling doesn't say again in other words.
func TestOneMistakeIsOneMessage(t *testing.T) {
	const (
		load  = "executor: { type: shared-iterations }"
		plain = "scenarios: { one: { " + load + ", steps: [{ get: /x }] } }\n"
	)
	for why, c := range map[string]struct{ plan, want string }{
		"a setting that isn't a number has no value": {
			"scenarios: { one: { executor: { type: constant-vus, vus: many, duration: 1s }, steps: [{ get: /x }] } }\n", "vus wants a whole number"},
		"a setting that is missing has none either": {
			"scenarios: { one: { executor: { type: constant-vus, vus: 1 }, steps: [{ get: /x }] } }\n", "duration is missing"},
		"a rate without a unit": {
			"scenarios: { one: { executor: { type: constant-arrival-rate, rate: 5, duration: 1s }, steps: [{ get: /x }] } }\n", "the unit is missing"},
		"a setting that reads a var without a value": {
			"vars: { a: \"${env.NOPE}\" }\nscenarios: { one: { executor: { type: constant-vus, vus: \"${vars.a}\", duration: 1s }, steps: [{ get: /x }] } }\n", "NOPE"},
		"a circle of vars, and who reads it": {
			"vars: { a: \"${vars.b}\", b: \"${vars.a}\", c: \"${vars.a}\" }\n" + plain, "needs itself"},
		"a var that can't be had, and who reads it": {
			"vars: { a: \"${int('x')}\", b: \"${vars.a}\" }\n" + plain, "is not a whole number"},
		"a loop whose element has no name": {
			"scenarios: { one: { " + load + ", steps: [{ foreach: [1], steps: [{ get: /x }] }] } }\n", "as is missing"},
		"a flow that isn't told what it must be": {
			"flows: { f: { inputs: { n: { type: int } }, steps: [{ get: \"/${n}\" }] } }\nscenarios: { one: { " + load + ", steps: [{ call: f }] } }\n", "needs the input n"},
		"a list as a header": {
			"scenarios: { one: { " + load + ", steps: [{ get: /x, headers: { A: \"${[1]}\" } }] } }\n", "a list cannot stand inside a text"},
		"a map as a line of the log": {
			"scenarios: { one: { " + load + ", steps: [{ log: \"${{a: 1}}\" }] } }\n", "a map cannot stand inside a text"},
		"a URL that isn't one": {
			"scenarios: { one: { " + load + ", steps: [{ get: nowhere }] } }\n", "neither a path nor a URL"},
		"a port that there can't be": {
			"scenarios: { one: { " + load + ", steps: [{ get: \"http://127.0.0.1:99999/\" }] } }\n", "ports go from 1 to 65535"},
		"a port of base_url that there can't be": {
			"http: { base_url: \"http://127.0.0.1:0\" }\n" + plain, "ports go from 1 to 65535"},
		"a tag that differs from iteration to iteration": {
			"scenarios: { one: { " + load + ", steps: [{ get: /x, tags: { who: \"${vu.id}\" } }] } }\n", "unknown name \"vu\""},
		"an include that is not there, and names that it may have defined": {
			"include: nowhere.yaml\nscenarios: { one: { " + load + ", steps: [{ get: \"/${vars.a}/${data.d.x}\" }] } }\nthresholds: { mine: count > 0 }\n", "does not exist"},
		"a name that isn't one": {
			"scenarios: { one: { " + load + ", steps: [{ get: /x, capture: { my-id: status } }] } }\n", "my-id"},
		"a long capture whose from is misspelt": {
			"scenarios: { one: { " + load + ", steps: [{ get: /x, capture: { id: { form: status } } }] } }\n", "unknown key \"form\""},
		"a column that the file hasn't got": {
			"data: { users: { file: users.csv } }\nscenarios: { one: { " + load + ", steps: [{ get: \"/${data.users.nmae}\" }] } }\n", "no column \"nmae\""},
		"a sample that is no number": {
			"metrics: { m: { type: trend } }\nscenarios: { one: { " + load + ", steps: [{ emit: { m: quick } }] } }\n", "not a number"},
		"true is no number for a counter": {
			"metrics: { m: { type: counter } }\nscenarios: { one: { " + load + ", steps: [{ emit: { m: true } }] } }\n", "not a number"},
		"a counter that would shrink": {
			"metrics: { m: { type: counter } }\nscenarios: { one: { " + load + ", steps: [{ emit: { m: -1 } }] } }\n", "only grows"},
	} {
		t.Run(why, func(t *testing.T) {
			path := write(t, whole(c.plan), map[string]string{"users.csv": "name\nanna\n"})
			if err := os.WriteFile(filepath.Join(filepath.Dir(path), "runner.yaml"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			_, problems := tryCompile(path, map[string]string{"BASE": "http://127.0.0.1:1", "TOKEN": "t"})
			if len(problems) != 1 || !strings.Contains(problems[0].Message+problems[0].Hint, c.want) {
				t.Errorf("want one problem with %q, got %d:\n%v", c.want, len(problems), problems)
			}
		})
	}
}

func TestWrittenSamples(t *testing.T) {
	r := runPlan(t, newTarget(t, nil), `
metrics: { r: { type: rate }, c: { type: counter }, g: { type: gauge } }
scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ emit: { r: true, c: 2, g: -1.5 } }, { emit: { r: "${false}" } }] } }
`, nil)
	want(t, r, 0)
	for name, c := range map[string]struct {
		aggregate string
		value     float64
	}{"r": {"rate", 0.5}, "c": {"count", 2}, "g": {"value", -1.5}} {
		if got := metric(t, r, name, nil, c.aggregate); got != c.value {
			t.Errorf("%s %s is %v, want %v", name, c.aggregate, got, c.value)
		}
	}
}

func TestTagsAreKnownBeforeTheRun(t *testing.T) {
	r := runPlan(t, newTarget(t, nil), `
vars: { team: red }
scenarios: { one: { tags: { team: "${vars.team}" }, executor: { type: per-vu-iterations }, steps: [{ get: /x, tags: { tier: "${vars.team}-1" } }] } }
thresholds: { "http_reqs{team=red, tier=red-1}": count == 1 }
`, nil)
	want(t, r, 0)
}
