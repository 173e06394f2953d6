package lsp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func testServer(t testing.TB) *server {
	t.Helper()
	words, err := readGrammar()
	if err != nil {
		t.Fatal(err)
	}
	return &server{words: words, files: files{open: map[string]*document{}}, parts: map[string]string{}}
}

// TestPlaces: the cursor is found in whole texts and in broken ones.
func TestPlaces(t *testing.T) {
	for _, row := range []struct{ why, text, want string }{
		{"a key", "ht|tp: 1", "/ key ht"},
		{"a value", "http:\n  timeout: 1|0s", "/http/timeout value 1"},
		{"behind a colon", "http:\n  timeout: |", "/http/timeout value "},
		{"a new line", "http:\n  |", "/http key "},
		{"back at the top", "http:\n  timeout: 1s\n|", "/ key "},
		{"beside what is deeper", "a:\n  b:\n    c: 1\n  |", "/a key "},
		{"behind a dash", "steps:\n  - |", "/steps/- key "},
		{"a list in the column of its key", "steps:\n- get: /\n- |", "/steps/- key "},
		{"a word without a colon", "http:\n  tim|", "/http key tim"},
		{"in brackets", "http: { timeout: 1s, re| }", "/http key re"},
		{"a value in brackets", "http: { timeout: 1|0s, a: b }", "/http/timeout value 1"},
		{"in brackets that are not closed", "http: { timeout: 1s, re|\nvars: {}", "/http key re"},
		{"brackets in brackets", "a: { b: [1, { c|: 2 }] }", "/a/b/- key c"},
		{"in quotes", `a: "x ${va|rs.b}"`, "/a value x ${va"},
		{"in quotes that are not closed", `a: "x ${va|`, "/a value x ${va"},
		{"a block of text", "a: |\n  first\n  sec¦ond\nb: 1", "/a value sec"},
		{"under a broken line", "a: ]]\nhttp:\n  ti|", "/http key ti"},
		{"a template in brackets", "a: { b: ${x|}, c: 1 }", "/a/b value ${x"},
		{"a comment is no key", "http: # no: key\n  |", "/http key "},
		{"a key in quotes", "thresholds:\n  \"checks{a=b|}\": rate > 1%", "/thresholds key \"checks{a=b"},
	} {
		mark := "|"
		if strings.Contains(row.text, "¦") {
			mark = "¦"
		}
		before, after, _ := strings.Cut(row.text, mark)
		d := newDocument("p.yaml", before+after)
		p := d.find(strings.Count(before, "\n"), len([]rune(before[strings.LastIndexByte(before, '\n')+1:])))
		in, kind := p.in, "key"
		if !p.key {
			in, kind = p.on, "value"
		}
		if got := "/" + strings.Join(in.keys(), "/") + " " + kind + " " + p.written(); got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}

// TestPositions: the protocol counts UTF-16 units, we count characters.
func TestPositions(t *testing.T) {
	d := newDocument("p.yaml", "a: é😀x\r\nb")
	for col, units := range map[int]int{0: 0, 4: 4, 5: 6, 6: 7, 99: 7} {
		if got := d.position(0, col).Character; got != units {
			t.Errorf("column %d is unit %d, want %d", col, got, units)
		}
	}
	for units, col := range map[int]int{0: 0, 4: 4, 5: 5, 6: 5, 7: 6, 99: 6} {
		if got := d.column(position{0, units}); got != col {
			t.Errorf("unit %d is column %d, want %d", units, got, col)
		}
	}
	if got := d.column(position{99, 99}); got != 0 {
		t.Errorf("behind the end: %d", got)
	}
}

func TestColumnsOfData(t *testing.T) {
	for _, row := range []struct{ why, text, selected, want string }{
		{"a header", "id,\"full name\",email\n1,a,b\n", "csv", "id@0 full name@4 email@15"},
		{"a byte order mark", "\ufeffid,name\n", "csv", "id@1 name@4"},
		{"rows of JSON", "[\n  {\"id\": 1, \"in\": {\"x\": 1}, \"name\": \"a\"},\n  {\"other\": 1}]", "", "id@4 in@13 name@29"},
		{"rows below a key", "{\"meta\": {\"a\": 1}, \"rows\": [{\"id\": 1}]}", "rows", "id@30"},
		{"lines of JSON", "{\"id\": \"a: \\\"b\\\"\"}\n{\"z\": 1}", "", "id@2"},
		{"no JSON at all", "}}{{\"", "", ""},
	} {
		doc := &document{}
		for _, line := range strings.Split(row.text, "\n") {
			doc.lines = append(doc.lines, []rune(line))
		}
		all := header(doc)
		if row.selected != "csv" {
			all = firstRow(doc, &item{value: row.selected})
		}
		var got []string
		for _, c := range all {
			got = append(got, c.name+"@"+jsonOf(c.part.from))
		}
		if s := strings.Join(got, " "); s != row.want {
			t.Errorf("%s: %q, want %q", row.why, s, row.want)
		}
	}
}

func jsonOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// TestShippedPlansHaveNoDeadEnds: every key of every shipped plan can be explained, as a word or as a name.
func TestShippedPlansHaveNoDeadEnds(t *testing.T) {
	plans, err := filepath.Glob("../../plans/*/*.yaml")
	if err != nil || len(plans) == 0 {
		t.Fatal(err)
	}
	free := map[string]bool{"json": true, "with": true, "headers": true, "query": true, "form": true, "multipart": true, "cookies": true, "variables": true, "generators": true,
		"columns": true, "hosts": true, "params": true}
	s := testServer(t)
	for _, plan := range plans {
		text, err := os.ReadFile(plan)
		if err != nil {
			t.Fatal(err)
		}
		d := newDocument(plan, string(text))
		d.root.walk(func(i *item) {
			if i.kind != keyItem || strings.HasPrefix(i.key, "x-") {
				return
			}
			for at := i.parent; at != nil; at = at.parent {
				if free[at.key] || at.key == "default" || at.key == "set" && at != i.parent || at.key == "vars" && at != i.parent || strings.HasPrefix(at.key, "x-") {
					return
				}
			}
			if s.view(d, d.position(i.keyAt.line, i.keyAt.from+1)).hover() == nil {
				t.Errorf("%s:%d: nothing is known of %s", plan, i.keyAt.line+1, strings.Join(i.keys(), "/"))
			}
		})
	}
}

// FuzzAnyTextAnyPlace: whatever the text and wherever the cursor, there is an answer, and what it says to replace lies in
// the text.
func FuzzAnyTextAnyPlace(f *testing.F) {
	for _, seed := range []string{
		"version: 1\nvars: { a: \"${env.B}\" }\nscenarios:\n  s:\n    steps:\n      - get: /${vars.a}\n        check: { ok: status == 200 }\n",
		"a: [\n\t- \"${vars.", "thresholds:\n  http_reqs{a=b, c: count", "- - -\n: :\n{ { [", "a: |\n  😀 ${\n b", "data: { d: { file: x.csv } }\nx: ${data.d.\n", "with: {\n call", "\"a\": 'b",
	} {
		f.Add(seed, uint16(3), uint16(4))
	}
	s := testServer(f)
	f.Fuzz(func(t *testing.T, text string, line, col uint16) {
		d := newDocument(filepath.Join(t.TempDir(), "p.yaml"), text)
		at := position{int(line) % (len(d.lines) + 2), int(col)}
		got := s.view(d, at).complete().(completions)
		for _, c := range got.Items {
			if r := c.TextEdit.Range; r.Start.Line != r.End.Line || r.Start.Character > r.End.Character {
				t.Fatalf("%q: an edit over %+v", c.Label, r)
			}
		}
		for _, answer := range []any{s.view(d, at).hover(), s.view(d, at).define(), s.view(d, at).symbols()} {
			if _, err := json.Marshal(answer); err != nil {
				t.Fatal(err)
			}
		}
	})
}
