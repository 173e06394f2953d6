package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"runner/runner/metrics"
)

// farewell is how long the second signal leaves for ending what still runs and for writing what was measured. What is
// not over by then waits for somebody, a pager that doesn't read or a disk that doesn't answer, and would wait forever.
const farewell = 800 * time.Millisecond

// signals turns the first signal into the end of ctx, and the second into the closing of kill; the process ends soon after
// that, whatever keeps it. It listens from its call on, so that also a signal that comes while plans are compiled ends in
// a result.
func signals() (ctx context.Context, kill <-chan struct{}, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	incoming := make(chan os.Signal, 2)
	signal.Notify(incoming, ending()...)
	// A reader of our output that goes away must not end the process in the middle of a run, with services left behind.
	// Nobody takes these signals out of the channel: the error of the write tells.
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	now, done := make(chan struct{}), make(chan struct{})
	go func() {
		for _, act := range []func(){cancel, func() { close(now) }} {
			select {
			case <-incoming:
				act()
			case <-done:
				return
			}
		}
		select {
		case <-time.After(farewell):
			os.Exit(metrics.ExitInterrupted)
		case <-done:
		}
	}()
	return ctx, now, func() {
		signal.Stop(incoming)
		signal.Stop(broken)
		close(done)
		cancel()
	}
}

// ending are the signals that interrupt a run: from the keyboard, from a supervisor, and from a terminal that was closed,
// unless it was started so as to outlive its terminal (nohup).
func ending() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}
