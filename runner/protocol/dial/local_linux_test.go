package dial

import (
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"runner/runner/protocol"
)

// Without descriptors it is this host's fault, and the target is not blamed.
func TestNoDescriptors(t *testing.T) {
	target := listen(t, "tcp", "127.0.0.1:0", nothing)
	var told error
	var to string
	d := newDialer(t, Config{Fault: func(err error, target string) { told, to = err, target }})
	if f, _ := try(t, d, target, 5*time.Second); f.Class != protocol.ClassNone {
		t.Fatal(f)
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	low := limit
	low.Cur = 0
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &low); err != nil {
		t.Skip(err)
	}
	f, _ := try(t, d, target, 5*time.Second)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if f.Class != protocol.ClassLocal || !strings.Contains(f.Err.Error(), "too many open files") {
		t.Error(f)
	}
	if !errors.Is(told, syscall.EMFILE) || to != net.JoinHostPort(target.Host, target.Port) {
		t.Errorf("told of %v towards %s", told, to)
	}
}

// A lookup's error wraps no system's: it has its words. Without a descriptor to ask with nobody knows whether there is such a host.
func TestLookupWithoutDescriptors(t *testing.T) {
	for text, want := range map[string]error{
		"dial udp 10.0.0.1:53: socket: too many open files": syscall.EMFILE, "server misbehaving": nil, "too many open files": nil,
	} {
		err := &net.OpError{Op: "dial", Err: &net.DNSError{Err: text, Name: "shop.example"}}
		if got := refused(err); !errors.Is(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
		if want != nil && !errors.Is(reason(err), want) {
			t.Errorf("%q: its reason is %v", text, reason(err))
		}
	}
}

func TestClassify(t *testing.T) {
	for errno, want := range map[syscall.Errno]protocol.Class{
		syscall.EMFILE: protocol.ClassLocal, syscall.ENFILE: protocol.ClassLocal, syscall.EADDRNOTAVAIL: protocol.ClassLocal,
		syscall.ENOBUFS: protocol.ClassLocal, syscall.ENOMEM: protocol.ClassLocal, syscall.EACCES: protocol.ClassLocal,
		syscall.EPERM: protocol.ClassLocal, syscall.ECONNREFUSED: protocol.ClassDial, syscall.ENETUNREACH: protocol.ClassDial,
		syscall.EHOSTUNREACH: protocol.ClassDial, syscall.ECONNRESET: protocol.ClassDial, syscall.ETIMEDOUT: protocol.ClassDial,
	} {
		if got := classify(os.NewSyscallError("connect", errno), protocol.ClassDial); got != want {
			t.Errorf("%v: %v, want %v", errno, got, want)
		}
	}
}

// A connection that is given up is reset: closed politely it would hold its port for a minute, and a target that answers
// nothing would use up all there are.
func TestAbortHoldsNoPort(t *testing.T) {
	ends := make(chan error, 1)
	target := listen(t, "tcp", "127.0.0.1:0", func(c net.Conn) {
		_, err := c.Read(make([]byte, 1))
		ends <- err
	})
	if f, _ := try(t, newDialer(t, Config{}), target, 5*time.Second); f.Class != protocol.ClassNone {
		t.Fatal(f)
	}
	if err := <-ends; !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the peer was told by %v, want a reset", err)
	}
}
