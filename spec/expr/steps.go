package expr

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/expr-lang/expr/ast"
)

// StepUse is a step whose response later expressions may read as steps.NAME, and what they read of it. Compiling them
// fills it in: it is complete when all of the plan is compiled.
type StepUse struct {
	Name string
	Slot int  // what Host.StepResponse is asked for; -1: nobody reads the response
	Body bool // somebody reads the body

	next *int
}

// NewStepUse makes one that nobody reads yet. next is the first slot that is free, for all steps of a plan.
func NewStepUse(name string, next *int) *StepUse { return &StepUse{Name: name, Slot: -1, next: next} }

func (u *StepUse) read(body bool) {
	if u.Slot < 0 {
		u.Slot = *u.next
		*u.next++
	}
	u.Body = u.Body || body
}

// DefineStep makes a step's response known from here on. Of steps with one name the last counts.
func (s *Scope) DefineStep(u *StepUse) { s.steps = append(s.steps, u) }

// knownSteps are those that may have run, the latest last.
func (s *Scope) knownSteps() []*StepUse {
	if s == nil {
		return nil
	}
	return append(s.parent.knownSteps(), s.steps...)
}

// findStep finds a step by its name, or by a name in which _ stands for what no identifier can hold.
func (s *Scope) findStep(name string) *StepUse {
	known := s.knownSteps()
	for _, like := range []func(string) bool{func(n string) bool { return n == name }, func(n string) bool { return identifier(n) == name }} {
		for i := len(known) - 1; i >= 0; i-- {
			if like(known[i].Name) {
				return known[i]
			}
		}
	}
	return nil
}

func identifier(name string) string {
	return strings.Map(func(c rune) rune {
		if c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			return c
		}
		return '_'
	}, name)
}

// stepOf finds the step that steps.NAME or steps["NAME"] means. is tells whether a node is one at all; of an unknown step
// the use is nil, and that has been said.
func (r *resolver) stepOf(n ast.Node) (u *StepUse, is bool) {
	m, ok := n.(*ast.MemberNode)
	if !ok || !r.isSteps(m.Node) {
		return nil, false
	}
	name, ok := m.Property.(*ast.StringNode)
	if !ok {
		r.flaw(m.Property.Location(), "", `the name of a step is written out: steps["NAME"].status`)
		return nil, true
	}
	if u = r.scope.findStep(name.Value); u == nil {
		var names []string
		for _, s := range r.scope.knownSteps() {
			names = append(names, s.Name)
		}
		hint := "there is no request before this"
		if len(names) > 0 {
			hint = suggestion(name.Value, names, names)
		}
		r.flaw(name.Location(), hint, "no step %q before this", name.Value)
	}
	return u, true
}

func (r *resolver) isSteps(n ast.Node) bool {
	base, ok := n.(*ast.IdentifierNode)
	return ok && base.Value == "steps" && r.local("steps") == nil && r.agg == nil
}

// stepMember resolves steps.NAME.status and the like.
func (r *resolver) stepMember(n *ast.MemberNode, u *StepUse) (ast.Node, Type) {
	name, written := n.Property.(*ast.StringNode)
	if u == nil || !written {
		return n, Any
	}
	f := findResponseField(name.Value)
	switch {
	case f != nil:
		u.read(f.body)
		r.needs.live, r.needs.varies = true, true
		return call(n, "$stepresponse", constant(n, u), constant(n, f.name)), f.typ
	case responseCalls[name.Value] != "":
		r.flaw(name.Location(), "", "%q is a function: write steps.NAME.%s", name.Value, responseCalls[name.Value])
	default:
		r.flaw(name.Location(), suggestion(name.Value, responseWords(), responseWords()), "a step's response has no member %q", name.Value)
	}
	return n, Any
}

// stepCall resolves steps.NAME.json("…") and the like.
func (r *resolver) stepCall(n *ast.CallNode, callee *ast.MemberNode, u *StepUse) (ast.Node, Type) {
	name, _ := callee.Property.(*ast.StringNode)
	if u == nil || name == nil {
		return n, Any
	}
	if responseCalls[name.Value] == "" {
		r.flaw(name.Location(), suggestion(name.Value, responseWords(), responseWords()), "a step's response has no function %q", name.Value)
		return n, Any
	}
	if e := findExtraction(name.Value); e != nil {
		v, t := r.extraction(n, e)
		return onStep(v, u), t
	}
	if name.Value == "schema" {
		v, t := r.schema(n)
		return onStep(v, u), t
	}
	args := r.arguments(n.Arguments)
	most, t := 1, String
	switch name.Value {
	case "json":
		most, t = 2, Any
	case "has":
		t = Bool
	}
	r.needs.live, r.needs.varies = true, true
	if r.count(n, name.Value, len(args), 1, most, responseCalls[name.Value]) {
		u.read(name.Value != "header")
		return call(n, "$step"+name.Value, append([]ast.Node{constant(n, u)}, nodesOf(args)...)...), t
	}
	return n, t
}

// onStep turns a question to the last response's body into one to a step's. What is none has a mistake, which was said.
func onStep(v ast.Node, u *StepUse) ast.Node {
	c, ok := v.(*ast.CallNode)
	if !ok {
		return v
	}
	op, ok := c.Callee.(*ast.IdentifierNode)
	if !ok {
		return v
	}
	u.read(true)
	return call(v, "$step"+strings.TrimPrefix(op.Value, "$"), append([]ast.Node{constant(v, u)}, c.Arguments[1:]...)...)
}

// stepOps are the operations on a step's response: those on the last response, with another one in its place.
var stepOps = sync.OnceValue(func() map[string]op {
	all := map[string]op{}
	for _, name := range []string{"response", "header", "json", "has", "extract", "schema"} {
		inner := ops["$"+name].call
		all["$step"+name] = op{call: func(vm *VM, a []any) (any, error) { return vm.ofStep(a[0].(*StepUse), inner, a[1:]) }}
	}
	return all
})

func (vm *VM) ofStep(u *StepUse, read func(*VM, []any) (any, error), args []any) (any, error) {
	h, err := vm.host()
	if err != nil {
		return nil, err
	}
	r := h.StepResponse(u.Slot)
	if r == nil {
		return nil, fmt.Errorf("step %q has no response yet in this iteration", u.Name)
	}
	vm.other = r
	v, err := read(vm, args)
	vm.other = nil
	return v, err
}

// stepsAlone says how a step's response is read.
func (r *resolver) stepsAlone(n ast.Node) {
	hint := ""
	if known := r.scope.knownSteps(); len(known) > 0 {
		names := make([]string, len(known))
		for i, u := range known {
			names[i] = u.Name
		}
		slices.Sort(names)
		hint = have(slices.Compact(names))
	}
	r.flaw(n.Location(), hint, `a step's response has members: write steps["NAME"].status or steps["NAME"].json("path")`)
}
