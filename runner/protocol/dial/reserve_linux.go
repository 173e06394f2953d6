package dial

import "golang.org/x/sys/unix"

// Reserve makes the process's table of descriptors large enough for n of them, if it may have so many. The kernel doubles
// the table when it is full and waits for all cores meanwhile, 10 to 20 ms each time, in the call that asked for a socket:
// that is better done before a load than in it.
func Reserve(n int) {
	if fd, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, max(n-1, 0)); err == nil {
		_ = unix.Close(fd) // nothing was written
	}
}
