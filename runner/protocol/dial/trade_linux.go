package dial

import (
	"io"
	"os"
	"syscall"
	"unsafe"
)

type trade struct {
	out, in []byte
	clock   func() int64
	step    func(fd uintptr) bool // made once: a closure per call would be an allocation
}

// Trades says that the connection can do a Trade: it is a plain socket, and the system's calls are known.
func (c *Conn) Trades() bool { return c.socket != nil && !c.secured }

// Do writes out to c and waits for an answer, which it reads into in; they may be the same memory. Without an error and
// with Written 0 there was no room for all of out: the rest is the caller's to write.
func (t *Trade) Do(c *Conn, out, in []byte, clock func() int64) {
	if t.step == nil {
		t.step = t.next
	}
	t.Sent, t.Written, t.Got, t.Err = 0, 0, 0, nil
	t.out, t.in, t.clock = out, in, clock
	raw, err := c.socket.rawConn()
	if err == nil {
		err = raw.Read(t.step)
	}
	if err != nil {
		t.Err = err
	}
	t.out, t.in, t.clock = nil, nil, nil
}

// next is called by the poller: first when it is armed, then whenever there may be something to read. true ends the Trade.
func (t *Trade) next(fd uintptr) bool {
	if t.Written == 0 {
		return !t.write(fd)
	}
	return t.read(fd)
}

func (t *Trade) write(fd uintptr) (whole bool) {
	n, errno := rawCall(syscall.SYS_WRITE, fd, t.out)
	switch {
	case errno == syscall.EAGAIN:
		return false
	case errno != 0:
		t.Err = os.NewSyscallError("write", errno)
		return false
	}
	t.Sent = n
	if n < len(t.out) {
		return false
	}
	t.Written = t.clock()
	return true
}

func (t *Trade) read(fd uintptr) (done bool) {
	n, errno := rawCall(syscall.SYS_READ, fd, t.in)
	switch {
	case errno == syscall.EAGAIN:
		return false
	case errno != 0:
		t.Err = os.NewSyscallError("read", errno)
	case n == 0:
		t.Err = io.EOF
	}
	t.Got = n
	return true
}

// rawCall reads or writes a socket that never blocks. The scheduler is not told, which saves a twentieth of an exchange: the
// call only copies, and hands the packet to the network stack.
func rawCall(call, fd uintptr, p []byte) (int, syscall.Errno) {
	for {
		n, _, errno := syscall.RawSyscall(call, fd, uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
		switch errno {
		case 0:
			return int(n), 0
		case syscall.EINTR:
		default:
			return 0, errno
		}
	}
}
