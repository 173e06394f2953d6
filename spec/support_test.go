package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// base is a right plan, into which rows of tables put what they are about.
const base = `version: 1
http: { base_url: "http://127.0.0.1:1" }
scenarios:
  s:
    executor: { type: constant-vus, vus: 2, duration: 1s }
    steps:
      - get: /
`

// top puts text at the top of the base plan.
func top(text string) string { return text + "\n" + base }

// step puts steps behind the base plan's own.
func step(text string) string { return base + indented("      ", text) }

// scenario adds a scenario named t.
func scenario(text string) string { return base + "  t:\n" + indented("    ", text) }

// executor gives the base plan a second scenario with an executor.
func executor(text string) string {
	return scenario("executor:\n" + indented("  ", text) + "steps: [{ get: / }]")
}

// swap replaces a piece of a plan.
func swap(plan, from, to string) string { return strings.Replace(plan, from, to, 1) }

func indented(by, text string) string {
	var b strings.Builder
	for _, line := range strings.Split(text, "\n") {
		b.WriteString(by + line + "\n")
	}
	return b.String()
}

// write puts a file into a fresh folder, which is its own project.
func write(t testing.TB, text string) string {
	t.Helper()
	return writeFiles(t, map[string]string{"plan.yaml": text})
}

// writeFiles puts files into a fresh folder and gives the path of its plan.yaml.
func writeFiles(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "plan.yaml")
}

// all is every problem of a plan, of its values too.
func all(t testing.TB, text string, opt Options) Problems {
	t.Helper()
	return problemsOf(write(t, text), opt)
}

func problemsOf(path string, opt Options) Problems {
	plan, problems := Load(path, opt)
	if plan != nil {
		problems = append(problems, plan.Validate()...).Annotate(plan.Sources)
	}
	return problems
}

// load reads a plan that must be right.
func load(t testing.TB, text string, opt Options) *Plan {
	t.Helper()
	plan, problems := Load(write(t, text), opt)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return plan
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

// replace writes a file over.
func replace(t interface{ Fatal(...any) }, dir, name, text string) {
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
