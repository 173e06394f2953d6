package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// outcome is what a client's process came to.
type outcome struct {
	cpu    time.Duration // user and system
	wall   time.Duration
	out    string // stdout
	said   string // stderr
	failed error  // of a nonzero exit, with the first line of what it said
}

// longest is how long a client may take; one that hangs must not hang the benchmark.
const longest = 15 * time.Minute

// command is a client's command line with its target in the environment, as k6's scripts and our plans read it.
func command(ctx context.Context, base, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "BASE="+base, "K6_NO_USAGE_REPORT=true", "K6_INSECURE_SKIP_TLS_VERIFY=true")
	return cmd
}

// finish runs a client on the given core, -1 for any, to its end.
func finish(core int, base, path string, args ...string) outcome {
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	cmd := command(ctx, base, path, args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	begin := time.Now()
	err := startOn(core, cmd)
	if err == nil {
		err = cmd.Wait()
	}
	o := outcome{wall: time.Since(begin), out: out.String(), said: said.String()}
	if cmd.ProcessState != nil {
		o.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	if err != nil {
		o.failed = fmt.Errorf("%w: %s", err, firstLine(said.String(), out.String()))
	}
	return o
}

// firstLine is the first line that says something.
func firstLine(texts ...string) string {
	for line := range strings.Lines(strings.Join(texts, "\n")) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return "it said nothing"
}

// resident is a process's memory now, in bytes, as the system counts it (VmRSS of /proc/PID/status).
func resident(pid int) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	return parseResident(string(status))
}

func parseResident(status string) (float64, error) {
	for line := range strings.Lines(status) {
		var kib float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kib); n == 1 {
			return kib * 1024, nil
		}
	}
	return 0, errors.New("the process has ended")
}
