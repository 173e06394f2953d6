package expr

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestEval(t *testing.T) {
	tests := []struct {
		source string
		want   any
		why    string
	}{
		{`status`, int64(200), "a status is an integer"},
		{`response.status`, int64(200), "by its long name"},
		{`duration`, 123.5, "times are float64 milliseconds"},
		{`size`, int64(9), "bytes"},
		{`header("Content-Type")`, "application/json", "names of headers ignore case"},
		{`headers["content-type"]`, "application/json", "a map by lower-case name"},
		{`cookies.session`, "s1", "cookies by name"},
		{`response.json("id")`, int64(7), "functions by their long name"},
		{`json("missing", 5)`, int64(5), "a default stands in for what is absent"},
		{`json("none")`, nil, "null is a value"},
		{`json("none", 5)`, nil, "and needs no default"},
		{`has("user.name") && !has("user.age")`, true, "has asks without failing"},
		{`json("user").tags[0]`, "a", "members and indexes"},
		{`json("user").tags[-1]`, "b", "negative indexes count from the end"},
		{`json("user")?.age`, nil, "?. asks for a member"},
		{`json("none")?.a.b[0]`, nil, "and what follows it is optional too"},
		{`json("user")?.tags[1:]`, []any{"b"}, "a slice in an optional chain"},
		{`get(json("user"), "age") ?? 18`, int64(18), "get asks too"},
		{`vars.base + "/x"`, "http://x/x", "texts join"},
		{`vars.cfg.retries`, int64(2), "inside a variable everything is dynamic"},
		{`services.api.url`, "http://api", "records in records"},
		{`services["my-db"].url`, "db", "a name that is no identifier"},
		{`setup.user`, "u1", "what setup captured"},
		{`stage`, "peak", "a word of the language"},
		{`uuid`, "mine", "a captured name wins over a function of that name"},
		{`gen.event.id`, "evt_tok", "a generator is evaluated at each use"},
		{`data.tickets.email`, "a@b.c", "a row's column"},
		{`rows("tickets")`, int64(1), "how many rows there are"},
		{`request.body`, `{"sent":true}`, "the bytes that are sent, as text"},
		{`1 + 2 * 3`, int64(7), "whole numbers stay whole"},
		{`7 / 2`, 3.5, "division is exact"},
		{`6 / 2`, 3.0, "and always gives a float"},
		{`7 % 4`, int64(3), "modulo"},
		{`-7 % 4`, int64(-3), "the sign is the dividend's"},
		{`2 ** 10`, 1024.0, "a power is a float"},
		{`json("id") == 7.0`, true, "integers and floats compare by value"},
		{`json("id") + 0.5`, 7.5, "and mix"},
		{`9007199254740993 == 9007199254740992.0`, false, "no digit is lost on the way to a float"},
		{`json("none") == nil && json("id") != nil`, true, "nil compares with anything"},
		{`json("user") == {name: "ann", tags: ["a", "b"]}`, true, "maps compare by content"},
		{`[1, 2] == [1.0, 2]`, true, "and lists, by the values of numbers"},
		{`[1, "a"] == ["a", 1]`, false, "different kinds inside are just different"},
		{`"b" > "a"`, true, "texts have an order"},
		{`200 <= status < 300`, true, "comparisons chain"},
		{`status in [200, 201]`, true, "in a list"},
		{`status in 200..299`, true, "in a range"},
		{`json("id") in [nil, "a", 7]`, true, "a mixed list has something to compare with"},
		{`"name" in json("user")`, true, "in a map: a key"},
		{`body contains "id"`, true, "texts in texts"},
		{`body matches "^.\"id\": [0-9]+"`, true, "a regular expression"},
		{`"abc" startsWith "ab" and "abc" endsWith "bc"`, true, "ends of texts"},
		{`not ("abc" contains "x")`, true, "not"},
		{`status == 404 || json("received")`, true, "or"},
		{`status == 404 && json("missing")`, false, "and goes no further than it must"},
		{`status == 200 ? "up" : json("missing")`, "up", "so does ?:"},
		{`if status == 200 { "up" } else { "down" }`, "up", "if is an expression"},
		{`json("none") ?? "x"`, "x", "nil coalesces"},
		{`len(json("items"))`, int64(2), "expr's own functions"},
		{`filter(json("items"), .price > 5)[0].name`, "y", "loops"},
		{`map(json("items"), #.price * 2)`, []any{int64(6), 15.0}, "a loop over any values"},
		{`sum(map(json("items"), .price))`, 10.5, "sums"},
		{`json("items") | map(.name) | join(",")`, "x,y", "pipes"},
		{`all(json("items"), .price > 0)`, true, "all"},
		{`count(1..5, # % 2 == 0)`, int64(2), "count"},
		{`reduce(1..4, #acc + #, 0)`, int64(10), "reduce"},
		{`sortBy(json("items"), .price, "desc")[0].name`, "y", "sortBy"},
		{`groupBy(json("items"), .name).x[0].price`, int64(3), "groups are a map like any other"},
		{`let x = json("id"); x * x`, int64(49), "a variable"},
		{`json("user").name[1:]`, "nn", "a slice of a text"},
		{`"añb"[1:2]`, "ñ", "slices count characters"},
		{`1..3`, []any{int64(1), int64(2), int64(3)}, "a range"},
		{`upper("ss") + lower("A") + trim(" x ")`, "SSax", "texts"},
		{`split("a,b", ",")`, []any{"a", "b"}, "lists have one form"},
		{`keys({b: 1, a: 2})`, []any{"a", "b"}, "keys come in one order"},
		{`{a: 1, "b c": [2]}`, map[string]any{"a": int64(1), "b c": []any{int64(2)}}, "a map that is written out"},
		{`min(3, 1.5)`, 1.5, "min"},
		{`int("42") + int(1.9)`, int64(43), "int"},
		{`string(1.50) + string(true)`, "1.5true", "string is the text form"},
		{`500ms + 1s`, 1500.0, "durations add"},
		{`duration < 50% * 1s`, true, "a ratio of a duration"},
		{`1s / 500ms`, 2.0, "durations divide to a number"},
		{`now() - 30m`, time.Date(2024, 5, 1, 11, 0, 0, 250e6, time.UTC), "a time and a duration"},
		{`now() - (now() - 90s)`, 90000.0, "two times are a duration apart"},
		{`now() > date("2024-05-01")`, true, "times have an order"},
		{`from_json("[1, 2.5, 9007199254740993]")`, []any{int64(1), 2.5, int64(9007199254740993)}, "whole numbers stay whole"},
		{"`raw \\n`", `raw \n`, "a raw text"},
		{`1 /* one */ + 2 // two`, int64(3), "comments"},
		{`b"\x41"`, "A", "bytes are a text"},
	}
	for _, tt := range tests {
		t.Run(tt.source, func(t *testing.T) {
			got, err := mustCompile(t, tt.source, Any).Eval(machine(t))
			if err != nil || !reflect.DeepEqual(plainDeep(got), tt.want) {
				t.Errorf("%s: got %#v, %v, want %#v", tt.why, got, err, tt.want)
			}
		})
	}
}

