package spec

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestIncludes(t *testing.T) {
	path := writeFiles(t, map[string]string{
		"plan.yaml":          "version: 1\ninclude: [shared/a.yaml, shared/b.yaml]\nvars: { own: 1, twice: plan }\nscenarios:\n  s: { executor: { vus: 7 } }\n",
		"shared/a.yaml":      "include: deep/c.yaml\nvars: { a: 1, twice: a, gone: 1 }\nhttp: { base_url: \"http://a\", expect: [200, 201] }\nscenarios:\n  s: { executor: { type: constant-vus, vus: 1, duration: 1s }, steps: [{ get: /a }, { get: /b }] }\n",
		"shared/b.yaml":      "vars: { b: 1, twice: b, gone: null }\nhttp: { expect: [204] }\n",
		"shared/deep/c.yaml": "vars: { c: 1, a: deep }\n",
	})
	plan, problems := Load(path, Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	vars := map[string]string{}
	for _, e := range plan.Vars {
		vars[e.Key] = e.Value.Text.Value
	}
	want := map[string]string{"a": "1", "b": "1", "c": "1", "own": "1", "twice": "plan"}
	if len(vars) != len(want) {
		t.Errorf("vars %v, want %v", vars, want)
	}
	for k, v := range want {
		if vars[k] != v {
			t.Errorf("vars.%s is %q, want %q", k, vars[k], v)
		}
	}
	if n := len(plan.HTTP.Expect); n != 1 || plan.HTTP.Expect[0].From != 204 {
		t.Errorf("a list must replace: %v", plan.HTTP.Expect)
	}
	e := plan.Scenarios[0].Value.Executor.(*ConstantVUs)
	if e.VUs.Value != 7 || e.Duration.Value.String() != "1s" {
		t.Errorf("an executor of the same type must merge: %+v", e)
	}
	if got := plan.HTTP.BaseURL.Pos; filepath.Base(got.File) != "a.yaml" || got.Line != 3 {
		t.Errorf("a value must know its file: %v", got)
	}
	var files []string
	for _, s := range plan.Sources {
		files = append(files, filepath.Base(s.Path))
	}
	if !slices.Equal(files, []string{"plan.yaml", "a.yaml", "c.yaml", "b.yaml"}) {
		t.Errorf("sources %v", files)
	}
}

func TestAnExecutorOfAnotherTypeReplaces(t *testing.T) {
	text := base + "profiles:\n  fast: { scenarios: { s: { executor: { type: shared-iterations, iterations: 3 } } } }\n  long: { scenarios: { s: { executor: { duration: 1h } } } }\n"
	fast, ok := load(t, text, Options{Profile: "fast"}).Scenarios[0].Value.Executor.(*SharedIterations)
	if !ok || fast.Iterations.Value != 3 || fast.VUs.Set {
		t.Errorf("the whole map must be replaced: %+v", fast)
	}
	long := load(t, text, Options{Profile: "long"}).Scenarios[0].Value.Executor.(*ConstantVUs)
	if long.Duration.Value.String() != "1h0m0s" || long.VUs.Value != 2 {
		t.Errorf("the same type must merge: %+v", long)
	}
	plan := load(t, text, Options{Profile: "long"})
	if plan.Profile != "long" || !slices.Equal(plan.Profiles, []string{"fast", "long"}) {
		t.Errorf("profile %q of %v", plan.Profile, plan.Profiles)
	}
}

func TestProfiles(t *testing.T) {
	for _, row := range []struct {
		why, text, profile string
		want               []string
	}{
		{"a profile that isn't there", base + "profiles: { quick: {} }", "quik", []string{`unknown profile "quik" (did you mean "quick"?; have: quick)`}},
		{"a profile where there are none", base, "quick", []string{`unknown profile "quick" (the plan has no profiles)`}},
		{"a mistake in a profile that isn't chosen", base + "profiles: { quick: { nam: a } }", "", []string{`unknown key "nam" in the plan`}},
		{"a mistake in one, another is chosen", base + "profiles: { quick: { nam: a }, slow: {} }", "slow", []string{`unknown key "nam" in the plan`}},
		{"a mistake in the chosen one, once", base + "profiles: { quick: { nam: a } }", "quick", []string{`unknown key "nam" in the plan`}},
		{"a mistake in the plan, once", top("nam: a") + "profiles: { a: {}, b: {} }", "", []string{`unknown key "nam" in the plan`}},
		{"a new scenario that lacks something", base + "profiles: { quick: { scenarios: { t: { steps: [{ get: / }] } } } }", "", []string{`executor is missing in scenario "t"`}},
		{"what one profile adds the other may lack", swap(base, ", duration: 1s", "") + "profiles: { a: { scenarios: { s: { executor: { duration: 1s } } } }, b: {} }", "a", nil},
		{"a profile that includes", base + "profiles: { quick: { include: a.yaml } }", "", []string{"a profile can't say include"}},
		{"a profile with profiles", base + "profiles: { quick: { profiles: {} } }", "quick", []string{"a profile can't say profiles"}},
		{"a profile that is a text", base + "profiles: { quick: yes }", "", []string{`a profile is a partial plan, found "yes"`}},
		{"profiles that are a list", base + "profiles: [quick]", "", []string{"profiles wants a map of name to partial plan, found a list"}},
		{"more profiles than anyone needs", base + "profiles:\n" + many("  p%d: {}\n", 51), "", []string{"the plan has 51 profiles, more than 50"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			problems := all(t, row.text, Options{Profile: row.profile})
			if len(problems) != len(row.want) {
				t.Fatalf("%d problems, want %d:\n%v", len(problems), len(row.want), problems)
			}
			for i, want := range row.want {
				if !strings.Contains(problems[i].Error(), want) {
					t.Errorf("got %s\nwant %s", problems[i].Error(), want)
				}
			}
		})
	}
}

func TestMissingIncludeCausesNoMore(t *testing.T) {
	problems := all(t, "version: 1\ninclude: shared/all.yaml\n", Options{})
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "shared/all.yaml does not exist") || problems[0].Pos.Line != 2 || problems[0].Pos.Col != 10 {
		t.Errorf("want one problem at 2:10, got\n%v", problems)
	}
}

