package monitor

import (
	"time"

	"golang.org/x/sys/windows"
)

// readUsage asks the system. Windows has no limit on descriptors that matters here.
func readUsage() usage {
	u := usage{longestPause: longestPause()}
	var created, exited, kernel, user windows.Filetime
	if windows.GetProcessTimes(windows.CurrentProcess(), &created, &exited, &kernel, &user) == nil {
		u.cpu = time.Duration(ticks(kernel)+ticks(user)) * 100
	}
	return u
}

// ticks is a time in units of 100 ns.
func ticks(t windows.Filetime) int64 { return int64(t.HighDateTime)<<32 | int64(t.LowDateTime) }
