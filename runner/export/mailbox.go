package export

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"runner/runner/metrics"
)

const (
	maxWaiting = 60              // intervals that wait one by one; then neighbours are merged, so that nothing is lost but detail
	patience   = 5 * time.Second // with a receiver, for one interval
)

// sink delivers intervals to one receiver. Only its mailbox's goroutine calls it.
type sink interface {
	// open prepares; the receiver need not be there yet.
	open(Info) error
	// deliver sends what was measured: in the interval, or, to a cumulative receiver, since the run's start. What could
	// not be delivered comes again with the next interval in it.
	deliver(context.Context, *metrics.Snapshot) error
	// close sends what is still on its way.
	close(context.Context) error
}

// mailbox is the Stream around a sink: it takes intervals at once and delivers them on a goroutine of its own.
type mailbox struct {
	name       string // KIND=TARGET without credentials
	sink       sink
	cumulative bool // the receiver wants everything since the run's start
	log        func(string)

	mu      sync.Mutex
	waiting []*metrics.Snapshot
	seconds []int64 // that the waiting ones stand for
	closed  bool

	wake   chan struct{} // holds one token: something waits, or the end has come
	done   chan struct{} // closed when the goroutine has ended
	cancel context.CancelFunc

	// What follows is the goroutine's until done.
	result metrics.OutputResult
}

var _ Stream = (*mailbox)(nil)

func newMailbox(name string, cumulative bool, s sink) *mailbox {
	return &mailbox{name: name, sink: s, cumulative: cumulative, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// Start prepares the sink and starts the goroutine, which Close ends.
func (m *mailbox) Start(info Info) error {
	if err := m.sink.open(info); err != nil {
		return fmt.Errorf("output %s: %w", m.name, err)
	}
	m.log = info.Log
	m.result = metrics.OutputResult{Name: m.name, Unit: "seconds"}
	ctx, cancel := context.WithCancel(context.Background())
	m.cancel = cancel
	go m.run(ctx)
	return nil
}

// Second puts an interval into the mailbox.
func (m *mailbox) Second(s *metrics.Snapshot) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if last := len(m.waiting) - 1; last >= maxWaiting-1 {
		m.waiting[last] = metrics.Merged(m.waiting[last], s)
		m.seconds[last]++
	} else {
		m.waiting, m.seconds = append(m.waiting, s), append(m.seconds, 1)
	}
	m.signal()
}

func (m *mailbox) signal() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// take is the next interval.
func (m *mailbox) take() (s *metrics.Snapshot, seconds int64, closed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.waiting) == 0 {
		return nil, 0, m.closed
	}
	s, seconds = m.waiting[0], m.seconds[0]
	m.waiting, m.seconds = m.waiting[1:], m.seconds[1:]
	return s, seconds, false
}

// run delivers until the mailbox is closed and empty, or ctx ends.
func (m *mailbox) run(ctx context.Context) {
	defer close(m.done)
	var due *metrics.Snapshot // what to deliver next
	var owed int64            // seconds in it that have not been delivered
	for {
		s, seconds, closed := m.take()
		switch {
		case s != nil:
			due, owed = m.add(due, s), owed+seconds
			if m.deliver(ctx, due) {
				m.result.Delivered += owed
				owed = 0
				if !m.cumulative {
					due = nil
				}
			}
			continue
		case closed:
			m.finish(ctx, due, owed)
			return
		}
		<-m.wake
	}
}

// add is what is due with one more interval in it.
func (m *mailbox) add(due, s *metrics.Snapshot) *metrics.Snapshot {
	switch {
	case !m.cumulative:
		return metrics.Merged(due, s)
	case due == nil:
		return s.Copy()
	}
	due.Merge(s)
	return due
}

func (m *mailbox) deliver(ctx context.Context, s *metrics.Snapshot) bool {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	err := m.sink.deliver(ctx, s)
	if err == nil {
		return true
	}
	m.failed(err)
	return false
}

// failed notes an error; the first one is told at once.
func (m *mailbox) failed(err error) {
	if m.result.Error != "" && errors.Is(err, context.Canceled) {
		return // the time is up: what went wrong before says more
	}
	if m.result.Error == "" && m.log != nil {
		m.log(fmt.Sprintf("output %s: %v; the run goes on, and what is missing is sent as soon as it can be", m.name, err))
	}
	m.result.Error = err.Error()
}

// finish gives what could not be delivered a last chance.
func (m *mailbox) finish(ctx context.Context, due *metrics.Snapshot, owed int64) {
	if owed > 0 && ctx.Err() == nil && m.deliver(ctx, due) {
		m.result.Delivered += owed
		owed = 0
	}
	m.result.Missed += owed
	if err := m.sink.close(ctx); err != nil {
		m.failed(err)
	}
}

// Close waits for the goroutine; when ctx ends, it is told to give up.
func (m *mailbox) Close(ctx context.Context) metrics.OutputResult {
	m.mu.Lock()
	m.closed = true
	m.signal()
	m.mu.Unlock()
	defer m.cancel()
	select {
	case <-m.done:
	case <-ctx.Done():
		m.cancel()
		<-m.done
	}
	if m.result.Missed == 0 && m.result.Delivered > 0 && m.result.Error != "" {
		m.result.Error = "" // it was down for a while, and has everything
	}
	return m.result
}
