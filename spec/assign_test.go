package spec

import (
	"strings"
	"testing"
)

const assigned = `version: 1
env: { TOKEN: { secret: true, default: abcdef } }
vars: { load: { rate: 1/s } }
http: { base_url: "http://127.0.0.1:1" }
scenarios:
  buy:
    executor: { type: constant-arrival-rate, rate: 1/s, duration: 1s, vus: 1 }
    steps:
      - get: /
        name: first one
      - post: /
        json: { a: 1, list: [1, 2] }
`

func TestAnyValueCanBeSet(t *testing.T) {
	for _, row := range []struct{ why, set, want string }{
		{"a word that was not there", "http.timeout=1s", "timeout: 1s"},
		{"a word that was", "scenarios.buy.executor.rate=5/s", "rate: 5/s"},
		{"inside vars", "vars.load.rate=9/s", "rate: 9/s"},
		{"a template", "scenarios.buy.executor.rate=${vars.load.rate}", "rate: ${vars.load.rate}"},
		{"a map", `http.headers={A: b, C: "${vars.x}"}`, "C: \"${vars.x}\""},
		{"an element of a list by its number", "scenarios.buy.steps[1].json.a=2", "a: 2"},
		{"with a dot as in paths into JSON", "scenarios.buy.steps.1.json.list.0=7", "- 7"},
		{"a step by its name", "scenarios.buy.steps.first one.get=/x", "get: /x"},
		{"in brackets and quotes", `scenarios["buy"].steps["first one"].timeout=2s`, "timeout: 2s"},
		{"a name with a dot in it", `http.hosts."api.example.com"=127.0.0.1`, "api.example.com: 127.0.0.1"},
		{"a value with an equals sign", "scenarios.buy.steps.0.check=[status == 200]", "status == 200"},
		{"a whole executor", "scenarios.buy.executor={type: constant-vus, vus: 3, duration: 2s}", "vus: 3"},
		{"an unquoted URL", "http.base_url=https://example.com:8443/x", "base_url: https://example.com:8443/x"},
		{"empty text", `description=""`, `description: ""`},
	} {
		t.Run(row.why, func(t *testing.T) {
			var b strings.Builder
			if err := load(t, assigned, Options{Set: []string{row.set}}).Render(&b, false); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(b.String(), row.want) {
				t.Errorf("want %q in\n%s", row.want, b.String())
			}
		})
	}
}

func TestNullTakesAWordAway(t *testing.T) {
	for _, set := range []string{"scenarios.buy.steps.1=null", "scenarios.buy.steps[1]="} {
		if n := len(load(t, assigned, Options{Set: []string{set}}).Scenarios[0].Value.Steps); n != 1 {
			t.Errorf("%s leaves %d steps", set, n)
		}
	}
}

func TestWrongSets(t *testing.T) {
	for _, row := range []struct{ why, set, want string }{
		{"a word of the language", "http.timeot=1s", "--set:1:6: unknown key \"timeot\" in http (did you mean \"timeout\"?)\n    1 | http.timeot=1s\n      |      ^^^^^^"},
		{"a wrong value", "http.timeout=1", "--set:1:14: timeout wants a time"},
		{"a scenario", "scenarios.bui.executor.rate=1/s", "--set:1:11: unknown name \"bui\" under scenarios (did you mean \"buy\"?)"},
		{"a variable", "vars.load.raet=1/s", "--set:1:11: unknown name \"raet\" under vars.load (did you mean \"rate\"?)"},
		{"below a value", "scenarios.buy.executor.rate.x=1", "--set:1:29: rate is the value \"1/s\": it has nothing below it"},
		{"no such element", "scenarios.buy.steps.7.get=/", "--set:1:21: scenarios.buy.steps has no element \"7\" (elements count from 0 to 1, or by name: first one)"},
		{"no value", "http.timeout", "--set:1:1: want path=value"},
		{"no path", "=1", "--set:1:1: the path has an empty name"},
		{"two dots", "http..timeout=1s", "--set:1:5: the path has an empty name"},
		{"broken YAML", "http.headers={a: ", "--set:1:"},
		{"two lines", "name=a\nb", "--set:1:1: the value has a line break"},
		{"a profile", "profiles.x={}", "--set:1:1: profiles can't be set"},
		{"a secret in what is wrong", "env.TOKEN.default=[s3cret, s3cret]", "--set:1:"},
	} {
		t.Run(row.why, func(t *testing.T) {
			problems := all(t, assigned, Options{Set: []string{row.set}})
			if got := problems.Error(); !strings.HasPrefix(got, row.want) {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
	problems := all(t, assigned, Options{Set: []string{"name=x", "tolerance=1"}})
	if got := problems.Error(); !strings.HasPrefix(got, "--set:2:11: tolerance wants") {
		t.Errorf("the second flag is the second line: %s", got)
	}
	problems = all(t, assigned, Options{Set: []string{"env.TOKEN={secret: true, default: s3cret, defautl: x}"}})
	if got := problems.Error(); got == "" || strings.Contains(got, "s3cret") {
		t.Errorf("a secret is shown: %s", got)
	}
}
