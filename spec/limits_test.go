package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// many repeats a line with its number.
func many(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// hostile are files that would take a careless reader down.
func hostile() map[string]string {
	laughs := "version: 1\nx-a: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
	for i := range 9 {
		laughs += fmt.Sprintf("x-%d: &a%d [%s]\n", i, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	merges := "x-a: &m0 { a: 1 }\n"
	for i := range 30 {
		merges += fmt.Sprintf("x-m%d: &m%d { <<: [*m%d, *m%d], k%d: 1 }\n", i, i+1, i, i, i)
	}
	return map[string]string{
		"a billion laughs":      laughs,
		"merges of merges":      merges,
		"a tower of brackets":   "x-a: " + strings.Repeat("[", 100_000),
		"a tower of braces":     "x-a: " + strings.Repeat("{a: ", 50_000),
		"a tower of lists":      "x-a:\n  " + strings.Repeat("- ", 100_000),
		"deep but closed":       "x-a: " + strings.Repeat("[", 200) + strings.Repeat("]", 200),
		"deep maps":             "x-a: " + strings.Repeat("{a: ", 200) + strings.Repeat("}", 200),
		"a map without end":     "x-a:\n" + many("  k%d: 1\n", 2001),
		"a list without end":    "x-a:\n" + many("  - %d\n", 10_001),
		"anchors without end":   "x-a: [" + many("&a%d 1, ", 20_000) + "1]",
		"explicit keys":         strings.Repeat("? ", 100_000),
		"comments without end":  strings.Repeat("#\n", 100_000),
		"quotes without end":    "x-a: " + strings.Repeat(`"`, 200_000),
		"more than a file":      "x-a: " + strings.Repeat("a", 256<<10),
		"a line without end":    "x-a: [" + strings.Repeat("a ", 120_000) + "${x}]",
		"colons without end":    "x-a: " + strings.Repeat("a: ", 80_000),
		"an anchor in itself":   "x-a: &a [*a, *a]",
		"steps without end":     step(strings.Repeat("- group: a\n  steps: [{ get: / }]\n", 3000)),
		"profiles without end":  base + "profiles:\n" + many("  p%d: { name: x }\n", 1500),
		"mistakes without end":  "version: 1\nscenarios:\n" + many("  s%d: { vuss: 1 }\n", 1900),
		"a selector of nothing": top("thresholds:\n  a{" + strings.Repeat("a=b,", 50_000) + ": b"),
	}
}

// Every one of them must be an error, and not the end of the program. (That the reading is bounded is the test of the
// counters below: no test depends on the speed of a machine.)
func TestHostileFiles(t *testing.T) {
	for why, text := range hostile() {
		t.Run(why, func(t *testing.T) {
			problems := all(t, text, Options{})
			if len(problems) == 0 {
				t.Error("no problem")
			}
			_ = problems.Error()
		})
	}
}

func TestLimits(t *testing.T) {
	checkWrong(t, []wrong{
		{"too many keys", top("x-a:\n  §k0: 1\n" + strings.TrimSuffix(many("  n%d: 1\n", 2000), "\n")), "a map has more than 2000 keys", "split the plan"},
		{"too deep", "x-a: " + strings.Repeat("[", 99) + "§[" + strings.Repeat("[", 10) + strings.Repeat("]", 110), "the file is nested more than 100 levels deep", ""},
	})
	for _, row := range []struct {
		why, text string
		ok        bool
	}{
		{"as many keys as there may be", top("x-a:\n" + strings.TrimSuffix(many("  n%d: 1\n", 2000), "\n")), true},
		{"as deep as it may be", top("x-a: " + strings.Repeat("[", 98) + strings.Repeat("]", 98)), true},
		{"a level deeper", top("x-a: " + strings.Repeat("[", 100) + strings.Repeat("]", 100)), false},
		{"almost 10,000 values", top("x-a: [" + strings.Repeat("1, ", 9_960) + "1]"), true},
		{"a few more", top("x-a: [" + strings.Repeat("1, ", 10_000) + "1]"), false},
		{"256 KiB", base + strings.Repeat("#", 256<<10-len(base)), true},
		{"one byte more", base + strings.Repeat("#", 256<<10-len(base)+1), false},
	} {
		if problems := all(t, row.text, Options{}); (len(problems) == 0) != row.ok {
			t.Errorf("%s: %v", row.why, problems)
		}
	}
}

// The converter stops at the limit: what a bomb would expand to is never made.
func TestBombsAreNotExpanded(t *testing.T) {
	for _, why := range []string{"a billion laughs", "merges of merges"} {
		root, problems := parseYAML("a", []byte(hostile()[why]))
		if root != nil || len(problems) != 1 || !strings.Contains(problems[0].Message, "more than 10000 values") {
			t.Errorf("%s: %v", why, problems)
		}
	}
}

func TestIncludesAreCounted(t *testing.T) {
	files := map[string]string{"plan.yaml": "include: [f0.yaml, f0.yaml]\n" + base}
	for i := range 20 {
		files[fmt.Sprintf("f%d.yaml", i)] = fmt.Sprintf("include: [f%d.yaml, f%d.yaml]\n", i+1, i+1)
	}
	files["f20.yaml"] = "name: x\n"
	problems := problemsOf(writeFiles(t, files), Options{})
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "includes more than 64 files") {
		t.Error(problems)
	}
}

func TestALinkThatLeadsOutSaysWhere(t *testing.T) {
	outside, project := t.TempDir(), t.TempDir()
	for path, text := range map[string]string{
		filepath.Join(outside, "o.csv"): "n\n1\n", filepath.Join(project, "runner.yaml"): "",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(outside, "o.csv"), filepath.Join(project, "link.csv")); err != nil {
		t.Skip("no links here: ", err)
	}
	path := filepath.Join(project, "plan.yaml")
	if err := os.WriteFile(path, []byte(top("data: { o: { file: link.csv } }")), 0o600); err != nil {
		t.Fatal(err)
	}
	plan, _ := Load(path, Options{})
	o, _ := plan.Data.Get("o")
	if _, problem := plan.Resolve(o.File); problem == nil || !strings.HasSuffix(problem.Hint, filepath.Base(outside)) {
		t.Errorf("%v, want the folder that the link leads to, %s", problem, outside)
	}
}
