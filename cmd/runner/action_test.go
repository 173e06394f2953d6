package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// fakeGH stands in for GitHub's client: a comment is the file comment-7, and what is asked of it is written down.
const fakeGH = `#!/usr/bin/env bash
echo "$*" >>"$STATE/calls"
for arg in "$@"; do
	case "$arg" in body=@*) cat "${arg#body=@}" >"$STATE/comment-7" ;; esac
done
case "$*" in *--jq*) [ -f "$STATE/comment-7" ] && echo 7 ;; esac
exit "${GH_FAILS:-0}"
`

// The action's scripts: plans with spaces and flags reach the program as they are, its exit code is left to the last step,
// and a pull request has one comment, however often the job runs.
func TestTheActionCommentsOnce(t *testing.T) {
	a := newAction(t)
	a.run("run.sh", 0, "PLANS=a.yaml\nb.yaml", "ARGS=--profile ci --env X=$(id)")
	a.want("args", "run --out json=res/ --out markdown=res/ --out junit=res/ --out html=res/ --profile ci --env X=$(id) -- a.yaml b.yaml")
	a.want("output", "exit-code=99")
	a.write("res/a.md", "### first\n")
	a.write("res/b.md", strings.Repeat("x", 70_000))
	a.run("comment.sh", 0)
	a.write("res/a.md", "### second\n")
	a.run("comment.sh", 0)
	a.want("comment-7", "<!-- runner:load-tests -->\n\n### second\n\nb did not fit into this comment: see the job summary.")
	calls := a.read("calls")
	if strings.Count(calls, "-X POST repos/o/r/issues/5/comments") != 1 || strings.Count(calls, "-X PATCH repos/o/r/issues/comments/7") != 1 {
		t.Errorf("calls:\n%s", calls)
	}
}

// A token that may not comment costs the comment, not the job.
func TestTheActionSurvivesWithoutPermission(t *testing.T) {
	a := newAction(t)
	a.write("res/a.md", "x")
	if out := a.run("comment.sh", 0, "GH_FAILS=1"); !strings.Contains(out, "::warning::") {
		t.Errorf("no warning: %s", out)
	}
}

// action is a checkout with the action's scripts in it.
type action struct {
	*testing.T
	scripts, dir string
}

func newAction(t *testing.T) *action {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("the action's scripts need bash")
	}
	scripts, err := filepath.Abs("../../.github/action")
	if err != nil {
		t.Fatal(err)
	}
	a := &action{t, scripts, t.TempDir()}
	a.write("bin/gh", fakeGH)
	a.write("bin/program", "#!/usr/bin/env bash\necho \"$*\" >\"$STATE/args\"\nexit 99\n")
	return a
}

func (a *action) run(script string, code int, env ...string) string {
	a.Helper()
	cmd := exec.Command("bash", filepath.Join(a.scripts, script))
	cmd.Dir = a.dir
	cmd.Env = append([]string{
		"PATH=" + filepath.Join(a.dir, "bin") + ":" + os.Getenv("PATH"), "STATE=" + a.dir, "PROGRAM=" + filepath.Join(a.dir, "bin/program"),
		"RESULTS=res", "GITHUB_OUTPUT=" + filepath.Join(a.dir, "output"), "GITHUB_REPOSITORY=o/r", "PULL_REQUEST=5", "COMMENT_ID=load-tests",
	}, env...)
	out, err := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != code {
		a.Fatalf("%s: exit code %d, want %d: %v\n%s", script, got, code, err, out)
	}
	return string(out)
}

func (a *action) write(name, text string) {
	a.Helper()
	path := filepath.Join(a.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		a.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		a.Fatal(err)
	}
}

func (a *action) read(name string) string {
	a.Helper()
	text, err := os.ReadFile(filepath.Join(a.dir, name))
	if err != nil {
		a.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func (a *action) want(name, text string) {
	a.Helper()
	if got := a.read(name); got != text {
		a.Errorf("%s is\n%s\nwant\n%s", name, got, text)
	}
}
