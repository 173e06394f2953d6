package expr

import (
	"regexp"
	"slices"

	"runner/spec"
)

// Tree is a compiled value of the plan (json, vars, a generator, set): read-only, for any number of VMs at once.
type Tree struct {
	kind    spec.Kind
	text    *Template // Scalar with ${…}
	value   any       // plain Scalar
	literal string    // plain Scalar that is a number: as written, so that JSON carries 1.10 and 20 digits unchanged
	items   []*Tree   // List and Object
	keys    []string  // Object: as written, in the author's order
	fixed   []byte    // JSON of a tree that reads nothing
	needs   needs
}

// CompileValue compiles a value. The problems have the place of the mistake in the plan; the tree is nil if there are any.
func CompileValue(v spec.Value, s *Scope) (*Tree, spec.Problems) {
	t, problems := compileValue(v, s)
	if len(problems) > 0 {
		return nil, problems
	}
	return t, nil
}

func compileValue(v spec.Value, s *Scope) (*Tree, spec.Problems) {
	t := &Tree{kind: v.Kind}
	var problems spec.Problems
	switch v.Kind {
	case spec.Scalar:
		problems = t.scalar(v.Text, s)
	case spec.List:
		for _, item := range v.Items {
			problems = append(problems, t.add(item, s)...)
		}
	case spec.Object:
		for _, e := range v.Entries {
			t.keys = append(t.keys, e.Key)
			problems = append(problems, t.add(e.Value, s)...)
		}
	}
	if len(problems) == 0 && !t.needs.live {
		if fixed, err := t.appendJSON(nil, &VM{}); err == nil {
			t.fixed = fixed
		}
	}
	return t, problems
}

func (t *Tree) add(v spec.Value, s *Scope) spec.Problems {
	child, problems := compileValue(v, s)
	t.items = append(t.items, child)
	t.needs.merge(&child.needs)
	return problems
}

var (
	numberForm = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
	likeNumber = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`)
)

// Eval is the value: maps are map[string]any, lists []any, and what contains an expression is new each time. The error is
// an *Error.
func (t *Tree) Eval(vm *VM) (any, error) {
	switch t.kind {
	case spec.Scalar:
		if t.text != nil {
			return t.text.Eval(vm)
		}
		return t.value, nil
	case spec.List:
		list := make([]any, len(t.items))
		for i, item := range t.items {
			v, err := item.Eval(vm)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	case spec.Object:
		m := make(map[string]any, len(t.items))
		for i, item := range t.items {
			v, err := item.Eval(vm)
			if err != nil {
				return nil, err
			}
			m[t.keys[i]] = v
		}
		return m, nil
	}
	return nil, nil
}

// Text is the value's text form as a query parameter has it: null is left out (no texts), a list is repeated.
func (t *Tree) Text(vm *VM) ([]string, error) {
	v, err := t.Eval(vm)
	if err != nil || v == nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	all := make([]string, 0, len(list))
	for i, e := range list {
		if e == nil {
			continue
		}
		part := t
		if t.kind == spec.List {
			part = t.items[i]
		}
		text, err := Text(part.shown(e))
		if err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, nil
}

// shown is the tree's own value as its text form has it; see Program.shown.
func (t *Tree) shown(v any) any {
	if t.text == nil || t.text.lone == nil {
		return v
	}
	return t.text.lone.shown(v)
}

// Const is the value of a tree that reads nothing.
func (t *Tree) Const() (any, bool) {
	if t.needs.live {
		return nil, false
	}
	v, err := t.Eval(&VM{})
	return v, err == nil
}

// Constant tells whether the value is the same for the whole run.
func (t *Tree) Constant() bool { return !t.needs.varies }

// Reads lists the names that it reads.
func (t *Tree) Reads() []string { return slices.Clone(t.needs.names) }

// Generators lists the generators that it reads, by index.
func (t *Tree) Generators() []int { return slices.Clone(t.needs.generators) }

// Feeders lists the data that it reads, by index.
func (t *Tree) Feeders() []int { return slices.Clone(t.needs.feeders) }

// NeedsBody tells whether it reads the response's body.
func (t *Tree) NeedsBody() bool { return t.needs.body }

// NeedsHeaders tells whether it reads the response's headers or cookies.
func (t *Tree) NeedsHeaders() bool { return t.needs.headers }

// NeedsResponse tells whether it reads anything of the response.
func (t *Tree) NeedsResponse() bool { return t.needs.response }
