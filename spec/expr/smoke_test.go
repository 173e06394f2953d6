package expr

import (
	"fmt"
	"testing"
	"runner/spec"
)

func TestSmoke(t *testing.T) {
	s := NewScope()
	s.DefineRecord("vars", map[string]Type{"base": String})
	s.Define("token", Any)
	s.AllowResponse(true)
	s.DefineGenerators([]string{"event"})
	s.DefineData([]string{"tickets"})
	for _, src := range []string{"status == 200 && duration < 500ms", `json("received") == true`, "stauts == 200", "duration < 500", "status == 500ms", "500msec", `len(filter(json("items"), .price > 5)) > 1`,
		`upper(token)`, `upper(5)`, `uuid`, `uuid()`, `fake.email()`, `fake.emial()`, `vars.bas`, `vars[token]`, `let x = json("a"); x + x`, `1 = 2`, `1 +`, `token?.x.y ?? 3`, `1/0`, `50%`, `10 % 3`, `{a: 1}.a`, `gen.evnt`, `data.tickets.x`, `rows("tickets")`, `"a" == 1`, `map(1..3, # * 2)`, `status in [200, 201]`, `status in ["a"]`, "duration", `now() + 5m`, `request.body`, `header("X") == ""`, `not (status == 200)`, `status == 200 ? "a" : "b"`, `500 ms`} {
		p, pr := Compile(spec.Expr{Source: src, Pos: spec.Pos{File: "p", Line: 1, Col: 1}}, s, Any)
		if p == nil {
			for _, x := range pr {
				fmt.Printf("%-50s %v %d: %s (%s)\n", src, x.Pos, x.Width, x.Message, x.Hint)
			}
			continue
		}
		v, err := p.Eval(&VM{Env: map[string]any{"token": "tok"}})
		fmt.Printf("%-50s %T %v %v | %v\n", src, v, v, err, p.Parts(&VM{}))
	}
	var n []string
	for _, f := range fakes() { n = append(n, f.Signature) }
	fmt.Println(len(n), n)
}
