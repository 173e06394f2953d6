package runner_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"runner/runner"
	"runner/runner/metrics"
	"runner/runner/monitor/bystander"
	"runner/runner/report"
	"runner/spec"
)

// target is a real server that counts what reaches it.
type target struct {
	*httptest.Server
	mu    sync.Mutex
	seen  map[string]int // by method and path
	lines []string       // method, path with query, and body, in order
}

func newTarget(t *testing.T, handle http.HandlerFunc) *target {
	t.Helper()
	s := &target{seen: map[string]int{}}
	s.Server = httptest.NewServer(s.counting(handle))
	t.Cleanup(s.Close)
	return s
}

func (s *target) counting(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body := new(strings.Builder)
		if r.Body != nil {
			buf := make([]byte, 4096)
			for {
				n, err := r.Body.Read(buf)
				body.Write(buf[:n])
				if err != nil {
					break
				}
			}
		}
		s.mu.Lock()
		s.seen[r.Method+" "+r.URL.Path]++
		s.lines = append(s.lines, r.Method+" "+r.URL.RequestURI()+" "+body.String())
		s.mu.Unlock()
		r.Body = http.NoBody
		r.Header.Set("X-Test-Body", body.String())
		if handle != nil {
			handle(w, r)
		}
	}
}

func (s *target) count(key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen[key]
}

func (s *target) total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.lines)
}

func (s *target) sent() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.lines...)
}

// write puts a plan, and the files it names, into a folder of its own.
func write(t *testing.T, plan string, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "plan.yaml")
	if err := os.WriteFile(path, []byte("version: 1\nname: test\n"+plan), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// compile makes a program of a plan; BASE is the target's address.
func compile(t *testing.T, path string, env map[string]string) *runner.Program {
	t.Helper()
	p, problems := tryCompile(path, env)
	if len(problems) > 0 {
		t.Fatalf("the plan is wrong:\n%v", problems)
	}
	return p
}

func tryCompile(path string, env map[string]string) (*runner.Program, spec.Problems) {
	plan, problems := spec.Load(path, spec.Options{})
	return runner.Compile(plan, problems, runner.Options{Seed: 1, Version: "test", Env: func(name string) (string, bool) {
		v, ok := env[name]
		return v, ok
	}})
}

const (
	envHeader  = "env: { BASE: {}, TOKEN: { secret: true } }\n"
	httpHeader = "http: { base_url: \"${env.BASE}\", timeout: 5s }\n"
)

// whole adds the environment and the target to a plan that does not say them itself.
func whole(plan string) string {
	if !strings.Contains("\n"+plan, "\nhttp:") {
		plan = httpHeader + plan
	}
	return envHeader + plan
}

func environment(s *target) map[string]string {
	return map[string]string{"BASE": s.URL, "TOKEN": "a-secret-token"}
}

// runPlan runs a plan against a server.
func runPlan(t *testing.T, s *target, plan string, files map[string]string) *metrics.Result {
	t.Helper()
	p := compile(t, write(t, whole(plan), files), environment(s))
	return run(t, context.Background(), p)
}

func run(t *testing.T, ctx context.Context, p *runner.Program) *metrics.Result {
	t.Helper()
	beside()
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	result, err := p.Run(ctx, runner.RunOptions{Outputs: report.Outputs{}})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// metric is an aggregate of a series of the result.
func metric(t *testing.T, r *metrics.Result, name string, tags map[string]string, aggregate string) float64 {
	t.Helper()
	for _, m := range r.Metrics {
		if m.Name != name || len(m.Tags) != len(tags) {
			continue
		}
		same := true
		for k, v := range tags {
			same = same && m.Tags[k] == v
		}
		if same {
			return m.Values[aggregate]
		}
	}
	t.Errorf("the result has no %s%v", name, tags)
	return 0
}

// want holds a run against its exit code, unless others had the machine and the run proves nothing.
func want(t *testing.T, r *metrics.Result, code int) {
	t.Helper()
	if r.Verdict.ExitCode == code {
		return
	}
	why, excused := beside().Excuses(r)
	if excused && r.Verdict.ExitCode == metrics.ExitLoadNotAchieved {
		t.Skipf("this machine was too busy, so that the run judged nothing: %s", why)
	}
	t.Errorf("exit code %d (%s), want %d; reasons: %s; errors: %+v; no excuse: %s", r.Verdict.ExitCode, r.Verdict.Status, code, strings.Join(r.Verdict.Reasons, " | "), r.Errors, why)
}

// beside is the bystander of all runs in this process.
var beside = sync.OnceValue(bystander.Start)
