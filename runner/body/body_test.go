package body_test

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"runner/runner/body"
)

const doc = `{
	"id": 7, "big": 9007199254740993, "huge": 12345678901234567890, "ratio": 0.5, "whole": 5.0, "exp": 5e2, "far": 1e300, "neg": -3,
	"ok": true, "no": false, "none": null, "name": "Zoë \"Z\" <b>", "empty": "", "a.b": 1, "@this": "ours", "!x": 2,
	"list": [1, "two", {"n": 3}, [4]], "nothing": [], "map": {"x": {"y": "deep"}},
	"users": [{"name": "ann", "age": 31}, {"name": "bob", "age": 17}]
}`

func TestGet(t *testing.T) {
	tests := []struct {
		path string
		want any
		why  string
	}{
		{"id", int64(7), "an integral number is int64"},
		{"big", int64(9007199254740993), "beyond 2^53 no digit is lost"},
		{"huge", 12345678901234567890.0, "beyond int64 a float64, which compares with numbers"},
		{"ratio", 0.5, "a fraction"},
		{"whole", int64(5), "5.0 is the number 5"},
		{"exp", int64(500), "and so is 5e2 500"},
		{"far", 1e300, "integral, but no integer of ours"},
		{"neg", int64(-3), "a sign"},
		{"ok", true, "true"},
		{"no", false, "false"},
		{"none", nil, "null is a value"},
		{"name", `Zoë "Z" <b>`, "escapes are undone"},
		{"empty", "", "an empty text is a value"},
		{"list", []any{int64(1), "two", map[string]any{"n": int64(3)}, []any{int64(4)}}, "lists and maps are built whole"},
		{"nothing", []any{}, "an empty list is no nil"},
		{"map.x.y", "deep", "a path"},
		{"list.2.n", int64(3), "an index"},
		{"list.#", int64(4), "gjson's count"},
		{`a\.b`, int64(1), "a dot in a name is escaped"},
		{"users.#.name", []any{"ann", "bob"}, "gjson's mapping"},
		{"users.#(age>18).name", "ann", "gjson's query"},
		{"@this", "ours", "a name that looks like a modifier is a name"},
		{"!x", int64(2), "and so is one that looks like a literal"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			v, ok, err := body.Get([]byte(doc), tt.path)
			if err != nil || !ok || !reflect.DeepEqual(v, tt.want) {
				t.Errorf("%s: got %#v, %v, %v, want %#v", tt.why, v, ok, err, tt.want)
			}
		})
	}
}

func TestGetFindsNothing(t *testing.T) {
	for path, why := range map[string]string{
		"missing":      "no such name",
		"map.x.z":      "no such name below one that is there",
		"id.x":         "a number has no members",
		"list.9":       "no such element",
		"":             "an empty path names nothing",
		"users.#(age>": "a path that gjson cannot parse finds nothing and does not panic",
		"@pretty":      "a modifier would invent a value",
		`!"static"`:    "a literal would invent a value",
	} {
		if v, ok, err := body.Get([]byte(doc), path); ok || err != nil {
			t.Errorf("%q: got %v, %v, %v, want nothing: %s", path, v, ok, err, why)
		}
	}
}

func TestInvalid(t *testing.T) {
	tests := []struct{ data, shows, why string }{
		{"", "empty", "no body"},
		{"  \n", "empty", "white space"},
		{"<html>502</html>", `"<html>502</html>"`, "an error page of a proxy"},
		{`{"a": 1`, `"{\"a\": 1"`, "a reply that was cut off"},
		{`{"a": 1} x`, `x`, "something behind the value"},
		{strings.Repeat("x", 500), "…", "a long body is not repeated in a message"},
	}
	for _, tt := range tests {
		_, ok, err := body.Get([]byte(tt.data), "a")
		if ok || !errors.Is(err, body.ErrInvalid) || !strings.Contains(err.Error(), tt.shows) {
			t.Errorf("%s: got %v, %v, want an error with %q", tt.why, ok, err, tt.shows)
		}
		if err != nil && len(err.Error()) > 200 {
			t.Errorf("%s: the message has %d bytes", tt.why, len(err.Error()))
		}
	}
}

func TestDeepNesting(t *testing.T) {
	deep := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	if _, _, err := body.Get(deep(9_000), "0"); err != nil {
		t.Errorf("9,000 deep is JSON like any other: %v", err)
	}
	if _, _, err := body.Get(deep(10_000_000), "0"); !errors.Is(err, body.ErrInvalid) {
		t.Errorf("a body of brackets must be an error, not the end of the process: %v", err)
	}
	wide := []byte(`[` + strings.Repeat(`{"[[[{{{\"[[": []},`, 20_000) + `1]`)
	if _, _, err := body.Get(wide, "0"); err != nil {
		t.Errorf("many brackets side by side or in texts are not deep: %v", err)
	}
}

// A value must not change when the buffer that it came from takes the next body.
func TestValuesOutliveTheBody(t *testing.T) {
	data := []byte(`{"text": "hello", "map": {"key": "value"}}`)
	text, _, _ := body.Get(data, "text")
	all, _, _ := body.Get(data, "map")
	for i := range data {
		data[i] = 'X'
	}
	if text != "hello" || !reflect.DeepEqual(all, map[string]any{"key": "value"}) {
		t.Errorf("the values changed with the buffer: %v, %v", text, all)
	}
}

func TestDocumentChecksOnce(t *testing.T) {
	data := []byte(`{"a": true}`)
	var d body.Document
	if d.Err() == nil {
		t.Error("the zero document is empty, which is not JSON")
	}
	d.Reset(data)
	if v, ok, err := d.Find("a"); v != true || !ok || err != nil {
		t.Errorf("got %v, %v, %v", v, ok, err)
	}
	data[len(data)-1] = 'X'
	if _, ok, _ := d.Find("a"); !ok {
		t.Error("a second question must not check the body again")
	}
	d.Reset(data)
	if _, _, err := d.Find("a"); !errors.Is(err, body.ErrInvalid) {
		t.Errorf("after Reset it must check again, got %v", err)
	}
}

func TestScalarsCostNothing(t *testing.T) {
	var d body.Document
	data := []byte(`{"received": true, "n": 42, "none": null}`)
	for _, path := range []string{"received", "n", "none", "missing"} {
		if n := testing.AllocsPerRun(100, func() { d.Reset(data); _, _, _ = d.Find(path) }); n != 0 {
			t.Errorf("%s: %v allocations", path, n)
		}
	}
}

// encoding/json is the oracle for what is JSON, and for values where the two agree on numbers.
func FuzzGet(f *testing.F) {
	for _, s := range []string{doc, "[1]", "1e400", `"\ud800"`, "{}", "nul", `{"a":{"a":[1,2,{"a":3}]}}`} {
		f.Add([]byte(s), "a")
		f.Add([]byte(s), "users.#(age>18)#.name")
	}
	f.Fuzz(func(t *testing.T, data []byte, path string) {
		v, ok, err := body.Get(data, path)
		if (err == nil) != json.Valid(data) {
			t.Fatalf("valid is %v for encoding/json, and here the error is %v", json.Valid(data), err)
		}
		if !ok && v != nil {
			t.Fatalf("nothing found, and yet a value: %v", v)
		}
		if f, isFloat := v.(float64); isFloat && math.Trunc(f) == f && math.Abs(f) < 1<<53 {
			t.Fatalf("an integral number as float64: %v", f)
		}
	})
}
