// Package executor turns a schedule into iterations: it decides when one starts and which VU takes it, and is the one
// place that waits. It never learns what an iteration does.
package executor

import (
	"context"
	"time"

	"runner/runner/schedule"
)

// Ticket is one iteration to be started. Times are nanoseconds since the run's start (Clock).
type Ticket struct {
	N     int64 // global number of the iteration within its scenario
	Turn  int64 // the number that it would have if no ticket of this segment had been dropped
	Stage int16 // of the due time; from 1, 0: the executor has no stages
	Open  bool  // due comes from an arrival schedule: lag and latency count from it
	First bool  // closed executors: Due was planned, as the VU's start or as the slot that its pace gave it
	Due   int64 // when the schedule wanted it
	Free  int64 // when this VU was free to take it; of an open ticket after Due only with late: queue
	Start int64 // when the iteration was begun, where the executor has just looked at the clock; 0: whoever runs it looks
}

// User runs iterations, one at a time, on the goroutine that calls Iterate.
type User interface {
	// Iterate runs one iteration to its end and records it. Every call is a started iteration: one that finds itself
	// interrupted at once is recorded as interrupted, or planned = started + dropped would not hold. more is false if
	// this user has ended (a stop step, or data at its end with at_end: stop).
	Iterate(Ticket) (more bool)
	// Pace is the least time from the due time of the iteration that has just ended to that of the user's next one; 0: there
	// is none. Closed executors ask, on the goroutine that called Iterate.
	Pace() time.Duration
	// Interrupt makes a running Iterate return as soon as it can, and every later one at once. Any goroutine may call it.
	Interrupt()
	// Close releases connections. The user is not used again.
	Close()
}

// Users makes the scenario's virtual users.
type Users interface {
	// New makes VU number id (global, from 1) and runs its init steps. An error ends the run, unless ctx has ended. It is
	// called again with an id whose user was interrupted by a ramp down or ended under an arrival executor. Many
	// goroutines call it at once.
	New(ctx context.Context, id int64) (User, error)
}

// Recorder is told what the samples of iterations can't say. Any goroutine may call it, and it must not block.
type Recorder interface {
	// Dropped says that count of this segment's tickets, from number n on, were not started; all are of that stage, and
	// the first was due at that time on Clock. cause is DropVUs, always with a count of 1, or DropEnd.
	Dropped(n, count int64, stage int16, due int64, cause string)
	// GaveUp says that count of this segment's iterations are planned no more: those of VUs that ended by themselves.
	GaveUp(count int64)
	// Active says how many VUs the segment has now: active ones (iterating or waiting for a ticket), and made at all.
	Active(active, made int64)
}

// The causes of a drop.
const (
	DropVUs = "vus" // all of max_vus were running when the ticket was due
	DropEnd = "end" // the run ended before the ticket was started
)

// Plan is what every executor needs to run a scenario.
type Plan struct {
	Users    Users
	Recorder Recorder
	// Clock is nanoseconds since the run's start.
	Clock func() int64
	// Waiter makes the thing that waits for a due time; nil: the platform's best.
	Waiter func() (Waiter, error)
	// Spin is leave to spin, for all scenarios of the process; nil: waiters sleep.
	Spin     *Spin
	Segment  schedule.Segment
	Graceful time.Duration // graceful_stop
	// NotBefore is the earliest T0, on Clock: VUs are made at once, but the schedule begins no sooner.
	NotBefore int64
	// Control can change the run while it goes; nil: nobody will.
	Control *Control
	// Started is called once, when all first VUs exist, with T0 on Clock. It may be nil.
	Started func(t0 int64)
}

// Executor makes one scenario's load. Any number of runs may use it at once.
type Executor interface {
	// Info is what the executor is going to do.
	Info() Info
	// Run returns when every iteration has ended: on schedule, when ctx ends (new iterations stop at once, running ones
	// are interrupted without grace; that is no error), or on the first error of making a VU.
	Run(ctx context.Context, p Plan) error
}

// Info is what an executor is going to do, over all segments.
type Info struct {
	Kind     string        // constant-vus, …
	Load     string        // for people: its kind, how much, and for how long
	Open     bool          // an arrival executor
	Stages   []string      // names, "1", "2" where the author gave none; nil: no stages
	VUs      int64         // made before the start
	MaxVUs   int64         // the most there can be
	Planned  int64         // iterations; -1: as many as fit in
	Duration time.Duration // no iteration starts after it
	Queue    bool          // open: a ticket that no VU is free for waits for one
	Limit    bool          // Duration is a max_duration: the load ends when its iterations have run

	Arrivals *schedule.Arrivals // open: when iterations are due; else nil
	Active   *schedule.VUs      // closed: when VUs run; else nil
}

// Waiter waits for points in time on Clock, to the precision of the machine.
type Waiter interface {
	// Until returns true when the clock has reached t, false as soon as Wake was called. One goroutine at a time.
	Until(t int64) bool
	// Wake makes the present and every later Until return false. Any goroutine may call it.
	Wake()
	Close()
}