func TestFences(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "o.yaml"), []byte("name: o\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why, include string
		link         string // made as link.yaml before loading
		want         string // "" if it must load
		allow        bool
	}{
		{why: "a file above the project", include: outside + "/o.yaml", want: "lies outside the project"},
		{why: "a way up", include: "../../o.yaml", want: "does not exist"},
		{why: "a link out of the project", include: "link.yaml", link: outside + "/o.yaml", want: "lies outside the project"},
		{why: "a folder that is allowed", include: outside + "/o.yaml", allow: true},
		{why: "a link into a folder that is allowed", include: "link.yaml", link: outside + "/o.yaml", allow: true},
		{why: "a device", include: "/dev/null", want: "lies outside the project"},
		{why: "a folder", include: "shared", want: "is a folder"},
		{why: "a template", include: "${vars.a}", want: "include can't be a template"},
		{why: "a circle of one", include: "plan.yaml", want: "files include each other in a circle: plan.yaml → plan.yaml"},
		{why: "a circle of two", include: "back.yaml", want: "files include each other in a circle: plan.yaml → back.yaml → plan.yaml"},
		{why: "a list that is no file", include: "[[a]]", want: "include wants the path of a file, found a list"},
		{why: "a map", include: "{ a: b }", want: "include wants a list of files, found a map"},
	} {
		t.Run(row.why, func(t *testing.T) {
			include := row.include
			if include[0] == '$' {
				include = `"` + include + `"`
			}
			path := writeFiles(t, map[string]string{"plan.yaml": "include: " + include + "\n" + base, "back.yaml": "include: plan.yaml\n", "shared/a": ""})
			if row.link != "" {
				if err := os.Symlink(row.link, filepath.Join(filepath.Dir(path), "link.yaml")); err != nil {
					t.Skip("no symbolic links here:", err)
				}
			}
			opt := Options{}
			if row.allow {
				opt.AllowDirs = []string{outside}
			}
			problems := problemsOf(path, opt)
			if row.want == "" && len(problems) > 0 || row.want != "" && (len(problems) != 1 || !strings.Contains(problems[0].Message, row.want)) {
				t.Errorf("want %q, got\n%v", row.want, problems)
			}
		})
	}
}

func TestProjectRoot(t *testing.T) {
	for why, mark := range map[string]string{"a runner.yaml": "runner.yaml", "a repository": ".git/HEAD"} {
		t.Run(why, func(t *testing.T) {
			path := writeFiles(t, map[string]string{mark: "", "shared.yaml": "name: up here\n", "plans/plan.yaml": "include: ../shared.yaml\n" + base})
			plan, problems := Load(filepath.Join(filepath.Dir(path), "plans/plan.yaml"), Options{})
			if len(problems) > 0 || plan.Name.Value != "up here" {
				t.Fatal(problems)
			}
			if real, _ := filepath.EvalSymlinks(filepath.Dir(path)); plan.Root != real {
				t.Errorf("root %s, want %s", plan.Root, real)
			}
		})
	}
}

func TestFilesThatAreNoPlans(t *testing.T) {
	dir := t.TempDir()
	for _, row := range []struct{ why, path, want string }{
		{"no file", filepath.Join(dir, "none.yaml"), "the file does not exist"},
		{"no folder", filepath.Join(dir, "none", "plan.yaml"), "the file does not exist"},
		{"a folder", dir, "the file is a folder"},
		{"a device", "/dev/null", "the file is not a file but a part of the system"},
		{"a file of the kernel", "/proc/self/status", "the file is not a file but a part of the system"},
	} {
		t.Run(row.why, func(t *testing.T) {
			if row.path[0] == '/' && strings.HasPrefix(row.path, "/proc") {
				if _, err := os.Stat(row.path); err != nil {
					t.Skip("no /proc here")
				}
			}
			plan, problems := Load(row.path, Options{})
			if plan != nil || len(problems) != 1 || !strings.Contains(problems[0].Message, row.want) || problems[0].Pos.File != row.path {
				t.Errorf("want %q, got %v", row.want, problems)
			}
		})
	}
}

func TestResolve(t *testing.T) {
	path := writeFiles(t, map[string]string{
		"plan.yaml":       "include: shared/a.yaml\n" + base + "data: { here: { file: rows.csv } }\n",
		"shared/a.yaml":   "data: { there: { file: rows.csv }, out: { file: /etc/hosts }, none: { file: no.csv } }\n",
		"shared/rows.csv": "a\n1\n",
		"rows.csv":        "a\n2\n",
	})
	plan, problems := Load(path, Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for name, want := range map[string]string{"here": "rows.csv", "there": "shared/rows.csv"} {
		d, _ := plan.Data.Get(name)
		got, problem := plan.Resolve(d.File)
		if problem != nil || got != filepath.Join(plan.Root, want) {
			t.Errorf("%s: %s %v, want %s", name, got, problem, want)
		}
	}
	for name, want := range map[string]string{"out": "lies outside the project", "none": "does not exist"} {
		d, _ := plan.Data.Get(name)
		if _, problem := plan.Resolve(d.File); problem == nil || !strings.Contains(problem.Message, want) || problem.Pos != d.File.Pos {
			t.Errorf("%s: %v, want %s", name, problem, want)
		}
	}
}