// plainDeep gives the elements of lists the form that single values have.
func plainDeep(v any) any {
	switch v := v.(type) {
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = plainDeep(v[i])
		}
		return all
	case map[string]any:
		all := map[string]any{}
		for k := range v {
			all[k] = plainDeep(v[k])
		}
		return all
	}
	return plainValue(v)
}

func TestEvalErrors(t *testing.T) {
	tests := []struct{ source, want, why string }{
		{`json("missing")`, `the body has nothing at "missing"`, "an absent path is no value"},
		{`json("state") == 200`, `cannot compare "done" (a text) with 200 (a number)`, "different kinds are an error, not false"},
		{`json("id") == "7"`, `cannot compare 7 (a number) with "7" (a text)`, "not even when they look alike"},
		{`json("received") == "true"`, `cannot compare true with "true" (a text)`, "nor bools"},
		{`json("id") != "7"`, `cannot compare`, "unequal would be as misleading as false"},
		{`json("id") in ["a", "b"]`, `cannot compare 7 (a number) with the elements`, "in compares too"},
		{`json("id") < "a"`, `cannot order 7 (a number) and "a" (a text)`, "order needs one kind"},
		{`json("none") < 5`, `cannot order nil and 5`, "nil has no order"},
		{`json("user").age`, `no member "age" (have: name, tags)`, "an absent member is no value"},
		{`json("user").nam`, `did you mean "name"?`, "a member nearly spelled"},
		{`json("user").tags[5]`, `no element 5: the list has 2`, "beyond the end"},
		{`json("user").tags[-5]`, `no element -5: the list has 2`, "before the beginning"},
		{`json("none").x`, `nil has no member "x"`, "nil has no members"},
		{`json("id").x`, `7 (a number) has no member "x"`, "nor has a number"},
		{`late`, `"late" has no value yet in this iteration`, "a capture that has not happened"},
		{`late ?? "x"`, `"late" has no value yet`, "reading it is the error, whatever follows"},
		{`[late]`, `"late" has no value yet`, "in a list"},
		{`{a: late}`, `"late" has no value yet`, "in a map"},
		{`map(1..2, late)`, `"late" has no value yet`, "in a loop"},
		{`json("id") / (json("id") - 7)`, `division by zero`, "a number divided by zero"},
		{`json("id") % 0`, `division by zero`, "the rest too"},
		{`json("id") + "a"`, `cannot add 7 (a number) and "a" (a text); string(…)`, "no text grows out of a sum by accident"},
		{`json("count") * 9223372036854775807`, `too large`, "numbers do not wrap around"},
		{`-(json("id") * 0 - 9223372036854775807 - 1)`, `too large`, "not even the last one"},
		{`10.0 ** json("count") ** 2`, `too large`, "nor become infinite"},
		{`json("id") && true`, `7 (a number) is neither true nor false`, "no number is true"},
		{`!json("state")`, `"done" (a text) is neither true nor false`, "no text either"},
		{`json("none") || true`, `nil is neither true nor false`, "nor is nil false"},
		{`json("id") ? 1 : 2`, `neither true nor false`, "a condition"},
		{`filter(json("items"), .price)`, `3 (a number) is neither true nor false`, "a loop's condition"},
		{`filter(json("id"), true)`, `a list is needed, not a whole number`, "a loop over a number"},
		{`json("none") contains "x"`, `contains looks into a text, not nil`, "nil contains nothing, but nobody asked that"},
		{`json("state") matches json("bad", "(")`, `not a regular expression: missing closing )`, "a pattern from the response"},
		{`upper(json("id"))`, `got a whole number where a text is needed`, "expr's own functions, in our words"},
		{`len(json("id"))`, `len() cannot take a whole number`, "len of a number"},
		{`int("abc")`, `"abc" (a text) is not a whole number`, "int of letters"},
		{`string(json("none"))`, `nil has no text form`, "no <nil>"},
		{`sort([1, json("state")])`, `cannot order`, "sorting what has no order"},
		{`gen.loop`, `read each other without an end`, "a generator that reads itself"},
		{`count(1..2000, count(1..2000, true) > 0) > 0`, `turns`, "loops in loops end"},
		{`let x = 1..1000; count(x, count(x, count(x, true) > 0) > 0)`, `turns`, "also without making data"},
		{`reduce(1..60, #acc + #acc, "x")`, `too much data`, "a text that doubles"},
		{`map(1..1000, 1..100000)`, `too much data`, "lists in lists"},
		{`1..10000000`, `more than 100000 elements`, "a range that nobody can mean"},
		{`repeat("x", 100000000)`, `too much data`, "a text of 100 MB"},
		{`rand_string(1000000000)`, `from 0 to 1048576`, "and a random one"},
		{`from_json("{")`, `is not JSON`, "no JSON"},
		{`unbase64("!")`, `is not base64`, "no base64"},
		{`fake.number("a", 1)`, `fake.number(): `, "gofakeit's own refusals name the function"},
	}
	for _, tt := range tests {
		t.Run(tt.source, func(t *testing.T) {
			_, err := evalOrCompile(t, tt.source)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("%s: got %v, want %q", tt.why, err, tt.want)
			}
			for _, goism := range []string{"interface", "runtime error", "reflect", "<nil>", "int64", "float64", "%!", "panic", "goroutine"} {
				if strings.Contains(err.Error(), goism) {
					t.Errorf("the message speaks Go: %v", err)
				}
			}
		})
	}
}

