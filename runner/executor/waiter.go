package executor

import (
	"sync"
	"time"
)

// timeWaiter waits with package time: portable, and what tests under a fake clock use. A wait is as precise as the
// platform's timers (about 1 ms on Linux, which therefore has its own waiter).
type timeWaiter struct {
	clock func() int64
	timer *time.Timer
	once  sync.Once
	woken chan struct{}
}

var _ Waiter = (*timeWaiter)(nil)

// NewTimeWaiter makes a waiter of package time's timers, for any platform and for tests under testing/synctest.
func NewTimeWaiter(clock func() int64) Waiter {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return &timeWaiter{clock: clock, timer: timer, woken: make(chan struct{})}
}

func (w *timeWaiter) Until(t int64) bool {
	for {
		select {
		case <-w.woken:
			return false
		default:
		}
		rest := t - w.clock()
		if rest <= 0 {
			return true
		}
		w.timer.Reset(time.Duration(rest))
		select {
		case <-w.timer.C:
		case <-w.woken:
			w.timer.Stop()
			return false
		}
	}
}

func (w *timeWaiter) Wake() { w.once.Do(func() { close(w.woken) }) }

func (w *timeWaiter) Close() { w.timer.Stop() }
