package expr

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// call resolves a call of anything but expr's own functions.
func (r *resolver) call(n *ast.CallNode) (ast.Node, Type) {
	switch callee := n.Callee.(type) {
	case *ast.IdentifierNode:
		return r.callName(n, callee)
	case *ast.MemberNode:
		if u, is := r.stepOf(callee.Node); is {
			return r.stepCall(n, callee, u)
		}
		if base, ok := callee.Node.(*ast.IdentifierNode); ok && r.local(base.Value) == nil && r.scope.lookup(base.Value) == nil {
			if name, ok := callee.Property.(*ast.StringNode); ok {
				if v, t, ok := r.callMember(n, base, name); ok {
					return v, t
				}
			}
		}
	}
	r.flaw(n.Location(), "", "a value cannot be called: only functions can")
	return n, Any
}

func (r *resolver) callName(n *ast.CallNode, callee *ast.IdentifierNode) (ast.Node, Type) {
	name := callee.Value
	if r.agg != nil && name == "p" {
		return r.percentile(n)
	}
	if r.scope.hasShort() && responseCalls[name] != "" {
		return r.responseCall(n, name)
	}
	if name == "rows" && r.scope.dataNames() != nil {
		return r.rows(n)
	}
	if f := findFunc(name); f != nil {
		return r.function(n, f, r.arguments(n.Arguments))
	}
	switch {
	case r.masked.literals[name].text != "", r.local(name) != nil, r.scope.lookup(name) != nil:
		r.flaw(callee.Location(), "", "%s is a value, not a function", r.unmask(name))
	case responseCalls[name] != "" && r.scope.hasResponse():
		r.flaw(callee.Location(), "", "%s() is known in check and capture only: write response.%s(…)", name, name)
	case responseCalls[name] != "":
		r.flaw(callee.Location(), "", "%s() asks a response, and there is none here yet", name)
	case name == "rows":
		r.flaw(callee.Location(), "", "rows() counts the rows of the plan's data, and there is none here")
	default:
		known := functionNames()
		if r.scope.hasShort() {
			known = append(known, slices.Collect(maps.Keys(responseCalls))...)
		}
		hint := suggestion(name, known, nil)
		if hint == "" {
			hint = "the functions are listed in the reference"
		}
		r.flaw(callee.Location(), hint, "unknown function %q", name)
	}
	return n, Any
}

// callMember resolves fake.email() and response.json("…").
func (r *resolver) callMember(n *ast.CallNode, base *ast.IdentifierNode, name *ast.StringNode) (ast.Node, Type, bool) {
	switch base.Value {
	case "fake":
		v, t := r.fake(n, name)
		return v, t, true
	case "response":
		switch {
		case !r.scope.hasResponse():
			r.flaw(base.Location(), "", `"response" is of a request, and there is none before this`)
		case responseCalls[name.Value] != "":
			v, t := r.responseCall(n, name.Value)
			return v, t, true
		default:
			r.flaw(name.Location(), suggestion(name.Value, responseWords(), responseWords()), "response has no function %q", name.Value)
		}
		return n, Any, true
	case "gen", "data", "request":
		r.flaw(name.Location(), "", "%s.%s is a value, not a function", base.Value, name.Value)
		return n, Any, true
	}
	return nil, Any, false
}

// typed is an argument and what is known of it.
type typed struct {
	node ast.Node
	typ  Type
	at   ast.Node // as it stood in the source
}

func (r *resolver) arguments(nodes []ast.Node) []typed {
	all := make([]typed, len(nodes))
	for i, n := range nodes {
		v, t := r.visit(n)
		all[i] = typed{v, t, n}
	}
	return all
}

func nodesOf(args []typed) []ast.Node {
	all := make([]ast.Node, len(args))
	for i := range args {
		all[i] = args[i].node
	}
	return all
}