// evalOrCompile runs an expression; what is a constant fails when it is compiled.
func evalOrCompile(t *testing.T, source string) (any, error) {
	t.Helper()
	p, flaws := compile(source, "", everything(t), Any, nil, link)
	if len(flaws) > 0 {
		return nil, &Error{Source: source, Err: errText(flaws[0].message)}
	}
	return p.Eval(machine(t))
}

type errText string

func (e errText) Error() string { return string(e) }

func TestErrorsNameTheExpression(t *testing.T) {
	_, err := mustCompile(t, "json(\"a\")\n  == 1", Any).Eval(machine(t))
	if want := `json("a") == 1: the body has nothing at "a"`; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %q first, on one line", err, want)
	}
}

func TestNoResponse(t *testing.T) {
	vm := machine(t)
	vm.Host.(*still).response = nil
	for _, source := range []string{`status == 200`, `json("a")`, `json("a", 1)`, `has("a")`, `header("a")`, `body`, `status in [1]`, `map(1..1, status)`} {
		if _, err := mustCompile(t, source, Any).Eval(vm); err == nil || !strings.Contains(err.Error(), "there is no response yet") {
			t.Errorf("%s: got %v", source, err)
		}
	}
	vm.Host.(*still).response = &reply{broken: true}
	for source, want := range map[string]string{`json("a")`: "error: json(\"a\"): the body is not valid JSON: it is empty", `json("a", 1)`: "int64 1", `has("a")`: "bool false"} {
		if got := outcome(mustCompile(t, source, Any).Eval(vm)); got != want {
			t.Errorf("a body that is no JSON, %s: got %s, want %s", source, got, want)
		}
	}
}

