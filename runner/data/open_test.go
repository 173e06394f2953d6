package data

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"runner/runner/schedule"
	"runner/spec"
)

// write makes a file and the feeder that names it: file: at 4:11, select: at 5:13.
func write(t testing.TB, name, text string) (*spec.Data, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return &spec.Data{File: spec.Text{Value: "data/" + name, Pos: at(4, 11)}}, path
}

func at(line, col int) spec.Pos { return spec.Pos{File: "plan.yaml", Line: line, Col: col} }

func word(s string) spec.Word { return spec.Word{Value: s, Set: true, Pos: at(6, 9)} }

func columnTypes(column, word string) spec.Map[spec.Word] {
	return spec.Map[spec.Word]{{Key: column, KeyPos: at(7, 11), Value: spec.Word{Value: word, Set: true}}}
}

func choosing(path string) spec.Text { return spec.Text{Value: path, Pos: at(5, 13)} }

func show(p *spec.Problem) string {
	s := fmt.Sprintf("%s+%d: %s", p.Pos, p.Width, p.Message)
	if p.Hint != "" {
		s += " (" + p.Hint + ")"
	}
	return s
}

// opened opens what must be right.
func opened(t testing.TB, d *spec.Data, path string, seg schedule.Segment, seed uint64) *Feeder {
	t.Helper()
	f, p := Open(d, "users", path, seg, seed)
	if p != nil {
		t.Fatal(show(p))
	}
	return f
}

func length(t testing.TB, f *Feeder) int64 {
	t.Helper()
	n, err := f.Len()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

type row = map[string]any

func TestRows(t *testing.T) {
	tests := []struct {
		why     string
		name    string
		text    string
		choose  string
		columns []string
		rows    []row
	}{
		{"csv values are strings, whatever they look like", "u.csv", "id,name\n01,true\n2,\n", "",
			[]string{"id", "name"}, []row{{"id": "01", "name": "true"}, {"id": "2", "name": ""}}},
		{"a byte order mark and CRLF come from Excel", "u.csv", "\xef\xbb\xbfid\r\n1\r\n", "", []string{"id"}, []row{{"id": "1"}}},
		{"the first column may be quoted behind a byte order mark", "u.csv", "\xef\xbb\xbf\"id\"\n1", "", []string{"id"}, []row{{"id": "1"}}},
		{"quotes hold commas, lines and quotes", "u.csv", "a,b\n\"x,\ny\",\"say \"\"hi\"\"\"\n", "", []string{"a", "b"}, []row{{"a": "x,\ny", "b": `say "hi"`}}},
		{"spaces belong to values and not to names", "u.csv", "a, b\n1, 2\n", "", []string{"a", "b"}, []row{{"a": "1", "b": " 2"}}},
		{"empty lines are skipped", "u.csv", "a\n\n1\n\n", "", []string{"a"}, []row{{"a": "1"}}},
		{"the order of a csv header is kept", "u.csv", "z,a\n1,2\n", "", []string{"z", "a"}, []row{{"z": "1", "a": "2"}}},
		{"the case of an extension says nothing", "U.CSV", "a\n1\n", "", []string{"a"}, []row{{"a": "1"}}},
		{"json keeps types; integral numbers are int64", "u.json", `[{"i":1,"f":1.5,"w":2.0,"e":1e3,"s":"01","b":true,"n":null}]`, "",
			[]string{"b", "e", "f", "i", "n", "s", "w"}, []row{{"i": int64(1), "f": 1.5, "w": int64(2), "e": int64(1000), "s": "01", "b": true, "n": nil}}},
		{"an integer beyond int64 is a float", "u.json", `[{"i":9223372036854775807,"j":9223372036854775808}]`, "",
			[]string{"i", "j"}, []row{{"i": int64(9223372036854775807), "j": 9223372036854775808.0}}},
		{"numbers inside lists and objects too", "u.json", `[{"l":[1,{"x":2}]}]`, "", []string{"l"}, []row{{"l": []any{int64(1), row{"x": int64(2)}}}}},
		{"columns are those of all rows", "u.json", `[{"b":1},{"a":2}]`, "", []string{"a", "b"}, []row{{"b": int64(1)}, {"a": int64(2)}}},
		{"a list of values has the column value", "u.json", ` ["x", 2, null] `, "", []string{"value"}, []row{{"value": "x"}, {"value": int64(2)}, {"value": nil}}},
		{"empty objects are rows without columns", "u.json", `[{}]`, "", nil, []row{{}}},
		{"select takes a key", "u.json", "\xef\xbb\xbf" + `{"users":[{"id":1}],"total":1}`, "users", []string{"id"}, []row{{"id": int64(1)}}},
		{"select takes a path", "u.json", `{"a":[{"x":[1.0]},{"x":[2]}]}`, "a.1.x", []string{"value"}, []row{{"value": int64(2)}}},
		{"select collects over a list", "u.json", `{"a":[{"x":"p"},{"x":"q"}]}`, "a.#.x", []string{"value"}, []row{{"value": "p"}, {"value": "q"}}},
		{"ndjson has a row a line", "u.ndjson", "{\"a\":1}\r\n\n  {\"a\":2.5}", "", []string{"a"}, []row{{"a": int64(1)}, {"a": 2.5}}},
		{"jsonl is its other name", "u.jsonl", "\"x\"\n\"y\"\n", "", []string{"value"}, []row{{"value": "x"}, {"value": "y"}}},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			d, path := write(t, tt.name, tt.text)
			if tt.choose != "" {
				d.Select = choosing(tt.choose)
			}
			f := opened(t, d, path, schedule.Segment{}, 1)
			if !reflect.DeepEqual(f.Columns(), tt.columns) {
				t.Errorf("columns %q", f.Columns())
			}
			if n := length(t, f); n != int64(len(tt.rows)) {
				t.Fatalf("%d rows", n)
			}
			for i, want := range tt.rows {
				if got, err := f.Draw(-1, nil); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("row %d: got %#v, %v", i, got, err)
				}
			}
		})
	}
}

