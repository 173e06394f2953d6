package expr

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// name resolves a bare name.
func (r *resolver) name(n *ast.IdentifierNode) (ast.Node, Type) {
	name := n.Value
	if lit, ok := r.masked.literals[name]; ok {
		return constant(n, lit.value), lit.typ
	}
	if l := r.local(name); l != nil {
		return n, l.typ
	}
	if r.agg != nil {
		return r.aggregate(n)
	}
	if e := r.scope.lookup(name); e != nil {
		if e.members != nil {
			r.flaw(n.Location(), have(e.under(nil)), "%q has members: write %s.NAME", name, name)
			return n, Any
		}
		if r.scope.doubtful(name) {
			message, hint := doubt(name)
			r.flaw(n.Location(), hint, "%s", message)
		}
		r.needs.read(name, false)
		if e.key != "" {
			name = e.key
		}
		return call(n, "$name", constant(n, name)), e.typ
	}
	if r.scope.hasShort() {
		if f := findResponseField(name); f != nil {
			return r.responseField(n, f)
		}
	}
	r.unknown(n)
	return n, Any
}

// unknown says what is wrong with a name that is none.
func (r *resolver) unknown(n *ast.IdentifierNode) {
	name, at := n.Value, n.Location()
	field, form := findResponseField(name) != nil, responseCalls[name]
	switch {
	case form != "" && r.scope.hasResponse():
		r.flaw(at, "", "%q is a function: write %s", name, form)
	case (field || form != "") && r.scope.hasResponse():
		r.flaw(at, "", "%q is known in check and capture only: write response.%s", name, name)
	case field || form != "" || name == "response":
		r.flaw(at, "", "%q is of a response, and there is none here yet", name)
	case name == "steps":
		r.stepsAlone(n)
	case name == "gen" || name == "data":
		r.flaw(at, "", "%q has members: write %s.NAME", name, name)
	case name == "request":
		r.flaw(at, "", `"request" has one member: request.body, known in a request's headers and after it`)
	case findFunc(name) != nil:
		r.flaw(at, "", "%q is a function: write %s", name, findFunc(name).Signature)
	case isBuiltin(name):
		r.flaw(at, "", "%q is a function: write %s(…)", name, name)
	case name == "null" || name == "undefined" || name == "None":
		r.flaw(at, "write nil", "unknown name %q", name)
	default:
		have := r.scope.readable()
		r.flaw(at, suggestion(name, append(have, "gen", "data", "response", "request"), have), "unknown name %q", name)
	}
}

// member resolves a.b and a[b].
func (r *resolver) member(n *ast.MemberNode) (ast.Node, Type) {
	if u, is := r.stepOf(n.Node); is {
		return r.stepMember(n, u)
	}
	if r.isSteps(n.Node) {
		r.stepsAlone(n)
		return n, Any
	}
	if base, ok := n.Node.(*ast.IdentifierNode); ok && r.local(base.Value) == nil {
		if known, t, ok := r.ownMember(n, base); ok {
			return known, t
		}
	}
	if path, record := r.recordPath(n.Node); record != nil {
		return r.recordMember(n, path, record)
	}
	r.column(n)
	base, t := r.visit(n.Node)
	if t != Any && t != Map && t != List && t != String && t != Time && t != null && r.agg == nil {
		r.flaw(n.Property.Location(), "", "%s is %s and has no members", r.short(n.Node), t)
	} else if _, named := n.Property.(*ast.StringNode); named && t == String {
		r.flaw(n.Property.Location(), "", "%s is a text and has no members", r.short(n.Node))
	}
	var property ast.Node
	if s, ok := n.Property.(*ast.StringNode); ok {
		property = s
	} else {
		property, _ = r.visit(n.Property)
	}
	switch {
	case n.Optional:
		return call(n, "$maybe", base, property), Any
	case optional(n.Node):
		return call(n, "$after", base, property), Any
	}
	return call(n, "$member", base, property), Any
}

// column judges the column of data.NAME.column where the columns are known.
func (r *resolver) column(n *ast.MemberNode) {
	feeder, ok := n.Node.(*ast.MemberNode)
	if !ok || n.Optional || feeder.Optional || r.agg != nil {
		return
	}
	base, ok := feeder.Node.(*ast.IdentifierNode)
	if !ok || base.Value != "data" || r.local(base.Value) != nil {
		return
	}
	name, ok := feeder.Property.(*ast.StringNode)
	column, written := n.Property.(*ast.StringNode)
	if !ok || !written {
		return
	}
	columns := r.scope.columnsOf(slices.Index(r.scope.dataNames(), name.Value))
	if columns != nil && !slices.Contains(columns, column.Value) {
		r.flaw(column.Location(), suggestion(column.Value, columns, columns), "data %q has no column %q", name.Value, column.Value)
	}
}

