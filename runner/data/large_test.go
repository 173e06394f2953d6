package data

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"runner/runner/schedule"
	"runner/spec"
)

// large opens a file as if nothing of it could be kept in memory.
func large(t testing.TB, d *spec.Data, path string) *Feeder {
	t.Helper()
	f, p := open(d, "users", path, schedule.Segment{}, 1, 1)
	if p != nil {
		t.Fatal(show(p))
	}
	t.Cleanup(f.Close)
	return f
}

func zipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// However a file is kept, its rows are the same: whole in memory, read as they are drawn, or read where they stand.
func TestLargeFilesHaveTheSameRows(t *testing.T) {
	texts := map[string]string{
		"u.csv":    "\xef\xbb\xbfid,text\r\n1,\"a,\r\nb\"\r\n\r\n2,\"say \"\"hi\"\"\"\n3,\n" + strings.Repeat("4,x\n\n5,\"\n\"\n", 40),
		"u.ndjson": "{\"id\":1}\n\n  \n{\"id\":2.5,\"l\":[1]}\r\n" + strings.Repeat("{\"id\":\"\\n\"}\n", 50) + "{\"last\":true}",
		"u.json":   "[ {\"id\":1}, {\"id\":2.5,\"l\":[1]} " + strings.Repeat(", {\"id\":[{}]}", 50) + "]",
	}
	for name, text := range texts {
		for _, pack := range []bool{false, true} {
			for _, order := range orders {
				if pack {
					text = zipped(t, texts[name])
				}
				d, path := write(t, name, text)
				d.Order = spec.Word{Value: order, Set: true}
				f, whole := large(t, d, path), opened(t, d, path, schedule.Segment{}, 1)
				if want := length(t, whole); length(t, f) != want {
					t.Errorf("%s, packed %v, %s: %d rows, want %d", name, pack, order, length(t, f), want)
				}
				a, b := rand.NewPCG(1, 1), rand.NewPCG(1, 1)
				for i := range 2*length(t, whole) + 1 {
					want, _ := whole.Draw(-1, a)
					if got, err := f.Draw(-1, b); err != nil || !reflect.DeepEqual(got, want) {
						t.Fatalf("%s, packed %v, %s: row %d is %v, %v, want %v", name, pack, order, i, got, err, want)
					}
				}
			}
		}
	}
}

func TestListsOfLargeDocuments(t *testing.T) {
	const text = `{"skip": [[1, {"users": []}], "}"], "page": {"n": 1, "users": [{"id": 1}, {"id": 2}], "rest": {}}}`
	d, path := write(t, "u.json", text)
	d.Select = choosing("page.users")
	f := large(t, d, path)
	for _, want := range []row{{"id": int64(1)}, {"id": int64(2)}, {"id": int64(1)}} {
		if got, err := f.Draw(-1, nil); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	}
	for path, want := range map[string]string{
		"page.user": `plan.yaml:5:13+9: data/u.json: select "page.user" finds nothing`,
		"page.n":    "plan.yaml:4:11+11: data/u.json: holds no list where one is wanted (say with select where the list is)",
		"page.n.x":  "plan.yaml:5:13+8: data/u.json: holds no object where select wants one",
	} {
		d.Select = choosing(path)
		if _, p := open(d, "users", writtenAgain(t, text), schedule.Segment{}, 1, 1); p == nil || show(p) != want {
			t.Errorf("%s: %v, want %s", path, p, want)
		}
	}
}

func writtenAgain(t testing.TB, text string) string {
	_, path := write(t, "u.json", text)
	return path
}

// Rows of iterations that come in any order are theirs, as long as they all come.
func TestAStreamKeepsRowsForThoseWhoComeLate(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(rt, "rows")
		d, path := numberedIn(t, t.TempDir(), n, "sequence", "stop")
		f := large(t, d, path)
		f.Align()
		order := rapid.Permutation(upTo(n+3)).Draw(rt, "iterations")
		for _, i := range order {
			got, err := f.Draw(int64(i), nil)
			switch {
			case i >= n && !errors.Is(err, ErrStop):
				rt.Fatalf("iteration %d of %d rows: %v, %v", i, n, got, err)
			case i < n && (err != nil || got["n"] != fmt.Sprint(i)):
				rt.Fatalf("iteration %d: %v, %v", i, got, err)
			}
		}
	})
}

