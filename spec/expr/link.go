package expr

import "github.com/expr-lang/expr/ast"

// node is a compiled expression or a part of one. It is read-only: all state is the VM's.
type node func(vm *VM) (any, error)

// linked is a compiled node; one with a constant value is known to be one.
type linked struct {
	run   node
	value any
	known bool
	needs *responseField // it is just this field of the response
}

func known(v any) linked {
	return linked{run: func(*VM) (any, error) { return v, nil }, value: v, known: true}
}

// link turns a resolved tree into Go closures: calls of ops, without bytecode, boxes or an argument slice where that is
// possible. What only expr itself knows (loops, let, its own functions, ?.) runs on its machine, as a leaf.
func link(n ast.Node) (linked, error) {
	switch n := n.(type) {
	case *ast.NilNode:
		return known(nil), nil
	case *ast.BoolNode:
		return known(n.Value), nil
	case *ast.StringNode:
		return known(n.Value), nil
	case *ast.ConstantNode:
		return known(n.Value), nil
	case *ast.BinaryNode:
		return linkLogic(n)
	case *ast.ConditionalNode:
		return linkConditional(n)
	case *ast.ArrayNode:
		return linkArray(n)
	case *ast.CallNode:
		return linkCall(n)
	}
	run, err := onMachine(n)
	return linked{run: run}, err
}

// linkLogic links and, or and ??.
func linkLogic(n *ast.BinaryNode) (linked, error) {
	l, err := link(n.Left)
	if err != nil {
		return l, err
	}
	r, err := link(n.Right)
	if err != nil {
		return r, err
	}
	a, b := l.run, r.run
	switch n.Operator {
	case "and", "&&":
		return linked{run: func(vm *VM) (any, error) {
			if v, err := a(vm); err != nil || v == false {
				return v, err
			}
			return b(vm)
		}}, nil
	case "or", "||":
		return linked{run: func(vm *VM) (any, error) {
			if v, err := a(vm); err != nil || v == true {
				return v, err
			}
			return b(vm)
		}}, nil
	}
	return linked{run: func(vm *VM) (any, error) {
		if v, err := a(vm); err != nil || kindOf(v) != kindNil {
			return v, err
		}
		return b(vm)
	}}, nil
}

func linkConditional(n *ast.ConditionalNode) (linked, error) {
	var all [3]node
	for i, part := range []ast.Node{n.Cond, n.Exp1, n.Exp2} {
		l, err := link(part)
		if err != nil {
			return l, err
		}
		all[i] = l.run
	}
	return linked{run: func(vm *VM) (any, error) {
		v, err := all[0](vm)
		if err != nil {
			return nil, err
		}
		if v == true {
			return all[1](vm)
		}
		return all[2](vm)
	}}, nil
}

func linkArray(n *ast.ArrayNode) (linked, error) {
	all, constant, err := linkAll(n.Nodes)
	if err != nil {
		return linked{}, err
	}
	if constant {
		list := make([]any, len(all))
		for i := range all {
			list[i] = all[i].value
		}
		return known(list), nil
	}
	return linked{run: func(vm *VM) (any, error) {
		list := make([]any, len(all))
		for i := range all {
			v, err := all[i].run(vm)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	}}, nil
}

func linkAll(nodes []ast.Node) (all []linked, constant bool, err error) {
	all, constant = make([]linked, len(nodes)), true
	for i, n := range nodes {
		if all[i], err = link(n); err != nil {
			return nil, false, err
		}
		constant = constant && all[i].known
	}
	return all, constant, nil
}

// linkCall links a call of an op or of one of our functions: every call node that resolving leaves is one.
func linkCall(n *ast.CallNode) (linked, error) {
	name := n.Callee.(*ast.IdentifierNode).Value
	args, constant, err := linkAll(n.Arguments[1:]) // without the hidden VM
	if err != nil {
		return linked{}, err
	}
	if l, ok := linkRead(name, args); ok {
		return l, nil
	}
	o := operation(name)
	tried := o.tried > 0 && len(args) >= o.tried
	if constant && (o.pure || tried) {
		vm := &VM{}
		if tried {
			vm.Host = rehearsal{}
		}
		v, err := o.call(vm, valuesOf(args))
		if err != nil {
			return linked{}, err
		}
		if o.pure {
			return known(v), nil
		}
	}
	if l, ok := linkTest(name, args); ok {
		return l, nil
	}
	return linked{run: callNode(o, args)}, nil
}

func valuesOf(args []linked) []any {
	values := make([]any, len(args))
	for i := range args {
		values[i] = args[i].value
	}
	return values
}

// callNode evaluates arguments onto the VM's own stack of them, so that a call allocates nothing.
func callNode(o op, args []linked) node {
	return func(vm *VM) (any, error) {
		base := len(vm.args)
		for i := range args {
			v, err := args[i].run(vm)
			if err != nil {
				vm.drop(base)
				return nil, err
			}
			vm.args = append(vm.args, v)
		}
		v, err := o.call(vm, vm.args[base:len(vm.args):len(vm.args)])
		vm.drop(base)
		return v, err
	}
}

// drop forgets arguments, also as references: what an iteration has read need not outlive it.
func (vm *VM) drop(base int) {
	clear(vm.args[base:])
	vm.args = vm.args[:base]
}
