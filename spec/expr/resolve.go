package expr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"runner/spec"
)

// resolver goes through a parsed expression once: it finds every name, knows every type it can, and turns operators and
// names into calls of ops. What it returns means the same to both ways of running it.
type resolver struct {
	scope  *Scope
	masked *masked
	file   string // in which the expression stands
	flaws  []flaw
	needs  needs
	locals []local  // let variables around the node
	loops  int      // loops around the node
	turns  bool     // it has a loop: never evaluated at compile time
	agg    *metrics // of a threshold's condition; nil elsewhere
	parts  []part
}

// local is a let variable.
type local struct {
	name string
	typ  Type
}

// part is a sub-expression whose value helps to explain a false check.
type part struct {
	source string
	node   ast.Node
	run    node
	sides  []part // of ==: what was found and what was expected
	whole  bool   // it is all of the expression
}

// needs is what an expression reads.
type needs struct {
	names                   []string // captured and top-level names
	generators, feeders     []int
	body, headers, response bool
	varies                  bool // it may differ between two evaluations in one run
	live                    bool // it is not a constant
}

// read notes a name. fixed tells that it has one value for the whole run.
func (n *needs) read(name string, fixed bool) {
	if !slices.Contains(n.names, name) {
		n.names = append(n.names, name)
	}
	n.live = true
	n.varies = n.varies || !fixed
}

func (n *needs) merge(o *needs) {
	for _, name := range o.names {
		if !slices.Contains(n.names, name) {
			n.names = append(n.names, name)
		}
	}
	n.generators = mergeInts(n.generators, o.generators)
	n.feeders = mergeInts(n.feeders, o.feeders)
	n.body, n.headers, n.response = n.body || o.body, n.headers || o.headers, n.response || o.response
	n.varies, n.live = n.varies || o.varies, n.live || o.live
}

func mergeInts(a, b []int) []int {
	for _, i := range b {
		if !slices.Contains(a, i) {
			a = append(a, i)
		}
	}
	return a
}

// flaw notes a mistake at a node.
func (r *resolver) flaw(at file.Location, hint, format string, args ...any) {
	r.flaws = append(r.flaws, flaw{at.From, max(at.To, at.From+1), fmt.Sprintf(format, args...), hint})
}

// call makes a call of an op.
func call(at ast.Node, name string, args ...ast.Node) ast.Node {
	callee, self := &ast.IdentifierNode{Value: name}, &ast.IdentifierNode{Value: selfName}
	n := &ast.CallNode{Callee: callee, Arguments: append([]ast.Node{self}, args...)}
	for _, part := range []ast.Node{callee, self, n} {
		part.SetLocation(at.Location())
	}
	return n
}

// constant makes a node of a value that is known now.
func constant(at ast.Node, v any) ast.Node {
	var n ast.Node
	switch v := v.(type) {
	case nil:
		n = &ast.NilNode{}
	case string:
		n = &ast.StringNode{Value: v}
	default:
		n = &ast.ConstantNode{Value: v}
	}
	n.SetLocation(at.Location())
	return n
}

// visit resolves a node and everything below it.
func (r *resolver) visit(n ast.Node) (ast.Node, Type) {
	switch n := n.(type) {
	case nil:
		return &ast.NilNode{}, Any
	case *ast.NilNode:
		return n, null
	case *ast.BoolNode:
		return n, Bool
	case *ast.StringNode:
		return n, String
	case *ast.BytesNode:
		return constant(n, string(n.Value)), String
	case *ast.IntegerNode:
		return constant(n, boxInt(int64(n.Value))), Int
	case *ast.FloatNode:
		return constant(n, n.Value), Float
	case *ast.IdentifierNode:
		return r.name(n)
	case *ast.MemberNode:
		return r.member(n)
	case *ast.ChainNode:
		return r.visit(n.Node)
	case *ast.SliceNode:
		return r.slice(n)
	case *ast.CallNode:
		return r.call(n)
	case *ast.BuiltinNode:
		return r.builtin(n)
	case *ast.UnaryNode:
		return r.unary(n)
	case *ast.BinaryNode:
		return r.binary(n)
	case *ast.ConditionalNode:
		return r.conditional(n)
	case *ast.ArrayNode:
		return r.array(n)
	case *ast.MapNode:
		return r.mapping(n)
	case *ast.PointerNode:
		return n, Any
	case *ast.PredicateNode:
		inner, t := r.visit(n.Node)
		n.Node = inner
		return n, t
	case *ast.VariableDeclaratorNode:
		return r.let(n)
	case *ast.SequenceNode:
		return r.sequence(n)
	}
	r.flaw(n.Location(), "", "this cannot stand in an expression")
	return n, Any
}

