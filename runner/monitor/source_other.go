//go:build unix && !linux

package monitor

import "golang.org/x/sys/unix"

// rusage knows what every Unix tells.
type rusage struct{}

func newSource() source { return rusage{} }

func (rusage) spent() Spent       { return Spent{CPU: processor(), GC: collecting()} }
func (rusage) memory() int64      { return 0 }
func (rusage) sockets() int64     { return 0 }
func (rusage) descriptors() int64 { return 0 }
func (rusage) limits() Limits     { return Limits{Descriptors: rlimit(unix.RLIMIT_NOFILE)} }
