package expr

import (
	"strings"
	"testing"

	"runner/spec"
)

func TestDefine(t *testing.T) {
	tests := []struct{ name, want, why string }{
		{"token", "", "a name"},
		{"_x9", "", "any identifier"},
		{"uuid", "", "functions of ours are free: one that is added later breaks no plan"},
		{"rows", "", "all of them"},
		{"p", "", "what conditions know is free elsewhere"},
		{"", "cannot be a name", "nothing"},
		{"a-b", "cannot be a name", "a name with a dash could not be read"},
		{"9a", "cannot be a name", "nor one with a digit first"},
		{"ümlaut", "cannot be a name", "nor one that is not ASCII"},
		{"$vm", "cannot be a name", "nor our own"},
		{"in", "a word of the expression language", "a keyword"},
		{"nil", "a word of the expression language", "a constant"},
		{"vars", "a name that expressions have already", "a record"},
		{"status", "a name that expressions have already", "a name of the response"},
		{"count", "a function of the expression language", "expr's own function"},
		{"now", "a function of the expression language", "also where ours replaces it"},
	}
	for _, tt := range tests {
		err := NewScope().Define(tt.name, Any)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: Define(%q) is %v, want %q", tt.why, tt.name, err, tt.want)
		}
	}
}

func TestScopes(t *testing.T) {
	outer := NewScope()
	outer.DefineRecord("vars", map[string]Type{"a": Int})
	inner := outer.Child()
	inner.AllowResponse(true)
	inner.DefineRecord("vars", map[string]Type{"a": String, "b": Any})
	if err := outer.Define("later", Any); err != nil {
		t.Fatal(err)
	}
	fine := func(s *Scope, source string, want bool, why string) {
		t.Helper()
		if _, problems := Compile(spec.Expr{Source: source}, s, Any); (len(problems) == 0) != want {
			t.Errorf("%s: %s gives %v", why, source, problems)
		}
	}
	fine(inner, `later`, true, "a child sees what its parent defines, also afterwards")
	fine(outer, `status`, false, "what a child allows stays its own")
	fine(inner, `vars.b`, true, "a record that is defined again is replaced")
	fine(outer, `vars.b`, false, "in the child only")
	fine(inner, `vars.a + 1`, false, "with its types")
	fine(outer, `vars.a + 1`, true, "as the parent keeps its own")
	inner.AllowResponse(false)
	fine(inner, `status`, true, "allowing less takes nothing away")

	members := map[string]Type{"x": Int}
	outer.DefineRecord("setup", members)
	members["y"] = Int
	fine(outer, `setup.y`, false, "the caller's map is its own")
	outer.DefineRecord("run", nil)
	fine(outer, `run.id`, false, "a record without members")
}

func TestTypeOf(t *testing.T) {
	for _, tt := range []struct {
		v    any
		want Type
	}{{nil, Any}, {true, Bool}, {1, Int}, {int64(1), Int}, {1.5, Float}, {"a", String}, {[]any{}, List}, {map[string]any{}, Map}, {struct{}{}, Any}} {
		if got := TypeOf(tt.v); got != tt.want {
			t.Errorf("%#v is %v, want %v", tt.v, got, tt.want)
		}
	}
}