func (r *resolver) slice(n *ast.SliceNode) (ast.Node, Type) {
	v, t := r.visit(n.Node)
	bounds := [2]ast.Node{&ast.NilNode{}, &ast.NilNode{}}
	for i, b := range []ast.Node{n.From, n.To} {
		if b != nil {
			bounds[i], _ = r.visit(b)
		}
	}
	if t != String {
		t = Any
	}
	if optional(n.Node) {
		return call(n, "$cut", v, bounds[0], bounds[1]), Any
	}
	return call(n, "$slice", v, bounds[0], bounds[1]), t
}

func (r *resolver) conditional(n *ast.ConditionalNode) (ast.Node, Type) {
	cond := r.truth(n.Cond)
	a, ta := r.operand(n.Exp1)
	b, tb := r.operand(n.Exp2)
	n.Cond, n.Exp1, n.Exp2 = cond, a, b
	if ta == tb {
		return n, ta
	}
	return n, Any
}

func (r *resolver) array(n *ast.ArrayNode) (ast.Node, Type) {
	for i := range n.Nodes {
		n.Nodes[i], _ = r.visit(n.Nodes[i])
	}
	return n, List
}

func (r *resolver) mapping(n *ast.MapNode) (ast.Node, Type) {
	for _, pair := range n.Pairs {
		p, ok := pair.(*ast.PairNode)
		if !ok {
			continue
		}
		if key, ok := p.Key.(*ast.StringNode); ok {
			key.Value = r.unmask(key.Value)
		} else {
			p.Key, _ = r.visit(p.Key)
			p.Key = call(p.Key, "string", p.Key)
		}
		p.Value, _ = r.visit(p.Value)
	}
	return n, Map
}

// unmask is a text in which placeholders are what the author wrote.
func (r *resolver) unmask(text string) string {
	if !strings.Contains(text, "$") {
		return text
	}
	for name, lit := range r.masked.literals {
		text = strings.ReplaceAll(text, name, lit.text)
	}
	return text
}

func (r *resolver) let(n *ast.VariableDeclaratorNode) (ast.Node, Type) {
	value, t := r.visit(n.Value)
	n.Value = value
	switch {
	case !validName(n.Name):
		r.flaw(n.Location(), "", "%q cannot be the name of a variable", r.unmask(n.Name))
	case r.scope.lookup(n.Name) != nil || reservedFor(n.Name) != "":
		r.flaw(n.Location(), "", "%q is taken: choose another name for the variable", n.Name)
	case findFunc(n.Name) != nil || r.local(n.Name) != nil:
		r.flaw(n.Location(), "", "%q is taken: choose another name for the variable", n.Name)
	}
	r.locals = append(r.locals, local{n.Name, t})
	n.Expr, t = r.visit(n.Expr)
	r.locals = r.locals[:len(r.locals)-1]
	return n, t
}

func (r *resolver) local(name string) *local {
	for i := len(r.locals) - 1; i >= 0; i-- {
		if r.locals[i].name == name {
			return &r.locals[i]
		}
	}
	return nil
}

func (r *resolver) sequence(n *ast.SequenceNode) (ast.Node, Type) {
	t := Any
	for i := range n.Nodes {
		n.Nodes[i], t = r.visit(n.Nodes[i])
	}
	return n, t
}

// have lists some of the names for a hint.
func have(names []string) string {
	const most = 12
	if len(names) == 0 {
		return ""
	}
	if len(names) > most {
		return "have: " + strings.Join(names[:most], ", ") + ", …"
	}
	return "have: " + strings.Join(names, ", ")
}

// suggestion is a hint for an unknown word: what is near, else what there is.
func suggestion(word string, candidates, show []string) string {
	if near := spec.Suggest(word, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return have(show)
}
