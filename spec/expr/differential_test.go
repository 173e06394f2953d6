package expr

import (
	"fmt"
	"strings"
	"testing"

	"github.com/expr-lang/expr/ast"
	"pgregory.net/rapid"
)

// allOnMachine is the other way to run an expression: all of it on expr's machine, nothing as Go closures.
func allOnMachine(n ast.Node) (linked, error) {
	run, err := onMachine(n)
	return linked{run: run}, err
}

// both runs a source in both ways, on VMs that are alike, and returns what came out.
func both(t testing.TB, source string, vm func() *VM) (closures, bytecode string, ok bool) {
	t.Helper()
	scope := everything(t)
	p, flaws := compile(source, "", scope, Any, nil, link)
	q, otherFlaws := compile(source, "", scope, Any, nil, allOnMachine)
	if len(flaws) > 0 { // mistakes in constants are found early in one way only
		return "", "", false
	}
	if len(otherFlaws) > 0 {
		return "compiles", fmt.Sprint(otherFlaws), true
	}
	a, errA := p.Eval(vm())
	b, errB := q.Eval(vm())
	return outcome(plainDeep(a), errA), outcome(plainDeep(b), errB), true
}

// Closures and bytecode mean the same, for everything that the tables of the other tests hold.
func TestClosuresAndBytecodeAgree(t *testing.T) {
	sources := []string{
		`status == 200`, `status != 200`, `status in [200, 201]`, `status in [200, 201.5]`, `status in []`, `status == 200.5`, `size < 10`, `waiting >= 100ms`,
		`status == 404`, `duration < 500ms`, `duration < 100ms`, `json("received") == true`, `json("failed") == true`, `json("state") == "done"`,
		`json("id") == "done"`, `json("missing") == 1`, `json("id")`, `json("none")`, `late`, `token`, `vars.base`, `gen.event.id`, `gen.loop`,
		`json("state") in ["done", "open"]`, `json("id") in ["done"]`, `data.tickets.email`, `json("a" + "b")`, `json(5 + json("id"))`,
		`token + vars.base + json("user").name`, `[token, [status], {a: token}]`, `uuid() + rand_string(5) + string(rand_int(1, 100))`, `fake.email()`,
		`json("id") ?? 5`, `json("none") ?? json("missing")`, `has("a") or has("id")`, `stripe_signature("a", request.body)`,
	}
	for _, w := range wrong {
		sources = append(sources, w.source)
	}
	for _, source := range sources {
		a, b, _ := both(t, source, func() *VM { return machine(t) })
		if a != b {
			t.Errorf("%s:\nclosures %s\nbytecode %s", source, a, b)
		}
	}
}

// And for expressions that nobody thought of. Three in four are no valid ones: each check draws until it has one.
func TestClosuresAndBytecodeAgreeOnAnything(t *testing.T) {
	const draws = 8
	checks, valid := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		status := rapid.SampledFrom([]int{200, 201, 404, 0}).Draw(rt, "status")
		value := rapid.SampledFrom([]any{nil, true, false, int64(0), int64(7), -1.5, "", "done", []any{int64(1)}, map[string]any{"a": int64(1)}}).Draw(rt, "value")
		checks++
		for range draws {
			source := expression(rt, 4)
			a, b, ok := both(t, source, func() *VM {
				vm := machine(t)
				vm.Host.(*still).response.status = status
				vm.Host.(*still).response.json["value"] = value
				vm.Env["token"] = value
				return vm
			})
			if a != b {
				rt.Fatalf("%s:\nclosures %s\nbytecode %s", source, a, b)
			}
			if ok {
				valid++
				return
			}
		}
	})
	if valid < checks/2 {
		t.Errorf("only %d of %d checks had a valid expression: the test shows nothing", valid, checks)
	}
}

// expression draws an expression of some depth.
func expression(t *rapid.T, depth int) string {
	leaves := []string{
		`status`, `duration`, `size`, `json("value")`, `json("value", 3)`, `json("missing")`, `has("value")`, `token`, `late`, `vars.limit`, `vars.base`, `1`, `0`, `2.5`,
		`"done"`, `""`, `true`, `false`, `nil`, `500ms`, `0s`, `5%`, `[1, 2]`, `["done", nil]`, `header("X-Count")`, `json("user").name`, `json("user")?.x`, `gen.event.n`, `1..3`,
	}
	if depth == 0 {
		return rapid.SampledFrom(leaves).Draw(t, "leaf")
	}
	sub := func() string { return expression(t, rapid.IntRange(0, depth-1).Draw(t, "depth")) }
	switch rapid.IntRange(0, 9).Draw(t, "form") {
	case 0, 1, 2, 3, 4:
		ops := []string{"==", "!=", "<", ">", "<=", ">=", "in", "&&", "||", "+", "-", "*", "/", "%", "**", "contains", "startsWith", "matches", "??"}
		return "(" + sub() + ") " + rapid.SampledFrom(ops).Draw(t, "op") + " (" + sub() + ")"
	case 5:
		return rapid.SampledFrom([]string{"!", "-", "+", "not "}).Draw(t, "unary") + "(" + sub() + ")"
	case 6:
		return "(" + sub() + ") ? (" + sub() + ") : (" + sub() + ")"
	case 7:
		f := rapid.SampledFrom([]string{"or_else(%s, %s)", "[%s, %s]", "{a: %s, b: %s}", "to_json([%s, %s])", "let x = %s; [x, %s]", "map([%s, %s], #)", "filter([%s], %s)"}).Draw(t, "call")
		return fmt.Sprintf(f, sub(), sub())
	case 8:
		f := rapid.SampledFrom([]string{"len(%s)", "string(%s)", "int(%s)", "upper(%s)", "keys(%s)", "sort(%s)", "(%s)[0]", "(%s).a", "(%s)?.a.b", "(%s)[0:1]", "any(%s, true)"}).Draw(t, "call")
		return strings.Replace(f, "%s", sub(), 1)
	}
	return rapid.SampledFrom(leaves).Draw(t, "leaf")
}
