package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

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

// place is where processes run: words before their command lines.
type place struct {
	t              *testing.T
	runner, target []string
	net            string // a network namespace's settings, as shell commands; "": the machine's own
}

// scenery is what plays while the load runs.
type scenery struct {
	runner, target *os.Process
	over           <-chan struct{} // closed when the run has ended
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
	others := func(cause string) bool { return cause == "busy_machine" || cause == "stolen" || cause == "cpu" }
	return r.Generator.Limited && s.who != metrics.LimitedByGenerator && !slices.ContainsFunc(r.Generator.Causes, func(c string) bool { return !others(c) })
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

// serve starts the target, and the network namespace that both are in.
func (p *place) serve(args []string) (*os.Process, string) {
	args = append(slices.Clone(p.target), args...)
	if p.isolated() {
		args = append([]string{"unshare", "-n", "sh", "-c", "ip link set lo up && " + cmp.Or(p.net, "true") + ` && exec "$@"`, "sh"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	var said bytes.Buffer
	cmd.Stderr = &said
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	url, err := bufio.NewReader(pipe).ReadString('\n')
	if err != nil {
		p.t.Skipf("the target did not start here: %v: %s", err, said.String())
	}
	if p.isolated() {
		p.runner = append(p.runner, "nsenter", "-t", fmt.Sprint(cmd.Process.Pid), "-n")
	}
	return cmd.Process, strings.TrimSpace(url)
}

// isolated tells whether the run has a network namespace of its own, out of the way of everybody else's sockets: where the
// case asks for it, and where it can be had.
func (p *place) isolated() bool {
	tools := []string{"unshare", "nsenter", "ip"}
	if p.net != "" {
		p.needs(tools...)
	}
	missing := func(name string) bool { _, err := exec.LookPath(name); return err != nil }
	return os.Getuid() == 0 && !slices.ContainsFunc(tools, missing)
}

// needs skips where a program is missing, or root.
func (p *place) needs(programs ...string) {
	p.t.Helper()
	if os.Getuid() != 0 {
		p.t.Skip("it takes root")
	}
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			p.t.Skipf("it takes %s: %v", name, err)
		}
	}
}

// group makes a control group of either version below this process's own, with a limit, and says how to run in it.
func (p *place) group(controller string, settings map[string]string) []string {
	p.t.Helper()
	p.needs()
	parent, v2 := ownGroup(controller)
	if parent == "" {
		p.t.Skipf("no control group of %s is mounted", controller)
	}
	dir, err := os.MkdirTemp(parent, "runner-staged-")
	if err != nil {
		p.t.Skipf("no control group can be made: %v", err)
	}
	p.t.Cleanup(func() { removeGroup(dir) })
	for name, value := range settings {
		if name, wanted := groupFile(name, v2); wanted {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(value), 0o600); err != nil {
				p.t.Skipf("the control group takes no limit: %v", err)
			}
		}
	}
	return []string{"sh", "-c", `echo $$ > "$0/cgroup.procs" && exec "$@"`, dir}
}

// groupFile is a setting's file: "v1:NAME" and "v2:NAME" are for one version only.
func groupFile(name string, v2 bool) (string, bool) {
	version, file, _ := strings.Cut(name, ":")
	return file, (version == "v2") == v2
}

// removeGroup waits for the group's processes to be gone.
func removeGroup(dir string) {
	for range 100 {
		if os.Remove(dir) == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// ownGroup is the folder of this process's group for a controller.
func ownGroup(controller string) (dir string, v2 bool) {
	data, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return "", false
	}
	for line := range strings.Lines(string(data)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		if parts[1] == controller {
			return filepath.Join("/sys/fs/cgroup", controller, parts[2]), false
		}
		if at := filepath.Join("/sys/fs/cgroup", parts[2]); parts[1] == "" {
			if has, err := os.ReadFile(filepath.Join(at, "cgroup.controllers")); err == nil && strings.Contains(string(has), controller) {
				return at, true
			}
		}
	}
	return "", false
}

// quota is so many percent of one core.
func (p *place) quota(percent int) []string {
	return p.group("cpu", map[string]string{
		"v1:cpu.cfs_quota_us": fmt.Sprint(percent * 1000), "v2:cpu.max": fmt.Sprintf("%d 100000", percent*1000),
	})
}

// memory is so many MiB.
func (p *place) memory(mib int) []string {
	n := fmt.Sprint(mib << 20)
	return p.group("memory", map[string]string{"v1:memory.limit_in_bytes": n, "v2:memory.max": n})
}

// descriptors is ulimit -n; which is "" for both limits, S for the soft one.
func descriptors(which string, n int) []string {
	return []string{"sh", "-c", fmt.Sprintf(`ulimit -%sn %d && exec "$@"`, which, n), "sh"}
}

// hogs keep cores busy until the run is over.
func hogs(n int, nice string) func(*testing.T, *scenery) {
	return func(t *testing.T, s *scenery) {
		var all []*exec.Cmd
		for range n {
			cmd := exec.Command("nice", "-n", nice, "sh", "-c", "while :; do :; done")
			if err := cmd.Start(); err != nil {
				t.Error(err)
				break
			}
			all = append(all, cmd)
		}
		<-s.over
		for _, cmd := range all {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	}
}

// stops stops a process for a time, again and again from after on.
func stops(which func(*scenery) *os.Process, after, stop, run time.Duration, times int) func(*testing.T, *scenery) {
	return func(_ *testing.T, s *scenery) {
		process, times := which(s), times
		wait := func(d time.Duration) bool {
			select {
			case <-s.over:
				return false
			case <-time.After(d):
				return true
			}
		}
		for ok := wait(after); ok && times > 0; times-- {
			_ = process.Signal(syscall.SIGSTOP)
			wait(stop)
			_ = process.Signal(syscall.SIGCONT)
			ok = wait(run)
		}
	}
}

func theRunner(s *scenery) *os.Process { return s.runner }
func theTarget(s *scenery) *os.Process { return s.target }
