package dial

import (
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
	d := newDialer(t, Config{})
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
