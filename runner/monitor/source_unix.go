//go:build unix

package monitor

import (
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// processor is the CPU time of the process, user and system.
func processor() time.Duration {
	var r unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// notifyContinued sends to c when the process goes on after a stop signal.
func notifyContinued(c chan<- os.Signal) { signal.Notify(c, unix.SIGCONT) }

// rlimit is a limit of the process, 0 if there is none.
func rlimit(which int) int64 {
	var limit unix.Rlimit
	if unix.Getrlimit(which, &limit) != nil || uint64(limit.Cur) >= 1<<62 { //nolint:unconvert // on FreeBSD it is signed; beyond is no limit
		return 0
	}
	return int64(limit.Cur)
}
