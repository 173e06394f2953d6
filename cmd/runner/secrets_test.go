package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hostilePlan shows secrets and what the target sends in every way that a plan can.
const hostilePlan = `
version: 1
name: "plan \e[31mred"
env: { BASE: {}, TOKEN: { secret: true, default: env-secret-token } }
http: { base_url: "${env.BASE}", headers: { Authorization: "Bearer ${env.TOKEN}" } }
setup:
  - get: /login
    capture:
      text: { from: 'json("text")', secret: true }
      number: { from: 'json("number")', secret: true }
      list: { from: 'json("list")', secret: true }
  - set: { derived: "x-${text}-${list[0]}", same: "${number}", kept: { inner: ["${text}"] } }
scenarios:
  one:
    executor: { type: per-vu-iterations, iterations: 2 }
    tags: { token: "${env.TOKEN}" }
    steps:
      - get: /evil?q=${env.TOKEN}
        check: { "is x": 'body == "x"', 'secret env-secret-token': 'body == env.TOKEN' }
      - get: /cut
      - log: "logging ${setup.text} ${setup.number} ${env.TOKEN} ${response.body}"
      - fail: "failing with ${setup.derived} ${response.body}"
`

// everyFile is a flag for each kind of output that is a file.
func everyFile(dir string) (flags []string) {
	for _, k := range outputKinds() {
		if k.extension != "" {
			flags = append(flags, "--out", k.name+"="+filepath.Join(dir, k.name+".out"))
		}
	}
	return flags
}

func written(t *testing.T, dir string) (all string) {
	t.Helper()
	for _, k := range outputKinds() {
		if k.extension == "" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, k.name+".out"))
		if err != nil {
			t.Error(err)
		}
		all += string(text)
	}
	return all
}

// TestNothingShowsSecretsOrSteersTheTerminal holds it for every command and output.
func TestNothingShowsSecretsOrSteersTheTerminal(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/login":
			fmt.Fprint(w, `{"text":"captured-secret","number":918273645,"list":["deep-secret"]}`)
			return
		case "/cut": // wherever the text is cut, a secret lies across
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, strings.Repeat("env-secret-token", 500))
			return
		}
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, "\x1b[31mEVIL\x1b[0m\r\nline two env-secret-token \x1b]0;title\a"+strings.Repeat("A", 5000))
	}))
	defer s.Close()
	dir := t.TempDir()
	plan := filepath.Join(dir, "plan.yaml")
	if err := os.WriteFile(plan, []byte(hostilePlan), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := filepath.Join(dir, "wrong.yaml")
	mistaken := strings.NewReplacer("secret-token }", "secret-token, secrte: true }", "iterations: 2", "iterations: \"${env.TOKEN}\"").Replace(hostilePlan)
	if err := os.WriteFile(wrong, []byte(mistaken), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		code int
	}{
		"run":          {append([]string{"run"}, everyFile(dir)...), 99},
		"quiet":        {[]string{"run", "-q"}, 99},
		"once":         {[]string{"once"}, 99},
		"show":         {[]string{"show"}, 0},
		"a plan error": {[]string{"validate", wrong}, 104},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs strings.Builder
			if code := run(append(c.args, "--env", "BASE="+s.URL, plan), strings.NewReader(""), &out, &errs); code != c.code {
				t.Errorf("exit code %d, want %d: %s", code, c.code, errs.String())
			}
			text := out.String() + errs.String()
			if name == "run" {
				text += written(t, dir)
			}
			for _, secret := range []string{"env-secr", "cret-token", "captured-sec", "deep-sec", "918273645", "\x1b", "\a"} {
				if i := strings.Index(text, secret); i >= 0 {
					t.Errorf("%q is shown: %q", secret, text[max(0, i-60):min(len(text), i+60)])
				}
			}
			for line := range strings.Lines(out.String()) {
				if len(line) > 6000 {
					t.Errorf("a line of %d bytes", len(line))
				}
			}
		})
	}
}
