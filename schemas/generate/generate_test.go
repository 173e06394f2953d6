package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"runner/spec"
)

const root = "../.."

var update = flag.Bool("update", false, "write the generated files")

// The files in the tree are those that the types give: a change of a type without go generate fails here.
func TestGeneratedFilesAreFresh(t *testing.T) {
	if *update {
		if err := run(root); err != nil {
			t.Fatal(err)
		}
	}
	files, err := generate(filepath.Join(root, "spec"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale (%v): run go generate ./schemas", name, err)
		}
	}
}

// Every word has a meaning in the reference, and every type too.
func TestEveryWordIsDocumented(t *testing.T) {
	d, err := readDocs(filepath.Join(root, "spec"))
	if err != nil {
		t.Fatal(err)
	}
	reference := string(planReference(d))
	if strings.Contains(reference, "|  |  |  |  |") {
		t.Error("a word without anything")
	}
	for _, line := range strings.Split(reference, "\n") {
		cells := strings.Split(line, " | ")
		if strings.HasPrefix(line, "| `") && len(cells) >= 4 && strings.TrimSpace(cells[3]) == "" {
			t.Errorf("no meaning: %s", line)
		}
	}
	for _, word := range append(spec.Describe().Kinds, "barrier", "on_failure", "http_req_latency", "graceful_stop") {
		if !strings.Contains(reference, "`"+word+"`") {
			t.Errorf("the reference lacks %s", word)
		}
	}
}

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	d, err := readDocs(filepath.Join(root, "spec"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := planSchema(d)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("plan.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("plan.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate judges a plan as an editor would: YAML in, JSON values to the schema.
func validate(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	v, err = jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

// The plan that opens the reference is right.
func TestTheSmallestPlan(t *testing.T) {
	if err := validate(t, compile(t), smallest); err != nil {
		t.Error(err)
	}
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte(smallest), 0o644); err != nil {
		t.Fatal(err)
	}
	plan, problems := spec.Load(path, spec.Options{})
	if problems = append(problems, plan.Validate()...); len(problems) > 0 {
		t.Error(problems)
	}
}

// The plans that we ship are right to an editor.
func TestShippedPlansMatchTheSchema(t *testing.T) {
	s := compile(t)
	plans, _ := filepath.Glob(root + "/plans/*.yaml")
	examples, _ := filepath.Glob(root + "/plans/examples/*.yaml")
	for _, name := range append(plans, examples...) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(t, s, string(text)); err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
	}
}

const base = `version: 1
scenarios:
  s:
    executor: { type: constant-vus, vus: 2, duration: 1s }
    steps:
      - get: http://127.0.0.1/
`

// Plans that others have written wrong: what the decoder takes, the schema takes; what the decoder refuses, the schema
// refuses too, but for what a schema can't say.
func TestSchemaAndDecoderAgreeOnWrongPlans(t *testing.T) {
	beyond := map[string]string{
		"json path not closed": "YAML itself", "hash trap": "YAML itself",
		"include near": "files", "vus 1_000": "YAML reads 1000", "json leading zero": "YAML reads 83",
		"expect range reversed": "compares numbers", "think range reversed": "compares times",
		"profile scenario typo": "compares names", "selector not closed": "a language in a key",
	}
	wrong, err := txtar.ParseFile(root + "/runner/testdata/wrong.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s := compile(t)
	for _, plan := range wrong.Files {
		var v any
		if yaml.Unmarshal(plan.Data, &v) != nil {
			continue // no schema sees it
		}
		path := filepath.Join(t.TempDir(), "plan.yaml")
		if err := os.WriteFile(path, plan.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, problems := spec.Load(path, spec.Options{})
		refused := validate(t, s, string(plan.Data)) != nil
		if want := len(problems) > 0 && beyond[plan.Name] == ""; refused != want {
			t.Errorf("%s: the schema refuses it: %v; the decoder says %v", plan.Name, refused, problems)
		}
		keep(t, map[bool]string{true: "wrong", false: "right"}[refused], plan.Name, string(plan.Data))
	}
}

var export = flag.String("export", "", "write the plans that the schema is tried on below this folder, for another validator")

// keep writes a plan for another validator to judge.
func keep(t *testing.T, verdict, name, plan string) {
	t.Helper()
	if *export == "" {
		return
	}
	dir := filepath.Join(*export, verdict)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, name)
	if err := os.WriteFile(filepath.Join(dir, name+".yaml"), []byte(plan), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The schema and the decoder agree: what one refuses, the other refuses.
func TestSchemaAndDecoderAgree(t *testing.T) {
	s := compile(t)
	dir := t.TempDir()
	for _, row := range agreements() {
		keep(t, map[bool]string{true: "right", false: "wrong"}[row.right], row.why, row.plan)
		path := filepath.Join(dir, "plan.yaml")
		if err := os.WriteFile(path, []byte(row.plan), 0o644); err != nil {
			t.Fatal(err)
		}
		_, problems := spec.Load(path, spec.Options{})
		if (len(problems) == 0) != row.right {
			t.Errorf("%s: the decoder says %v", row.why, problems)
		}
		if err := validate(t, s, row.plan); (err == nil) != row.right {
			t.Errorf("%s: the schema says %v", row.why, err)
		}
	}
}

type agreement struct {
	why, plan string
	right     bool
}

func step(text string) string { return base + text + "\n" }

func with(executor string) string {
	return strings.Replace(base, "{ type: constant-vus, vus: 2, duration: 1s }", executor, 1)
}

func agreements() []agreement {
	return []agreement{
		{"the base", base, true},
		{"an unknown word", base + "nam: x\n", false},
		{"a word of the author's", base + "x-nam: [1]\n", true},
		{"no version", strings.Replace(base, "version: 1\n", "", 1), false},
		{"a list for a plan", "- version: 1\n", false},
		{"a number as a name", base + "name: 5\n", true},
		{"a map as a name", base + "name: {}\n", false},
		{"a template for a number", with(`{ type: constant-vus, vus: "${vars.n}", duration: 1s }`), true},
		{"a number in quotes", with(`{ type: constant-vus, vus: "5", duration: 1s }`), false},
		{"a number of times in quotes", step("      - repeat: \"3\"\n        steps: [{ get: / }]"), false},
		{"a time in quotes is a time", with(`{ type: constant-vus, vus: 5, duration: "1s" }`), true},
		{"a word for a number", with(`{ type: constant-vus, vus: many, duration: 1s }`), false},
		{"a decimal for a number", with(`{ type: constant-vus, vus: 1.5, duration: 1s }`), false},
		{"no unit", with(`{ type: constant-vus, vus: 1, duration: 30 }`), false},
		{"an unknown unit", with(`{ type: constant-vus, vus: 1, duration: 30sec }`), false},
		{"units in the wrong order", with(`{ type: constant-vus, vus: 1, duration: 1s1m }`), false},
		{"many units", with(`{ type: constant-vus, vus: 1, duration: 1d2h3m4s5ms6us }`), true},
		{"a template with its unit", with(`{ type: constant-vus, vus: 1, duration: "${vars.s}s" }`), true},
		{"a word of another executor", with(`{ type: constant-vus, vus: 1, duration: 1s, rate: 1/s }`), false},
		{"an unknown executor", with(`{ type: constant, vus: 1, duration: 1s }`), false},
		{"no type", with(`{ vus: 1, duration: 1s }`), false},
		{"a ramp", with(`{ type: ramping-vus, stages: [{ duration: 0s, target: 1, name: up }] }`), true},
		{"a ramp of rates", with(`{ type: ramping-arrival-rate, start_rate: 0.5/s, stages: [{ duration: 1m, target: 300/m }], max_vus: 5 }`), true},
		{"VUs where a rate is wanted", with(`{ type: ramping-arrival-rate, stages: [{ duration: 1m, target: 300 }] }`), false},
		{"a rate where VUs are wanted", with(`{ type: ramping-vus, stages: [{ duration: 1m, target: 300/m }] }`), false},
		{"no stages", with(`{ type: ramping-vus, stages: [] }`), false},
		{"a stage without a target", with(`{ type: ramping-vus, stages: [{ duration: 1s }] }`), false},
		{"yes for true", base + "env: { A: { secret: \"yes\" } }\n", false},
		{"true in quotes", base + "env: { A: { secret: \"true\" } }\n", false},
		{"true", base + "env: { A: { secret: true } }\n", true},
		{"a percentage", base + "tolerance: 0.7%\n", true},
		{"no sign", base + "tolerance: 1\n", false},
		{"a size", base + "http: { max_body: 64KiB }\n", true},
		{"a size in small letters", base + "http: { max_body: 64kb }\n", false},
		{"one of a closed set", base + "data: { d: { file: a, order: shuffle } }\n", true},
		{"none of a closed set", base + "data: { d: { file: a, order: shufle } }\n", false},
		{"a step without a verb", step("      - name: a"), false},
		{"an unknown verb", step("      - gett: /"), false},
		{"two verbs", step("      - get: /\n        post: /"), false},
		{"a verb of later", step("      - ws: a"), false},
		{"loops", step("      - while: a\n        max: 5\n        steps: [{ get: / }]\n      - foreach: [a, 1]\n        as: x\n        index: i\n        steps: [{ get: / }]\n      - foreach: ${a}\n        as: x\n        steps: [{ get: / }]"), true},
		{"a while without steps", step("      - while: a"), false},
		{"a foreach without a name", step("      - foreach: [a]\n        steps: [{ get: / }]"), false},
		{"a pace", step("      - pace: 5s"), true},
		{"a pace without a unit", step("      - pace: 5"), false},
		{"a distribution", step("      - think: { distribution: lognormal, mean: 5s, sd: 2s, max: 30s }"), true},
		{"an unknown distribution", step("      - think: { distribution: gauss, mean: 5s }"), false},
		{"every verb of a request", step("      - post: /\n      - put: /\n      - patch: /\n      - delete: /\n      - head: /\n      - options: /\n      - request: PURGE /"), true},
		{"a word of another step", step("      - think: 1s\n        name: a"), false},
		{"a think time", step("      - think: 1s..3s\n      - think: 2s\n      - think: ${t}"), true},
		{"a think time without a unit", step("      - think: 2"), false},
		{"flow control", step("      - parallel: [{ get: / }]\n        limit: 2\n      - group: g\n        steps: [{ get: / }]\n      - repeat: 3\n        steps: [{ get: / }]\n      - if: a\n        then: [{ stop: }]\n        else: [{ fail: no }]"), true},
		{"a condition on any step", step("      - get: /\n        if: a\n      - think: 1s\n        if: a\n      - barrier: { vus: 1 }\n        if: a"), true},
		{"then without if", step("      - get: /\n        then: []"), false},
		{"if without then", step("      - if: a"), false},
		{"a group without steps", step("      - group: g"), false},
		{"a barrier without VUs", step("      - barrier: { timeout: 1s }"), false},
		{"values", step("      - set: { a: [1, { b: null }] }\n      - emit: { m: 1 }\n      - log: x"), true},
		{"a set of nothing", step("      - set: 5"), false},
		{"statuses", step("      - get: /\n        expect: [200, 2xx, 200..299]\n      - get: /\n        expect: 404"), true},
		{"no status", step("      - get: /\n        expect: OK"), false},
		{"a status of 600", step("      - get: /\n        expect: 600"), false},
		{"checks", step("      - get: /\n        check: a\n      - get: /\n        check: [a, b]\n      - get: /\n        check: { a: b, c: true }"), true},
		{"a check in a check", step("      - get: /\n        check: { a: { b: c } }"), false},
		{"captures", step("      - get: /\n        capture: { a: b, c: { from: d, secret: true, default: [1] } }"), true},
		{"a capture without from", step("      - get: /\n        capture: { a: { secret: true } }"), false},
		{"a list of captures", step("      - get: /\n        capture: [a]"), false},
		{"thresholds", base + "thresholds:\n  checks: rate > 1%\n  http_reqs: [count > 1, { that: count > 2, abort: true }]\n  \"http_req_duration{step=a}\": { that: [p95 < 1s], where: { scenario: s } }\n", true},
		{"a list of long forms", base + "thresholds: [{ metric: checks, that: rate > 1% }]\n", true},
		{"a threshold in full", base + "thresholds: { checks: { that: rate > 1%, window: 1s, min_samples: 5, exclude_warmup: 1s, abort: true, delay: 1s } }\n", true},
		{"selectors of several values", base + "thresholds: { http_reqs: { that: count > 1, where: { step: [a, b], status: { not: [404, 410] }, method: { matches: ^P } } } }\n", true},
		{"an unknown operator of a selector", base + "thresholds: { http_reqs: { that: count > 1, where: { step: { nott: a } } } }\n", false},
		{"thresholds of a step", step("      - get: /\n        thresholds: p95 < 1s\n      - get: /\n        thresholds: [p95 < 1s, { that: p99 < 1s }]"), true},
		{"after one", strings.Replace(base, "  s:\n", "  t: { executor: { type: constant-vus, vus: 1, duration: 1s }, after: s, steps: [{ get: / }] }\n  s:\n", 1), true},
		{"a profile is partial", base + "profiles: { q: { scenarios: { s: { executor: { duration: 2s } } }, vars: { a: null } } }\n", true},
		{"a mistake in a profile", base + "profiles: { q: { scenarios: { s: { executor: { duration: 2 } } } } }\n", false},
		{"an unknown word in a profile", base + "profiles: { q: { scenario: {} } }\n", false},
		{"a profile with a version", base + "profiles: { q: { version: 1 } }\n", false},
		{"a service", base + "services: { a: { command: [b, c], ready: /, timeout: 5s, env: { A: b } } }\n", true},
		{"a command that is a text", base + "services: { a: { command: b c } }\n", false},
		{"types of columns", base + "data: { d: { file: a.csv, columns: { a: int, b: string } } }\n", true},
		{"no such type", base + "data: { d: { file: a.csv, columns: { a: integer } } }\n", false},
		{"columns as a word", base + "data: { d: { file: a.csv, columns: int } }\n", false},
		{"a condition without a metric", base + "thresholds: [p95 < 1s]\n", false},
		{"a method without a URL", step("      - request: /x"), false},
		{"an executor of a plan that includes", "include: a.yaml\nscenarios: { s: { executor: { type: constant-vus, rate: 5/s } } }\n", false},
		{"query values", step("      - get: /\n        query: { a: 1, b: [1, 2], c: null }"), true},
	}
}
