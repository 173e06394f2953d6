package monitor

import (
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// process knows what Windows tells: it has no limit on descriptors that matters here.
type process struct{}

func newSource() source { return process{} }

func (process) memory() int64      { return 0 }
func (process) sockets() int64     { return 0 }
func (process) descriptors() int64 { return 0 }
func (process) limits() Limits     { return Limits{} }

func (process) spent() Spent {
	var created, exited, kernel, user windows.Filetime
	if windows.GetProcessTimes(windows.CurrentProcess(), &created, &exited, &kernel, &user) != nil {
		return Spent{GC: collecting()}
	}
	return Spent{CPU: time.Duration(ticks(kernel)+ticks(user)) * 100, GC: collecting()}
}

// notifyContinued does nothing: Windows has no such signal.
func notifyContinued(chan<- os.Signal) {}

// ticks is a time in units of 100 ns.
func ticks(t windows.Filetime) int64 { return int64(t.HighDateTime)<<32 | int64(t.LowDateTime) }
