package expr

import "github.com/expr-lang/expr/ast"

// operators are the ops behind binary operators.
var operators = map[string]string{
	"==": "$eq", "!=": "$ne", "<": "$lt", ">": "$gt", "<=": "$le", ">=": "$ge", "in": "$in",
	"contains": "$contains", "startsWith": "$starts", "endsWith": "$ends", "matches": "$matches",
	"+": "$add", "-": "$sub", "*": "$mul", "/": "$div", "%": "$mod", "**": "$pow", "^": "$pow", "..": "$range",
}

// operand resolves a node that stands beside an operator, and keeps it for the explanation of a false check.
func (r *resolver) operand(n ast.Node) (ast.Node, Type) {
	at := r.place(n)
	v, t := r.visit(n)
	r.explain(n, at, v)
	return v, t
}

func (r *resolver) unary(n *ast.UnaryNode) (ast.Node, Type) {
	switch n.Operator {
	case "!", "not":
		return call(n, "$not", r.truth(n.Node)), Bool
	}
	v, t := r.operand(n.Node)
	if t != Any && !t.number() {
		r.flaw(n.Location(), "", "%s needs a number, not %s", n.Operator, t)
	}
	if n.Operator == "+" {
		return call(n, "$pos", v), t
	}
	return call(n, "$neg", v), t
}

// truth resolves a node that must be true or false.
func (r *resolver) truth(n ast.Node) ast.Node {
	v, t := r.operand(n)
	switch t {
	case Bool:
		return v
	case Any:
		return call(n, "$bool", v)
	}
	r.flaw(r.place(n), "", "%s is %s, neither true nor false", r.short(n), t)
	return v
}

func (r *resolver) binary(n *ast.BinaryNode) (ast.Node, Type) {
	switch n.Operator {
	case "and", "&&", "or", "||":
		n.Left, n.Right = r.truth(n.Left), r.truth(n.Right)
		return n, Bool
	case "??":
		a, ta := r.operand(n.Left)
		b, tb := r.operand(n.Right)
		n.Left, n.Right = a, b
		if ta != tb {
			ta = Any
		}
		return n, ta
	}
	name, ok := operators[n.Operator]
	if !ok {
		r.flaw(n.Location(), "", "there is no operator %q", n.Operator)
		return n, Any
	}
	a, ta := r.operand(n.Left)
	b, tb := r.operand(n.Right)
	left, right := typed{a, ta, n.Left}, typed{b, tb, n.Right}
	t := r.check(n, left, right)
	if n.Operator == "matches" {
		b = r.pattern(n.Right, b)
	}
	return call(n, name, a, b), t
}

// check finds what can never be right about an operator's operands, and the result's type.
func (r *resolver) check(n *ast.BinaryNode, a, b typed) Type {
	switch n.Operator {
	case "==", "!=":
		if a.typ != null && b.typ != null {
			r.comparable(n, a, b)
		}
		return Bool
	case "<", ">", "<=", ">=":
		if a.typ == Bool || b.typ == Bool || a.typ == null || b.typ == null || a.typ == Map || b.typ == Map {
			r.flaw(n.Location(), "", "%s orders numbers, texts or times, not %s and %s", n.Operator, a.typ, b.typ)
			return Bool
		}
		r.comparable(n, a, b)
		return Bool
	case "+", "-":
		return r.sum(n, a, b)
	case "*":
		return r.product(n, a, b)
	case "/":
		return r.quotient(n, a, b)
	case "%":
		for _, side := range []typed{a, b} {
			if side.typ != Any && side.typ != Int && side.typ != Bytes {
				r.flaw(n.Location(), percentHint, "%% needs two whole numbers, not %s and %s", a.typ, b.typ)
				return Int
			}
		}
		r.zero(b)
		return Int
	case "**", "^":
		r.numbers(n, a, b)
		return Float
	case "..":
		r.numbers(n, a, b)
		return List
	case "in":
		return r.inside(n, a, b)
	default: // contains, startsWith, endsWith, matches
		if !a.typ.fits(String) || !b.typ.fits(String) {
			r.flaw(n.Location(), "", "%s needs two texts, not %s and %s", n.Operator, a.typ, b.typ)
		}
		return Bool
	}
}

const percentHint = "a percentage is followed by a space, a comma, a bracket or the end"

func (r *resolver) inside(n *ast.BinaryNode, a, b typed) Type {
	if b.typ != Any && b.typ != List && b.typ != Map {
		hint := ""
		if b.typ == String {
			hint = "to look into a text write: text contains part"
		}
		r.flaw(n.Location(), hint, "in looks into a list or a map, not %s", b.typ)
	}
	if l, ok := b.at.(*ast.ArrayNode); ok {
		for _, e := range l.Nodes {
			r.listed(a, e)
		}
	}
	return Bool
}

// listed compares the type of a value with that of one element that is written out.
func (r *resolver) listed(a typed, e ast.Node) {
	if c, ok := constantOf(e); ok {
		if t := typeOf(c); a.typ == String && t.number() || a.typ.number() && t == String {
			r.flaw(e.Location(), "", "in compares %s with %s: they are never equal", a.typ, t)
		}
	}
}
