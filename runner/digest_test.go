package runner_test

import (
	"maps"
	"strings"
	"testing"

	"runner/runner"
	"runner/spec"
)

// TestDigest holds what the identity of a plan is made of: everything that decides what is sent, and no secret.
func TestDigest(t *testing.T) {
	files := map[string]string{
		"plan.yaml": `
include: [shared.yaml]
env: { TOKEN: { secret: true, default: local-token }, PUBLIC: { default: a } }
data: { users: { file: users.csv } }
scenarios:
  one:
    executor: { type: per-vu-iterations }
    steps: [{ get: "http://127.0.0.1:1/${data.users.name}", headers: { Authorization: "Bearer ${env.TOKEN}" } }]
profiles: { quick: { description: less } }
`,
		"shared.yaml": "tolerance: 1%\n",
		"users.csv":   "name\nann\nbob\n",
	}
	digest := func(change func(files map[string]string, load *spec.Options, opt *runner.Options)) string {
		t.Helper()
		changed, load, opt := maps.Clone(files), spec.Options{}, runner.Options{Version: "1.0", Seed: 1, Env: func(string) (string, bool) { return "", false }}
		if change != nil {
			change(changed, &load, &opt)
		}
		plan, problems := spec.Load(write(t, changed["plan.yaml"], changed), load)
		p, problems := runner.Compile(plan, problems, opt)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		return p.Digest
	}
	edit := func(name, from, to string) func(map[string]string, *spec.Options, *runner.Options) {
		return func(files map[string]string, _ *spec.Options, _ *runner.Options) {
			files[name] = strings.ReplaceAll(files[name], from, to)
		}
	}
	was := digest(nil)
	for _, c := range []struct {
		why    string
		change func(map[string]string, *spec.Options, *runner.Options)
		same   bool
	}{
		{"the same files in another folder", nil, true},
		{"another seed is another run of the same plan", func(_ map[string]string, _ *spec.Options, o *runner.Options) { o.Seed = 2 }, true},
		{"a secret of the environment", func(_ map[string]string, _ *spec.Options, o *runner.Options) {
			o.Env = func(name string) (string, bool) { return "canary", name == "TOKEN" }
		}, true},
		{"a secret's default", edit("plan.yaml", "local-token", "other-token"), true},
		{"another default", edit("plan.yaml", "default: a", "default: b"), false},
		{"the plan", edit("plan.yaml", "per-vu-iterations", "per-vu-iterations, iterations: 2"), false},
		{"an include", edit("shared.yaml", "1%", "2%"), false},
		{"a row of data", edit("users.csv", "bob", "eve"), false},
		{"the tool", func(_ map[string]string, _ *spec.Options, o *runner.Options) { o.Version = "1.1" }, false},
		{"the profile", func(_ map[string]string, l *spec.Options, _ *runner.Options) { l.Profile = "quick" }, false},
	} {
		if same := digest(c.change) == was; same != c.same {
			t.Errorf("%s: the digest stays the same: %v", c.why, same)
		}
	}
}
