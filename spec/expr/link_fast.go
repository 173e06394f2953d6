package expr

// linkRead links what reads one thing: a name, a member, a field of the response, a JSON path.
func linkRead(name string, args []linked) (linked, bool) {
	for _, a := range args {
		if !a.known {
			return linked{}, false
		}
	}
	switch name {
	case "$name":
		name := args[0].value.(string)
		return linked{run: func(vm *VM) (any, error) { return vm.read(name) }}, true
	case "$record":
		record, name := args[0].value.(string), args[1].value.(string)
		return linked{run: func(vm *VM) (any, error) { return vm.readMember(record, name) }}, true
	case "$response":
		f := findResponseField(args[0].value.(string))
		return linked{needs: f, run: func(vm *VM) (any, error) {
			r, err := vm.response()
			if err != nil {
				return nil, err
			}
			return f.value(r)
		}}, true
	case "$json":
		path, ok := args[0].value.(string)
		if ok && len(args) == 1 {
			return linked{run: readPath(path)}, true
		}
	}
	return linked{}, false
}

// readPath is json(path) with a path that is written out.
func readPath(path string) node {
	return func(vm *VM) (any, error) {
		r, err := vm.response()
		if err != nil {
			return nil, err
		}
		v, found, err := r.JSON(path)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, absent(path)
		}
		return v, nil
	}
}

// comparisons are the operators of linkTest, as tests of an order: -1, 0 or 1.
var comparisons = map[string]func(order int) bool{
	"$eq": func(o int) bool { return o == 0 }, "$ne": func(o int) bool { return o != 0 },
	"$lt": func(o int) bool { return o < 0 }, "$le": func(o int) bool { return o <= 0 },
	"$gt": func(o int) bool { return o > 0 }, "$ge": func(o int) bool { return o >= 0 },
}

var logicOps = map[string]func(a, b any) (bool, error){
	"$eq": equal, "$ne": func(a, b any) (bool, error) { is, err := equal(a, b); return !is, err },
	"$lt": less, "$gt": more, "$le": lessOrEqual, "$ge": moreOrEqual, "$in": contained,
	"$contains": contains, "$starts": startsWith, "$ends": endsWith, "$matches": matches,
}

// linkTest links comparisons. A number of the response beside a number that is written out is compared without becoming
// a value: status == 200, duration < 500ms, status in [200, 201].
func linkTest(name string, args []linked) (linked, bool) {
	if f, c := numberTest(name, args); f != nil {
		return linked{run: c}, true
	}
	test, ok := logicOps[name]
	if !ok {
		return linked{}, false
	}
	a, b := args[0].run, args[1].run
	if args[1].known {
		v := args[1].value
		return linked{run: func(vm *VM) (any, error) {
			w, err := a(vm)
			if err != nil {
				return nil, err
			}
			return box2(test(w, v))
		}}, true
	}
	return linked{run: func(vm *VM) (any, error) {
		v, err := a(vm)
		if err != nil {
			return nil, err
		}
		w, err := b(vm)
		if err != nil {
			return nil, err
		}
		return box2(test(v, w))
	}}, true
}

// numberTest is a comparison of the response's numbers. They are exact as float64: statuses, and sizes below 2^53.
func numberTest(name string, args []linked) (*responseField, node) {
	if len(args) != 2 || args[0].needs == nil || args[0].needs.number == nil || !args[1].known {
		return nil, nil
	}
	f := args[0].needs
	if name == "$in" {
		list, ok := numbersOf(args[1].value)
		if !ok || len(list) == 0 {
			return nil, nil
		}
		return f, numberIn(f, list)
	}
	test, ok := comparisons[name]
	c, isNumber := asFloat(args[1].value)
	if n, isInt := asInt(args[1].value); !ok || !isNumber || isInt && int64(c) != n {
		return nil, nil
	}
	return f, func(vm *VM) (any, error) {
		r, err := vm.response()
		if err != nil {
			return nil, err
		}
		v := f.number(r)
		return test(sign(v < c, v > c)), nil
	}
}

func numberIn(f *responseField, list []float64) node {
	return func(vm *VM) (any, error) {
		r, err := vm.response()
		if err != nil {
			return nil, err
		}
		v := f.number(r)
		for _, c := range list {
			if v == c {
				return true, nil
			}
		}
		return false, nil
	}
}

func numbersOf(v any) ([]float64, bool) {
	list, ok := v.([]any)
	if !ok {
		return nil, false
	}
	all := make([]float64, len(list))
	for i, e := range list {
		if all[i], ok = asFloat(e); !ok {
			return nil, false
		}
	}
	return all, true
}
