package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// describe is the machine and the versions, a line each.
func describe(b *bench) []string {
	lines := []string{
		time.Now().UTC().Format("2006-01-02"),
		fmt.Sprintf("%s, %d cores, %s", processor(), runtime.NumCPU(), kernel()),
		"runner " + lastLine(finish(-1, "", b.runner, "version").out),
	}
	for _, w := range wanted {
		p := b.peers[w.name]
		if p.path == "" {
			lines = append(lines, w.name+": **missing** (not installed, and could not be)")
			continue
		}
		lines = append(lines, w.name+" "+p.version)
	}
	return lines
}

func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func kernel() string {
	out, err := exec.Command("uname", "-sr").Output()
	if err != nil {
		return runtime.GOOS
	}
	return strings.TrimSpace(string(out))
}
