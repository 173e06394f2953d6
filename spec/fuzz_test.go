package spec

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever a file holds: an answer, no panic, positions inside the file, and a plan that can be judged and shown.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(base))
	f.Add([]byte(everything))
	f.Add([]byte(deferredPlan))
	for _, text := range hostile() {
		if len(text) < 4096 {
			f.Add([]byte(text))
		}
	}
	for _, s := range []string{"a: ${", "- !(", "a: &a\n  <<: *a", "\"", "? [", "a: |\n", "%", "a: !", "- *", "{a: b, c}", "\ufeff", "a:\r\n\tb"} {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(dir, "plan.yaml")
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		plan, problems := Load(path, Options{})
		if plan == nil && len(problems) == 0 {
			t.Fatal("neither a plan nor a problem")
		}
		if plan != nil {
			problems = append(problems, plan.Bind(func(string, Text) (string, *Problem) { return "1", nil })...)
			problems = append(problems, plan.Validate()...)
			if err := plan.Render(io.Discard, true); err != nil {
				t.Fatal(err)
			}
		}
		lines := splitLines(string(text))
		for _, p := range problems {
			if p.Message == "" || p.Width < 1 || p.Pos.Line > len(lines) || p.Pos.Line > 0 && p.Pos.Col > runeCount(lines[p.Pos.Line-1])+1 {
				t.Fatalf("a problem outside the file: %+v", p)
			}
		}
		if shown := problems.Error(); strings.ContainsAny(shown, "\x1b\r\x00") {
			t.Fatalf("control characters in %q", shown)
		}
	})
}

// What is read is written and read the same.
func FuzzDuration(f *testing.F) {
	seed(f, "30s", "1m30s", "0.5s", "1d", "500ms", "6µs", "30", "-1s", "1s1m", "1e3s", "999999999999h")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDuration(s); err == nil {
			if again, err := ParseDuration(FormatDuration(d)); d < 0 || err != nil || again != d {
				t.Fatalf("%q is %d, written %s, read %d %v", s, d, FormatDuration(d), again, err)
			}
		}
	})
}

func FuzzRate(f *testing.F) {
	seed(f, "5/s", "300/m", "0.1/s", "1/h", "0/s", "5", "5/d", "1e3/s", "99999999999999999999/s")
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := ParseRate(s); err == nil {
			if again, err := ParseRate(r.String()); r.Num < 0 || r.Den < 1 || err != nil || again != r {
				t.Fatalf("%q is %+v, written %s, read %+v %v", s, r, r, again, err)
			}
		}
	})
}

func FuzzPercent(f *testing.F) {
	seed(f, "1%", "0.7%", "100%", "1", "1 %", "-1%", "0.000000000000001%")
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := ParsePercent(s); err == nil {
			if again, err := ParsePercent(r.String()); r.Num < 0 || r.Den < 1 || err != nil || again != r {
				t.Fatalf("%q is %+v, written %s, read %+v %v", s, r, r, again, err)
			}
		}
	})
}

func FuzzSize(f *testing.F) {
	seed(f, "64KiB", "1.5KiB", "512B", "1KB", "64", "64kb", "99999999999GiB")
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := ParseSize(s); err == nil {
			if again, err := ParseSize(FormatSize(n)); n < 0 || err != nil || again != n {
				t.Fatalf("%q is %d, written %s, read %d %v", s, n, FormatSize(n), again, err)
			}
		}
	})
}

func FuzzWords(f *testing.F) {
	seed(f, "2s", "1s..3s", "42", "007", "1_000", "true", "yes", "200..299", "2xx", "${a}", "$${a}", "metric{a=b}", "GET /")
	f.Fuzz(func(t *testing.T, s string) {
		if least, most, err := ParseThink(s); err == nil && (least < 0 || most < least) {
			t.Fatalf("%q thinks %v..%v", s, least, most)
		}
		if n, err := ParseInt(s); err == nil && !integerText.MatchString(s) {
			t.Fatalf("%q is %d", s, n)
		}
		if status, ok := ParseStatus(s); ok && (status.From < 100 || status.To > 599 || status.From > status.To) {
			t.Fatalf("%q is %+v", s, status)
		}
		d := &decoder{}
		if metric, where, ok := d.selector(&node{kind: scalarNode, text: s, pos: Pos{"f", 1, 1}}); ok != (len(d.problems) == 0) || ok && metric.Value == "" {
			t.Fatalf("%q is %v %v %v", s, metric, where, d.problems)
		}
		_ = HasTemplate(s)
		unbalanced(s)
		Suggest(s, verbs())
	})
}

func seed(f *testing.F, texts ...string) {
	for _, s := range texts {
		f.Add(s)
	}
}
