package expr

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"runner/spec"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// wrong are expressions that no plan may hold, and what is wrong with them. What the author reads is in
// testdata/problems.golden.
var wrong = []struct{ source, why string }{
	{`rand_int(5, 1)`, "constants that no run can use"},
	{`"id-" + rand_hex(-1)`, "the same in an expression"},
	{`pick([])`, "an empty list"},
	{`fake.number(1.5, 3)`, "the same of fake"},
	{`rand_bool(150%)`, "a probability above 1"},
	{`jwt({at: now()}, token, "HS265")`, "an algorithm nearly spelled, though the rest is known only in the run"},
	{`stauts == 200`, "a name nearly spelled"},
	{`foo + bar`, "every unknown name, not only the first"},
	{`respons.status`, "a word nearly spelled"},
	{`vars.bsae`, "a member nearly spelled"},
	{`vars.other`, "a member that is none"},
	{`vars["bsae"]`, "the same with brackets"},
	{`vars[token]`, "a name that is known only in the run"},
	{`vars`, "a record as a value"},
	{`let v = vars; v[token]`, "a record by another name"},
	{`services.api`, "a record in a record as a value"},
	{`services.api.urll`, "a member of it nearly spelled"},
	{`services[token].url`, "a dynamic index of the outer one"},
	{`services.api[token]`, "and of the inner one"},
	{`get(vars, token)`, "a function cannot get around it"},
	{`token in vars`, "nor can in"},
	{`gen.evnt`, "a generator nearly spelled"},
	{`gen[token]`, "a dynamic generator"},
	{`gen`, "all generators"},
	{`data.tickts.id`, "data nearly spelled"},
	{`rows("tickts")`, "in rows too"},
	{`rows(token)`, "rows of a name that is known only in the run"},
	{`request.header`, "request has one member"},
	{`response.stauts`, "a member of the response"},
	{`response.header`, "a function of the response without brackets"},
	{`response.heade("x")`, "and nearly spelled"},
	{`json`, "a function as a value"},
	{`now == nil`, "one of ours"},
	{`len > 3`, "one of expr's"},
	{`len`, "alone"},
	{`sha265("x")`, "a function nearly spelled"},
	{`token()`, "a value that is called"},
	{`vars.base()`, "a member that is called"},
	{`now().Year()`, "a method of Go's"},
	{`fake.emial()`, "a fake function nearly spelled"},
	{`fake.email`, "without brackets"},
	{`$env.token`, "expr's own way around names"},
	{`$vm`, "and our hidden one"},
	{`"${token}"  + ${token}`, "a template inside an expression"},
	{`duration < 500`, "a duration without its unit"},
	{`500 < duration`, "on the other side"},
	{`duration - 5 < 1s`, "in a sum"},
	{`duration < 1%`, "a duration and a ratio"},
	{`duration == size`, "a duration and a size"},
	{`status == 500ms`, "a status in milliseconds"},
	{`1s + 10/s`, "a duration and a rate"},
	{`duration * duration`, "square milliseconds"},
	{`duration < int(token)`, "a number that has no unit"},
	{`duration < vars.base`, "a duration and a text"},
	{`status == "200"`, "a number and a text"},
	{`status != "200"`, "unequal too"},
	{`status < "200"`, "ordered"},
	{`status in ["200"]`, "in a list"},
	{`body in "text"`, "in a text"},
	{`status contains 2`, "contains needs texts"},
	{`"a" + 1`, "a text and a number"},
	{`status && true`, "a number that is true"},
	{`!status`, "a number that is not"},
	{`true < false`, "an order of bools"},
	{`status ? 1 : 2`, "a condition"},
	{`filter(json("items"), 1)`, "a condition in a loop"},
	{`filter(5, true)`, "a loop over a number"},
	{`body matches "("`, "a pattern that is none"},
	{`status / 0`, "division by zero, written out"},
	{`1 / 0`, "of constants"},
	{`5 % 0`, "the rest of it"},
	{`9223372036854775807 + 1`, "a constant that is too large"},
	{`99999999999999999999`, "a number that is too large"},
	{`10.5 % 3`, "modulo of a fraction"},
	{`10% 3`, "a percentage where modulo was meant"},
	{`token.5s`, "a member that is a number"},
	{`500msec`, "a unit that is none"},
	{`5 minutes`, "a unit in words"},
	{`500 ms`, "a unit that stands apart"},
	{`30s1m`, "a duration upside down"},
	{`1s1s`, "a unit twice"},
	{`1.5B`, "half a byte"},
	{`rand_int(1)`, "too few values"},
	{`rand_int(1, 2, 3)`, "too many"},
	{`rand_int("a", 2)`, "a value of the wrong kind"},
	{`uuid(1)`, "a value too many"},
	{`upper(5)`, "in expr's own function"},
	{`upper()`, "none at all"},
	{`json()`, "no path"},
	{`json(5)`, "no path but a number"},
	{`has("a", "b")`, "two paths"},
	{`map(1..3)`, "a loop without a body"},
	{`#`, "a pointer outside a loop"},
	{`timezone("UTC")`, "a function of expr that makes no value"},
	{``, "nothing"},
	{`  `, "blanks"},
	{`status ==`, "half a comparison"},
	{`status = 200`, "an assignment"},
	{`status === 200`, "another language's equality"},
	{`status == 200 & true`, "half an and"},
	{`(status == 200`, "a bracket that stays open"},
	{`status == 200)`, "one too many"},
	{`json("a)`, "a text that stays open"},
	{`'a' == "b`, "another"},
	{`1 /* x`, "a comment that stays open"},
	{`a ?? b == c`, "?? beside another operator"},
	{`x; y`, "two expressions, both unknown"},
	{`status == 200 @`, "a character that has no meaning"},
	{`let status = 1; status`, "a variable with a taken name"},
	{`let uuid = 1; uuid`, "a variable named as a captured name"},
	{`let x = 1; let x = 2; x`, "a variable twice"},
	{`{5s: 1}`, "a key with a unit is a text like any other"},
	{`json("a") ==
  stauts`, "on the second line"},
	{`"ümläut" == stauts`, "columns count characters"},
	{strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100), "brackets without end"},
}

