package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// editor is a client of the language server: it speaks the protocol over pipes, as an editor does.
type editor struct {
	t     *testing.T
	dir   string
	texts map[string]string
	in    io.WriteCloser
	out   chan message
	code  chan int
	id    int
	notes []message
}

type message struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// newEditor starts the program's language server, and says hello.
func newEditor(t *testing.T, files map[string]string) *editor {
	t.Helper()
	toServer, in := io.Pipe()
	out, fromServer := io.Pipe()
	e := &editor{t: t, dir: t.TempDir(), texts: map[string]string{}, in: in, out: make(chan message, 1000), code: make(chan int, 1)}
	files["runner.yaml"] = ""
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(e.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var errs strings.Builder
	go func() {
		e.code <- run([]string{"lsp"}, toServer, fromServer, &errs)
		_ = fromServer.Close() // never fails
	}()
	go e.listen(bufio.NewReader(out))
	t.Cleanup(func() { _ = in.Close() }) // never fails
	hello := e.ask("initialize", map[string]any{"processId": nil, "rootUri": e.uri(""), "capabilities": map[string]any{}})
	if !strings.Contains(hello, `"hoverProvider":true`) || !strings.Contains(hello, `"positionEncoding":"utf-16"`) {
		t.Fatalf("what the server can do: %s", hello)
	}
	e.tell("initialized", map[string]any{})
	return e
}

func (e *editor) uri(name string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(e.dir, name))}).String()
}

func (e *editor) write(m map[string]any) {
	e.t.Helper()
	m["jsonrpc"] = "2.0"
	body, err := json.Marshal(m)
	if err != nil {
		e.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(e.in, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		e.t.Fatal(err)
	}
}

// listen reads what the server says until it ends.
func (e *editor) listen(out *bufio.Reader) {
	defer close(e.out)
	for {
		m, ok := e.next(out)
		if !ok {
			return
		}
		e.out <- m
	}
}

// read is the next message.
func (e *editor) read() message {
	e.t.Helper()
	select {
	case m, ok := <-e.out:
		if !ok {
			e.t.Fatal("the server has ended")
		}
		return m
	case <-time.After(20 * time.Second):
		e.t.Fatal("the server is silent")
	}
	return message{}
}

// next reads one message, and checks its framing.
func (e *editor) next(out *bufio.Reader) (m message, ok bool) {
	length := -1
	for {
		line, err := out.ReadString('\n')
		if err != nil {
			return m, false
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break
		}
		if value, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			if length, err = strconv.Atoi(value); err != nil {
				e.t.Errorf("framing: %v", err)
				return m, false
			}
		}
	}
	body := make([]byte, max(0, length))
	if _, err := io.ReadFull(out, body); err != nil {
		e.t.Errorf("a message that is cut short: %v", err)
		return m, false
	}
	if err := json.Unmarshal(body, &m); err != nil {
		e.t.Errorf("%v: %s", err, body)
		return m, false
	}
	return m, true
}

func (e *editor) tell(method string, params any) {
	e.write(map[string]any{"method": method, "params": params})
}

func (e *editor) ask(method string, params any) string {
	e.t.Helper()
	e.id++
	e.write(map[string]any{"id": e.id, "method": method, "params": params})
	for {
		m := e.read()
		if m.ID == e.id {
			if m.Error != nil {
				e.t.Fatalf("%s: %s", method, m.Error)
			}
			return string(m.Result)
		}
		e.notes = append(e.notes, m)
	}
}

func (e *editor) open(name, text string) {
	e.texts[name] = text
	e.tell("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": e.uri(name), "languageId": "yaml", "version": 1, "text": text}})
}

func (e *editor) change(name, text string) {
	e.texts[name] = text
	e.tell("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": e.uri(name), "version": 2}, "contentChanges": []any{map[string]any{"text": text}}})
}