func TestAlignedRowsFollowFromTheIteration(t *testing.T) {
	for _, order := range []string{"sequence", "shuffle"} {
		a, b := numbered(t, 7, order, "loop", schedule.Segment{}, 1), numbered(t, 7, order, "loop", schedule.Segment{}, 1)
		a.Align()
		b.Align()
		for i := range int64(20) {
			x, _ := a.Draw(i, nil)
			y, _ := b.Draw(19-i, nil)
			z, _ := a.Draw(19-i, nil)
			if !reflect.DeepEqual(y, z) || order == "sequence" && x["n"] != fmt.Sprint(i%7) {
				t.Errorf("%s: iteration %d has %v; %d has %v and %v", order, i, x, 19-i, y, z)
			}
		}
	}
}

func TestMistakesInLargeFiles(t *testing.T) {
	for _, row := range []struct{ why, name, text, order, want string }{
		{"a ragged line", "u.csv", "a,b\n1,2\n3\n", "sequence", `data "users": data/u.csv:3: 1 field where the header has 2`},
		{"read where it stands, nobody counts lines", "u.csv", "a,b\n1,2\n3\n", "shuffle", `data "users": data/u.csv: 1 field where the header has 2`},
		{"a bad line", "u.ndjson", "{}\n{]\n", "sequence", `data "users": data/u.ndjson:2: not valid JSON: invalid character ']'`},
		{"a document that ends early", "u.json", "[1, 2", "sequence", `data "users": data/u.json: not valid JSON behind its first 5 bytes: the text ends before the value does`},
	} {
		d, path := write(t, row.name, row.text)
		d.Order = word(row.order)
		f := large(t, d, path)
		var got error
		for range 4 {
			if _, err := f.Draw(-1, nil); err != nil && got == nil {
				got = err
			}
		}
		if got == nil || !strings.HasPrefix(got.Error(), row.want) {
			t.Errorf("%s: %v, want %s", row.why, got, row.want)
		}
	}
	for _, row := range []struct{ why, name, text, want string }{
		{"no rows", "u.csv", "a,b\n", "plan.yaml:4:11+10: data/u.csv: no rows"},
		{"its start is judged before the run", "u.csv", "a,b\n1\n", "plan.yaml:4:11+10: data/u.csv:2: 1 field where the header has 2 (a value with a comma or a line break needs quotes)"},
		{"a list of nothing", "u.json", "[]", "plan.yaml:4:11+11: data/u.json: no rows"},
	} {
		d, path := write(t, row.name, row.text)
		if _, p := open(d, "users", path, schedule.Segment{}, 1, 1); p == nil || show(p) != row.want {
			t.Errorf("%s: %v, want %s", row.why, p, row.want)
		}
	}
}

func TestManyVUsDrawEachRowOfAStreamOnce(t *testing.T) {
	const n, vus = 5000, 8
	for _, order := range []string{"sequence", "shuffle"} {
		d, path := numberedIn(t, t.TempDir(), n, order, "stop")
		f := large(t, d, path)
		var mu sync.Mutex
		var all []int
		var wg sync.WaitGroup
		for range vus {
			wg.Go(func() {
				mine := take(t, f, n+1)
				mu.Lock()
				defer mu.Unlock()
				all = append(all, mine...)
			})
		}
		wg.Wait()
		slices.Sort(all)
		if !slices.Equal(all, upTo(n)) {
			t.Errorf("%s: %d draws of %d rows", order, len(all), n)
		}
	}
}

func TestTypedColumns(t *testing.T) {
	d, path := write(t, "u.csv", "id,n,f,b,s\n1,42,2.50,true,\n2,,,,x\n")
	d.Columns = slices.Concat(columnTypes("n", "int"), columnTypes("f", "float"), columnTypes("b", "bool"), columnTypes("s", "string"))
	f := opened(t, d, path, schedule.Segment{}, 1)
	for _, want := range []row{
		{"id": "1", "n": int64(42), "f": 2.5, "b": true, "s": ""},
		{"id": "2", "n": nil, "f": nil, "b": nil, "s": "x"},
	} {
		if got, err := f.Draw(-1, nil); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	}
}
