package main

import (
	"fmt"
	"reflect"
	"strings"

	"runner/spec"
)

// reference writes the language reference in Markdown.
type reference struct {
	docs docs
	b    strings.Builder
}

// smallest is a plan in which every line is needed.
const smallest = `version: 1
scenarios:
  visit:
    executor: { type: constant-arrival-rate, rate: 5/s, duration: 10s, vus: 10 }
    steps:
      - get: http://127.0.0.1:8080/
        check:
          answered: status == 200
`

// planReference is the text of REFERENCE.md.
func planReference(d docs) []byte {
	r := &reference{docs: d}
	g := spec.Describe()
	r.text("# The plan language", "Generated from the Go types of package spec by `go generate ./schemas`: change it there.")
	r.text("A plan is a YAML file. The smallest one:", "```yaml\n# yaml-language-server: $schema=../schemas/plan.schema.json\n"+smallest+"```",
		"`runner new` writes a first one, out of answers or of what you have (`--from` a curl command, HAR, OpenAPI, Postman, k6, Artillery, an access log). `runner validate plan.yaml` says everything that is wrong with it, `runner once plan.yaml` runs one iteration and shows it, `runner plan.yaml` runs it.")
	r.scalars()
	r.snippet("values")
	r.section("## A plan file", g.Plan, "The top-level words. Keys that begin with `x-` are the author's own.")
	r.table(g.Plan)
	r.text("Loading itself reads two more words:")
	r.table(g.Preamble)
	r.snippet("include")
	r.text("Files are relative to the file that names them and stay below the project root, the nearest folder with `.git` or `runner.yaml`; `--allow-dir` adds folders. A file has at most 256 KiB, 2,000 keys a map, 100 levels and 10,000 values after aliases.")
	for _, e := range structs() {
		r.section("### `"+e.word+"`", e.t, "")
		r.table(e.t)
		r.snippet(e.word)
	}
	r.executors(g)
	r.steps(g)
	r.thresholds()
	r.expressions()
	r.text("## Not yet", "The language has these words, and this version answers each with \"is not supported yet by this version\":")
	for _, row := range spec.NotYet() {
		r.line("- %s: %s", row.Place, codes(row.Words))
	}
	return []byte(strings.TrimRight(r.b.String(), "\n") + "\n")
}

type entry struct {
	word string
	t    reflect.Type
}

// structs are the maps of the language below the top, by the word that holds them.
func structs() []entry {
	return []entry{
		{"services: NAME", reflect.TypeFor[spec.Service]()}, {"env: NAME", reflect.TypeFor[spec.EnvVar]()},
		{"http", reflect.TypeFor[spec.HTTP]()}, {"http: tls", reflect.TypeFor[spec.TLS]()},
		{"auth", reflect.TypeFor[spec.Auth]()}, {"auth: basic, digest", reflect.TypeFor[spec.Login]()}, {"auth: oauth2", reflect.TypeFor[spec.OAuth2]()},
		{"auth: aws_sigv4", reflect.TypeFor[spec.AWSSigV4]()}, {"auth: hmac", reflect.TypeFor[spec.HMAC]()},
		{"data: NAME", reflect.TypeFor[spec.Data]()}, {"metrics: NAME", reflect.TypeFor[spec.Metric]()},
		{"scenarios: NAME", reflect.TypeFor[spec.Scenario]()}, {"mix", reflect.TypeFor[spec.Share]()},
		{"flows: NAME", reflect.TypeFor[spec.Flow]()}, {"inputs: NAME", reflect.TypeFor[spec.Input]()},
	}
}

func (r *reference) line(format string, args ...any) { fmt.Fprintf(&r.b, format+"\n", args...) }

func (r *reference) text(paragraphs ...string) {
	for _, p := range paragraphs {
		if p != "" {
			r.line("%s\n", p)
		}
	}
}

func (r *reference) section(head string, t reflect.Type, more string) {
	r.text(head, r.docs.of(typeName(t)), more)
}

func (r *reference) scalars() {
	r.text("## Values")
	r.line("| type | how it is written |\n|---|---|")
	for _, t := range []struct{ name, doc string }{{"whole number", "Int"}, {"true or false", "Bool"}, {"time", "Duration"}, {"rate", "RateOf"}, {"percentage", "Percent"}, {"size", "Size"}} {
		r.line("| %s | %s |", t.name, cell(r.docs.of(t.doc)))
	}
	r.line("| text | The scalar's source text: `1.10` stays `1.10`. `${expression}` in it is a template, `$${` a literal `${`. A text that is exactly `${expression}` keeps the expression's type where that matters. In a text integers stand in digits, times as RFC 3339, durations as `1m30s`; lists, maps and nil have no text form. |")
	r.line("| value | A tree of texts, lists and maps. Plain `true`, `false`, `null`, whole numbers and decimals are typed; text in quotes is text; `007` is an error: quote it. |")
	r.line("| expression | An expression, without `${ }`. |\n")
}

