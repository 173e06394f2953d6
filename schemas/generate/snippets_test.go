package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"runner/runner"
	"runner/spec"
)

// whole is a plan with a snippet in it.
func whole(snippet string) string {
	const scenario = "scenarios:\n  s:\n"
	const visit = "    executor: { type: per-vu-iterations }\n"
	text := "version: 1\n"
	switch {
	case strings.HasPrefix(snippet, "- "):
		text += scenario + visit + "    steps:\n" + indent("      ", snippet)
	case strings.HasPrefix(snippet, "executor:"):
		text += scenario + indent("    ", snippet) + "    steps: [{ get: / }]\n"
	case !strings.Contains(snippet, "scenarios:"):
		text += snippet + scenario + visit + "    steps: [{ get: / }]\n"
	default:
		text += snippet
	}
	if !strings.Contains(text, "\nhttp:") && !strings.Contains(text, "\ninclude:") {
		text += "http: { base_url: \"http://127.0.0.1:1\" }\n"
	}
	return text
}

func indent(by, text string) string {
	return by + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+by) + "\n"
}

// TestEverySnippetIsRight compiles each piece that the reference shows, and looks whether it is shown.
func TestEverySnippetIsRight(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"data/users.csv": "name,age\nann,20\nbob,30\n", "data/photo.jpg": "x", "runner.yaml": "",
		"shared/backend.yaml": "http: { base_url: \"http://127.0.0.1:1\" }\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d, err := readDocs(filepath.Join(root, "spec"))
	if err != nil {
		t.Fatal(err)
	}
	reference := string(planReference(d))
	schema := compile(t)
	env := func(name string) (string, bool) { return "set", name != "BASE" }
	for name, text := range snippets {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(reference, "```yaml\n"+text) {
				t.Error("the reference does not show it")
			}
			path := filepath.Join(dir, "plan.yaml")
			if err := os.WriteFile(path, []byte(whole(text)), 0o600); err != nil {
				t.Fatal(err)
			}
			plan, problems := spec.Load(path, spec.Options{})
			if _, problems = runner.Compile(plan, problems, runner.Options{Env: env}); len(problems) > 0 {
				t.Error(problems)
			}
			if err := validate(t, schema, whole(text)); err != nil {
				t.Error(err)
			}
		})
	}
}
