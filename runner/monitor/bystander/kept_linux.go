package bystander

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// userTick is the unit of /proc/stat, which is the same on all architectures (USER_HZ).
const userTick = 10 * time.Millisecond

// kept is how long this process's threads have waited for a core (the second number of schedstat, in ns), and how long the
// hypervisor has kept the machine's (the eighth of /proc/stat's first line).
func kept() (sum time.Duration) {
	tasks, _ := filepath.Glob("/proc/self/task/*/schedstat") // the pattern is right
	for _, path := range tasks {
		sum += time.Duration(number(path, 1))
	}
	return sum + time.Duration(number("/proc/stat", 8))*userTick
}

// number is a field of a file, 0 where there is none: threads end.
func number(path string, field int) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if field >= len(fields) {
		return 0
	}
	n, _ := strconv.ParseInt(fields[field], 10, 64) // what is no number counts as 0, too
	return n
}