// table lists the words of a struct.
func (r *reference) table(t reflect.Type) {
	var rows []string
	for _, f := range spec.Fields(t) {
		if f.Key == "" {
			continue
		}
		def := code(f.Default)
		if f.Required {
			def = "**required**"
			if f.Unless != "" {
				def += " unless " + code(f.Unless)
			}
		} else if strings.Contains(f.Default, " ") {
			def = cell(f.Default)
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s | %s | %s |", f.Key, kindOf(f), def, cell(r.docs[typeName(t)+"."+f.Name]), example(f)))
	}
	if len(rows) == 0 {
		return
	}
	r.text("| word | type | default | meaning | example |\n|---|---|---|---|---|\n" + strings.Join(rows, "\n"))
}

func example(f spec.Field) string {
	if f.Example == "" {
		return ""
	}
	return code(f.Key + ": " + f.Example)
}

// code is a text as code in a table.
func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(s, "|", "\\|") + "`"
}

func codes(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = code(w)
	}
	return strings.Join(quoted, ", ")
}

func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

// kindOf says what a word takes.
func kindOf(f spec.Field) string {
	switch {
	case len(f.Enum) > 0 && f.Type == reflect.TypeFor[spec.Map[spec.Word]]():
		return "map of name to " + strings.ReplaceAll(codes(f.Enum), ", ", " ")
	case len(f.Enum) > 0:
		return strings.ReplaceAll(codes(f.Enum), ", ", " ")
	case f.Size:
		return "size"
	case f.One && f.Type == reflect.TypeFor[[]spec.Text]():
		return "text or list"
	}
	if name, ok := kindNames()[f.Type]; ok {
		return name
	}
	t := f.Type
	if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && t.Elem().Field(0).Name == "Key" {
		return "map"
	}
	if t.Kind() == reflect.Slice {
		return "list"
	}
	return "map"
}

func kindNames() map[reflect.Type]string {
	return map[reflect.Type]string{
		reflect.TypeFor[spec.Text](): "text", reflect.TypeFor[spec.Expr](): "expression", reflect.TypeFor[spec.Value](): "value",
		reflect.TypeFor[spec.Int](): "whole number", reflect.TypeFor[spec.Bool](): "true or false", reflect.TypeFor[spec.Duration](): "time",
		reflect.TypeFor[spec.RateOf](): "rate", reflect.TypeFor[spec.Percent](): "percentage", reflect.TypeFor[[]spec.Step](): "list of steps",
		reflect.TypeFor[[]spec.Status](): "status or list", reflect.TypeFor[[]spec.Check](): "list or map of expressions",
		reflect.TypeFor[[]spec.Capture](): "map of expressions", reflect.TypeFor[[]*spec.Threshold](): "conditions",
		reflect.TypeFor[spec.Connections](): "word or map", reflect.TypeFor[[]spec.Expr](): "expression or list", reflect.TypeFor[[]spec.Matcher](): "map",
		reflect.TypeFor[*spec.GraphQL](): "text or map", reflect.TypeFor[spec.Cookies](): "true, false or map", reflect.TypeFor[[]spec.Part](): "map of parts",
		reflect.TypeFor[*spec.Auth]():             "none or map",
		reflect.TypeFor[[]spec.Stage[spec.Int]](): "list of stages", reflect.TypeFor[[]spec.Stage[spec.RateOf]](): "list of stages",
	}
}

func (r *reference) executors(g spec.Grammar) {
	r.text("## Executors", "How a scenario's load is made. `executor: { type: … }` chooses one; all counts are totals over every machine that takes part.")
	for _, k := range g.Kinds {
		r.section("### `"+k+"`", g.Executors[k], "")
		r.table(g.Executors[k])
		r.snippet(k)
	}
	r.section("### `stages`", reflect.TypeFor[spec.Stage[spec.Int]](), "")
	r.table(reflect.TypeFor[spec.Stage[spec.Int]]())
}

