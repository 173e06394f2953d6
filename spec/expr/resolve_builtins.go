package expr

import (
	"regexp"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
)

// builtinTypes are the results of expr's own functions where they are always of one kind.
var builtinTypes = map[string]Type{
	"all": Bool, "none": Bool, "any": Bool, "one": Bool, "filter": List, "map": List, "count": Int, "findIndex": Int, "findLastIndex": Int,
	"groupBy": Map, "sortBy": List, "len": Int, "type": String, "trim": String, "trimPrefix": String, "trimSuffix": String, "upper": String,
	"lower": String, "split": List, "splitAfter": List, "replace": String, "repeat": String, "join": String, "indexOf": Int, "lastIndexOf": Int,
	"hasPrefix": Bool, "hasSuffix": Bool, "mean": Float, "median": Float, "toBase64": String, "fromBase64": String, "fromPairs": Map,
	"reverse": List, "uniq": List, "concat": List, "flatten": List, "sort": List,
	"bitand": Int, "bitor": Int, "bitxor": Int, "bitnand": Int, "bitshl": Int, "bitshr": Int, "bitushr": Int, "bitnot": Int,
}

// sameUnit are expr's functions whose result has the unit of what they take.
var sameUnit = []string{"abs", "ceil", "floor", "round", "min", "max", "sum"}

// conditions are expr's loops whose body is true or false; the other loops take any value.
var conditions = []string{"all", "none", "any", "one", "filter", "count", "find", "findIndex", "findLast", "findLastIndex"}

// builtin resolves a call of one of expr's own functions.
func (r *resolver) builtin(n *ast.BuiltinNode) (ast.Node, Type) {
	if f := findFunc(n.Name); f != nil { // ::name(…) asks for expr's own, which ours replaces
		return r.function(n, f, r.arguments(n.Arguments))
	}
	if n.Name == "timezone" {
		r.flaw(n.Location(), "", `timezone() is not available: name the zone, as in format(now(), "date", "Europe/Paris")`)
		return n, Any
	}
	t, first := builtinTypes[n.Name], Any
	for i, a := range n.Arguments {
		if p, ok := a.(*ast.PredicateNode); ok {
			r.loop(n.Name, p)
			continue
		}
		v, at := r.visit(a)
		n.Arguments[i] = v
		if i == 0 {
			first = at
		}
	}
	if b := builtin.Builtins[builtin.Index[n.Name]]; b.Predicate && len(n.Arguments) > 0 && first != Any && first != List {
		r.flaw(n.Location(), "", "%s() goes through a list, not %s", n.Name, first)
	}
	if slices.Contains(sameUnit, n.Name) && first.number() {
		t = first
	}
	return n, t
}

// loop resolves the body of a loop. Every turn is counted, so that no plan can make a VU spin for hours.
func (r *resolver) loop(name string, p *ast.PredicateNode) {
	r.loops++
	r.turns = true
	body, t := r.visit(p.Node)
	op := "$turn"
	if slices.Contains(conditions, name) {
		op = "$holds"
		if t != Any && t != Bool {
			r.flaw(p.Node.Location(), "", "%s() asks a question of each element: its answer is true or false, not %s", name, t)
		}
	}
	p.Node = call(p.Node, op, body)
	r.loops--
}

// pattern is the right side of matches, compiled if it is written out.
func (r *resolver) pattern(n ast.Node, v ast.Node) ast.Node {
	s, ok := v.(*ast.StringNode)
	if !ok {
		return v
	}
	re, err := regexp.Compile(s.Value)
	if err != nil {
		r.flaw(n.Location(), "", "%v", patternError(err))
		return v
	}
	return constant(n, re)
}
