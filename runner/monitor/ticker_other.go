//go:build !linux

package monitor

import (
	"sync"
	"time"
)

// goTicker counts the ticks that should have come by the clock, since time.Ticker drops those that it is late for.
type goTicker struct {
	ticker *time.Ticker
	every  time.Duration
	start  time.Time
	seen   int64
	done   chan struct{}
	once   sync.Once
}

func newTicker(every time.Duration) (ticker, error) {
	return &goTicker{ticker: time.NewTicker(every), every: every, start: time.Now(), done: make(chan struct{})}, nil
}

func (t *goTicker) wait() (int64, bool) {
	select {
	case <-t.done:
		return 0, false
	case <-t.ticker.C:
	}
	n := int64(time.Since(t.start)/t.every) - t.seen
	t.seen += n
	return n, true
}

func (t *goTicker) close() {
	t.once.Do(func() {
		t.ticker.Stop()
		close(t.done)
	})
}