// function resolves a call of one of our functions.
func (r *resolver) function(n ast.Node, f *function, args []typed) (ast.Node, Type) {
	if !r.count(n, f.Name, len(args), f.least, f.most, f.Signature) {
		return n, f.result
	}
	for i, a := range args {
		want := f.params[min(i, len(f.params)-1)]
		if !a.typ.fits(want) {
			r.flaw(a.at.Location(), "", "%s() needs %s here, not %s: %s", f.Name, want, a.typ, f.Signature)
		}
		if word, ok := constantOf(a.node); ok && f.words[i] != nil {
			r.word(a.at, word, f.words[i])
		}
	}
	if f.live {
		r.needs.live, r.needs.varies = true, true
	}
	t := f.result
	if f.Name == "or_else" && len(args) == 2 && args[0].typ == args[1].typ {
		t = args[0].typ
	}
	return call(n, f.Name, nodesOf(args)...), t
}

// word checks an argument that is one of a few words.
func (r *resolver) word(at ast.Node, v any, words []string) {
	if s, ok := v.(string); ok && !slices.Contains(words, s) {
		r.flaw(at.Location(), suggestion(s, words, nil), "this is one of %s, not %q", strings.Join(words, ", "), s)
	}
}

// count checks the number of arguments.
func (r *resolver) count(n ast.Node, name string, got, least, most int, form string) bool {
	if got >= least && (got <= most || most < 0) {
		return true
	}
	wants := fmt.Sprint(least)
	switch {
	case most < 0:
		wants += " or more"
	case most == least+1:
		wants += fmt.Sprintf(" or %d", most)
	case most > least:
		wants += fmt.Sprintf(" to %d", most)
	}
	values := "values"
	if wants == "1" {
		values = "value"
	}
	if wants == "0" {
		wants = "no"
	}
	r.flaw(n.Location(), "", "%s() takes %s %s, not %d: %s", name, wants, values, got, form)
	return false
}

// responseCall resolves header, json, has, and what finds and judges in other ways.
func (r *resolver) responseCall(n *ast.CallNode, name string) (ast.Node, Type) {
	if e := findExtraction(name); e != nil {
		return r.extraction(n, e)
	}
	if name == "schema" {
		return r.schema(n)
	}
	args := r.arguments(n.Arguments)
	least, most, op, t, form := 1, 1, "$header", String, responseCalls[name]
	switch name {
	case "json":
		most, op, t, form = 2, "$json", Any, `json("path") or json("path", default)`
	case "has":
		op, t = "$has", Bool
	}
	r.needs.live, r.needs.varies, r.needs.response = true, true, true
	r.needs.headers = r.needs.headers || name == "header"
	r.needs.body = r.needs.body || name != "header"
	if !r.count(n, name, len(args), least, most, form) {
		return n, t
	}
	if !args[0].typ.fits(String) {
		r.flaw(args[0].at.Location(), "", "%s() needs a text, not %s: %s", name, args[0].typ, form)
	}
	return call(n, op, nodesOf(args)...), t
}

func (r *resolver) rows(n *ast.CallNode) (ast.Node, Type) {
	names := r.scope.dataNames()
	if len(n.Arguments) != 1 {
		r.flaw(n.Location(), "", `rows() takes one name, written out: rows("NAME")`)
		return n, Int
	}
	name, ok := n.Arguments[0].(*ast.StringNode)
	if !ok {
		r.flaw(n.Arguments[0].Location(), "", `rows() takes a name that is written out: rows("NAME")`)
		return n, Int
	}
	i := slices.Index(names, name.Value)
	if i < 0 {
		r.flaw(name.Location(), suggestion(name.Value, names, names), "unknown data %q", name.Value)
		return n, Int
	}
	r.needs.read("data", true)
	r.needs.feeders = mergeInts(r.needs.feeders, []int{i})
	return call(n, "$rows", constant(n, i)), Int
}

// fake resolves fake.NAME(…).
func (r *resolver) fake(n *ast.CallNode, name *ast.StringNode) (ast.Node, Type) {
	args := r.arguments(n.Arguments)
	f := findFake(name.Value)
	if f == nil {
		r.unknownFake(name)
		return n, Any
	}
	r.needs.live, r.needs.varies = true, true
	if !r.count(n, "fake."+f.Name, len(args), f.least, f.most, f.Signature) {
		return n, f.result
	}
	return call(n, "$fake", append([]ast.Node{constant(n, f)}, nodesOf(args)...)...), f.result
}

func (r *resolver) unknownFake(name *ast.StringNode) {
	r.flaw(name.Location(), suggestion(name.Value, fakeNames(), nil), "unknown function %q in fake", name.Value)
}