// optional tells whether a node has a ?. in it, after which the rest of the chain may find nothing.
func optional(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.MemberNode:
		return n.Optional || optional(n.Node)
	case *ast.SliceNode:
		return optional(n.Node)
	case *ast.ChainNode:
		return true
	}
	return false
}

// ownMember resolves a member of the scope's own words that are no records: response, request, gen, data.
func (r *resolver) ownMember(n *ast.MemberNode, base *ast.IdentifierNode) (ast.Node, Type, bool) {
	if r.agg != nil {
		return r.baseline(n, base)
	}
	word := base.Value
	if word == "fake" && r.scope.lookup(word) == nil {
		v, t := r.fakeValue(n)
		return v, t, true
	}
	if !slices.Contains([]string{"response", "request", "gen", "data"}, word) {
		return nil, Any, false
	}
	name, ok := n.Property.(*ast.StringNode)
	if !ok || n.Optional {
		r.flaw(n.Property.Location(), "", "a member of %s is written out: %s.NAME", word, word)
		return n, Any, true
	}
	switch word {
	case "response":
		v, t := r.responseMember(n, name)
		return v, t, true
	case "request":
		v, t := r.requestMember(n, name)
		return v, t, true
	}
	names, op, t := r.scope.generatorNames(), "$gen", Any
	if word == "data" {
		names, op, t = r.scope.dataNames(), "$row", Map
	}
	i := slices.Index(names, name.Value)
	if i < 0 {
		kind := map[string]string{"gen": "generator", "data": "data"}[word]
		r.flaw(name.Location(), suggestion(name.Value, names, names), "unknown %s %q", kind, name.Value)
		return n, t, true
	}
	r.needs.read(word, false)
	if word == "gen" {
		r.needs.generators = mergeInts(r.needs.generators, []int{i})
	} else {
		r.needs.feeders = mergeInts(r.needs.feeders, []int{i})
	}
	return call(n, op, constant(n, i)), t, true
}

// fakeValue is fake.NAME without the brackets of a call.
func (r *resolver) fakeValue(n *ast.MemberNode) (ast.Node, Type) {
	name, _ := n.Property.(*ast.StringNode)
	switch {
	case name == nil:
		r.flaw(n.Property.Location(), "", "a function of fake is written out: fake.email()")
	case findFake(name.Value) == nil:
		r.unknownFake(name)
	default:
		r.flaw(name.Location(), "", "%q is a function: write %s", name.Value, findFake(name.Value).Signature)
	}
	return n, Any
}

func (r *resolver) responseMember(n *ast.MemberNode, name *ast.StringNode) (ast.Node, Type) {
	f := findResponseField(name.Value)
	switch {
	case !r.scope.hasResponse():
		r.flaw(n.Node.Location(), "", `"response" is of a request, and there is none before this`)
	case f != nil:
		return r.responseField(n, f)
	case responseCalls[name.Value] != "":
		r.flaw(name.Location(), "", "%q is a function: write response.%s", name.Value, responseCalls[name.Value])
	default:
		r.flaw(name.Location(), suggestion(name.Value, responseWords(), responseWords()), "response has no member %q", name.Value)
	}
	return n, Any
}

func (r *resolver) responseField(at ast.Node, f *responseField) (ast.Node, Type) {
	r.needs.live, r.needs.varies, r.needs.response = true, true, true
	r.needs.body, r.needs.headers = r.needs.body || f.body, r.needs.headers || f.headers
	return call(at, "$response", constant(at, f.name)), f.typ
}

func (r *resolver) requestMember(n *ast.MemberNode, name *ast.StringNode) (ast.Node, Type) {
	if e := r.scope.lookup("request"); e != nil && e.members[name.Value] != Any {
		r.needs.read("request", false)
		return call(n, "$record", constant(n, "request"), constant(n, name.Value)), e.members[name.Value]
	}
	switch {
	case name.Value != "body":
		r.flaw(name.Location(), suggestion(name.Value, []string{"body"}, []string{"body"}), "request has no member %q", name.Value)
	case r.scope.allows(func(s *Scope) bool { return s.streamed }):
		r.flaw(n.Node.Location(), "", "request.body is not known here: this body has files, which are read while they are sent")
	case !r.scope.hasRequestBody():
		r.flaw(n.Node.Location(), "", "request.body is known in a request's headers and after it, not here")
	default:
		r.needs.read("request", false)
		return call(n, "$sent"), String
	}
	return n, Any
}
