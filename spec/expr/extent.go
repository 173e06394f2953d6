package expr

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
)

// maxParts is how many sub-expressions explain one false check.
const maxParts = 16

// explain keeps a sub-expression whose value says why a check is false: what stands beside operators, and neither
// constants nor what only makes sense inside a loop.
func (r *resolver) explain(n ast.Node, at file.Location, v ast.Node) {
	var sides []part
	switch n := n.(type) {
	case *ast.BinaryNode:
		if !compares[n.Operator] {
			return
		}
		if n.Operator == "==" {
			sides = r.sides(n, v)
		}
	case *ast.UnaryNode, *ast.ConditionalNode, *ast.VariableDeclaratorNode, *ast.SequenceNode, *ast.PointerNode:
		return
	case *ast.IdentifierNode:
		if r.literal(n) {
			return
		}
	default:
		if _, ok := constantOf(n); ok {
			return
		}
	}
	source := string(r.masked.runes[at.From:at.To])
	known := slices.ContainsFunc(r.parts, func(p part) bool { return p.source == source })
	if len(r.locals) > 0 || r.loops > 0 || known || len(r.parts) == maxParts {
		return
	}
	r.parts = append(r.parts, part{source: source, node: v, sides: sides, whole: source == strings.TrimSpace(string(r.masked.runes))})
}

// compares are the operators whose truth explains a condition that is made of several.
var compares = map[string]bool{
	"==": true, "!=": true, "<": true, ">": true, "<=": true, ">=": true, "in": true,
	"contains": true, "startsWith": true, "endsWith": true, "matches": true,
}

// sides are what was found and what was expected: the second, unless the first is the one that is written out. v is the
// comparison's call.
func (r *resolver) sides(n *ast.BinaryNode, v ast.Node) []part {
	c, ok := v.(*ast.CallNode)
	if !ok || len(c.Arguments) != 3 {
		return nil
	}
	left, right := part{source: r.source(n.Left), node: c.Arguments[1]}, part{source: r.source(n.Right), node: c.Arguments[2]}
	if written(n.Left) && !written(n.Right) {
		left, right = right, left
	}
	return []part{left, right}
}

// written tells whether a value stands in the expression itself.
func written(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ArrayNode, *ast.MapNode:
		return true
	default:
		_, ok := constantOf(n)
		return ok
	}
}

// place is where a node stands in the source, from its first character to its last.
func (r *resolver) place(n ast.Node) file.Location {
	from, to := len(r.masked.runes), 0
	r.extend(n, &from, &to)
	if from >= to {
		return file.Location{}
	}
	return r.balanced(from, to)
}

// balanced widens a range by the brackets around its first and last parts, which are no nodes: (a + b) * c.
func (r *resolver) balanced(from, to int) file.Location {
	s, open, missing := r.masked.runes, 0, 0
	for i := from; i < to; i++ {
		if end := skipQuiet(s, i); end > i {
			i = end - 1
			continue
		}
		switch s[i] {
		case '(':
			open++
		case ')':
			if open--; open < 0 {
				open, missing = 0, missing+1
			}
		}
	}
	for ; missing > 0 && from > 0; from-- {
		if s[from-1] == '(' {
			missing--
		}
	}
	for ; open > 0 && to < len(s); to++ {
		if s[to] == ')' {
			open--
		}
	}
	return file.Location{From: from, To: to}
}

// source is a node as it was written.
func (r *resolver) source(n ast.Node) string {
	at := r.place(n)
	return string(r.masked.runes[at.From:at.To])
}

// short is a node as it was written, for the middle of a sentence.
func (r *resolver) short(n ast.Node) string { return shorten(r.source(n)) }

// extend widens a range by a node and all below it. The nodes of expr know one token each; brackets are found in the
// source.
func (r *resolver) extend(n ast.Node, from, to *int) {
	if n == nil {
		return
	}
	if at := n.Location(); at.To > at.From && at.To <= len(r.masked.runes) {
		*from, *to = min(*from, at.From), max(*to, at.To, r.close(n, at))
	}
	switch n := n.(type) {
	case *ast.UnaryNode:
		r.extend(n.Node, from, to)
	case *ast.BinaryNode:
		r.extend(n.Left, from, to)
		r.extend(n.Right, from, to)
	case *ast.ChainNode:
		r.extend(n.Node, from, to)
	case *ast.MemberNode:
		r.extend(n.Node, from, to)
	case *ast.SliceNode:
		r.extend(n.Node, from, to)
	case *ast.CallNode:
		r.extend(n.Callee, from, to)
		r.extendAll(n.Arguments, from, to)
	case *ast.BuiltinNode:
		r.extendAll(n.Arguments, from, to)
	case *ast.PredicateNode:
		r.extend(n.Node, from, to)
	case *ast.ConditionalNode:
		r.extendAll([]ast.Node{n.Cond, n.Exp1, n.Exp2}, from, to)
	}
}

func (r *resolver) extendAll(nodes []ast.Node, from, to *int) {
	for _, n := range nodes {
		r.extend(n, from, to)
	}
}

// close is the end of the bracket that belongs to a node: of a call's arguments, an index, a list, a map.
func (r *resolver) close(n ast.Node, at file.Location) int {
	s, open := r.masked.runes, -1
	switch n.(type) {
	case *ast.CallNode, *ast.BuiltinNode:
		for open = at.To; open < len(s) && s[open] != '('; open++ {
		}
	case *ast.MemberNode, *ast.SliceNode, *ast.ArrayNode, *ast.MapNode:
		open = at.From
	}
	if open < 0 || open >= len(s) {
		return at.To
	}
	depth := 0
	for i := open; i < len(s); {
		if end := skipQuiet(s, i); end > i {
			i = end
			continue
		}
		switch s[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		i++
		if depth == 0 {
			if i == open+1 { // it was no bracket: a member's name
				return at.To
			}
			return i
		}
	}
	return at.To
}
