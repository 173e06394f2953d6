//go:build unix

package service

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// tree is a process and everything it starts: a process group. A process that leaves the group (setsid) escapes.
type tree struct {
	group int
	guard *exec.Cmd // nil: there is no shell here
	hold  *os.File  // the guard reads it; it closes with us
}

// guardScript ends the group when its input ends without a word, which is when the runner died: of SIGKILL, or by running
// out of memory. Linux's parent death signal cannot do this: it comes when the *thread* that forked ends, and only to
// the process itself, while `go run` would leave its server behind.
const guardScript = `read -r word || { kill -s TERM -- "-$1"; sleep 1; kill -s KILL -- "-$1"; } 2>/dev/null`

// separate gives the process a group of its own, which also keeps a terminal's Ctrl-C from it: teardown still needs it.
func separate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// adopt takes charge of a process that was started with separate.
func adopt(p *os.Process) *tree {
	t := &tree{group: p.Pid}
	r, w, err := os.Pipe()
	if err != nil {
		return t
	}
	defer r.Close()
	guard := exec.Command("/bin/sh", "-c", guardScript, "sh", strconv.Itoa(p.Pid))
	guard.Stdin = r
	guard.Env = []string{"PATH=/usr/bin:/bin"} // no secret of ours
	separate(guard)
	if guard.Start() != nil {
		_ = w.Close()
		return t
	}
	t.guard, t.hold = guard, w
	return t
}

// terminate asks; kill does not. That the group is gone already is what they are for, so there is no error.
func (t *tree) terminate() { _ = syscall.Kill(-t.group, syscall.SIGTERM) }
func (t *tree) kill()      { _ = syscall.Kill(-t.group, syscall.SIGKILL) }

// release ends the guard. Its group number may belong to others from now on.
func (t *tree) release() {
	if t.guard == nil {
		return
	}
	_, _ = t.hold.WriteString("done\n")
	_ = t.hold.Close()
	_ = t.guard.Wait()
}
