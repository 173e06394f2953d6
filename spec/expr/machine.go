package expr

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
)

// parse turns a masked source into expr's tree.
func parse(m *masked) (ast.Node, *flaw) {
	config := grammar()
	tree, err := parser.ParseWithConfig(m.text, &config)
	if err != nil {
		return nil, syntaxFlaw(m, err)
	}
	return tree.Node, nil
}

// grammar is what the parser knows. Its tables, which nobody writes to, are made once: they took longer than parsing.
var grammar = sync.OnceValue(func() conf.Config {
	config := conf.CreateNew()
	config.MaxNodes = maxNodes
	config.Functions = ownNames()
	return *config
})

// ownNames are the functions of ours that replace expr's: the parser must not take them for its own.
func ownNames() conf.FunctionsTable {
	table := conf.FunctionsTable{}
	for _, f := range functions() {
		if isBuiltin(f.Name) {
			table[f.Name] = &builtin.Function{Name: f.Name}
		}
	}
	return table
}

// onMachine compiles a tree for expr's machine. It panics as little as what it wraps: compile catches that.
func onMachine(n ast.Node) (node, error) {
	config := conf.CreateNew()
	config.WithEnv(types.Map{selfName: types.Any})
	config.Functions = machineFunctions()
	config.Optimize = false // it folds with Go's operators; ours differ
	tree := &parser.Tree{Node: n, Source: file.NewSource("")}
	if _, err := checker.Check(tree, config); err != nil {
		return nil, err
	}
	program, err := compiler.Compile(tree, config)
	if err != nil {
		return nil, err
	}
	return func(vm *VM) (any, error) {
		v, err := vm.machine().Run(program, vm.self)
		if err != nil {
			return nil, inWords(err)
		}
		return v, nil
	}, nil
}

// operation finds an op or function by the name that resolving gave it.
func operation(name string) op {
	if o, ok := ops[name]; ok {
		return o
	}
	if o, ok := stepOps()[name]; ok {
		return o
	}
	f := findFunc(name)
	if f.live {
		return op{call: f.call, tried: 1}
	}
	return op{call: f.call, pure: true}
}

// machineFunctions are the ops and functions in the form in which expr's machine calls them; nobody writes to the table.
var machineFunctions = sync.OnceValue(func() conf.FunctionsTable {
	table := make(conf.FunctionsTable, len(ops)+len(functions()))
	for name, o := range ops {
		table[name] = machineFunction(name, o)
	}
	for name, o := range stepOps() {
		table[name] = machineFunction(name, o)
	}
	for _, f := range functions() {
		table[f.Name] = machineFunction(f.Name, op{call: f.call})
	}
	return table
})

func machineFunction(name string, o op) *builtin.Function {
	return &builtin.Function{Name: name, Func: func(params ...any) (any, error) {
		vm, ok := params[0].(*VM)
		if !ok {
			return nil, errNoHost
		}
		v, err := o.call(vm, params[1:])
		if err != nil {
			return nil, &passing{err}
		}
		return v, vm.made(v)
	}}
}

// passing carries an error of ours through expr's machine, which keeps only what it can unwrap.
type passing struct{ err error }

func (p *passing) Error() string { return p.err.Error() }
func (p *passing) Unwrap() error { return p.err }

// syntaxFlaw turns a parser's error into a flaw.
func syntaxFlaw(m *masked, err error) *flaw {
	e, ok := errors.AsType[*file.Error](err)
	if !ok {
		return &flaw{0, 1, wording(err.Error()), ""}
	}
	from, to := min(e.From, len(m.runes)), min(max(e.To, e.From+1), len(m.runes))
	return &flaw{from, max(to, from+1), syntaxMessage(m, e, from, to), syntaxHint(m, e, from, to)}
}

func syntaxMessage(m *masked, e *file.Error, from, to int) string {
	token := string(m.runes[from:to])
	switch {
	case hasPrefix(e.Message, "unexpected token EOF", "unexpected end"):
		return "the expression ends too early"
	case hasPrefix(e.Message, "unexpected token", "a map key must be"):
		return fmt.Sprintf("unexpected %q", token)
	case hasPrefix(e.Message, "bad number syntax"):
		return "this is not a number"
	case hasPrefix(e.Message, "compilation failed: expression exceeds"):
		return fmt.Sprintf("the expression has more than %d parts", maxNodes)
	case hasPrefix(e.Message, "Operator ("):
		return "?? beside another operator needs brackets, as in (a ?? b) == c"
	case hasPrefix(e.Message, "literal not terminated"):
		return "the text has no closing quote"
	case hasPrefix(e.Message, "unclosed comment"):
		return "the comment has no end"
	case hasPrefix(e.Message, "unrecognized character"):
		return fmt.Sprintf("unexpected character %q", token)
	case hasPrefix(e.Message, "expected name"):
		return "a name is missing after the dot"
	case hasPrefix(e.Message, "expected at least"):
		return "the function needs more values in its brackets"
	}
	return wording(e.Message)
}

var percentileWord = regexp.MustCompile(`\bp[0-9]+$`)

// syntaxHint knows the mistakes that people bring from elsewhere.
func syntaxHint(m *masked, e *file.Error, from, to int) string {
	if !hasPrefix(e.Message, "unexpected token") || hasPrefix(e.Message, "unexpected token EOF") {
		return ""
	}
	token, before := string(m.runes[from:to]), strings.TrimRight(string(m.runes[:from]), " ")
	switch {
	case percentileWord.MatchString(before) && token[0] == '.':
		return "a percentile with decimals is written p(99.9)"
	case token == "=":
		return "to compare write =="
	case token == "&" || token == "|":
		return "write && or ||"
	case strings.HasSuffix(before, "%"):
		return percentHint
	case before != "" && before[len(before)-1] >= '0' && before[len(before)-1] <= '9' && nameStart(m.runes[from]):
		return "a unit stands right after its number, as in 500ms or 5m"
	}
	return ""
}

func hasPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
