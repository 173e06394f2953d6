package expr

import (
	"strings"

	"github.com/expr-lang/expr/ast"
)

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
	r.flaw(r.place(n), "", "%s is neither true nor false", t)
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
			r.listed(n, a, e)
		}
	}
	return Bool
}

// listed compares the type of a value with that of one element that is written out.
func (r *resolver) listed(n *ast.BinaryNode, a typed, e ast.Node) {
	if c, ok := constantOf(e); ok {
		if t := typeOf(c); a.typ == String && t.number() || a.typ.number() && t == String {
			r.flaw(e.Location(), "", "in compares %s with %s: they are never equal", a.typ, t)
		}
	}
}

// comparable checks the operands of a comparison.
func (r *resolver) comparable(n *ast.BinaryNode, a, b typed) {
	switch {
	case a.typ == Any || b.typ == Any:
	case a.typ.number() && b.typ.number():
		r.units(n, a, b)
	case a.typ != b.typ && n.Operator == "==":
		r.flaw(n.Location(), "", "== compares %s with %s: they are never equal", a.typ, b.typ)
	case a.typ != b.typ:
		r.flaw(n.Location(), "", "%s cannot compare %s with %s", n.Operator, a.typ, b.typ)
	}
}

// units checks that two numbers have one unit, and gives it.
func (r *resolver) units(n *ast.BinaryNode, a, b typed) Type {
	switch {
	case a.typ == b.typ:
		return a.typ
	case a.typ.bare() && b.typ.bare():
		return Float
	case a.typ.bare() || b.typ.bare():
		unit, other := a, b
		if a.typ.bare() {
			unit, other = b, a
		}
		r.bare(n, unit, other)
		return unit.typ
	}
	r.mixed(n, a, b, "")
	return a.typ
}

// bare judges a number without a unit beside one with: zero is the same in all, and ratios and sizes need none.
func (r *resolver) bare(n *ast.BinaryNode, unit, other typed) {
	v, written := constantOf(other.at)
	if f, _ := asFloat(v); written && f == 0 {
		return
	}
	if _, ok := r.literalOf(unit.at); ok && !written {
		r.mixed(n, other, unit, "")
		return
	}
	if !unit.typ.strict() {
		return
	}
	if written {
		text := strings.TrimSpace(r.source(other.at))
		r.flaw(r.place(other.at), "", "%s is %s: write the unit, as in %s", r.short(unit.at), unit.typ, unit.typ.example(text))
		return
	}
	r.mixed(n, unit, other, "a number becomes one with a unit by multiplying: x * 1"+unit.typ.example(""))
}

// mixed reports two units that cannot meet.
func (r *resolver) mixed(n *ast.BinaryNode, a, b typed, hint string) {
	r.flaw(n.Location(), hint, "%s is %s and %s is %s: %s cannot mix them", r.short(a.at), a.typ, r.short(b.at), b.typ, n.Operator)
}

// literalOf is the text of a literal with a unit.
func (r *resolver) literalOf(n ast.Node) (string, bool) {
	if id, ok := n.(*ast.IdentifierNode); ok {
		if lit, ok := r.masked.literals[id.Value]; ok {
			return lit.text, true
		}
	}
	return "", false
}

func (r *resolver) sum(n *ast.BinaryNode, a, b typed) Type {
	switch {
	case a.typ == Any || b.typ == Any:
		return Any
	case a.typ.number() && b.typ.number():
		return r.units(n, a, b)
	case n.Operator == "+" && a.typ == String && b.typ == String:
		return String
	case a.typ == Time && (b.typ == Millis || b.typ.bare()):
		return Time
	case n.Operator == "+" && b.typ == Time && (a.typ == Millis || a.typ.bare()):
		return Time
	case n.Operator == "-" && a.typ == Time && b.typ == Time:
		return Millis
	}
	hint := ""
	if a.typ == String || b.typ == String {
		hint = "string(…) makes a text of a number"
	}
	r.flaw(n.Location(), hint, "%s cannot join %s and %s", n.Operator, a.typ, b.typ)
	return Any
}

func (r *resolver) product(n *ast.BinaryNode, a, b typed) Type {
	if !r.numbers(n, a, b) || a.typ == Any || b.typ == Any {
		return Any
	}
	switch {
	case a.typ == Int && b.typ == Int:
		return Int
	case a.typ.bare() && b.typ.bare():
		return Float
	case a.typ.bare() || a.typ == Ratio:
		return b.typ
	case b.typ.bare() || b.typ == Ratio:
		return a.typ
	}
	r.flaw(n.Location(), "", "%s times %s has no meaning here", a.typ, b.typ)
	return Any
}

func (r *resolver) quotient(n *ast.BinaryNode, a, b typed) Type {
	if v, ok := constantOf(b.at); ok {
		if f, isNumber := asFloat(v); isNumber && f == 0 {
			r.flaw(r.place(b.at), "", "division by zero")
			return Float
		}
	}
	if !r.numbers(n, a, b) || a.typ == Any || b.typ == Any {
		return Any
	}
	switch {
	case b.typ.bare() && !a.typ.bare(), b.typ == Ratio && a.typ != Ratio:
		return a.typ
	}
	return Float
}

// numbers checks that both operands can be numbers.
func (r *resolver) numbers(n *ast.BinaryNode, a, b typed) bool {
	if a.typ != Any && !a.typ.number() || b.typ != Any && !b.typ.number() {
		r.flaw(n.Location(), "", "%s needs two numbers, not %s and %s", n.Operator, a.typ, b.typ)
		return false
	}
	return true
}

// constantOf is the value of a node that is written out.
func constantOf(n ast.Node) (any, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return int64(n.Value), true
	case *ast.FloatNode:
		return n.Value, true
	case *ast.StringNode:
		return n.Value, true
	case *ast.BoolNode:
		return n.Value, true
	case *ast.NilNode:
		return nil, true
	case *ast.ConstantNode:
		return n.Value, true
	case *ast.UnaryNode:
		if v, ok := constantOf(n.Node); ok && n.Operator == "-" {
			negated, err := negate(v)
			return negated, err == nil
		}
	}
	return nil, false
}

// typeOf is the type of a value.
func typeOf(v any) Type {
	switch kindOf(v) {
	case kindNil:
		return null
	case kindBool:
		return Bool
	case kindInt:
		return Int
	case kindFloat:
		return Float
	case kindText:
		return String
	case kindTime:
		return Time
	case kindList:
		return List
	case kindMap:
		return Map
	}
	return Any
}