// at asks about the place of the | in a piece of the text.
func (e *editor) at(method, name, piece string) string {
	e.t.Helper()
	before, after, _ := strings.Cut(piece, "|")
	i := strings.Index(e.texts[name], before+after)
	if i < 0 {
		e.t.Fatalf("no %q in %s", before+after, name)
	}
	until := e.texts[name][:i+len(before)]
	line := strings.Count(until, "\n")
	units := 0
	for _, r := range until[strings.LastIndexByte(until, '\n')+1:] {
		units += 1 + int(r>>16&1) // beyond the basic plane: two
	}
	return e.ask("textDocument/"+method, map[string]any{"textDocument": map[string]any{"uri": e.uri(name)}, "position": map[string]any{"line": line, "character": units}})
}

// problems waits for the next problems of a file that are as wanted, and fails when the server stays silent.
func (e *editor) problems(name string, wanted func(string) bool) string {
	e.t.Helper()
	for {
		text, any := e.published(name)
		switch {
		case !any:
			e.notes = append(e.notes, e.read())
		case wanted(text):
			return text
		}
	}
}

// published takes the oldest list of problems of a file that has come and that nobody has looked at.
func (e *editor) published(name string) (text string, any bool) {
	for i, m := range e.notes {
		var p struct{ URI string }
		if m.Method == "textDocument/publishDiagnostics" && json.Unmarshal(m.Params, &p) == nil && p.URI == e.uri(name) {
			e.notes = append(e.notes[:i], e.notes[i+1:]...)
			return string(m.Params), true
		}
	}
	return "", false
}

func contains(want string) func(string) bool {
	return func(text string) bool { return strings.Contains(text, want) }
}

// bye ends the session as the protocol says, and the program with it.
func (e *editor) bye() {
	e.t.Helper()
	if got := e.ask("shutdown", nil); got != "null" {
		e.t.Errorf("shutdown answers %s", got)
	}
	e.tell("exit", nil)
	select {
	case code := <-e.code:
		if code != exitPass {
			e.t.Errorf("exit code %d", code)
		}
	case <-time.After(20 * time.Second):
		e.t.Fatal("the server does not end")
	}
}

const editedPlan = `version: 1
include: shared.yaml
env: { TOKEN: { secret: true, default: hunter22 }, NEEDED: {} }
vars: { base: "http://127.0.0.1:1" }
http: { base_url: "${vars.base}" }
data:
  users: { file: users.csv }
flows:
  login:
    description: Says who it is.
    inputs: { user: { type: string } }
    steps: [{ get: "/login/${user}" }]
metrics: { seen: { type: counter } }
scenarios:
  visit:
    executor: { type: constant-vus, vus: 1, duration: 1s }
    steps:
      - get: /😀/${data.users.email}
        name: find
        check: { ok: status == 200 }
        capture:
          id: json("id")
      - call: login
        with: { user: "${id}" }
      - emit: { seen: 1 }
      - get: /${gen.order}/${uuid()}/${env.TOKEN}/${env.NEEDED}
thresholds:
  http_req_duration{step=find}: p95 < 1s
`

var editedFiles = map[string]string{
	"plan.yaml":   editedPlan,
	"shared.yaml": "generators:\n  order: \"${rand_int(1, 9)}\"\n",
	"users.csv":   "name,email\nanna,a@x\n",
}