func TestBool(t *testing.T) {
	if ok, err := mustCompile(t, `json("received")`, Bool).Bool(machine(t)); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
	if _, err := mustCompile(t, `json("id")`, Bool).Bool(machine(t)); err == nil || !strings.Contains(err.Error(), "must be true or false, but it is 7 (a number)") {
		t.Errorf("a number passed as a condition: %v", err)
	}
}

// What one evaluation has used up is not missing in the next.
func TestBudgetsStartOver(t *testing.T) {
	vm, p := machine(t), mustCompile(t, `count(1..1000, len("x" + token) > 1)`, Any)
	for range maxLoops/1000 + 2 {
		if _, err := p.Eval(vm); err != nil {
			t.Fatal(err)
		}
	}
}

// A generator runs inside the expression that reads it, also where both have loops.
func TestMachinesNest(t *testing.T) {
	vm := machine(t)
	vm.Host.(*still).generator[0] = mustTree(t, plainText("${sum(map(1..3, # * json('id')))}"))
	v, err := mustCompile(t, `map(1..2, # + gen.event + count(1..3, # > 1))`, Any).Eval(vm)
	if want := []any{int64(45), int64(46)}; err != nil || !reflect.DeepEqual(plainDeep(v), want) {
		t.Errorf("got %v, %v, want %v", v, err, want)
	}
}

// A row is drawn at its first read, and not by an expression that never gets there.
func TestRowsAreDrawnLate(t *testing.T) {
	vm := machine(t)
	p := mustCompile(t, `status == 404 ? data.tickets.email : "none"`, Any)
	if v, err := p.Eval(vm); v != "none" || err != nil || vm.Host.(*still).draws != 0 {
		t.Errorf("got %v, %v after %d draws", v, err, vm.Host.(*still).draws)
	}
}

func TestParts(t *testing.T) {
	tests := []struct{ source, want, why string }{
		{`status == 404 && json("received") == true`, `status=200; status == 404=false; json("received")=true; json("received") == true=true`, "what stands beside operators, and each comparison"},
		{`len(filter(json("items"), .price > 5)) == 2`, `len(filter(json("items"), .price > 5))=1`, "a call is one part, its loop none"},
		{`json("missing") == 1`, `json("missing")=!`, "a part that has no value says why"},
		{`(json("user").name + "x") == "y"`, `json("user").name=ann`, "members belong to their part"},
		{`json("user")["name"] == "(]"`, `json("user")["name"]=ann`, "brackets in texts close nothing"},
		{`has("a")`, `has("a")=false`, "the whole expression"},
		{`status in [200, 201] and duration < 1s`, `status=200; status in [200, 201]=true; duration=123.5; duration < 1s=true`, "constants explain nothing"},
		{`status == 1 || status == 2`, `status=200; status == 1=false; status == 2=false`, "each once"},
		{`not (status == 200) or (size + 1) > (2 + size)`, `status=200; status == 200=true; size=9; (size + 1) > (2 + size)=false`, "brackets belong to their part"},
		{`json("items") == [1]`, `json("items")=a list; json("items") == [1]=false`, "lists are compared"},
		{`let x = status; x == 1`, ``, "a variable has no value outside"},
		{`json("user")?.age == nil`, `json("user")?.age=nil`, "an optional chain"},
		{`json("items") | len() == 5`, `json("items") | len()=2`, "a pipe"},
	}
	for _, tt := range tests {
		var got []string
		for _, p := range mustCompile(t, tt.source, Any).Parts(machine(t)) {
			text, err := Text(p.Value)
			switch {
			case p.Err != nil:
				text = "!"
			case err != nil:
				text = describe(p.Value)
			}
			got = append(got, p.Source+"="+text)
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%s: %s:\n got %s\nwant %s", tt.why, tt.source, s, tt.want)
		}
	}
}

