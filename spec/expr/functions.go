package expr

import "sync"

// Func describes a function for the reference.
type Func struct {
	Name      string
	Signature string // rand_int(lo, hi)
	Doc       string // one sentence
	Example   string // an expression that runs
	Category  string // time, ids, random, encoding, hashes, signing, values
}

// function is a Func and how it works.
type function struct {
	Func
	least, most int // arguments; most < 0: any number
	params      []Type
	result      Type
	words       map[int][]string // the arguments that are one of a few words, by place
	live        bool             // its value differs between calls: it asks the clock or the random source
	call        func(vm *VM, args []any) (any, error)
}

// functions is the one table of our functions: a new one is a line in one of the lists.
var functions = sync.OnceValue(func() []*function {
	var all []*function
	for _, list := range [][]*function{timeFunctions(), idFunctions(), randomFunctions(), encodingFunctions(), hashFunctions(), signingFunctions(), valueFunctions()} {
		all = append(all, list...)
	}
	return all
})

var functionsByName = sync.OnceValue(func() map[string]*function {
	all := map[string]*function{}
	for _, f := range functions() {
		all[f.Name] = f
	}
	return all
})

func findFunc(name string) *function { return functionsByName()[name] }

// Functions lists all functions but those of expr-lang itself, for the reference: ours in the order of their categories,
// then fake.*.
func Functions() []Func {
	var all []Func
	for _, f := range functions() {
		all = append(all, f.Func)
	}
	for _, f := range fakes() {
		all = append(all, f.Func)
	}
	return all
}

// functionNames lists everything that can be called by a bare name, for suggestions.
func functionNames() []string {
	var names []string
	for _, f := range functions() {
		names = append(names, f.Name)
	}
	return append(names, builtinNames()...)
}

// pure makes a function of its arguments.
func pure(category, signature, doc, example string, params []Type, least int, result Type, f func(args []any) (any, error)) *function {
	return &function{
		Func:  Func{Name: nameOf(signature), Signature: signature, Doc: doc, Example: example, Category: category},
		least: least, most: len(params), params: params, result: result,
		call: func(_ *VM, args []any) (any, error) { return f(args) },
	}
}

// live makes a function that asks the host: for the time or for random values.
func live(category, signature, doc, example string, params []Type, least int, result Type, f func(vm *VM, args []any) (any, error)) *function {
	return &function{
		Func:  Func{Name: nameOf(signature), Signature: signature, Doc: doc, Example: example, Category: category},
		least: least, most: len(params), params: params, result: result, live: true, call: f,
	}
}

// worded says that an argument, counted from 0, is one of a few words.
func worded(f *function, argument int, words []string) *function {
	f.words = map[int][]string{argument: words}
	return f
}

// variadic lets a function take its last argument any number of times.
func variadic(f *function) *function {
	f.most = -1
	return f
}

func nameOf(signature string) string {
	for i, c := range signature {
		if c == '(' {
			return signature[:i]
		}
	}
	return signature
}
