package monitor

import (
	"encoding/binary"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// timerfd is a periodic kernel timer, read through the runtime's poller: its reader is woken as a VU is when its response
// arrives, so it is late when VUs are late.
type timerfd struct{ file *os.File }

func newTicker(every time.Duration) (ticker, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("create the generator's probe: %w", err)
	}
	spec := unix.NsecToTimespec(int64(every))
	if err := unix.TimerfdSettime(fd, 0, &unix.ItimerSpec{Interval: spec, Value: spec}, nil); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("start the generator's probe: %w", err)
	}
	return &timerfd{file: os.NewFile(uintptr(fd), "timerfd")}, nil
}

func (t *timerfd) wait() (int64, bool) {
	var expirations [8]byte
	if _, err := t.file.Read(expirations[:]); err != nil {
		return 0, false
	}
	return int64(binary.NativeEndian.Uint64(expirations[:])), true
}

func (t *timerfd) close() { _ = t.file.Close() }
