//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package dial

import (
	"errors"
	"net"
	"os"
	"time"
)

// CheckMovesDeadline says whether Conn.Check changes the read deadline.
const CheckMovesDeadline = true

// glance is how long a read that shall not wait does wait: the shortest that still reaches the system.
const glance = time.Millisecond

// socket is a TCP connection that can also be read (almost) without waiting.
type socket struct {
	*net.TCPConn
	nowait bool // Read gives errWouldWait instead of waiting; only the reader touches it
}

func newSocket(tcp *net.TCPConn) *socket { return &socket{TCPConn: tcp} }

// Read reads, and waits only if it may.
func (s *socket) Read(p []byte) (int, error) {
	if s.nowait {
		return s.take(p)
	}
	return s.TCPConn.Read(p)
}

// peek takes the bytes it finds. That loses nothing: a connection with stray bytes is not used again.
func (s *socket) peek(p []byte) (int, error) { return s.take(p) }

// take reads, and waits no longer than a glance.
func (s *socket) take(p []byte) (int, error) {
	if err := s.SetReadDeadline(time.Now().Add(glance)); err != nil {
		return 0, err
	}
	n, err := s.TCPConn.Read(p)
	if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
		return 0, errWouldWait
	}
	return n, err
}