func TestFormatOverridesTheName(t *testing.T) {
	d, path := write(t, "u.txt", "a\n1\n")
	d.Format = word("csv")
	if f := opened(t, d, path, schedule.Segment{}, 1); length(t, f) != 1 {
		t.Error(length(t, f))
	}
}

func TestProblems(t *testing.T) {
	const file = "plan.yaml:4:11"
	tests := []struct {
		why  string
		name string
		text string
		set  func(*spec.Data)
		want string
	}{
		{"too few fields", "u.csv", "a,b\n1,2\n3\n", nil,
			file + "+10: data/u.csv:3: 1 field where the header has 2 (a value with a comma or a line break needs quotes)"},
		{"too many fields, below a value of two lines", "u.csv", "a\n\"x\ny\"\n3,4\n", nil,
			file + "+10: data/u.csv:4: 2 fields where the header has 1 (a value with a comma or a line break needs quotes)"},
		{"a quote that nothing ends", "u.csv", "a\n1\n\"x\ny\n", nil,
			file + `+10: data/u.csv:3: a quoted value does not end where its field ends (a quote inside a quoted value is written "")`},
		{"a quote in the middle", "u.csv", "a\nx\"y\n", nil,
			file + `+10: data/u.csv:2: a quote in a value that is not quoted (quote the value, and write a quote in it as "")`},
		{"a quote in the header", "u.csv", "a\"b\n1\n", nil,
			file + `+10: data/u.csv:1: a quote in a value that is not quoted (quote the value, and write a quote in it as "")`},
		{"nothing", "u.csv", "", nil, file + "+10: data/u.csv: the file is empty (a csv file starts with a line that names the columns)"},
		{"only a header", "u.csv", "a,b\n", nil, file + "+10: data/u.csv: no rows (the file has a header and nothing below it)"},
		{"a column twice", "u.csv", "a,b,a\n1,2,3\n", nil, file + `+10: data/u.csv:1: two columns are called "a"`},
		{"a column without a name", "u.csv", "a,,b\n1,2,3\n", nil, file + "+10: data/u.csv:1: column 2 has no name"},
		{"what Excel writes in half of Europe", "u.csv", "\na;b\n1;2\n", nil,
			file + "+10: data/u.csv:2: the header has one column with a semicolon or tab in its name (separate columns with commas)"},
		{"UTF-16", "u.csv", "\xff\xfea\x00", nil, file + "+10: data/u.csv:1: the text is UTF-16 (save the file as UTF-8)"},
		{"json that ends early", "u.json", "[\n{\"a\":1},\n", nil, file + "+11: data/u.json:2: not valid JSON: the text ends before the value does"},
		{"json with a mistake", "u.json", "[\n{\"a\":1},\n{a:2}]\n", nil,
			file + "+11: data/u.json:3: not valid JSON: invalid character 'a' looking for beginning of object key string"},
		{"two values", "u.json", "[1]\n[2]\n", nil, file + "+11: data/u.json:2: something follows the JSON value"},
		{"an empty json file", "u.json", " \n", nil, file + "+11: data/u.json: the file is empty"},
		{"an empty list", "u.json", "[]", nil, file + "+11: data/u.json: no rows (the list is empty)"},
		{"an object needs select", "u.json", `{"users":[1],"total":1}`, nil,
			file + "+11: data/u.json: holds an object with total, users, not a list (lists in it: users)"},
		{"no list anywhere", "u.json", `"x"`, nil, file + "+11: data/u.json: holds a string, not a list (a feeder needs a list of rows)"},
		{"select finds nothing", "u.json", `{"users":[1],"total":1}`, func(d *spec.Data) { d.Select = choosing("user") },
			`plan.yaml:5:13+4: data/u.json: select "user" finds nothing (the file holds an object with total, users)`},
		{"select finds no list", "u.json", `{"page":{"users":[1],"n":1}}`, func(d *spec.Data) { d.Select = choosing("page") },
			`plan.yaml:5:13+4: data/u.json: select "page" finds an object with n, users, not a list (lists in it: users)`},
		{"select in broken json", "u.json", "{\n\"users\":[1}", func(d *spec.Data) { d.Select = choosing("users") },
			file + "+11: data/u.json:2: not valid JSON: invalid character '}' after array element"},
		{"lists are no rows", "u.json", `[1,[2]]`, nil,
			file + "+11: data/u.json: item 2 is a list of 1 item (the items must be all objects or all single values)"},
		{"rows are all of one kind", "u.json", `[{"a":1},2]`, nil,
			file + "+11: data/u.json: item 2 is a number (the items must be all objects or all single values)"},
		{"rows of ndjson are all of one kind", "u.ndjson", "1\n\n{}\n", nil,
			file + "+13: data/u.ndjson:3: item 2 is an empty object (the items must be all objects or all single values)"},
		{"a bad line", "u.ndjson", "{\"a\":1}\n\n{\"a\":}\n", nil,
			file + "+13: data/u.ndjson:3: not valid JSON: invalid character '}' looking for beginning of value"},
		{"a line cut short", "u.ndjson", "{\"a\":1}\n{\"a\":\n{\"a\":3}\n", nil,
			file + "+13: data/u.ndjson:2: not valid JSON: the text ends before the value does"},
		{"two values in a line", "u.ndjson", "1 2\n", nil, file + "+13: data/u.ndjson:1: something follows the JSON value"},
		{"no lines", "u.ndjson", "\n\n", nil, file + "+13: data/u.ndjson: no rows (the list is empty)"},
		{"a name that tells nothing", "users", "a\n1", nil, file + `+10: the name "users" does not tell the format of the file (write format: csv, json or ndjson)`},
		{"a format that does not exist", "u.csv", "a\n1", func(d *spec.Data) { d.Format = word("xml") }, `plan.yaml:6:9+3: unknown format "xml" (have: csv, json or ndjson)`},
		{"an order that does not exist", "u.csv", "a\n1", func(d *spec.Data) { d.Order = word("any") }, `plan.yaml:6:9+3: unknown order "any" (have: sequence, shuffle or random)`},
		{"a per that does not exist", "u.csv", "a\n1", func(d *spec.Data) { d.Per = word("step") }, `plan.yaml:6:9+4: unknown per "step" (have: iteration, vu or run)`},
		{"an end that does not exist", "u.csv", "a\n1", func(d *spec.Data) { d.AtEnd = word("end") }, `plan.yaml:6:9+3: unknown at_end "end" (have: loop, stop or fail)`},
		{"random order has no end", "u.csv", "a\n1", func(d *spec.Data) { d.Order, d.AtEnd = word("random"), word("stop") },
			"plan.yaml:6:9+4: at_end: stop never happens with order: random, which draws any row any number of times (write order: shuffle to draw each row once)"},
		{"columns are for csv", "u.json", "[1]", func(d *spec.Data) { d.Columns = columnTypes("age", "int") },
			"plan.yaml:7:11+3: columns gives types to the text of a csv file, and data/u.json is json (remove columns: its values have types of their own)"},
		{"a type for a column that there is not", "u.csv", "a\n1\n", func(d *spec.Data) { d.Columns = columnTypes("b", "int") },
			`plan.yaml:7:11+1: data/u.csv: the file has no column "b" (have: a)`},
		{"a field that is no number", "u.csv", "n,a\nx,1\ny,1.5\n", func(d *spec.Data) { d.Columns = columnTypes("a", "int") },
			file + `+10: data/u.csv:3: column a: "1.5" is not a whole number`},
		{"a number that is too large", "u.csv", "a\n9223372036854775808\n", func(d *spec.Data) { d.Columns = columnTypes("a", "int") },
			file + `+10: data/u.csv:2: column a: "9223372036854775808" is too large`},
		{"infinity is no number of a file", "u.csv", "a\ninf\n", func(d *spec.Data) { d.Columns = columnTypes("a", "float") },
			file + `+10: data/u.csv:2: column a: "inf" is not a number`},
		{"yes is no bool", "u.csv", "a\nyes\n", func(d *spec.Data) { d.Columns = columnTypes("a", "bool") },
			file + `+10: data/u.csv:2: column a: "yes" is not true or false`},
		{"packed, and broken", "u.csv.gz", "\x1f\x8b\x08broken", nil, file + "+13: data/u.csv.gz: cannot be unpacked: unexpected EOF"},
		{"select is for json", "u.csv", "a\n1", func(d *spec.Data) { d.Select = choosing("a") },
			"plan.yaml:5:13+1: select finds a list in a json file, and data/u.csv is csv (remove select)"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			d, path := write(t, tt.name, tt.text)
			if tt.set != nil {
				tt.set(d)
			}
			_, p := Open(d, "users", path, schedule.Segment{}, 1)
			if p == nil {
				t.Fatal("no problem")
			}
			if got := show(p); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	d := &spec.Data{File: spec.Text{Value: "no.csv", Pos: at(4, 11)}}
	_, p := Open(d, "users", filepath.Join(dir, "no.csv"), schedule.Segment{}, 1)
	if p == nil || show(p) != "plan.yaml:4:11+6: no.csv: no such file (looked for "+filepath.Join(dir, "no.csv")+")" {
		t.Errorf("got %v", p)
	}
	d.Format, d.File.Value = word("csv"), "${env.FILE}"
	_, p = Open(d, "users", dir, schedule.Segment{}, 1)
	if p == nil || p.Message != dir+": is a folder, not a file" {
		t.Errorf("a template is shown as what it came to: got %v", p)
	}
	if runtime.GOOS != "windows" {
		_, p = Open(d, "users", os.DevNull, schedule.Segment{}, 1)
		if p == nil || !strings.Contains(p.Message, "is not a regular file") {
			t.Errorf("got %v", p)
		}
	}
}

func TestMinRows(t *testing.T) {
	tests := []struct {
		why       string
		per, end  string
		vus       int64
		tooManyVU bool
	}{
		{"each VU has its row", "vu", "stop", 2, false},
		{"one VU too many would stop at once", "vu", "stop", 3, true},
		{"or fail", "vu", "fail", 3, true},
		{"rows are shared", "vu", "loop", 3, false},
		{"rows go to iterations", "iteration", "stop", 3, false},
		{"one row is enough for a run", "run", "stop", 3, false},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			d, path := write(t, "u.csv", "a\n1\n2\n")
			d.Per, d.AtEnd = word(tt.per), word(tt.end)
			p := opened(t, d, path, schedule.Segment{}, 1).MinRows(tt.vus)
			if (p != nil) != tt.tooManyVU {
				t.Fatalf("got %v", p)
			}
			if p != nil && !strings.Contains(show(p), `plan.yaml:6:9+4: data "users" has 2 rows for up to 3 VUs`) {
				t.Error(show(p))
			}
		})
	}
}

