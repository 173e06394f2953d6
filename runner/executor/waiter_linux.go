package executor

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// fdWaiter waits on a timerfd that is registered with the Go netpoller, with a read deadline of the same time. Whichever
// comes first ends the wait: an idle process is woken by the poller, which takes the timerfd to the microsecond where a Go
// timer is rounded up to 1 ms; a busy one never looks at the poller in time, but checks timers at every scheduling.
type fdWaiter struct {
	clock func() int64
	fd    int // file's own; file.Fd() would make it blocking
	file  *os.File
	conn  syscall.RawConn
	read  func(fd uintptr) bool // made once, so that a wait allocates nothing
	woken atomic.Bool
}

var _ Waiter = (*fdWaiter)(nil)

// NewWaiter makes the platform's most precise waiter for a clock in nanoseconds; where there is no descriptor left for it,
// the portable one: a scenario that starts 1 ms late is better than none. The error is the system's.
func NewWaiter(clock func() int64) (Waiter, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return NewTimeWaiter(clock), nil
	}
	file := os.NewFile(uintptr(fd), "timerfd")
	conn, err := file.SyscallConn()
	if err == nil {
		err = file.SetReadDeadline(time.Time{}) // fails if the poller does not take the descriptor
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("making a timer: %w", err), file.Close())
	}
	return &fdWaiter{clock: clock, fd: fd, file: file, conn: conn, read: expired()}, nil
}

func (w *fdWaiter) Until(t int64) bool {
	for {
		if w.woken.Load() {
			return false
		}
		rest := t - w.clock()
		if rest <= 0 {
			return true
		}
		if !w.wait(rest) {
			// The timer can't be had any more: a plain sleep is late, but never early.
			time.Sleep(min(time.Duration(rest), time.Millisecond))
		}
	}
}

// wait returns when rest has passed or Wake was called, or earlier; ok is false if the timer does not work.
func (w *fdWaiter) wait(rest int64) (ok bool) {
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(rest)}
	if err := unix.TimerfdSettime(w.fd, 0, &spec, nil); err != nil {
		return false
	}
	if err := w.file.SetReadDeadline(time.Now().Add(time.Duration(rest))); err != nil {
		return false
	}
	if w.woken.Load() { // Wake may have set its deadline before we set ours
		return true
	}
	err := w.conn.Read(w.read)
	return err == nil || errors.Is(err, os.ErrDeadlineExceeded)
}

// expired reads a timerfd: true if it has expired, false to wait for it in the poller.
func expired() func(fd uintptr) bool {
	count := make([]byte, 8)
	return func(fd uintptr) bool {
		_, err := unix.Read(int(fd), count)
		return err != unix.EAGAIN && err != unix.EINTR
	}
}

func (w *fdWaiter) Wake() {
	w.woken.Store(true)
	_ = w.file.SetReadDeadline(time.Unix(1, 0)) // fails only after Close, when nobody waits
}

func (w *fdWaiter) Close() { _ = w.file.Close() } // nothing was written, so there is nothing to lose
