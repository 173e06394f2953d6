package main

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

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