func TestProblems(t *testing.T) {
	var b strings.Builder
	for _, w := range wrong {
		fmt.Fprintf(&b, "# %s\n", w.why)
		_, problems := Compile(spec.Expr{Source: w.source, Pos: spec.Pos{File: "plan.yaml", Line: 1, Col: 1}}, everything(t), Any)
		if len(problems) == 0 {
			fmt.Fprintf(&b, "%s\nis fine\n", w.source)
		}
		showProblems(t, &b, w.source, problems)
		b.WriteByte('\n')
	}
	golden(t, "testdata/problems.golden", b.String())
}

// showProblems writes problems as an author sees them, and checks that they point into the source.
func showProblems(t *testing.T, b *strings.Builder, source string, problems spec.Problems) {
	t.Helper()
	lines := strings.Split(source, "\n")
	for _, p := range problems {
		hint := ""
		if p.Hint != "" {
			hint = " (" + p.Hint + ")"
		}
		fmt.Fprintf(b, "%s: %s%s\n", p.Pos, p.Message, hint)
		if p.Pos.Line < 1 || p.Pos.Line > len(lines) {
			t.Errorf("%q: line %d is out of range", source, p.Pos.Line)
			continue
		}
		line := lines[p.Pos.Line-1]
		if n := len([]rune(line)); p.Width < 1 || p.Pos.Col < 1 || p.Pos.Col+p.Width-1 > max(n, 1) {
			t.Errorf("%q: columns %d+%d are out of range", source, p.Pos.Col, p.Width)
		}
		if len(line) > 80 {
			line = line[:80] + "…"
		}
		fmt.Fprintf(b, "  %s\n  %s%s\n", line, strings.Repeat(" ", min(p.Pos.Col-1, 80)), strings.Repeat("^", min(p.Width, 80)))
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	for i, g := range strings.Split(got, "\n") {
		w := strings.Split(string(want), "\n")
		if i >= len(w) || g != w[i] {
			t.Fatalf("%s:%d differs (go test -update rewrites it):\n got %q\nwant %q", file, i+1, g, append(w, make([]string, i+1)...)[i])
		}
	}
	t.Fatalf("%s is longer than what is written now", file)
}

// What is known only in some places says where, in the others.
func TestProblemsOfPlace(t *testing.T) {
	bare, long := NewScope(), NewScope()
	long.AllowResponse(false)
	tests := []struct {
		scope             *Scope
		source, want, why string
	}{
		{bare, `status`, `"status" is of a response, and there is none here yet`, "before any request"},
		{bare, `response.status`, `"response" is of a request, and there is none before this`, "by its long name"},
		{bare, `json("a")`, `json() asks a response, and there is none here yet`, "a function"},
		{bare, `request.body`, `request.body is known in a request's headers and after it, not here`, "the body that is not built"},
		{bare, `request`, `"request" has one member: request.body`, "alone"},
		{bare, `rows("x")`, `the plan's data, and there is none here`, "a plan without data"},
		{bare, `gen.x`, `unknown generator "x"`, "a plan without generators"},
		{long, `status`, `"status" is known in check and capture only: write response.status`, "after a request"},
		{long, `json("a")`, `json() is known in check and capture only: write response.json(…)`, "a function"},
		{long, `json`, `"json" is a function: write json("path")`, "not even called"},
		{bare, `token`, `unknown name "token"`, "before it is captured"},
	}
	for _, tt := range tests {
		_, problems := Compile(spec.Expr{Source: tt.source}, tt.scope, Any)
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Message, tt.want) && !strings.Contains(problems[0].Message, tt.want) {
			t.Errorf("%s: %s: got %v, want %q", tt.why, tt.source, problems, tt.want)
		}
	}
}

func TestWantedType(t *testing.T) {
	tests := []struct {
		source string
		want   Type
		ok     bool
		why    string
	}{
		{`status == 200`, Bool, true, "a condition"},
		{`json("a")`, Bool, true, "perhaps one: the run will tell"},
		{`status`, Bool, false, "a number is none"},
		{`"true"`, Bool, false, "nor is a text"},
		{`5`, Millis, true, "a bare number may become any unit"},
		{`5%`, Millis, false, "another unit may not"},
		{`5`, Float, true, "an integer is a number"},
		{`nil`, Bool, false, "nil is no condition"},
	}
	for _, tt := range tests {
		if _, problems := Compile(spec.Expr{Source: tt.source}, everything(t), tt.want); (len(problems) == 0) != tt.ok {
			t.Errorf("%s: %s as %s: %v", tt.why, tt.source, tt.want, problems)
		}
	}
}
