package expr

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/expr-lang/expr/ast"

	"runner/spec"
)

// Program is a compiled expression: read-only, for any number of VMs at once. Its values are not to be changed.
type Program struct {
	source string
	run    node
	value  any // of a constant
	known  bool
	typ    Type
	needs  needs

	parts   []part // of the explanation, linked when somebody first wants one
	linking sync.Once
	linker  linker
}

// Compile compiles an expression. want is what its value must be: Bool for a check, Any for a capture. The problems have
// the place of the mistake in the plan; the program is nil if there are any.
func Compile(src spec.Expr, s *Scope, want Type) (*Program, spec.Problems) {
	p, flaws := compile(src.Source, src.Pos.File, s, want, nil, link)
	if len(flaws) > 0 {
		return nil, place(src.Source, src.Pos, 0, flaws)
	}
	return p, nil
}

// comparison is a hint for a value that stands where a condition is wanted.
func comparison(want, t Type, source string) string {
	if want != Bool || !t.number() || source[0] >= '0' && source[0] <= '9' {
		return ""
	}
	return "compare it, as in " + strings.TrimSpace(source) + " < " + t.example("500")
}

// linker turns a resolved tree into something to run.
type linker func(n ast.Node) (linked, error)

// compile is Compile without positions. Whatever a source does to expr's parser or to us, it ends as a flaw.
func compile(source, file string, s *Scope, want Type, agg *metrics, link linker) (p *Program, flaws []flaw) {
	defer func() {
		if v := recover(); v != nil {
			p, flaws = nil, []flaw{{0, 1, "this expression cannot be compiled", ""}}
		}
	}()
	if blank(source) {
		return nil, []flaw{{0, 1, "the expression is empty", ""}}
	}
	m, f := mask(source)
	if f != nil {
		return nil, []flaw{*f}
	}
	tree, f := parse(m)
	if f != nil {
		return nil, []flaw{*f}
	}
	r := &resolver{scope: s, masked: m, file: file, agg: agg}
	tree, t := r.operand(tree)
	if !t.fits(want) && len(r.flaws) == 0 {
		r.flaws = append(r.flaws, flaw{0, len(m.runes), fmt.Sprintf("this must be %s, but it is %s", want, t), comparison(want, t, source)})
	}
	if len(r.flaws) > 0 {
		return nil, r.flaws
	}
	p = &Program{source: source, typ: t, needs: r.needs, parts: r.parts}
	if err := p.link(tree, r, link); err != nil {
		return nil, []flaw{{0, len(m.runes), inWords(err).Error(), ""}}
	}
	return p, nil
}

// link makes the program run. What reads nothing is evaluated here and now, so that its mistakes are the plan's.
func (p *Program) link(tree ast.Node, r *resolver, link linker) error {
	l, err := link(tree)
	if err != nil {
		return err
	}
	p.run, p.value, p.known, p.linker = l.run, l.value, l.known, link
	if !p.known && !r.needs.live && !r.turns {
		if p.value, err = p.run(&VM{}); err != nil {
			return err
		}
		p.known = true
	}
	if p.known {
		p.value = plainValue(p.value)
	}
	return nil
}

// linkParts makes the explanation run: of most checks nobody ever asks for it. Constants explain nothing, and parts of a
// tree that could be linked can be, too.
func (p *Program) linkParts() {
	var parts []part
	for _, part := range p.parts {
		l, err := p.linker(part.node)
		if err != nil || l.known || !part.linkSides(p.linker) {
			continue
		}
		part.run = l.run
		parts = append(parts, part)
	}
	p.parts = parts
}

// linkSides makes what a comparison compares run.
func (p *part) linkSides(link linker) bool {
	for i := range p.sides {
		side, err := link(p.sides[i].node)
		if err != nil {
			return false
		}
		p.sides[i].run = side.run
		if side.known {
			p.sides[i].run = func(*VM) (any, error) { return side.value, nil }
		}
	}
	return true
}

