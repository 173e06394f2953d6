package executor

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"runner/runner/schedule"
)

// Control changes a scenario while it runs: it stops the schedule's clock and lets it go on, scales what is left, or ends
// it. Any goroutine may ask; the one that keeps the schedule (the holder of the lead, the goroutine of a closed executor)
// makes the change, so that the schedule has one owner. Each ticket is still started or dropped: Info says how many the
// changed schedule plans.
type Control struct {
	waiting atomic.Bool // there are changes to be made

	mu      sync.Mutex
	changes []change
	now     Standing
}

// Standing is how a scenario stands.
type Standing struct {
	Info   Info          // with the schedule as it is now
	T0     int64         // on Clock; it moves on by the time of each pause
	Paused bool          // the schedule stands still
	Since  int64         // when it was paused, on Clock
	Factor float64       // what is left of the schedule is this many times the plan's
	Over   bool          // nothing starts any more
	Length time.Duration // of the schedule: Info.Duration, or less if it was stopped
}

// Elapsed is the time on the schedule's clock.
func (s *Standing) Elapsed(clock int64) time.Duration {
	if s.Paused {
		clock = s.Since
	}
	return time.Duration(clock - s.T0)
}

type change struct {
	kind   changeKind
	at     int64 // when it was asked for, on Clock
	factor schedule.Factor
	made   chan error // of 1
}

type changeKind uint8

const (
	pause changeKind = iota
	resume
	rescale
	stop
)

// NewControl makes the control of a scenario whose executor is going to do that.
func NewControl(info Info) *Control {
	return &Control{now: Standing{Info: info, Factor: 1, Length: info.Duration}}
}

// Standing is how the scenario stands.
func (c *Control) Standing() Standing {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// The changes are made soon; the channel says when, and whether it was possible. at is now, on Clock. They come in the
// order in which they are asked for, also before the scenario has begun.

// Pause stops the schedule's clock: what runs goes on to its end, and nothing new starts.
func (c *Control) Pause(at int64) <-chan error { return c.ask(change{kind: pause, at: at}) }

// Resume lets the schedule's clock go on.
func (c *Control) Resume(at int64) <-chan error { return c.ask(change{kind: resume, at: at}) }

// Scale makes what is left of the schedule factor times what the plan says: its rate, or its number of VUs.
func (c *Control) Scale(at int64, f schedule.Factor) <-chan error {
	return c.ask(change{kind: rescale, at: at, factor: f})
}

// Stop ends the schedule: what runs has graceful_stop to end.
func (c *Control) Stop(at int64) <-chan error { return c.ask(change{kind: stop, at: at}) }

// ErrOver says that a scenario's schedule is over: there is nothing left to change.
var ErrOver = errors.New("it is over")

func (c *Control) ask(ch change) <-chan error {
	ch.made = make(chan error, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now.Over {
		ch.made <- ErrOver
		return ch.made
	}
	c.changes = append(c.changes, ch)
	c.waiting.Store(true)
	return ch.made
}

// take empties the mailbox.
func (c *Control) take() []change {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.changes
	c.changes = nil
	c.waiting.Store(false)
	return list
}

// publish tells how the scenario stands now.
func (c *Control) publish(s Standing) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = s
}

// Close refuses what comes from now on, and what has not been made.
func (c *Control) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now.Over, c.now.Paused = true, false
	for _, ch := range c.changes {
		ch.made <- ErrOver
	}
	c.changes = nil
}
