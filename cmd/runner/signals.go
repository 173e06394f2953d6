package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// signals turns the first SIGINT or SIGTERM into the end of ctx, and the second into the closing of kill. A third ends the
// process as if nobody listened: whatever keeps it then is a fault of this program.
func signals() (ctx context.Context, kill <-chan struct{}, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	incoming := make(chan os.Signal, 2)
	signal.Notify(incoming, os.Interrupt, syscall.SIGTERM)
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
		signal.Stop(incoming)
	}()
	return ctx, now, func() {
		signal.Stop(incoming)
		close(done)
		cancel()
	}
}