func TestPer(t *testing.T) {
	for name, want := range map[string]Per{"": PerIteration, "iteration": PerIteration, "vu": PerVU, "run": PerRun} {
		d, path := write(t, "u.csv", "a\n1\n")
		if name != "" {
			d.Per = word(name)
		}
		if got := opened(t, d, path, schedule.Segment{}, 1).Per(); got != want {
			t.Errorf("per %q: got %d", name, got)
		}
	}
}

func FuzzReaders(f *testing.F) {
	f.Add("a,b\n1,\"2\n3\"\n", "")
	f.Add(`{"a":[{"x":1},{"y":1e400}]}`, "a")
	f.Add("[1,2.5,null]", "")
	f.Add("{\"a\":1}\n\n{\"b\":[]}\n", "#.x|@reverse")
	f.Fuzz(func(t *testing.T, text, path string) {
		for name := range readers {
			got, err := (&source{format: name, choice: path}).table(strings.NewReader(text))
			if err != nil {
				continue
			}
			if len(got.list) == 0 {
				t.Fatalf("%s: no rows and no error", name)
			}
			known := map[string]bool{}
			for _, c := range got.names {
				known[c] = true
			}
			for _, r := range got.list {
				if r == nil || name == "csv" && len(r) != len(known) {
					t.Fatalf("%s: row %v of columns %q", name, r, got.names)
				}
				for key := range r {
					if !known[key] {
						t.Fatalf("%s: column %q is not in %q", name, key, got.names)
					}
				}
			}
		}
	})
}
