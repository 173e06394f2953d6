//go:build unix

package http1

import (
	"net"
	"strconv"
	"syscall"
	"testing"
	"time"

	"runner/runner/protocol"
)

// clog makes a listener that nobody accepts from, and fills its backlog. filled: no further connection gets through.
func clog(t *testing.T) (target protocol.Target, filled bool) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	target = protocol.Target{Host: "127.0.0.1", Port: strconv.Itoa(name.(*syscall.SockaddrInet4).Port)}
	for range 8 {
		c, err := net.DialTimeout("tcp", net.JoinHostPort(target.Host, target.Port), 100*time.Millisecond)
		if err != nil {
			return target, true
		}
		t.Cleanup(func() { c.Close() })
	}
	return target, false
}
