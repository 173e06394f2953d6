package expr

import (
	"slices"
	"strings"

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
			r.flaw(n.Location(), "", "%q has members: write %s.NAME", name, name)
			return n, Any
		}
		r.needs.read(name, false)
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
	case name == "gen" || name == "data":
		r.flaw(at, "", "%q has members: write %s.NAME", name, name)
	case name == "request":
		r.flaw(at, "", `"request" has one member: request.body, known in a request's headers and after it`)
	case findFunc(name) != nil:
		r.flaw(at, "", "%q is a function: write %s", name, findFunc(name).Signature)
	case isBuiltin(name):
		r.flaw(at, "", "%q is a function: write %s(…)", name, name)
	default:
		have := r.scope.readable()
		r.flaw(at, suggestion(name, append(have, "gen", "data", "response", "request"), have), "unknown name %q", name)
	}
}

// member resolves a.b and a[b].
func (r *resolver) member(n *ast.MemberNode) (ast.Node, Type) {
	if base, ok := n.Node.(*ast.IdentifierNode); ok && r.local(base.Value) == nil {
		if known, t, ok := r.ownMember(n, base); ok {
			return known, t
		}
	}
	if path, record := r.recordPath(n.Node); record != nil {
		return r.recordMember(n, path, record)
	}
	base, _ := r.visit(n.Node)
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

// optional tells whether a node has a ?. in it, after which the rest of the chain may find nothing.
func optional(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.MemberNode:
		return n.Optional || optional(n.Node)
	case *ast.SliceNode:
		return optional(n.Node)
	}
	return false
}

// ownMember resolves a member of the scope's own words that are no records: response, request, gen, data.
func (r *resolver) ownMember(n *ast.MemberNode, base *ast.IdentifierNode) (ast.Node, Type, bool) {
	if r.agg != nil {
		return r.baseline(n, base)
	}
	word := base.Value
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
	switch {
	case name.Value != "body":
		r.flaw(name.Location(), suggestion(name.Value, []string{"body"}, []string{"body"}), "request has no member %q", name.Value)
	case !r.scope.hasRequestBody():
		r.flaw(n.Node.Location(), "", "request.body is known in a request's headers and after it, not here")
	default:
		r.needs.read("request", false)
		return call(n, "$sent"), String
	}
	return n, Any
}

// recordPath finds the record that a node names, or the place inside a nested one: services, services.api.
func (r *resolver) recordPath(n ast.Node) ([]string, *entry) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		if r.local(n.Value) != nil || r.agg != nil {
			return nil, nil
		}
		if e := r.scope.lookup(n.Value); e != nil && e.members != nil {
			return []string{n.Value}, e
		}
	case *ast.MemberNode:
		path, e := r.recordPath(n.Node)
		name, ok := n.Property.(*ast.StringNode)
		if e == nil || !ok || !e.nested(append(path[1:], name.Value)) {
			return nil, nil
		}
		return append(slices.Clone(path), name.Value), e
	}
	return nil, nil
}

// nested tells whether a path leads to more members and is no member itself.
func (e *entry) nested(path []string) bool {
	at := strings.Join(path, ".")
	if _, ok := e.members[at]; ok {
		return false
	}
	for key := range e.members {
		if strings.HasPrefix(key, at+".") {
			return true
		}
	}
	return false
}

// under lists the members right below a path.
func (e *entry) under(path []string) []string {
	at := strings.Join(path, ".")
	if at != "" {
		at += "."
	}
	var names []string
	for key := range e.members {
		if rest, ok := strings.CutPrefix(key, at); ok {
			name, _, _ := strings.Cut(rest, ".")
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// recordMember resolves a member of one of the language's own maps.
func (r *resolver) recordMember(n *ast.MemberNode, path []string, e *entry) (ast.Node, Type) {
	record := strings.Join(path, ".")
	name, ok := n.Property.(*ast.StringNode)
	if !ok {
		r.flaw(n.Property.Location(), "", "a member of %s is written out, as in %s.NAME: it must be known before the run", record, record)
		return n, Any
	}
	full := append(slices.Clone(path[1:]), name.Value)
	t, ok := e.members[strings.Join(full, ".")]
	if !ok && e.nested(full) {
		r.flaw(name.Location(), have(e.under(full)), "%s.%s has members: write one of them", record, name.Value)
		return n, Any
	}
	if !ok {
		names := e.under(path[1:])
		if len(names) == 0 {
			r.flaw(name.Location(), "", "unknown name %q: %s has no members here", name.Value, record)
		} else {
			r.flaw(name.Location(), suggestion(name.Value, names, names), "unknown name %q in %s", name.Value, record)
		}
		return n, Any
	}
	r.needs.read(path[0], fixedRecord(path[0]))
	v := call(n, "$record", constant(n, path[0]), constant(n, full[0]))
	for _, step := range full[1:] {
		v = call(n, "$member", v, constant(n, step))
	}
	return v, t
}

// fixedRecord tells whether a record's members keep their values for the whole run, once they have them.
func fixedRecord(name string) bool {
	return slices.Contains([]string{"env", "vars", "services", "run", "setup"}, name)
}
