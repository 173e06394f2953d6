package peer

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"runner/runner/protocol"
)

// turns shares a number of connections per target among any number of clients, one exchange at a time over each.
type turns struct {
	size int
	make func() Client

	mu   sync.Mutex
	free map[protocol.Target]chan Client // clients with one connection each; a nil one is not made yet
	all  []Client
}

func newTurns(size int, make func() Client) *turns {
	return &turns{size: size, make: make, free: map[protocol.Target]chan Client{}}
}

// of is the queue of a target.
func (t *turns) of(target protocol.Target) chan Client {
	t.mu.Lock()
	defer t.mu.Unlock()
	queue := t.free[target]
	if queue == nil {
		queue = make(chan Client, t.size)
		for range t.size {
			queue <- nil
		}
		t.free[target] = queue
	}
	return queue
}

// fresh makes a client for a queue.
func (t *turns) fresh() Client {
	c := t.make()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, c)
	return c
}

func (t *turns) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.all {
		c.Close()
	}
	t.all = nil
}

func (t *turns) client(clock func() int64) *turn {
	return &turn{turns: t, clock: clock, stop: make(chan struct{})}
}

// turn is a client that waits for one of the shared connections.
type turn struct {
	turns *turns
	clock func() int64
	req   protocol.Request // with the time that is left after waiting

	stop    chan struct{} // closed by Interrupt
	mu      sync.Mutex
	stopped bool
	on      Client // in use; nil: none
}

// Do waits for a connection and makes the exchange on it. Waiting is part of Blocked and of the timeout.
func (c *turn) Do(req *protocol.Request, resp *protocol.Response, t *protocol.Timing) protocol.Failure {
	start := c.clock()
	queue := c.turns.of(req.Target)
	shared, f := c.take(queue, req)
	if f.Class != protocol.ClassNone {
		resp.Reset()
		now := c.clock()
		*t = protocol.Timing{Start: start, End: now, Blocked: now - start}
		return f
	}
	waited := c.clock() - start
	c.req = *req
	c.req.Timeout = max(req.Timeout-time.Duration(waited), 1)
	f = shared.Do(&c.req, resp, t)
	t.Start = start
	t.Blocked += waited
	c.put(queue)
	return f
}

// take waits for a free connection and makes it ours.
func (c *turn) take(queue chan Client, req *protocol.Request) (Client, protocol.Failure) {
	shared, got, late := c.wait(queue, req.Timeout)
	switch {
	case late:
		return nil, protocol.Failure{Class: protocol.ClassTimeout, Err: fmt.Errorf(
			"no response within %v (waiting for one of %d shared connections)", req.Timeout, c.turns.size)}
	case !got:
		return nil, interrupted()
	case shared == nil:
		shared = c.turns.fresh()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		queue <- shared
		return nil, interrupted()
	}
	c.on = shared
	return shared, protocol.Failure{}
}

func interrupted() protocol.Failure {
	return protocol.Failure{Class: protocol.ClassInterrupted, Err: errors.New("the run stopped while the request was waiting for a shared connection")}
}

// wait takes a client out of the queue; neither got nor late: the wait was interrupted.
func (c *turn) wait(queue chan Client, limit time.Duration) (shared Client, got, late bool) {
	select {
	case shared = <-queue:
		return shared, true, false
	default:
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case shared = <-queue:
		return shared, true, false
	case <-c.stop:
		return nil, false, false
	case <-timer.C:
		return nil, false, true
	}
}

// put gives the connection back. One that was interrupted in use is of no more use to anybody.
func (c *turn) put(queue chan Client) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		c.on.Close()
		c.on = nil
	}
	queue <- c.on
	c.on = nil
}

// Interrupt makes a running Do and every later one return ClassInterrupted at once.
func (c *turn) Interrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return
	}
	c.stopped = true
	close(c.stop)
	if c.on != nil {
		c.on.Interrupt()
	}
}

// CloseIdle does nothing: the connections are everybody's.
func (c *turn) CloseIdle() {}

// Close makes every later Do return ClassInterrupted.
func (c *turn) Close() { c.Interrupt() }
