package expr

import (
	"github.com/expr-lang/expr/ast"
)

// Schema is a JSON Schema that schema("file") checks against. A violation is a text for people; "" is none.
type Schema interface {
	Body(data []byte) (violation string, err error)
	Value(v any) (violation string)
}

// DefineSchemas makes schema("file") known. open finds the file, relative to the one that names it.
func (s *Scope) DefineSchemas(open func(name, from string) (Schema, error)) { s.schemas = open }

func (s *Scope) schemaFiles() func(name, from string) (Schema, error) {
	for ; s != nil; s = s.parent {
		if s.schemas != nil {
			return s.schemas
		}
	}
	return nil
}

const schemaForm = `schema("file.json") or schema("file.json", value)`

// schema resolves schema("file") and schema("file", value): the file is read and compiled here and now.
func (r *resolver) schema(n *ast.CallNode) (ast.Node, Type) {
	args := r.arguments(n.Arguments)
	r.needs.live, r.needs.varies, r.needs.response = true, true, true
	r.needs.body = r.needs.body || len(args) == 1
	open := r.scope.schemaFiles()
	if !r.count(n, "schema", len(args), 1, 2, schemaForm) || open == nil {
		return n, Bool
	}
	name, ok := constantOf(args[0].at)
	file, text := name.(string)
	if !ok || !text {
		r.flaw(args[0].at.Location(), "", "schema() takes the name of a file that is written out: %s", schemaForm)
		return n, Bool
	}
	schema, err := open(file, r.file)
	if err != nil {
		r.flaw(args[0].at.Location(), "", "schema(): %v", err)
		return n, Bool
	}
	return call(n, "$schema", append([]ast.Node{constant(n, schema)}, nodesOf(args)[1:]...)...), Bool
}

// readSchema checks the body, or a value. The violation explains a check that is false.
func readSchema(vm *VM, a []any) (any, error) {
	s := a[0].(Schema)
	if len(a) == 2 {
		vm.note = s.Value(a[1])
		return vm.note == "", nil
	}
	r, err := vm.response()
	if err != nil {
		return nil, err
	}
	doc, err := r.Document()
	if err != nil {
		return nil, err
	}
	if vm.note, err = s.Body(doc.Bytes()); err != nil {
		return nil, err
	}
	return vm.note == "", nil
}
