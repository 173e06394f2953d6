package expr

import "fmt"

// op is an operation that compiled expressions call by a name that starts with $, which no author can write.
type op struct {
	call func(vm *VM, args []any) (any, error)
	pure bool // of constants it is a constant
	// tried is from how many arguments on a call with constants, which is none itself, is tried before the run, for what is
	// wrong with them: rand_int(5, 1). 0: never.
	tried int
}

// ops are the operations behind operators, names and the response. Both ways of running an expression go through them,
// so they cannot differ.
var ops = map[string]op{
	"$eq":       logic(equal),
	"$ne":       logic(func(a, b any) (bool, error) { is, err := equal(a, b); return !is, err }),
	"$lt":       logic(less),
	"$gt":       logic(more),
	"$le":       logic(lessOrEqual),
	"$ge":       logic(moreOrEqual),
	"$in":       logic(contained),
	"$contains": logic(contains),
	"$starts":   logic(startsWith),
	"$ends":     logic(endsWith),
	"$matches":  logic(matches),
	"$not":      {pure: true, call: func(_ *VM, a []any) (any, error) { b, err := truth(a[0]); return !b, err }},
	"$bool":     {pure: true, call: func(_ *VM, a []any) (any, error) { return box2(truth(a[0])) }},
	"$add":      arithmetic(add),
	"$sub":      arithmetic(subtract),
	"$mul":      arithmetic(multiply),
	"$div":      arithmetic(divide),
	"$mod":      arithmetic(modulo),
	"$pow":      arithmetic(power),
	"$neg":      {pure: true, call: func(_ *VM, a []any) (any, error) { return negate(a[0]) }},
	"$pos":      {pure: true, call: func(_ *VM, a []any) (any, error) { return positive(a[0]) }},
	"$member":   {pure: true, call: func(_ *VM, a []any) (any, error) { return member(a[0], a[1]) }},
	"$maybe":    {pure: true, call: func(_ *VM, a []any) (any, error) { return maybe(a[0], a[1]) }},
	"$after":    ifAny(func(a []any) (any, error) { return member(a[0], a[1]) }),
	"$cut":      ifAny(func(a []any) (any, error) { return slice(a[0], a[1], a[2]) }),
	"$slice":    {pure: true, call: func(_ *VM, a []any) (any, error) { return slice(a[0], a[1], a[2]) }},
	"$range":    {pure: true, call: func(_ *VM, a []any) (any, error) { return span(a[0], a[1]) }},
	"$holds":    {call: holds},
	"$turn":     {call: func(vm *VM, a []any) (any, error) { return a[0], vm.turn() }},
	"$name":     {call: func(vm *VM, a []any) (any, error) { return vm.read(a[0].(string)) }},
	"$record":   {call: func(vm *VM, a []any) (any, error) { return vm.readMember(a[0].(string), a[1].(string)) }},
	"$gen":      {call: generate},
	"$row":      {call: row},
	"$rows":     {call: rows},
	"$sent":     {call: sent},
	"$response": {call: func(vm *VM, a []any) (any, error) { return readResponse(vm, a[0].(string)) }},
	"$header":   {call: func(vm *VM, a []any) (any, error) { return readHeader(vm, a[0]) }},
	"$json":     {call: readJSON},
	"$has":      {call: hasJSON},
	"$extract":  {call: readExtraction},
	"$schema":   {call: readSchema},
	"$fake":     {tried: 2, call: fake},
	"$agg":      {call: func(vm *VM, a []any) (any, error) { return vm.aggregate(a[0].(string)), nil }},
}

func logic(f func(a, b any) (bool, error)) op {
	return op{pure: true, call: func(_ *VM, a []any) (any, error) { return box2(f(a[0], a[1])) }}
}

func arithmetic(f func(a, b any) (any, error)) op {
	return op{pure: true, call: func(_ *VM, a []any) (any, error) { return f(a[0], a[1]) }}
}

// ifAny is an operation in an optional chain: of nothing it is nothing.
func ifAny(f func(a []any) (any, error)) op {
	return op{pure: true, call: func(_ *VM, a []any) (any, error) {
		if kindOf(a[0]) == kindNil {
			return nil, nil
		}
		return f(a)
	}}
}

func box2(b bool, err error) (any, error) { return b, err }

func positive(v any) (any, error) {
	if !kindOf(v).numeric() {
		return nil, fmt.Errorf("+ needs a number, not %s", describe(v))
	}
	return v, nil
}

// holds is the condition of a loop such as filter.
func holds(vm *VM, a []any) (any, error) {
	if err := vm.turn(); err != nil {
		return nil, err
	}
	return box2(truth(a[0]))
}

// span is from..to.
func span(from, to any) (any, error) {
	a, okA := asInt(from)
	b, okB := asInt(to)
	if !okA || !okB {
		return nil, fmt.Errorf(".. needs two whole numbers, not %s and %s", describe(from), describe(to))
	}
	if b < a {
		return []any{}, nil
	}
	const most = 100_000
	if uint64(b)-uint64(a) >= most {
		return nil, fmt.Errorf("%d..%d has more than %d elements", a, b, most)
	}
	all := make([]any, 0, b-a+1)
	for ; a <= b; a++ {
		all = append(all, boxInt(a))
	}
	return all, nil
}

func generate(vm *VM, a []any) (any, error) {
	h, err := vm.host()
	if err != nil {
		return nil, err
	}
	if vm.depth >= maxDepth {
		return nil, errEndless
	}
	return h.Generate(a[0].(int))
}

func row(vm *VM, a []any) (any, error) {
	h, err := vm.host()
	if err != nil {
		return nil, err
	}
	m, err := h.Row(a[0].(int))
	if err != nil {
		return nil, err
	}
	return m, nil
}

func rows(vm *VM, a []any) (any, error) {
	h, err := vm.host()
	if err != nil {
		return nil, err
	}
	n, err := h.Rows(a[0].(int))
	if err != nil {
		return nil, err
	}
	return boxInt(n), nil
}

func sent(vm *VM, _ []any) (any, error) {
	h, err := vm.host()
	if err != nil {
		return nil, err
	}
	b, err := h.RequestBody()
	if err != nil {
		return nil, err
	}
	return string(b), nil
}
