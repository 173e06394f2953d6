//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package dial

import (
	"io"
	"net"
	"syscall"
)

// CheckMovesDeadline says whether Conn.Check changes the read deadline.
const CheckMovesDeadline = false

// socket is a TCP connection that can also be read without waiting. The system calls go through Control, which takes no
// notice of a deadline that passed while the connection was idle.
type socket struct {
	*net.TCPConn
	nowait bool // Read gives errWouldWait instead of waiting; only the reader touches it

	raw   syscall.RawConn
	try   func(fd uintptr) // made once: a closure per call would be an allocation
	buf   []byte
	flags int
	n     int
	err   error
}

func newSocket(tcp *net.TCPConn) *socket { return &socket{TCPConn: tcp} }

// Read reads, and waits only if it may.
func (s *socket) Read(p []byte) (int, error) {
	if s.nowait {
		return s.take(p)
	}
	return s.TCPConn.Read(p)
}

// peek reads without waiting and leaves the bytes where they are.
func (s *socket) peek(p []byte) (int, error) { return s.recv(p, syscall.MSG_PEEK) }

// take reads without waiting.
func (s *socket) take(p []byte) (int, error) { return s.recv(p, 0) }

func (s *socket) recv(p []byte, flags int) (int, error) {
	raw, err := s.rawConn()
	if err != nil {
		return 0, err
	}
	if s.try == nil {
		s.try = s.attempt
	}
	s.buf, s.flags = p, flags|syscall.MSG_DONTWAIT
	err = raw.Control(s.try)
	s.buf = nil
	if err != nil {
		return 0, err
	}
	return s.n, s.err
}

// rawConn is the system's view of the socket, made at first use.
func (s *socket) rawConn() (syscall.RawConn, error) {
	if s.raw == nil {
		raw, err := s.SyscallConn()
		if err != nil {
			return nil, err
		}
		s.raw = raw
	}
	return s.raw, nil
}

func (s *socket) attempt(fd uintptr) {
	for {
		n, _, err := syscall.Recvfrom(int(fd), s.buf, s.flags)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			s.n, s.err = 0, errWouldWait
		case err != nil:
			s.n, s.err = 0, err
		case n == 0:
			s.n, s.err = 0, io.EOF
		default:
			s.n, s.err = n, nil
		}
		return
	}
}
