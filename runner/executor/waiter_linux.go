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
// timer is rounded up to 1 ms; a busy one never looks at the poller in time, but checks timers at every scheduling. The last
// of the wait it may spin.
type fdWaiter struct {
	clock func() int64
	fd    int // file's own; file.Fd() would make it blocking
	file  *os.File
	conn  syscall.RawConn
	read  func(fd uintptr) bool // made once, so that a wait allocates nothing
	woken atomic.Bool

	spinner *spinner // nil: there is no descriptor for it
	early   int64    // by how much a sleep is cut short for its own lateness
}

var _ Waiter = (*fdWaiter)(nil)

// NewWaiter makes the platform's most precise waiter for a clock in nanoseconds; where there is no descriptor left for it,
// the portable one: a scenario that starts 1 ms late is better than none. It spins if spin is not nil. The error is the
// system's.
func NewWaiter(clock func() int64, spin *Spin) (Waiter, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return NewTimeWaiter(clock), nil //nolint:nilerr // the portable one is the answer to it
	}
	w := &fdWaiter{clock: clock, fd: fd, file: os.NewFile(uintptr(fd), "timerfd"), read: expired(), early: mostEarly / 4}
	w.conn, err = w.file.SyscallConn()
	if err == nil {
		err = w.file.SetReadDeadline(time.Time{}) // fails if the poller does not take the descriptor
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("making a timer: %w", err), w.file.Close())
	}
	w.spinner = newSpinner(spin, clock, &w.woken)
	return w, nil
}

func (w *fdWaiter) Until(t int64) bool {
	for {
		if w.woken.Load() {
			return false
		}
		now := w.clock()
		switch rest := t - now; {
		case rest <= 0:
			w.spinner.glance(now)
			return true
		case !w.spinner.may(now):
			w.sleep(rest)
		case rest > w.early+worth:
			w.sleep(rest - w.early)
			w.learn(w.clock() - t + w.early)
		case !w.spinner.until(t):
			w.sleep(t - w.clock())
		}
	}
}

const (
	worth     = int64(50 * time.Microsecond) // a shorter sleep costs as much CPU as it saves
	mostEarly = int64(400 * time.Microsecond)
)

// learn notes how late a sleep ended. early comes to what 19 of 20 sleeps are late by at most.
func (w *fdWaiter) learn(late int64) {
	const step = int64(500)
	if late > w.early {
		w.early = min(w.early+19*step, mostEarly)
	} else {
		w.early = max(w.early-step, 0)
	}
}

func (w *fdWaiter) sleep(rest int64) {
	if !w.wait(max(rest, 1)) { // 0 would disarm the timer
		// The timer can't be had any more: a plain sleep is late, but never early.
		time.Sleep(min(time.Duration(rest), time.Millisecond))
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

func (w *fdWaiter) Close() { // nothing was written, so there is nothing to lose
	_ = w.file.Close()
	w.spinner.close()
}
