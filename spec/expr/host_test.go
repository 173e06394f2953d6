package expr

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"runner/spec"
	"runner/spec/extract"
)

// still is a host in which nothing moves: the clock stands, and the random source starts over when told.
type still struct {
	source    Source
	response  *reply
	vm        *VM
	generator []*Tree
	rows      []map[string]any
	sent      []byte
	draws     int
}

func (h *still) Random() Random { return &h.source }
func (h *still) Now() time.Time {
	return time.Date(2024, 5, 1, 12, 30, 0, 250e6, time.FixedZone("x", 3600))
}
func (h *still) Generate(i int) (any, error) { return h.generator[i].Eval(h.vm) }
func (h *still) Rows(int) (int64, error)     { return int64(len(h.rows)), nil }
func (h *still) Row(int) (map[string]any, error) {
	h.draws++
	if len(h.rows) == 0 {
		return nil, errors.New("no row is left")
	}
	return h.rows[0], nil
}
func (h *still) RequestBody() ([]byte, error) {
	if h.sent == nil {
		return nil, errors.New("this request has no body")
	}
	return h.sent, nil
}
func (h *still) StepResponse(int) Response { return nil }

func (h *still) Response() Response {
	if h.response == nil {
		return nil
	}
	return h.response
}

// reply is a response from memory. Its JSON paths are plain: a.b.
type reply struct {
	status            int
	duration, waiting float64
	text              string
	broken            bool
	json              map[string]any
	headers           map[string]any
}

func (r *reply) JSON(path string) (any, bool, error) {
	if r.broken {
		return nil, false, errors.New("the body is not valid JSON: it is empty")
	}
	if v, ok := r.json[path]; ok {
		return v, true, nil
	}
	var at any = r.json
	for step := range strings.SplitSeq(path, ".") {
		m, ok := at.(map[string]any)
		if !ok {
			return nil, false, nil
		}
		if at, ok = m[step]; !ok {
			return nil, false, nil
		}
	}
	return at, true, nil
}

func (r *reply) Header(name string) string {
	v, _ := r.headers[strings.ToLower(name)].(string)
	return v
}
func (r *reply) Body() (string, error) { return r.text, nil }
func (r *reply) Document() (*extract.Document, error) {
	d := &extract.Document{}
	d.Reset([]byte(r.text))
	return d, nil
}
func (r *reply) Cookies() map[string]any { return map[string]any{"session": "s1"} }
func (r *reply) Headers() map[string]any { return r.headers }
func (r *reply) Status() int             { return r.status }
func (r *reply) Duration() float64       { return r.duration }
func (r *reply) Waiting() float64        { return r.waiting }
func (r *reply) Size() int               { return len(r.text) }
func (r *reply) URL() string             { return "http://target/x" }
func (r *reply) Proto() string           { return "HTTP/1.1" }

// everything is a scope with one of each kind of name.
func everything(t testing.TB) *Scope {
	t.Helper()
	s := NewScope()
	s.DefineRecord("vars", map[string]Type{"base": String, "limit": Int, "cfg": Map})
	s.DefineRecord("env", map[string]Type{"KEY": String})
	s.DefineRecord("services", map[string]Type{"api.url": String, "api.port": String, "my-db.url": String})
	s.DefineRecord("vu", map[string]Type{"id": Int})
	s.DefineRecord("iteration", map[string]Type{"n": Int})
	s.DefineRecord("setup", map[string]Type{"user": Any})
	s.DefineWord("stage", String)
	s.DefineGenerators([]string{"event", "loop", "mail"})
	s.DefineData([]string{"tickets"})
	for _, name := range []string{"token", "items", "late", "uuid"} {
		if err := s.Define(name, Any); err != nil {
			t.Fatal(err)
		}
	}
	in := s.Child()
	in.AllowResponse(true)
	in.AllowRequestBody()
	return in
}

// machine is a VM that goes with everything.
func machine(t testing.TB) *VM {
	t.Helper()
	h := &still{
		response: &reply{
			status: 200, duration: 123.5, waiting: 100, text: `{"id": 7}`,
			headers: map[string]any{"content-type": "application/json", "x-count": "3"},
			json: map[string]any{
				"id": int64(7), "received": true, "failed": false, "state": "done", "ratio": 0.5, "none": nil, "count": int64(300),
				"user": map[string]any{"name": "ann", "tags": []any{"a", "b"}}, "empty": []any{},
				"items": []any{map[string]any{"price": int64(3), "name": "x"}, map[string]any{"price": 7.5, "name": "y"}},
			},
		},
		rows: []map[string]any{{"email": "a@b.c", "n": int64(5)}},
		sent: []byte(`{"sent":true}`),
	}
	vm := &VM{Host: h, Env: map[string]any{
		"vars": map[string]any{"base": "http://x", "limit": int64(10), "cfg": map[string]any{"retries": int64(2)}},
		"env":  map[string]any{"KEY": "k"}, "services": map[string]any{"api": map[string]any{"url": "http://api", "port": "80"}, "my-db": map[string]any{"url": "db"}},
		"vu": map[string]any{"id": int64(3)}, "iteration": map[string]any{"n": int64(41)}, "setup": map[string]any{"user": "u1"}, "stage": "peak",
		"token": "tok", "items": []any{int64(1), int64(2)}, "late": Unset, "uuid": "mine",
	}}
	h.vm = vm
	for _, source := range []string{"${{id: 'evt_' + token, n: 2}}", "${gen.loop}", "${fake.email()}"} {
		tree, problems := CompileValue(spec.Value{Kind: spec.Scalar, Text: spec.Text{Value: source}}, everything(t))
		if len(problems) > 0 {
			t.Fatal(problems[0].Message)
		}
		h.generator = append(h.generator, tree)
	}
	return vm
}

func mustCompile(t testing.TB, source string, want Type) *Program {
	t.Helper()
	p, problems := Compile(spec.Expr{Source: source, Pos: spec.Pos{File: "p", Line: 1, Col: 1}}, everything(t), want)
	if len(problems) > 0 {
		t.Fatalf("%s: %s", source, problems[0].Message)
	}
	return p
}

// outcome is a value or an error in one text, for comparisons.
func outcome(v any, err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	return fmt.Sprintf("%T %v", v, v)
}
