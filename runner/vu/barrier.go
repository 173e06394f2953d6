package vu

import (
	"fmt"
	"sync"
	"time"

	"runner/runner/metrics"
	"runner/spec"
)

// barrier holds VUs until enough of them are there.
type barrier struct {
	slot    int
	vus     int64
	timeout time.Duration
}

// defaultBarrierTimeout is long enough for any scenario's VUs to come up, and short enough that a plan with too few of
// them says so while somebody is watching.
const defaultBarrierTimeout = 30 * time.Second

func compileBarrier(c *Compiler, s *spec.Barrier) Step {
	c.Counts.Barriers++
	return &barrier{slot: c.Counts.Barriers - 1, vus: s.VUs.Value, timeout: s.Timeout.Or(defaultBarrierTimeout)}
}

// meeting is a barrier's state in one run.
type meeting struct {
	mu    sync.Mutex
	here  int64
	start chan struct{} // closed when all are there
}

func newMeeting() *meeting { return &meeting{start: make(chan struct{})} }

// join counts one more; the last one opens the barrier for this round and readies the next.
func (m *meeting) join(need int64) <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	start := m.start
	m.here++
	if m.here >= need {
		close(start)
		m.here, m.start = 0, make(chan struct{})
	}
	return start
}

// leave takes one back, unless the barrier opened meanwhile.
func (m *meeting) leave(start <-chan struct{}) (opened bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.start != start {
		return true
	}
	m.here--
	return false
}

// Do waits for the others.
func (s *barrier) Do(v *VU) error {
	if v.Run.Alone {
		if v.Trace != nil {
			v.Trace.Note(Note{Verb: "barrier", Text: fmt.Sprintf("for %d VUs: not waited for, as this is the only one", s.vus)})
		}
		return nil
	}
	m := v.Run.barriers[s.slot]
	start := m.join(s.vus)
	t := time.NewTimer(s.timeout)
	defer t.Stop()
	select {
	case <-start:
		return nil
	case <-v.Done():
		m.leave(start)
		return ErrInterrupted
	case <-t.C:
		if m.leave(start) {
			return nil
		}
		return &Failed{Cause: metrics.CauseError, Where: "barrier", Err: fmt.Errorf("fewer than %d VUs came within %s", s.vus, s.timeout)}
	}
}