func TestAnEditorsQuestions(t *testing.T) {
	e := newEditor(t, editedFiles)
	e.open("plan.yaml", editedPlan)
	e.problems("plan.yaml", contains(`"diagnostics":[]`)) // NEEDED is not set here, and that is no mistake of the plan
	for _, row := range []struct{ why, method, piece, want string }{
		{"a word", "hover", "ex|ecutor", "How iterations are started"},
		{"an executor", "hover", "constant|-vus", "Keeps a number of VUs iterating"},
		{"a function", "hover", "uu|id()", "uuid()"},
		{"a metric in a selector", "hover", "http_req_|duration", "sending + waiting + receiving"},
		{"an aggregate", "hover", "p|95 <", "http_req_duration"},
		{"a word of a response", "hover", "sta|tus ==", "status code"},
		{"a var", "hover", "vars.ba|se", "defined in plan.yaml:4"},
		{"a generator of another file", "hover", "gen.or|der", "defined in shared.yaml:2"},
		{"a capture", "hover", "{i|d}", `json(\"id\")`},
		{"a column", "hover", "users.em|ail}", "column of"},
		{"a flow", "hover", "call: lo|gin", "Says who it is"},
		{"a secret is not shown", "hover", "env.TO|KEN", "# secret"},
		{"a var's definition", "definition", "vars.ba|se", `plan.yaml","range":{"start":{"line":3,"character":8},"end":{"line":3,"character":12}}`},
		{"a generator's, in the include", "definition", "gen.or|der", `shared.yaml","range":{"start":{"line":1,"character":2}`},
		{"the included file", "definition", "include: sha|red.yaml", `shared.yaml","range":{"start":{"line":0`},
		{"a feeder", "definition", "data.use|rs.email", `plan.yaml","range":{"start":{"line":6,"character":2}`},
		{"a column's header", "definition", "users.em|ail}", `users.csv","range":{"start":{"line":0,"character":5},"end":{"line":0,"character":10}}`},
		{"the data file", "definition", "file: use|rs.csv", `users.csv"`},
		{"a captured name", "definition", "{i|d}", `"line":21`},
		{"a flow", "definition", "call: lo|gin", `"line":8,"character":2`},
		{"an input, from a call", "definition", "with: { us|er", `"line":10`},
		{"an input, in its flow", "definition", "login/${us|er}", `"line":10`},
		{"a metric, from emit", "definition", "emit: { se|en", `"line":12`},
		{"a step, from a selector", "definition", "{step=fi|nd}", `"line":18`},
	} {
		t.Run(row.why, func(t *testing.T) {
			if got := e.at(row.method, "plan.yaml", row.piece); !strings.Contains(got, row.want) || strings.Contains(got, "hunter22") {
				t.Errorf("%s at %s: %s\nwant %s", row.method, row.piece, got, row.want)
			}
		})
	}
	if got := e.at("documentSymbol", "plan.yaml", "|version"); !strings.Contains(got, `"visit"`) {
		t.Errorf("symbols: %s", got)
	}
	e.bye()
}

func TestAnEditorsCompletions(t *testing.T) {
	e := newEditor(t, editedFiles)
	e.open("plan.yaml", editedPlan)
	swap := func(from, to string) string { return strings.Replace(editedPlan, from, to, 1) }
	for _, row := range []struct{ why, text, piece, want, never string }{
		{"words at the top", "thr", "thr|", `"thresholds"`, `"vus"`},
		{"words of a step", swap("        name: find\n", "        na\n"), "        na|", `"on_failure"`, `"label":"duration"`},
		{"verbs behind a dash", swap("      - emit: { seen: 1 }\n", "      - \n"), "      - |", `"barrier"`, `"capture"`},
		{"verbs, half written", swap("      - emit: { seen: 1 }\n", "      - em\n"), "      - em|", `"emit"`, ""},
		{"an entry of a list, without its dash", swap("      - emit: { seen: 1 }\n", "      \n"), "      |\n", `"newText":"- log`, ""},
		{"words of the chosen executor", swap("vus: 1, dur", "dur"), "constant-vus, dur|", `"vus"`, `"rate"`},
		{"the kinds of executors", swap("type: constant-vus", "type: con"), "type: con|", `"constant-vus"`, ""},
		{"records", swap("${gen.order}", "${ge"), "get: /${ge|", `"gen"`, ""},
		{"generators", swap("${gen.order}", "${gen."), "${gen.|", `"order"`, ""},
		{"columns", swap("${data.users.email}", "${data.users."), "${data.users.|", `"email"`, ""},
		{"captures", swap("${id}", "${i"), `user: "${i|`, `"label":"id"`, ""},
		{"functions", swap("${uuid()}", "${uu"), "${uu|", `"uuid"`, ""},
		{"fake data", swap("${uuid()}", "${fake.e"), "${fake.e|", `"email"`, `"vars"`},
		{"a response in a check", swap("status == 200", "sta"), "ok: sta|", `"status"`, ""},
		{"no response elsewhere", swap("${uuid()}", "${sta"), "${sta|", `"stage"`, `"label":"status"`},
		{"aggregates", swap("p95 < 1s", "p"), "=find}: p|", `"p95"`, `"passes"`},
		{"aggregates of a rate", editedPlan + "  checks: ra\n", "checks: ra|", `"passes"`, `"p95"`},
		{"metrics", editedPlan + "  http\n", "  http|\n", `"http_reqs"`, ""},
		{"tags", swap("{step=find}: p95 < 1s", "{st"), "duration{st|", `"scenario"`, `"that"`},
		{"a tag's values", swap("{step=find}: p95 < 1s", "{step=fi"), "{step=fi|", `"find"`, ""},
		{"custom metrics", swap("emit: { seen: 1 }", "emit: { s"), "emit: { s|", `"seen"`, `"http_reqs"`},
		{"flows", swap("call: login", "call: lo"), "call: lo|", `"login"`, ""},
		{"inputs", swap("with: { user: \"${id}\" }", "with: { us"), "with: { us|", `"user"`, ""},
		{"files", swap("file: users.csv", "file: us"), "file: us|", `"users.csv"`, ""},
		{"scenarios", swap("    executor:", "    after: \n    executor:"), "after: |\n", `"visit"`, ""},
		{"a text that is no YAML any more", "a: [\n\t- \"${vars.\n", "${vars.|", `"items":[`, ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			e.change("plan.yaml", row.text)
			got := e.at("completion", "plan.yaml", row.piece)
			if !strings.Contains(got, row.want) || row.never != "" && strings.Contains(got, row.never) {
				t.Errorf("at %s: %.600s\nwant %s, not %s", row.piece, got, row.want, row.never)
			}
		})
	}
	e.bye()
}

