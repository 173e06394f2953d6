package expr

import "github.com/expr-lang/expr/ast"

// TypeOf is the type of a value that is known before the run, for a Scope; Any for nil. Of a list or a map it says no
// more than that it is one.
func TypeOf(v any) Type {
	if v == nil {
		return Any
	}
	return typeOf(v)
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
