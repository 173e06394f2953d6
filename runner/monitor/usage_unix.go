//go:build unix

package monitor

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// readUsage asks the kernel. What it does not tell stays 0.
func readUsage() usage {
	u := usage{longestPause: longestPause(), descriptors: openDescriptors()}
	var r unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &r) == nil {
		u.cpu = time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil && limit.Cur < 1<<62 { // beyond is no limit
		u.limit = int64(limit.Cur)
	}
	return u
}

// openDescriptors counts the process's descriptors where the system lists them.
func openDescriptors() int64 {
	dir, err := os.Open("/proc/self/fd")
	if err != nil {
		return 0
	}
	defer func() { _ = dir.Close() }()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return 0
	}
	return int64(len(names))
}
