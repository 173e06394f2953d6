package main

import (
	"fmt"
	"io"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// timerLoop waits for 20,000 points in time a second on a timerfd, and does nothing at them. It writes the p99 of its
// lateness in µs: what this machine can do at best.
func timerLoop(out io.Writer) error {
	runtime.LockOSThread()
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(fd) }()
	var lags times
	begin := time.Now()
	expired := make([]byte, 8)
	for n := range paced * arrivals {
		due := time.Duration(n) * time.Second / arrivals
		if rest := due - time.Since(begin); rest > 0 {
			spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(rest))}
			if err := unix.TimerfdSettime(fd, 0, &spec, nil); err != nil {
				return err
			}
			if _, err := unix.Read(fd, expired); err != nil {
				return err
			}
		}
		lags.add(time.Since(begin) - due)
	}
	_, err = fmt.Fprintln(out, lags.percentile(0.99))
	return err
}
