package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"runner/runner/metrics"
)

// The staged runs put the real program, and its target, into trouble that only a real machine makes: quotas, limits, stops
// and neighbours. They take minutes, some need root, and a machine that has better things to do spoils them; so they run
// when they are asked for: make staged.
const stagedSwitch = "RUNNER_STAGED"

// The plans, by executor. Every case fits them with env.
const (
	openPlan = `version: 1
env: { TARGET: {}, RATE: { default: 200/s }, VUS: { default: "20" }, MAX: { default: "400" }, FOR: { default: 4s }, P95: { default: 10s } }
http: { base_url: "${env.TARGET}", timeout: 2s }
scenarios:
  open:
    executor: { type: constant-arrival-rate, rate: "${env.RATE}", duration: "${env.FOR}", vus: "${env.VUS}", max_vus: "${env.MAX}" }
    graceful_stop: 3s
    steps: [{ get: / }]
`
	closedPlan = `version: 1
env: { TARGET: {}, VUS: { default: "20" }, FOR: { default: 4s }, THINK: { default: 1ms } }
http: { base_url: "${env.TARGET}", timeout: 2s }
scenarios:
  closed:
    executor: { type: constant-vus, vus: "${env.VUS}", duration: "${env.FOR}" }
    graceful_stop: 3s
    steps: [{ get: / }, { think: "${env.THINK}" }]
`
	// slowIsWrong and lateIsWrong judge the target.
	slowIsWrong = "thresholds: { http_req_latency: p95 < 100ms }\n"
	someIsWrong = "thresholds: { http_req_latency: p99 < 100ms }\n"
)

// staged is one run in trouble.
type staged struct {
	why    string
	plan   string
	env    []string // KEY=VALUE
	target []string // its flags
	in     func(*place)
	during func(*testing.T, *scenery)
	named  string // how it ends is the machine's affair, even that the kernel kills it, as long as this is said; "": code and who
	code   int
	who    string   // limited_by; with code
	causes []string // all of them must be named
	says   []string // in what it prints
}

// binaries builds what is run: the program as users have it.
func binaries(t *testing.T) (runner, target string) {
	t.Helper()
	dir := t.TempDir()
	for name, pkg := range map[string]string{"runner": ".", "target": "./testdata/target"} {
		if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, name), pkg).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	return filepath.Join(dir, "runner"), filepath.Join(dir, "target")
}

func TestStaged(t *testing.T) {
	if os.Getenv(stagedSwitch) == "" {
		t.Skip("staged runs take minutes: make staged")
	}
	beside()
	runner, target := binaries(t)
	groups := stagedRuns()
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		t.Run(group, func(t *testing.T) { playAll(t, groups[group], runner, target) })
	}
}

func playAll(t *testing.T, runs []staged, runner, target string) {
	for _, s := range runs {
		t.Run(s.why, func(t *testing.T) {
			var result *metrics.Result
			for range 3 { // what the machine's other work spoils is tried again
				var out string
				result, out = s.play(t, runner, target)
				if result != nil && spoiled(&s, result) {
					t.Logf("spoiled: %s", result.Generator.Evidence)
					continue
				}
				s.check(t, result, out)
				return
			}
			t.Skipf("this machine is too busy with other work: %q", result.Generator.Evidence)
		})
	}
}

// spoiled tells whether the machine itself was kept busy by others, in a run that was to show something else.
func spoiled(s *staged, r *metrics.Result) bool {
	_, excused := beside().Excuses(r)
	return excused && s.who != metrics.LimitedByGenerator
}

// play runs the case once. The result is nil where the program wrote none.
func (s *staged) play(t *testing.T, runner, target string) (*metrics.Result, string) {
	p := &place{t: t}
	if s.in != nil {
		s.in(p)
	}
	dir := t.TempDir()
	plan, file := filepath.Join(dir, "plan.yaml"), filepath.Join(dir, "result.json")
	if err := os.WriteFile(plan, []byte(s.plan), 0o600); err != nil {
		t.Fatal(err)
	}
	server, url := p.serve(append([]string{target}, s.target...))
	args := append(slices.Clone(p.runner), runner, plan, "--out", "json="+file, "--env", "TARGET="+url)
	for _, e := range s.env {
		args = append(args, "--env", e)
	}
	cmd := exec.Command(args[0], args[1:]...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	if s.during != nil {
		go s.during(t, &scenery{runner: cmd.Process, target: server, over: over})
	}
	_ = cmd.Wait() // its exit code is in cmd
	close(over)
	text := fmt.Sprintf("exit code %d\n%s", cmd.ProcessState.ExitCode(), out.String())
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, text
	}
	var r metrics.Result
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	if r.Verdict.ExitCode != cmd.ProcessState.ExitCode() {
		t.Errorf("exit code %d, and the result says %d", cmd.ProcessState.ExitCode(), r.Verdict.ExitCode)
	}
	return &r, text
}

func (s *staged) check(t *testing.T, r *metrics.Result, out string) {
	t.Helper()
	if s.named != "" {
		if t.Log(firstLine(out)); !strings.Contains(out, s.named) {
			t.Errorf("%q is not in:\n%s", s.named, out)
		}
		return
	}
	if r == nil {
		t.Fatalf("no result: %s", out)
	}
	g := r.Generator
	t.Logf("%d %s %v, %d of %d seconds bad, longest stall %.0f ms, start lag p99 %.1f ms, CPU %.0f%%", r.Verdict.ExitCode, r.Verdict.LimitedBy,
		g.Causes, g.BadSeconds, g.Seconds, g.StallMaxMs, g.StartLagP99Ms, 100*g.CPU)
	if r.Verdict.ExitCode != s.code || r.Verdict.LimitedBy != s.who {
		t.Errorf("%d by %q, want %d by %q: %q", r.Verdict.ExitCode, r.Verdict.LimitedBy, s.code, s.who, r.Verdict.Reasons)
	}
	for _, c := range s.causes {
		if !slices.Contains(g.Causes, c) {
			t.Errorf("causes %q lack %q: %q", g.Causes, c, g.Evidence)
		}
	}
	for _, part := range s.says {
		if !strings.Contains(out, part) {
			t.Errorf("%q is not in:\n%s", part, out)
		}
	}
	for _, threshold := range r.Thresholds {
		if judged := threshold.Status == "pass" || threshold.Status == "fail"; judged && s.who == metrics.LimitedByGenerator {
			t.Errorf("judged all the same: %+v", threshold)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
