package executor

import (
	"sync/atomic"
	"time"
)

// Spin lets the executors of a process wait without sleeping where a sleep would end too late, or cost more than it saves:
// they look at the network and the clock again and again. It is shared, as one that looks is enough. The zero value is
// ready; nil is no leave to spin.
//
// Who spins offers its core to others at every turn. Where somebody takes it, the core is not ours to burn, and a sleeper
// gets it back sooner than a spinner does. So all sleep for a while, and for longer where it happens again.
type Spin struct {
	idle   atomic.Int64 // ns
	turn   atomic.Bool  // somebody spins
	asleep atomic.Int64 // until then nobody does, on Clock

	// Only who has the turn touches these.
	nap   int64 // the last one
	begun int64 // a stretch of time, on Clock
	taken int64 // of it, by others
}

const (
	grudge   = int64(500 * time.Microsecond) // taken at once, or
	stretch  = int64(10 * time.Millisecond)  // a tenth of this
	firstNap = int64(100 * time.Millisecond)
	lastNap  = int64(10 * time.Second)
)

// Idle is the CPU time that was spent on looking in vain, since the start. Any goroutine may call it.
func (s *Spin) Idle() time.Duration {
	if s == nil {
		return 0
	}
	return time.Duration(s.idle.Load())
}

// rests tells whether others wanted the core of late.
func (s *Spin) rests(now int64) bool { return now < s.asleep.Load() }

// gave says that others had the core from then to now.
func (s *Spin) gave(from, now int64) {
	if now-s.begun > stretch {
		s.begun, s.taken = from, 0
	}
	if s.taken += now - from; s.taken < stretch/10 && now-from < grudge {
		return
	}
	if now-s.asleep.Load() > 2*s.nap { // it went well for long enough
		s.nap = 0
	}
	s.nap = min(max(2*s.nap, firstNap), lastNap)
	s.asleep.Store(now + s.nap)
}
