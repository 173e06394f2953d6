package spec

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the golden files")

// What an author reads: testdata/problems holds plans and, in the file want, the text of their problems.
func TestProblemTexts(t *testing.T) {
	cases, err := filepath.Glob("testdata/problems/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range cases {
		path, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { golden(t, path) })
	}
}

func golden(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	files, want, rest := map[string]string{}, "", archive.Files[:0]
	for _, f := range archive.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		files[f.Name] = string(f.Data)
		rest = append(rest, f)
	}
	t.Chdir(filepath.Dir(writeFiles(t, files)))
	got := problemsOf("plan.yaml", Options{}).Error() + "\n"
	if *update {
		archive.Files = append(rest, txtar.File{Name: "want", Data: []byte(got)})
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The form that the style guide promises, to the letter.
func TestProblemFormat(t *testing.T) {
	p := Problemf(Pos{"plans/login.yaml", 14, 7}, 4, "unknown key %q in executor constant-vus", "vuss").WithHint("did you mean %q?", "vus")
	p.Line = "      vuss: 20"
	want := "plans/login.yaml:14:7: unknown key \"vuss\" in executor constant-vus (did you mean \"vus\"?)\n" +
		"   14 |       vuss: 20\n" +
		"      |       ^^^^"
	if got := p.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSnippets(t *testing.T) {
	for _, row := range []struct {
		why, line  string
		col, width int
		want       string
	}{
		{"a tab before", "\ta: b", 5, 1, "    1 |     a: b\n      |        ^"},
		{"a tab under the caret", "a:\tb", 3, 2, "    1 | a:    b\n      |   ^^^^^"},
		{"an escape sequence", "a\x1b[31mb", 7, 1, "    1 | a\\x1b[31mb\n      |          ^"},
		{"a right-to-left mark", "a\u202eb", 3, 1, "    1 | a\\u202eb\n      |        ^"},
		{"behind the end", "ab", 9, 3, "    1 | ab\n      |   ^"},
		{"wider than the line", "abc", 2, 99, "    1 | abc\n      |  ^^"},
		{"spaces at the end", "ab   ", 1, 2, "    1 | ab\n      | ^^"},
		{"a long line", strings.Repeat("a", 500) + "X" + strings.Repeat("b", 500), 501, 1,
			"    1 | …" + strings.Repeat("a", 33) + "X" + strings.Repeat("b", 66) + "…\n      | " + strings.Repeat(" ", 34) + "^"},
		{"a long line, near its end", strings.Repeat("a", 500) + "X", 501, 1,
			"    1 | …" + strings.Repeat("a", 99) + "X\n      | " + strings.Repeat(" ", 100) + "^"},
	} {
		p := Problemf(Pos{"f", 1, row.col}, row.width, "m")
		p.Line = row.line
		if got := strings.TrimPrefix(p.Error(), "f:1:"); !strings.HasSuffix(got, row.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", row.why, got, row.want)
		}
	}
}

func TestMessagesAreOneLine(t *testing.T) {
	p := Problemf(Pos{}, 1, "found %s", "a\nb\x1b[0m\u2028").WithHint("write\t%s", "x")
	if got, want := p.Error(), `found a\nb\x1b[0m\u2028 (write\tx)`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAnnotate(t *testing.T) {
	sources := []Source{{Path: "b", Text: []byte("one\ntwo\n")}, {Path: "a", Text: []byte("uno\r\ndue\r\n")}}
	at := func(file string, line, col int, m string) Problem { return Problemf(Pos{file, line, col}, 1, "%s", m) }
	got := Problems{at("", 0, 0, "nowhere"), at("a", 2, 1, "4"), at("b", 2, 1, "2"), at("a", 1, 1, "3"), at("b", 1, 2, "1"), at("b", 1, 1, "0"), at("b", 2, 1, "2").WithHint("again")}.Annotate(sources)
	text := ""
	for _, p := range got {
		text += p.Message + "=" + p.Line + " "
	}
	if want := "0=one 1=one 2=two 3=uno 4=due nowhere= "; text != want {
		t.Errorf("got %s, want %s", text, want)
	}
	if again := got.Annotate(sources); len(again) != len(got) {
		t.Error("annotating twice must change nothing")
	}
}

func TestProblemsAreAnError(t *testing.T) {
	if Problems(nil).Err() != nil || (Problems{}).Err() != nil {
		t.Error("no problems are no error")
	}
	var ps Problems
	if err := (Problems{Problemf(Pos{}, 1, "m")}).Err(); !errors.As(err, &ps) || err.Error() != "m" {
		t.Error(err)
	}
	many := make(Problems, maxShown+5)
	if text := many.Error(); !strings.HasSuffix(text, "… and 5 more problems") {
		t.Error("a text must end")
	}
	data, err := json.Marshal(Problemf(Pos{"f", 1, 2}, 3, "m").WithHint("h"))
	if want := `{"pos":{"file":"f","line":1,"col":2},"width":3,"message":"m","hint":"h"}`; err != nil || string(data) != want {
		t.Errorf("got %s, want %s", data, want)
	}
}