// TestDiagnosticsAsYouType: what is on the screen counts, not what was saved, in the plan and in what it includes.
func TestDiagnosticsAsYouType(t *testing.T) {
	e := newEditor(t, editedFiles)
	e.open("plan.yaml", strings.Replace(editedPlan, "/😀/${data.users.email}", "/😀/${data.users.nope}", 1))
	got := e.problems("plan.yaml", contains("no column"))
	if !strings.Contains(got, `"start":{"line":17,"character":30},"end":{"line":17,"character":34}`) {
		t.Errorf("an emoji is two units: %s", got)
	}
	e.change("plan.yaml", strings.Replace(editedPlan, "check: { ok:", "chek: { ok:", 1))
	e.problems("plan.yaml", contains(`unknown key \"chek\" in step get (did you mean \"check\"?)`))
	e.open("shared.yaml", "generators:\n  ordr: 1\n")
	e.problems("plan.yaml", contains(`unknown generator \"order\"`))
	e.change("shared.yaml", "generators:\n  order: \"${rand_itn(1)}\"\n")
	e.problems("shared.yaml", contains("unknown function"))
	e.change("shared.yaml", "generators:\n  order: \"${rand_int(1, 9)}${vars.base}\"\n") // a part sees the names of its plan
	e.problems("shared.yaml", contains(`"diagnostics":[]`))
	if got := e.at("definition", "shared.yaml", "vars.ba|se"); !strings.Contains(got, "plan.yaml") {
		t.Errorf("from a part to its plan: %s", got)
	}
	e.change("plan.yaml", editedPlan+"metrics: {}\n")
	e.problems("plan.yaml", contains("is there twice"))
	e.change("plan.yaml", strings.Replace(editedPlan, "seen: { type: counter }", "seen: { type: counter }, idle: { type: counter }", 1))
	e.change("shared.yaml", editedFiles["shared.yaml"])
	e.problems("plan.yaml", contains(`"severity":2,"code":"unused"`))
	e.open("new.yaml", "version: 2\n")
	e.problems("new.yaml", contains("version 2 is not known"))
	e.tell("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": e.uri("new.yaml")}})
	e.problems("new.yaml", contains(`"diagnostics":[]`))
	e.bye()
}

// An editor that goes away without shutdown is an error, and no reason to stay.
func TestAnEditorThatGoesAway(t *testing.T) {
	e := newEditor(t, editedFiles)
	_ = e.in.Close() // never fails
	select {
	case code := <-e.code:
		if code == exitPass {
			t.Error("exit code 0")
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the server does not end")
	}
}
