package expr

import (
	"strings"

	"github.com/expr-lang/expr/ast"
)

// comparable checks the operands of a comparison.
func (r *resolver) comparable(n *ast.BinaryNode, a, b typed) {
	switch {
	case a.typ == Any || b.typ == Any:
	case a.typ.number() && b.typ.number():
		r.units(n, a, b)
	case a.typ != b.typ:
		hint := ""
		if a.typ == Millis && b.typ == String || a.typ == String && b.typ == Millis {
			hint = "duration(…) reads a text such as 1m30s"
		} else if a.typ.number() && b.typ == String || a.typ == String && b.typ.number() {
			hint = "write the number without quotes, or make one of the text with int(…) or float(…)"
		}
		r.flaw(n.Location(), hint, "%s cannot compare %s with %s", n.Operator, a.typ, b.typ)
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
	if r.literal(unit.at) && !written {
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

// literal tells whether n is a literal with a unit.
func (r *resolver) literal(n ast.Node) bool {
	id, ok := n.(*ast.IdentifierNode)
	if !ok {
		return false
	}
	_, ok = r.masked.literals[id.Value]
	return ok
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
	if r.zero(b) {
		return Float
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

// zero reports a divisor that is written out as 0.
func (r *resolver) zero(b typed) bool {
	v, _ := constantOf(b.at)
	f, ok := asFloat(v)
	if ok && f == 0 {
		r.flaw(r.place(b.at), "", "division by zero")
	}
	return ok && f == 0
}

// numbers checks that both operands can be numbers.
func (r *resolver) numbers(n *ast.BinaryNode, a, b typed) bool {
	if a.typ != Any && !a.typ.number() || b.typ != Any && !b.typ.number() {
		r.flaw(n.Location(), "", "%s needs two numbers, not %s and %s", n.Operator, a.typ, b.typ)
		return false
	}
	return true
}