// Eval is the value: nil, bool, int64, float64, string, time.Time, []any or map[string]any. The error is an *Error.
func (p *Program) Eval(vm *VM) (any, error) {
	if p.known {
		return p.value, nil
	}
	v, err := p.guarded(vm, p.run)
	if err != nil {
		return nil, fail(p.source, err)
	}
	return plainValue(v), nil
}

// guarded runs a node. A panic in a function is an error, and leaves the VM usable.
func (p *Program) guarded(vm *VM, run node) (v any, err error) {
	depth, base := vm.depth, len(vm.args)
	vm.enter()
	defer func() {
		if r := recover(); r != nil {
			v, err = nil, fmt.Errorf("a function failed: %s", wording(fmt.Sprint(r)))
			vm.drop(base)
		}
		vm.depth = depth
	}()
	return run(vm)
}

// Bool is the value of a condition. A value that is neither true nor false is an error.
func (p *Program) Bool(vm *VM) (bool, error) {
	v, err := p.Eval(vm)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, fail(p.source, fmt.Errorf("this must be true or false, but it is %s", describe(v)))
	}
	return b, nil
}

// Source is the expression as written.
func (p *Program) Source() string { return p.source }

// Type is what is known of the value before the run.
func (p *Program) Type() Type { return p.typ }

// Const is the value of an expression that reads nothing.
func (p *Program) Const() (any, bool) { return p.value, p.known }

// Constant tells whether the value is the same for the whole run: it reads env, vars, services, setup and run at most,
// and neither the clock nor random values.
func (p *Program) Constant() bool { return !p.needs.varies }

// Reads lists the names that the expression reads: captured ones, and vars, env, gen, data, request and the like.
func (p *Program) Reads() []string { return slices.Clone(p.needs.names) }

// Generators lists the generators that it reads, by index.
func (p *Program) Generators() []int { return slices.Clone(p.needs.generators) }

// Feeders lists the data that it reads, by index.
func (p *Program) Feeders() []int { return slices.Clone(p.needs.feeders) }

// NeedsBody tells whether it reads the response's body.
func (p *Program) NeedsBody() bool { return p.needs.body }

// NeedsHeaders tells whether it reads the response's headers or cookies.
func (p *Program) NeedsHeaders() bool { return p.needs.headers }

// NeedsResponse tells whether it reads anything of the response.
func (p *Program) NeedsResponse() bool { return p.needs.response }

// Part is the value of one sub-expression.
type Part struct {
	Source string
	Value  any
	Err    error
	Note   string // why it is false, where that can be said

	// Of ==: what was found and what was expected.
	Compared                     bool
	Actual, Expected             any
	ActualSource, ExpectedSource string
}

// Parts are the values of the sub-expressions that a false check can be explained with, inner ones first: what stands
// beside operators, and the comparisons of which a condition is made. It evaluates them again, so random values differ from
// those of the evaluation before.
func (p *Program) Parts(vm *VM) []Part {
	p.linking.Do(p.linkParts)
	all := make([]Part, 0, len(p.parts))
	for _, part := range p.parts {
		one := p.part(vm, &part)
		if part.whole && len(all) > 0 && !one.Compared {
			continue // that all of it is false is known
		}
		all = append(all, one)
	}
	return all
}

func (p *Program) part(vm *VM, of *part) Part {
	vm.note = ""
	v, err := p.guarded(vm, of.run)
	if err != nil {
		v = nil
	}
	one := Part{Source: of.source, Value: plainValue(v), Err: err, Note: vm.note}
	if err != nil || len(of.sides) == 0 {
		return one
	}
	actual, errActual := p.guarded(vm, of.sides[0].run)
	expected, errExpected := p.guarded(vm, of.sides[1].run)
	one.Actual, one.Expected = plainValue(actual), plainValue(expected)
	one.ActualSource, one.ExpectedSource = of.sides[0].source, of.sides[1].source
	one.Compared = errActual == nil && errExpected == nil && (structured(one.Actual) || structured(one.Expected))
	return one
}

// structured tells whether a value is a list or a map: what is worth a comparison line by line.
func structured(v any) bool {
	switch v.(type) {
	case []any, map[string]any:
		return true
	}
	return false
}