func (r *reference) steps(g spec.Grammar) {
	r.text("## Steps", "A step is a map with one verb. Every step may also say `if`: "+lowerFirst(r.docs["StepHead.If"]))
	for _, form := range g.Steps {
		name := typeName(form.Type)
		verb := ""
		for _, f := range spec.Fields(form.Type) {
			if f.Verb {
				verb = fmt.Sprintf("Behind the verb: %s", lowerFirst(r.docs[name+"."+f.Name]))
				if f.Example != "" {
					verb += fmt.Sprintf(" Example: %s.", code(form.Verbs[0]+": "+f.Example))
				}
			}
		}
		if form.Body {
			verb = "The words stand in a map behind the verb."
		}
		r.section("### "+strings.ReplaceAll(codes(form.Verbs), ", ", " "), form.Type, verb)
		r.table(form.Type)
		r.snippet(form.Verbs[0])
	}
	r.section("### Distribution of `think`", reflect.TypeFor[spec.Distribution](), "")
	r.table(reflect.TypeFor[spec.Distribution]())
	r.section("### A part of `multipart`", reflect.TypeFor[spec.Part](), "")
	r.table(reflect.TypeFor[spec.Part]())
	r.snippet("multipart")
	r.section("### `graphql`", reflect.TypeFor[spec.GraphQL](), "")
	r.table(reflect.TypeFor[spec.GraphQL]())
	r.snippet("graphql")
	r.section("### `retry`", reflect.TypeFor[spec.Retry](), "")
	r.table(reflect.TypeFor[spec.Retry]())
	r.snippet("retry")
	r.section("### Long form of a `capture`", reflect.TypeFor[spec.Capture](), "")
	r.table(reflect.TypeFor[spec.Capture]())
	r.snippet("capture")
}

// snippet shows a piece of a plan, if there is one for the heading.
func (r *reference) snippet(name string) {
	if text := snippets[name]; text != "" {
		r.text("```yaml\n" + text + "```")
	}
}

// aggregates are what conditions can compare, by the type of the metric.
var aggregates = [][3]string{
	{"trend", "`avg` `min` `max` `med` `p90` `p95` `p99` or any `p(99.9)`, `count`; with the metric's unit", "`p95 < 500ms`, `count > 100`"},
	{"counter", "`count`, and `rate` per second", "`count == 50`, `rate > 10/s`"},
	{"rate", "`rate` (a percentage), `passes`, `fails`", "`rate > 99%`"},
	{"gauge", "`value` (the newest), `min`, `max`", "`value > 0`"},
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func (r *reference) thresholds() {
	r.section("## Thresholds", reflect.TypeFor[spec.Threshold](), "At the top, a map of `metric{tag=value, tag!=value, tag=~regex}` to a condition, a list of conditions or a long form; or a list of long forms. A value with a comma or a brace in it is put in quotes. On a step or scenario the metric may be left out: it is `http_req_latency`. `baseline.p95` in a condition is the same aggregate of the result that `--baseline` names: `p95 < baseline.p95 * 1.1`; without one the condition is skipped.")
	r.snippet("thresholds")
	r.text("A long form:")
	r.table(reflect.TypeFor[spec.Threshold]())
	r.snippet("thresholds as a list")
	r.text("### What conditions can say", "Which values a condition can compare depends on the metric's type:")
	r.line("| type | values | example |\n|---|---|---|")
	for _, row := range aggregates {
		r.line("| %s | %s | %s |", row[0], row[1], row[2])
	}
	r.line("")
	r.text("Selectors take the tags `scenario` `stage` `step` `flow` `group` `method` `status` `expected` `check`, `class` of `request_errors`, `cause` of `iterations_failed`, and those that the plan gives with `tags`. A value that nothing in the plan can have is a mistake.",
		"### Default thresholds", "A plan that says nothing of these fails if one of them does not hold. A condition of the plan on the same metric takes the place of its default for the series that it selects; `tolerance: 1%` relaxes the first two.")
	r.line("| metric | must hold |\n|---|---|\n| `checks` | `rate == 100%` |\n| `http_req_failed` | `rate == 0%` |\n| `iterations_failed`, for another cause than a request or a check | `rate == 0%` |\n| `dropped_iterations` | `count == 0` |\n")
	r.text("### Built-in metrics")
	r.line("| metric | type | unit | meaning |\n|---|---|---|---|")
	for _, m := range spec.BuiltinMetrics() {
		r.line("| `%s` | %s | %s | %s |", m.Name, m.Type, m.Unit, cell(m.Doc))
	}
	r.line("")
}
