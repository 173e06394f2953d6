package vu

import (
	"sync"
	"sync/atomic"
	"time"
)

// stopper makes a VU and its branches give up, from any goroutine.
type stopper struct {
	hit atomic.Bool

	mu       sync.Mutex // guards what follows
	done     chan struct{}
	sleepers []*time.Timer  // those that somebody waits for
	alone    [1]*time.Timer // where sleepers begins: there are more only in a parallel step
	all      []Client
	first    []Client // by number: what the others may share connections with
}

// Interrupt makes a running iteration return as soon as it can, and every later one at once.
func (v *VU) Interrupt() { v.stop.hitAll() }

// Interrupted tells whether Interrupt was called.
func (v *VU) Interrupted() bool { return v.stop.hit.Load() }

// Done is closed by Interrupt.
func (v *VU) Done() <-chan struct{} {
	s := v.stop
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done == nil {
		s.done = make(chan struct{})
		if s.hit.Load() {
			close(s.done)
		}
	}
	return s.done
}

// Sleep waits, and returns ErrInterrupted if the VU is stopped meanwhile. The VU's one timer serves all its pauses, and an
// interrupt ends a pause by setting it forward: a hundred thousand that sleep need neither a channel each nor a select, whose
// frame would double their stacks.
func (v *VU) Sleep(d time.Duration) error {
	if d <= 0 {
		return nil
	}
	if v.timer == nil {
		v.timer = time.NewTimer(time.Hour)
	}
	if !v.stop.began(v.timer, d) {
		return ErrInterrupted
	}
	<-v.timer.C
	if !v.stop.ended(v.timer) {
		return ErrInterrupted
	}
	return nil
}

// began sets a pause's timer. false: the VU has been stopped.
func (s *stopper) began(t *time.Timer, d time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hit.Load() {
		return false
	}
	t.Reset(d)
	s.sleepers = append(s.sleepers, t)
	return true
}

// ended forgets a pause's timer. false: the VU was stopped meanwhile.
func (s *stopper) ended(t *time.Timer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.sleepers {
		if other == t {
			last := len(s.sleepers) - 1
			s.sleepers[i] = s.sleepers[last]
			s.sleepers = s.sleepers[:last]
			break
		}
	}
	return !s.hit.Load()
}

func (s *stopper) hitAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hit.Swap(true) {
		return
	}
	if s.done != nil {
		close(s.done)
	}
	for _, t := range s.sleepers {
		t.Reset(0)
	}
	for _, c := range s.all {
		c.Interrupt()
	}
}

func (s *stopper) open(peers Peers, number int) Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.first) <= number {
		s.first = append(s.first, nil)
	}
	c := peers.New(number, s.first[number])
	if s.first[number] == nil {
		s.first[number] = c
	}
	s.all = append(s.all, c)
	if s.hit.Load() {
		c.Interrupt()
	}
	return c
}
