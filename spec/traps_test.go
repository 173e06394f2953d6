package spec

import (
	"errors"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func TestTraps(t *testing.T) {
	checkWrong(t, []wrong{
		{"a template in { }", step("- get: /\n  headers: { A: §${vars.x} }"), "YAML cut ${…} at its brace, because it stands unquoted inside { } or [ ]", `put it in quotes: "${vars.x}"`},
		{"a template in [ ]", step("- get: /\n  query: { a: [§${vars.x}, 2] }"), "YAML cut ${…}", ""},
		{"a template behind text in { }", step("- get: /\n  headers: { A: Bearer §${vars.x} }"), "YAML cut ${…}", ""},
		{"a template as a key in { }", step("- get: /\n  headers: { §${vars.x}: 1 }"), "YAML cut ${…}", ""},
		{"a ternary in a value", step("- get: /\n  check:\n    ok: status == 200 ? true §: false"), "YAML read this colon as the end of a key", "put the whole value in quotes: \"status == 200 ? true : false\""},
		{"a ternary in a list", step("- get: /\n  check:\n    - §status == 200 ? true : false"), "YAML read this as a map, because a colon and a space end a key", `"status == 200 ? true : false"`},
		{"a ternary as the only check", step("- get: /\n  check:\n    §status == 200 ? true : false"), "YAML read this as a map", ""},
		{"a map of expr in a list", step("- get: /\n  check:\n    - §json(\"a\") == x(\"k: v\")"), "YAML read this as a map", ""},
		{"a comment in a string", step("- get: /\n  check:\n    - json(\"a §#b\") == 1"), "YAML took this for a comment", `'json("a #b") == 1'`},
		{"a comment in a named check", step("- get: /\n  check:\n    ok: json('a §# b') == 1"), "YAML took this for a comment", ""},
		{"a comment in a template", step("- get: /\n  headers:\n    A: ${json(\"a §#b\")}"), "YAML took this for a comment", ""},
		{"a comment in a list of conditions", top("thresholds:\n  checks:\n    - rate > (1 §# so)"), "YAML took this for a comment", ""},
		{"not before a bracket, with spaces", step("- get: /\n  check:\n    - §!(status == 200)"), `YAML read "!(status" as a tag`, `put the whole value in quotes: "!(status == 200)"`},
		{"not before a function", step("- get: /\n  check:\n    - §!has(\"x\")"), `YAML read "!has("x")" as a tag`, `'!has("x")'`},
		{"a type of YAML's", top("vars: { a: §!!str 5 }"), `YAML read "!!str" as a tag`, "leave the tag out"},
		{"a tag of the author's", top("vars: { a: §!secret x }"), `YAML read "!secret" as a tag`, ""},
		{"a comma in a call in { }", step("- get: /\n  check: { ok: max(1, §2) == 2 }"), `YAML read "2) == 2" as an entry of its own`, `put the whole value in quotes: ok: "max(1, 2) == 2"`},
		{"a comma in a text in { }", top("env: { A: { description: Yes, §please } }"), `YAML read "please" as an entry of its own`, `description: "Yes, please"`},
		{"a comma in a call in [ ]", step("- get: /\n  check: [ max(1§, 2) == 2 ]"), "YAML ended the value \"max(1\" here", "quotes"},
		{"double braces", step("- get: /\n  headers: { A: {§{x}} }"), "a key must be text, found a map", "${…}"},
		{"text behind a quote", step("- get: /\n  check:\n    - \"a\" §== body"), "YAML ended the value at its closing quote", `'"a" == body'`},
		{"text behind a quote in a map", top("name: \"a\" §b"), "YAML ended the value at its closing quote", ""},
		{"a star", top("name: §*bold*"), `YAML read "*bold*" as an alias`, "quotes"},
		{"an at sign", top("name: §@me"), "no YAML text can begin with '@'", "quotes"},
		{"a backtick", top("name: §`me`"), "no YAML text can begin with '`'", ""},
		{"a percent sign", top("name: §%a"), "no YAML text can begin with '%'", ""},
		{"a tab for spaces", top("vars:\n§\ta: 1"), "a tab stands where YAML wants spaces", "indent with spaces"},
	})
}

func TestSyntax(t *testing.T) {
	checkWrong(t, []wrong{
		{"a quote that isn't closed points at its beginning", "version: 1\nname: §\"a\nscenarios: {}\n", "not valid YAML: found unexpected end of stream", "never closed"},
		{"a bracket that isn't closed points at what follows", "version: 1\nname: [1, 2\nscenarios§: {}\n", "not valid YAML: did not find expected ',' or ']'", "close the bracket"},
		{"a key at the wrong depth", "version: 1\nhttp:\n    timeout: 1s\n  §base_url: x\n", "not valid YAML: did not find expected key", "indentation"},
		{"a line that is no entry", "version: 1\n§nonsense\nscenarios: {}\n", "not valid YAML: could not find expected ':'", "key: value"},
		{"in the first line", "nonsense\nversion§: 1\n", "YAML read this colon", "check the indentation"},
		{"a word like an alias", "version: 1\nname: §*x\n", "YAML read *x as an alias, and there is no anchor &x", "quotes"},
		{"an unknown escape", "version: 1\nname: \"§\\q\"\n", "not valid YAML: found unknown escape character", "single quotes"},
		{"an entry in a list of another depth", "version: 1\nname:\n  - a\n §- b\n", "not valid YAML", ""},
		{"letters beyond ASCII count as one", "version: 1\nname: ä§: ö\n", "YAML read this colon", ""},
		{"a bracket too many", "version: 1\nname: §]\n", "not valid YAML", ""},
		{"a key twice", "version: 1\nname: a\n§name: b\nscenarios:\n  s: { executor: { type: constant-vus, vus: 1, duration: 1s }, steps: [{ think: 1s }] }\n", `the key "name" is there twice`, "first in line 2"},
		{"a key that is a list", top("vars: { §[a]: 1 }"), "a key must be text, found a list", ""},
		{"two documents", base + "§---\nversion: 1\n", "a second YAML document begins here", ""},
		{"an alias inside its anchor", top("vars: &a { x: §*a }"), "the alias *a stands inside its own anchor", ""},
		{"<< with a text", top("vars: { <<: §text }"), "<< merges a map or a list of maps", "<<: *name"},
		{"<< with a list of texts", top("vars: { <<: [§text] }"), `<< merges maps, found "text"`, ""},
		{"a list for a plan", "§- version: 1\n", "a plan is a map of words, found a list", ""},
		{"a text for a plan", "§hello\n", `a plan is a map of words, found "hello"`, ""},
		{"a NUL", "version: 1\nname: a\x00b\n", "the file is binary", ""},
		{"a control character", "version: 1\nname: a§\x1b[31m\n", `the control character \x1b is not allowed`, "escape"},
		{"Latin-1", "version: 1\nname: caf§\xe9\n", "the file is not UTF-8", "save it as UTF-8"},
		{"UTF-16", "\xff\xfev\x00e\x00", "the file is UTF-16", "save it as UTF-8"},
		{"an empty file", "§", "the file is empty", "version: 1"},
		{"a file of comments", "§# nothing here\n", "the file is empty", ""},
		{"an empty document", "§---\n", "the file is empty", ""},
		{"a version of YAML", "§%YAML 1.2\n---\n" + base, "plans have no %YAML line", "remove it"},
	})
}

// What looks like a trap and is none.
func TestNoTraps(t *testing.T) {
	for why, text := range map[string]string{
		"a comment behind an expression": step("- get: /\n  check:\n    ok: status == 200 # as it should"),
		"a hash inside a word":           step("- get: /\n  check:\n    ok: json(\"a#b\") == 1"),
		"a colon inside a URL":           step("- get: http://127.0.0.1:80/a:b"),
		"a template in block form":       step("- get: /\n  headers:\n    A: ${vars.x}"),
		"a quoted template in { }":       step("- get: /\n  headers: { A: \"${vars.x}\" }"),
		"one named check with spaces":    step("- get: /\n  check:\n    says why: json(\"why\") != \"\""),
		"null written out in { }":        step("- get: /\n  query: { a: null, b: }"),
		"CRLF":                           crlf(base),
		"a byte order mark":              "\ufeff" + base,
		"tabs behind values":             top("name: a\t# b"),
		"a bracket in a text":            top("description: the first (of two"),
		"a merge key":                    top("x-b: &b { a: 1, c: 2 }\nvars: { <<: *b, c: 3 }"),
		"a document's end":               base + "...\n",
	} {
		t.Run(why, func(t *testing.T) {
			if problems := all(t, text, Options{}); len(problems) > 0 {
				t.Error(problems)
			}
		})
	}
}

// The marks come from inside yaml.v3: where they don't belong to the error, its own line must do.
func TestSyntaxErrorWithoutMarks(t *testing.T) {
	e := readSyntaxError(yaml.NewDecoder(strings.NewReader("")), errors.New("yaml: line 2: something new"))
	if e.ok || e.problem != "something new" || e.at.line != 1 {
		t.Errorf("%+v", e)
	}
	if p := syntaxProblem("f", []string{"a: b", "c"}, e); p.Pos != (Pos{"f", 2, 1}) || p.Message != "not valid YAML: something new" {
		t.Errorf("%+v", p)
	}
}
