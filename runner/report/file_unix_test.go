//go:build unix

package report

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A pipe of the test's own stands for /dev/null and /dev/stdout: should the code ever replace what it has to write to, a
// test that runs as root must not have named a device that the whole machine uses.
func TestJSONToADeviceLeavesTheDevice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	// Open for reading and writing: neither this nor the code's own opening waits for the other.
	reader, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := reader.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil { // if nothing is written at all
		t.Fatal(err)
	}
	if err := CheckWritable(path); err != nil {
		t.Fatal(err)
	}
	want, err := Encode(passing())
	if err != nil {
		t.Fatal(err)
	}
	finished := make(chan error, 1)
	go func() { finished <- jsonFile(path, nil).Finish(passing()) }()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(reader, got); err != nil || !json.Valid(got) {
		t.Errorf("read %s, %v", got, err)
	}
	if err := <-finished; err != nil {
		t.Error(err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe was replaced by a file: %v, %v", info.Mode(), err)
	}
}

func TestASocketIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Skipf("no sockets here: %v", err)
	}
	defer func() { _ = syscall.Close(fd) }()
	if err := syscall.Bind(fd, &syscall.SockaddrUnix{Name: path}); err != nil {
		t.Skipf("no sockets here: %v", err)
	}
	if err := CheckWritable(path); err == nil || err.Error() != path+" is a socket: name a file" {
		t.Errorf("err = %v", err)
	}
}
