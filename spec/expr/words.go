package expr

import (
	"slices"
	"strings"
)

// Word is a name that expressions can read without a plan having defined it, for the reference and for editors.
type Word struct {
	Written  string // how it is written, in Markdown: `vu.id`, `iteration.n`
	Where    string // where it is known, in words
	Doc      string // what it is
	Response bool   // it is of a response: short in check and capture, else response.NAME
	Call     string // how it is called; "" if it is a value
}

// Names are the names that a word is about: vu.id and iteration.n; of json("path") it is json.
func (w Word) Names() []string {
	var names []string
	for i, part := range strings.Split(w.Written, "`") {
		if i%2 == 0 {
			continue
		}
		name, _, _ := strings.Cut(part, "(")
		name, _, _ = strings.Cut(name, ".NAME")
		if name != "" && name[0] != '.' && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Words lists them in the order of the reference: what is known everywhere, then what is of a response.
func Words() []Word {
	return []Word{
		{Written: "`env.NAME`", Where: "everywhere", Doc: "a variable of the plan's `env`"},
		{Written: "`vars.NAME`", Where: "everywhere", Doc: "a value of `vars`; the scenario's own win"},
		{Written: "`services.NAME.url`", Where: "everywhere but settings", Doc: "the address of a service; `.port` its port"},
		{Written: "`gen.NAME`", Where: "steps, generators", Doc: "a generator's value, made afresh at each use"},
		{Written: "`data.NAME.column`", Where: "steps, generators", Doc: "a column of a feeder's row; the row is drawn at first read in the iteration. `rows(\"NAME\")` is how many there are"},
		{Written: "`setup.NAME`", Where: "scenarios, teardown", Doc: "what setup captured or set"},
		{Written: "`metrics.NAME`", Where: "teardown", Doc: "what the run counted: custom counters and gauges, `http_reqs`, `iterations`, `dropped_iterations`, `iterations_interrupted`"},
		{Written: "`vu.id`, `iteration.n`, `scenario.name`, `stage`", Where: "steps", Doc: "who runs: ids count from 1 and iterations from 0, over all machines; `stage` is the name or number of the executor's stage"},
		{Written: "`run.id`, `run.seed`", Where: "steps", Doc: "this run"},
		{Written: "a captured or set name", Where: "later steps of the iteration", Doc: "its value; in `init` captured ones are there in every iteration"},
		{Written: "`request.body`", Where: "`headers` and `auth` of a request", Doc: "the exact bytes that will be sent; not known of a `multipart` body with files"},
		{Written: "`request.method`, `.url`, `.host`, `.path`, `.query`, `.time`, `.date`", Where: "`auth: hmac`", Doc: "the request that is about to be sent, and when"},
		{Written: "`steps.NAME`", Where: "steps after a request of that name", Doc: "that step's last response in this iteration: `steps[\"create order\"].json(\"id\")`, or `steps.create_order.status` with `_` for what a name can't hold; a step that has not run fails the iteration"},
		{Written: "`response`", Where: "steps after a request", Doc: "the last response: `response.status`, `response.json(\"id\")`, …"},
		{Written: "`status`", Doc: "status code, a number", Response: true},
		{Written: "`json(\"path\")`", Doc: "the value at a [gjson path](https://github.com/tidwall/gjson/blob/master/SYNTAX.md); an absent path or a body that is not JSON ends the iteration as failed", Response: true, Call: "json(\"path\")"},
		{Written: "`json(\"path\", default)`", Doc: "the same, or the default", Response: true, Call: "json(\"path\", default)"},
		{Written: "`has(\"path\")`", Doc: "whether there is something", Response: true, Call: "has(\"path\")"},
		{Written: "`html(\"css\")`, `html(\"css\", \"attribute\")`", Doc: "of HTML, the text of the first element that a CSS selector finds, or its attribute; a third value is the default. `html_all` gives a list of all", Response: true, Call: "html(\"css\")"},
		{Written: "`regex(\"pattern\")`, `regex(\"pattern\", group)`", Doc: "of the first match in the body (RE2), group 1 if there is one, else the whole match, or the group with that number or name; a third value is the default. `regex_all` gives a list of all", Response: true, Call: "regex(\"pattern\")"},
		{Written: "`xpath(\"path\")`, `xpath(\"path\", default)`", Doc: "of XML, the text of the first node that an XPath 1.0 expression finds, or the number or truth that it computes. `xpath_all` gives a list of all", Response: true, Call: "xpath(\"path\")"},
		{Written: "`schema(\"file.json\")`, `schema(\"file.json\", value)`", Doc: "whether the body, or a value, has the shape that a JSON Schema says; the file is read before the run. `runner once` shows the first violation", Response: true, Call: "schema(\"file.json\")"},
		{Written: "`body`", Doc: "the decoded body as text", Response: true},
		{Written: "`header(\"Name\")`", Doc: "a header, `\"\"` if absent; `headers` is the map of all, by lower-case name", Response: true, Call: "header(\"Name\")"},
		{Written: "`cookies`", Doc: "the cookies that the response set, by name", Response: true},
		{Written: "`duration`, `waiting`", Doc: "`http_req_duration` and time to the first byte; compare with `500ms`", Response: true},
		{Written: "`size`", Doc: "bytes of the body as received; compare with `64KiB`", Response: true},
		{Written: "`url`, `proto`", Doc: "where the response came from after redirects; `HTTP/1.1`", Response: true},
	}
}
