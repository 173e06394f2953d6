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
	Stage int16 // of the due time; from 1, 0: the executor has no stages
	Open  bool  // due comes from an arrival schedule: lag and latency count from it
	First bool  // closed executors: the VU's first iteration
	Due   int64 // when the schedule wanted it
	Free  int64 // when this VU was free to take it
}

// User runs iterations, one at a time, on the goroutine that calls Iterate.
type User interface {
	// Iterate runs one iteration to its end and records it. more is false if this user has ended (a stop step, or data
	// at its end with at_end: stop).
	Iterate(Ticket) (more bool)
	// Interrupt makes a running Iterate return as soon as it can, and every later one at once. Any goroutine may call it.
	Interrupt()
	// Close releases connections. The user is not used again.
	Close()
}

// Users makes the scenario's virtual users.
type Users interface {
	// New makes VU number id (global, from 1) and runs its init steps. An error ends the run.
	New(ctx context.Context, id int64) (User, error)
}

// Recorder is told what the samples of iterations can't say.
type Recorder interface {
	// Dropped says that ticket n, due at that time, was not started. cause is "vus" or "end".
	Dropped(n int64, stage int16, due int64, cause string)
	// Active says how many VUs the scenario has now: active ones (iterating or waiting for a ticket), and made at all.
	Active(active, made int64)
}

// Plan is what every executor needs to run a scenario.
type Plan struct {
	Users    Users
	Recorder Recorder
	// Clock is nanoseconds since the run's start.
	Clock func() int64
	// Waiter makes the thing that waits for a due time; nil: the platform's best.
	Waiter   func() (Waiter, error)
	Segment  schedule.Segment
	Graceful time.Duration // graceful_stop
	// Started is called once, when all first VUs exist: T0, on Clock.
	Started func(t0 int64)
}

// Executor makes one scenario's load. Run returns when every iteration has ended: on schedule, when ctx ends (new
// iterations stop at once, running ones are interrupted without grace), or on the first error.
type Executor interface {
	Run(ctx context.Context, p Plan) error
}

// Waiter waits for points in time on Clock, to the precision of the machine.
type Waiter interface {
	// Until returns true when the clock has reached t, false as soon as Wake was called.
	Until(t int64) bool
	// Wake makes the present and every later Until return false. Any goroutine may call it.
	Wake()
	Close()
}