func TestTheSidesOfAComparison(t *testing.T) {
	for _, tt := range []struct{ source, want, why string }{
		{`json("user") == {"name": "bob"}`, `actual json("user"), expected {"name": "bob"}`, "what is written out is expected"},
		{`{"name": "bob"} == json("user")`, `actual json("user"), expected {"name": "bob"}`, "on whichever side it stands"},
		{`json("user") == json("user", {})`, `actual json("user"), expected json("user", {})`, "else what stands second"},
		{`status == 404`, ``, "of numbers there is nothing to compare line by line"},
		{`json("missing") == [1]`, ``, "nor of what has no value"},
	} {
		parts := mustCompile(t, tt.source, Bool).Parts(machine(t))
		got := ""
		if p := parts[len(parts)-1]; p.Compared {
			got = "actual " + p.ActualSource + ", expected " + p.ExpectedSource
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q: %s", tt.source, got, tt.want, tt.why)
		}
	}
}

func TestReads(t *testing.T) {
	tests := []struct {
		source                  string
		names                   string
		body, headers, response bool
		constant                bool
		why                     string
	}{
		{`1 + 1`, "", false, false, false, true, "nothing"},
		{`token + vars.base + token`, "token vars", false, false, false, false, "each name once"},
		{`vars.base + env.KEY + setup.user`, "vars env setup", false, false, false, true, "records keep their values for the whole run"},
		{`vu.id`, "vu", false, false, false, false, "but vu does not"},
		{`uuid()`, "", false, false, false, false, "nor does a random value"},
		{`status`, "", false, false, true, false, "the response"},
		{`size`, "", false, false, true, false, "its size needs no body"},
		{`json("a", 1)`, "", true, false, true, false, "JSON does"},
		{`has("a")`, "", true, false, true, false, "so does has"},
		{`header("a")`, "", false, true, true, false, "a header"},
		{`cookies.a`, "", false, true, true, false, "cookies are headers"},
		{`map(1..2, body)`, "", true, false, true, false, "in a loop too"},
		{`gen.event`, "gen", false, false, false, false, "a generator"},
		{`data.tickets.a`, "data", false, false, false, false, "a row"},
		{`rows("tickets")`, "data", false, false, false, true, "how many there are does not change"},
	}
	for _, tt := range tests {
		p := mustCompile(t, tt.source, Any)
		if got := strings.Join(p.Reads(), " "); got != tt.names || p.NeedsBody() != tt.body || p.NeedsHeaders() != tt.headers ||
			p.NeedsResponse() != tt.response || p.Constant() != tt.constant {
			t.Errorf("%s: %s reads %q, body %v, headers %v, response %v, constant %v", tt.why, tt.source, got, p.NeedsBody(), p.NeedsHeaders(), p.NeedsResponse(), p.Constant())
		}
	}
	if p := mustCompile(t, `gen.loop.x + data.tickets.a + gen.event.y`, Any); !reflect.DeepEqual(p.Generators(), []int{1, 0}) || !reflect.DeepEqual(p.Feeders(), []int{0}) {
		t.Errorf("got generators %v, feeders %v", p.Generators(), p.Feeders())
	}
}

func TestConst(t *testing.T) {
	for source, want := range map[string]any{`1 + 1`: int64(2), `upper("a")`: "A", `sha256("")[0:4]`: "e3b0", `[1, 2]`: []any{int64(1), int64(2)}, `5 > 3 && true`: true} {
		if v, ok := mustCompile(t, source, Any).Const(); !ok || !reflect.DeepEqual(plainDeep(v), want) {
			t.Errorf("%s: got %v, %v, want %v", source, v, ok, want)
		}
	}
	for _, source := range []string{`status`, `uuid()`, `now()`, `token`, `map(1..3, #)`} {
		if v, ok := mustCompile(t, source, Any).Const(); ok {
			t.Errorf("%s is no constant, but gave %v", source, v)
		}
	}
}
