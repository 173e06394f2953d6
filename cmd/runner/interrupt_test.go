package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// interrupt COUNT WORD COMMAND… runs a command, waits until its stderr has the word, sends it SIGINT so many times, and
// leaves stdout, stderr and code in files of these names.
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	count, err := strconv.Atoi(args[0])
	ts.Check(err)
	program, err := exec.LookPath(filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], args[2]))
	ts.Check(err)
	cmd := exec.Command(program, args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "TARGET="+ts.Getenv("TARGET"), "PATH="+ts.Getenv("PATH"))
	seen := &watcher{word: []byte(args[1]), found: make(chan struct{})}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, seen
	ts.Check(cmd.Start())
	select {
	case <-seen.found:
	case <-time.After(30 * time.Second):
		_ = cmd.Process.Kill()
		ts.Fatalf("%q never appeared in:\n%s", args[1], seen.all.String())
	}
	for range count {
		ts.Check(cmd.Process.Signal(syscall.SIGINT))
		time.Sleep(50 * time.Millisecond) // two signals of one kind that are pending at once are one
	}
	code := codeOf(cmd.Wait())
	for name, text := range map[string]string{"stdout": out.String(), "stderr": seen.all.String(), "code": code + "\n"} {
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

// watcher collects output and says when a word has come.
type watcher struct {
	all   bytes.Buffer
	word  []byte
	found chan struct{}
	done  bool
}

func (w *watcher) Write(p []byte) (int, error) {
	w.all.Write(p)
	if !w.done && bytes.Contains(w.all.Bytes(), w.word) {
		w.done = true
		close(w.found)
	}
	return len(p), nil
}
