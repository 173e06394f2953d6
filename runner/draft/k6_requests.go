package draft

import (
	"fmt"
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// k6Methods are the functions of k6/http that send a request.
var k6Methods = map[string]string{"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "del": "DELETE", "head": "HEAD", "options": "OPTIONS"}

// reader walks a script's code and takes the requests whose addresses are plainly written.
type reader struct {
	*script
	found []exchange
}

// requests are the script's requests, in the order in which they are written, whatever the code around them decides.
func (s *script) requests(ast *js.AST) []Step {
	r := &reader{script: s}
	js.Walk(r, ast)
	if len(r.found) > 0 {
		s.plan.lose(0, "the code around the requests: loops, conditions, functions, checks, groups; requests stand in the order of the file")
	}
	return newDesk(s.plan).steps(r.found)
}

// Enter looks at calls.
func (r *reader) Enter(n js.INode) js.IVisitor {
	call, ok := n.(*js.CallExpr)
	if !ok {
		return r
	}
	name := source(call.X)
	method, isRequest := k6Methods[strings.TrimPrefix(name, "http.")]
	switch {
	case strings.HasPrefix(name, "http.") && isRequest && len(call.Args.List) > 0:
		r.request(call, method)
	case name == "http.batch" || name == "http.request" || name == "http.asyncRequest" || strings.HasPrefix(name, "ws.") || strings.HasPrefix(name, "grpc."):
		r.plan.lose(r.line(name+"("), "a call of "+name)
	case name == "sleep":
		r.plan.lose(r.line("sleep("), "pauses (sleep): write think: 1s between steps")
	}
	return r
}

// Exit is nothing: all is done on the way in.
func (r *reader) Exit(js.INode) {}

func (r *reader) request(call *js.CallExpr, method string) {
	args := call.Args.List
	at := r.line("http." + strings.ToLower(strings.Replace(method, "DELETE", "del", 1)) + "(")
	u := r.value(args[0].Value)
	if !u.is(str) {
		r.plan.lose(at, "a request whose address is computed: "+shorten(oneLine(source(call)), 80))
		return
	}
	x := exchange{line: at, method: method, url: u.text, checks: []field{{"answered", "status < 400"}}}
	params := 1
	if method != "GET" && method != "HEAD" {
		params = 2
		if len(args) > 1 {
			r.body(args[1].Value, &x)
		}
	}
	if len(args) > params {
		r.params(args[params].Value, &x)
	}
	if x.body.text != "" {
		x.body = newPayload(headerOf(x.headers, "content-type"), x.body.text)
	}
	r.found = append(r.found, x)
}

// body is a text, JSON.stringify of something plain, or an object, which k6 sends as a form.
func (r *reader) body(e js.IExpr, x *exchange) {
	if call, ok := e.(*js.CallExpr); ok && source(call.X) == "JSON.stringify" && len(call.Args.List) > 0 {
		if v := r.value(call.Args.List[0].Value); v != nil {
			x.body.text = jsonText(v)
			return
		}
	}
	switch v := r.value(e); {
	case v.is(str):
		x.body.text = v.text
	case v.is(object):
		var pairs []string
		for i, key := range v.keys {
			pairs = append(pairs, escapeAround(key)+"="+escapeAround(v.items[i].string()))
		}
		x.body.text = strings.Join(pairs, "&")
		x.headers = append(x.headers, field{"Content-Type", "application/x-www-form-urlencoded"})
	case v == nil:
		r.plan.lose(x.line, "a body that is computed: "+shorten(oneLine(source(e)), 80))
	}
}

func (r *reader) params(e js.IExpr, x *exchange) {
	v := r.value(e)
	if v == nil {
		r.plan.lose(x.line, "parameters of a request that are computed: "+shorten(oneLine(source(e)), 80))
		return
	}
	headers := v.at("headers")
	if headers.is(object) {
		for i, key := range headers.keys {
			x.headers = append(x.headers, field{key, headers.items[i].string()})
		}
	}
	if name := v.at("tags", "name").string(); name != "" {
		x.name = name
	}
	for _, key := range v.keys {
		if key != "headers" && key != "tags" {
			r.plan.lose(x.line, fmt.Sprintf("the parameter %s of a request", shorten(key, 40)))
		}
	}
}

// jsonText is a tree as JSON.
func jsonText(t *tree) string {
	var parts []string
	switch t.kind {
	case list:
		for _, item := range t.items {
			parts = append(parts, jsonText(item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case object:
		for i, item := range t.items {
			parts = append(parts, jsonString(t.keys[i])+":"+jsonText(item))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case str:
		return jsonString(t.text)
	case nothing:
		return "null"
	}
	return t.text
}

// source is a piece of a script as it is written.
func source(n js.INode) string {
	var b strings.Builder
	n.JS(&b)
	return b.String()
}
