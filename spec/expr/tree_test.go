package expr

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"runner/spec"
)

func plainText(s string) spec.Value {
	return spec.Value{Kind: spec.Scalar, Text: spec.Text{Value: s, Pos: spec.Pos{File: "p", Line: 1, Col: 1}}}
}

func quotedText(s string) spec.Value {
	return spec.Value{Kind: spec.Scalar, Text: spec.Text{Value: s, Quoted: true}}
}

func mustTree(t testing.TB, v spec.Value) *Tree {
	t.Helper()
	tree, problems := CompileValue(v, everything(t))
	if len(problems) > 0 {
		t.Fatal(problems[0].Message)
	}
	return tree
}

func TestScalarValues(t *testing.T) {
	tests := []struct {
		value spec.Value
		json  string
		want  any
		why   string
	}{
		{plainText("true"), `true`, true, "a plain word is typed"},
		{plainText("null"), `null`, nil, "null"},
		{plainText("42"), `42`, int64(42), "an integer"},
		{plainText("-0.5"), `-0.5`, -0.5, "a float"},
		{plainText("1.10"), `1.10`, 1.1, "a float, its digits unchanged"},
		{plainText("12345678901234567890"), `12345678901234567890`, 12345678901234567890.0, "more digits than a number holds, unchanged"},
		{plainText("1e400"), `1e400`, "1e400", "JSON has it, arithmetic has not"},
		{plainText("yes"), `"yes"`, "yes", "only true and false are bools"},
		{plainText("True"), `"True"`, "True", "as they are written in JSON"},
		{plainText("2024-05-01"), `"2024-05-01"`, "2024-05-01", "a date is a text"},
		{plainText("500ms"), `"500ms"`, "500ms", "so is a duration"},
		{plainText("0x1F"), `"0x1F"`, "0x1F", "and another base"},
		{plainText("1.2.3"), `"1.2.3"`, "1.2.3", "and a version"},
		{quotedText("42"), `"42"`, "42", "in quotes everything is"},
		{quotedText("true"), `"true"`, "true", "also a word"},
		{quotedText(""), `""`, "", "also nothing"},
		{quotedText("${json('id')}"), `7`, int64(7), "but a lone template keeps its type, in quotes too"},
		{plainText("${json('none')}"), `null`, nil, "null too"},
		{plainText("${json('user')}"), `{"name":"ann","tags":["a","b"]}`, map[string]any{"name": "ann", "tags": []any{"a", "b"}}, "and maps"},
		{plainText("id ${json('id')}"), `"id 7"`, "id 7", "a text with a value in it is a text"},
		{quotedText(`a"b\c<d>&` + "\n\x01ü\u2028"), `"a\"b\\c<d>&\n\u0001ü` + "\u2028" + `"`, `a"b\c<d>&` + "\n\x01ü\u2028", "escapes, and none for HTML"},
		{quotedText("a\xffb"), `"a` + "\ufffd" + `b"`, "a\ufffdb", "JSON has no way to write bytes"},
		{quotedText(`q"${token}`), `"q\"tok"`, `q"tok`, "escapes in mixed text"},
	}
	for _, tt := range tests {
		tree := mustTree(t, tt.value)
		got, err := tree.AppendJSON([]byte(">"), machine(t))
		if err != nil || string(got) != ">"+tt.json || !json.Valid(got[1:]) {
			t.Errorf("%s: JSON is %s, %v, want %s", tt.why, got, err, tt.json)
		}
		if v, err := tree.Eval(machine(t)); err != nil || !reflect.DeepEqual(v, tt.want) {
			t.Errorf("%s: the value is %#v, %v, want %#v", tt.why, v, err, tt.want)
		}
	}
}

func TestNumbersThatAreNone(t *testing.T) {
	for text, hint := range map[string]string{"007": "write 7 for", "01": "write 1 for", "+5": "write 5 for", ".5": "write 0.5 for", "5.": "write 5 for", "-01": "digits alone", "00": "write 0 for", "1.e5": "digits alone"} {
		_, problems := CompileValue(plainText(text), everything(t))
		if len(problems) != 1 || !strings.Contains(problems[0].Hint, hint) || problems[0].Width != len(text) {
			t.Errorf("%s: got %v, want a hint with %q", text, problems, hint)
		}
		if _, problems = CompileValue(quotedText(text), everything(t)); len(problems) > 0 {
			t.Errorf("%s in quotes is a text: %v", text, problems)
		}
	}
}

