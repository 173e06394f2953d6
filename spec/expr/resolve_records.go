package expr

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

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
			r.flaw(name.Location(), declare(record, name.Value), "unknown name %q: %s has no members here", name.Value, record)
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

// declare is how a plan gets a record's first member.
func declare(record, name string) string {
	switch record {
	case "env":
		return "declare it at the top level: env: { " + name + ": {} }"
	case "vars":
		return "declare it at the top level: vars: { " + name + ": … }"
	case "setup":
		return "capture or set it in a step of setup"
	}
	return ""
}

// fixedRecord tells whether a record's members keep their values for the whole run, once they have them.
func fixedRecord(name string) bool {
	return slices.Contains([]string{"env", "vars", "services", "run", "setup"}, name)
}
