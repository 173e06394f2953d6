package main

import (
	"strings"

	"runner/spec/expr"
)

// words are the names that expressions can read, as a table for people.
var words = [][3]string{
	{"`env.NAME`", "everywhere", "a variable of the plan's `env`"},
	{"`vars.NAME`", "everywhere", "a value of `vars`; the scenario's own win"},
	{"`services.NAME.url`", "everywhere but settings", "the address of a service; `.port` its port"},
	{"`gen.NAME`", "steps, generators", "a generator's value, made afresh at each use"},
	{"`data.NAME.column`", "steps, generators", "a column of a feeder's row; the row is drawn at first read in the iteration. `rows(\"NAME\")` is how many there are"},
	{"`setup.NAME`", "scenarios, teardown", "what setup captured or set"},
	{"`metrics.NAME`", "teardown", "what the run counted: custom counters and gauges, `http_reqs`, `iterations`, `dropped_iterations`, `iterations_interrupted`"},
	{"`vu.id`, `iteration.n`, `scenario.name`, `stage`", "steps", "who runs: ids count from 1 and iterations from 0, over all machines; `stage` is the name or number of the executor's stage"},
	{"`run.id`, `run.seed`", "steps", "this run"},
	{"a captured or set name", "later steps of the iteration", "its value; in `init` captured ones are there in every iteration"},
	{"`request.body`", "`headers` and `auth` of a request", "the exact bytes that will be sent; not known of a `multipart` body with files"},
	{"`request.method`, `.url`, `.host`, `.path`, `.query`, `.time`, `.date`", "`auth: hmac`", "the request that is about to be sent, and when"},
	{"`steps.NAME`", "steps after a request of that name", "that step's last response in this iteration: `steps[\"create order\"].json(\"id\")`, or `steps.create_order.status` with `_` for what a name can't hold; a step that has not run fails the iteration"},
	{"`response`", "steps after a request", "the last response: `response.status`, `response.json(\"id\")`, …"},
}

var responseWords = [][2]string{
	{"`status`", "status code, a number"},
	{"`json(\"path\")`", "the value at a [gjson path](https://github.com/tidwall/gjson/blob/master/SYNTAX.md); an absent path or a body that is not JSON ends the iteration as failed"},
	{"`json(\"path\", default)`", "the same, or the default"},
	{"`has(\"path\")`", "whether there is something"},
	{"`html(\"css\")`, `html(\"css\", \"attribute\")`", "of HTML, the text of the first element that a CSS selector finds, or its attribute; a third value is the default. `html_all` gives a list of all"},
	{"`regex(\"pattern\")`, `regex(\"pattern\", group)`", "of the first match in the body (RE2), group 1 if there is one, else the whole match, or the group with that number or name; a third value is the default. `regex_all` gives a list of all"},
	{"`xpath(\"path\")`, `xpath(\"path\", default)`", "of XML, the text of the first node that an XPath 1.0 expression finds, or the number or truth that it computes. `xpath_all` gives a list of all"},
	{"`schema(\"file.json\")`, `schema(\"file.json\", value)`", "whether the body, or a value, has the shape that a JSON Schema says; the file is read before the run. `runner once` shows the first violation"},
	{"`body`", "the decoded body as text"},
	{"`header(\"Name\")`", "a header, `\"\"` if absent; `headers` is the map of all, by lower-case name"},
	{"`cookies`", "the cookies that the response set, by name"},
	{"`duration`, `waiting`", "`http_req_duration` and time to the first byte; compare with `500ms`"},
	{"`size`", "bytes of the body as received; compare with `64KiB`"},
	{"`url`, `proto`", "where the response came from after redirects; `HTTP/1.1`"},
}

// expressions writes what can stand in expressions and templates.
func (r *reference) expressions() {
	r.text("## Expressions",
		"`check`, `capture`, `if` and conditions of thresholds are expressions of [expr-lang](https://expr-lang.org/docs/language-definition). Every other value is text with templates: `${expression}`; `$${` is a literal `${`. A value that is exactly one template keeps the expression's type.",
		"Units are written: `500ms`, `1m30s`, `1%`, `10/s`, `64KiB`. Values of different types can't be compared: that ends the iteration as failed, it is not false. Every name must exist before the run.")
	r.line("| name | where | value |\n|---|---|---|")
	for _, w := range words {
		r.line("| %s | %s | %s |", w[0], w[1], w[2])
	}
	r.line("")
	r.text("In `check` and `capture` these are short for `response.…`:")
	r.line("| name | value |\n|---|---|")
	for _, w := range responseWords {
		r.line("| %s | %s |", w[0], w[1])
	}
	r.line("")
	r.functions()
}

// functions lists our own functions by category, and fake.* by name alone.
func (r *reference) functions() {
	r.text("### Functions", "Besides those of expr-lang (`len`, `filter`, `map`, `upper`, `split`, …). Random values come from the run's seed, so `--seed` repeats them.")
	r.line("| function | | example |\n|---|---|---|")
	var fakes []string
	for _, f := range expr.Functions() {
		if name, ok := strings.CutPrefix(f.Signature, "fake."); ok {
			name, _, _ = strings.Cut(name, "(")
			fakes = append(fakes, "`"+name+"`")
			continue
		}
		r.line("| `%s` | %s | `%s` |", f.Signature, cell(f.Doc), cell(f.Example))
	}
	r.line("")
	r.text("Fake data, as in `fake.email()`; every value is made up: " + strings.Join(fakes, " ") + ".")
}