func object(entries ...any) spec.Value {
	v := spec.Value{Kind: spec.Object}
	for i := 0; i < len(entries); i += 2 {
		v.Entries = append(v.Entries, spec.Entry[spec.Value]{Key: entries[i].(string), Value: entries[i+1].(spec.Value)})
	}
	return v
}

func TestTrees(t *testing.T) {
	tree := mustTree(t, object(
		"z", plainText("${json('id')}"),
		"a", spec.Value{Kind: spec.List, Items: []spec.Value{plainText("1"), quotedText("x ${token}"), object(), {Kind: spec.List}, {Kind: spec.Null}}},
		"m", object("fixed", plainText("1.50"), `k"`, plainText("v")),
	))
	got, err := tree.AppendJSON(nil, machine(t))
	if want := `{"z":7,"a":[1,"x tok",{},[],null],"m":{"fixed":1.50,"k\"":"v"}}`; string(got) != want || err != nil {
		t.Errorf("keys in the author's order: got %s, %v, want %s", got, err, want)
	}
	v, err := tree.Eval(machine(t))
	want := map[string]any{"z": int64(7), "a": []any{int64(1), "x tok", map[string]any{}, []any{}, nil}, "m": map[string]any{"fixed": 1.5, `k"`: "v"}}
	if err != nil || !reflect.DeepEqual(v, want) {
		t.Errorf("got %#v, %v", v, err)
	}
	if !tree.NeedsBody() || strings.Join(tree.Reads(), " ") != "token" {
		t.Errorf("reads %v, needs the body: %v", tree.Reads(), tree.NeedsBody())
	}
	if _, ok := tree.Const(); ok {
		t.Error("it reads the response: no constant")
	}
	fixed := mustTree(t, object("a", plainText("${1 + 1}")))
	if v, ok := fixed.Const(); !ok || !reflect.DeepEqual(v, map[string]any{"a": int64(2)}) {
		t.Errorf("got %v, %v", v, ok)
	}
}

func TestTreeText(t *testing.T) {
	tests := []struct {
		value spec.Value
		want  string
		why   string
	}{
		{quotedText("1.10"), "1.10", "a text's own digits"},
		{spec.Value{Kind: spec.List, Items: []spec.Value{quotedText("2.50"), quotedText("007")}}, "2.50|007", "in a list, too"},
		{plainText("${json('id')}"), "7", "a value"},
		{plainText("${90s}"), "1m30s", "a duration has its unit"},
		{spec.Value{Kind: spec.List, Items: []spec.Value{plainText("${500ms}"), plainText("${status}")}}, "500ms|200", "in a list, too"},
		{plainText("${json('none')}"), "", "null is left out"},
		{spec.Value{Kind: spec.Null}, "", "also when written"},
		{plainText("${json('user').tags}"), "a|b", "a list is repeated"},
		{quotedText(""), "(empty)", "an empty text is a value"},
	}
	for _, tt := range tests {
		got, err := mustTree(t, tt.value).Text(machine(t))
		text := strings.Join(got, "|")
		if len(got) == 1 && text == "" {
			text = "(empty)"
		}
		if text != tt.want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", tt.why, got, err, tt.want)
		}
	}
	if _, err := mustTree(t, plainText("${json('user')}")).Text(machine(t)); err == nil {
		t.Error("a map has no text")
	}
}

// encoding/json reads back what was written, whatever the text.
func TestQuotedIsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		var back string
		if err := json.Unmarshal(appendQuoted(nil, s), &back); err != nil || back != s {
			t.Fatalf("%q came back as %q, %v", s, back, err)
		}
	})
}

func TestQuotedReplacesWhatIsNoText(t *testing.T) {
	if got := string(appendQuoted(nil, "a\xffb\xc3")); got != "\"a\ufffdb\ufffd\"" {
		t.Errorf("got %q", got)
	}
}

func TestJSONOfValues(t *testing.T) {
	deep := any(nil)
	for range 300 {
		deep = []any{deep}
	}
	if _, err := appendJSON(nil, deep, 0); err == nil {
		t.Error("a value without end must be an error")
	}
	got, err := appendJSON(nil, map[any][]any{"b": {1, 2.5}, int64(3): nil}, 0)
	if string(got) != `{"3":[],"b":[1,2.5]}` || err != nil {
		t.Errorf("maps of any kind: got %s, %v", got, err)
	}
}
