package peer

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"runner/runner/protocol"
)

// turns shares a number of connections per target among any number of clients, one exchange at a time over each.
type turns struct {
	size int
	make func() Client

	mu  sync.Mutex
	of  map[protocol.Target]*queue
	all []Client
}

// queue is the connections to one target, each a client that is used for it alone, and those who wait for one.
type queue struct {
	mu      sync.Mutex
	made    int
	free    []Client // the one that was used last is taken first: it is open
	waiting []chan Client
}

func newTurns(size int, make func() Client) *turns {
	return &turns{size: size, make: make, of: map[protocol.Target]*queue{}}
}

func (t *turns) queue(target protocol.Target) *queue {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.of[target]
	if q == nil {
		q = &queue{}
		t.of[target] = q
	}
	return q
}

// take is a free client; nil with made: the caller may make one; else the place where one will come.
func (q *queue) take(size int) (c Client, made bool, turn chan Client) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if last := len(q.free) - 1; last >= 0 {
		c, q.free = q.free[last], q.free[:last]
		return c, false, nil
	}
	if q.made < size {
		q.made++
		return nil, true, nil
	}
	turn = make(chan Client, 1)
	q.waiting = append(q.waiting, turn)
	return nil, false, turn
}

// put gives a client to whoever has waited longest; a nil one is a place for a new one.
func (q *queue) put(c Client) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case len(q.waiting) > 0:
		q.waiting[0] <- c
		q.waiting = slices.Delete(q.waiting, 0, 1)
	case c == nil:
		q.made--
	default:
		q.free = append(q.free, c)
	}
}

// leave gives a turn up. What had come by then goes to the next.
func (q *queue) leave(turn chan Client) {
	q.mu.Lock()
	i := slices.Index(q.waiting, turn)
	if i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
	}
	q.mu.Unlock()
	if i < 0 {
		q.put(<-turn)
	}
}

// fresh makes a client.
func (t *turns) fresh() Client {
	c := t.make()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, c)
	return c
}

// forget closes a client for good.
func (t *turns) forget(c Client) {
	c.Close()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = slices.DeleteFunc(t.all, func(other Client) bool { return other == c })
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
	q := c.turns.queue(req.Target)
	shared, f := c.take(q, req.Timeout)
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
	c.put(q)
	return f
}

// take waits for a free connection and makes it ours.
func (c *turn) take(q *queue, limit time.Duration) (Client, protocol.Failure) {
	shared, made, turn := q.take(c.turns.size)
	if turn != nil {
		var f protocol.Failure
		if shared, f = c.wait(q, turn, limit); f.Class != protocol.ClassNone {
			return nil, f
		}
		made = shared == nil
	}
	if made {
		shared = c.turns.fresh()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		q.put(shared)
		return nil, interrupted()
	}
	c.on = shared
	return shared, protocol.Failure{}
}

func interrupted() protocol.Failure {
	return protocol.Failure{Class: protocol.ClassInterrupted, Err: errors.New("the run stopped while the request was waiting for a shared connection")}
}

// wait waits for our turn.
func (c *turn) wait(q *queue, turn chan Client, limit time.Duration) (Client, protocol.Failure) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case shared := <-turn:
		return shared, protocol.Failure{}
	case <-c.stop:
		q.leave(turn)
		return nil, interrupted()
	case <-timer.C:
		q.leave(turn)
		return nil, protocol.Failure{Class: protocol.ClassTimeout, Err: fmt.Errorf(
			"no response within %v (waiting for one of %d shared connections)", limit, c.turns.size)}
	}
}

// put gives the connection back. One that was interrupted in use is of no more use to anybody.
func (c *turn) put(q *queue) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		c.turns.forget(c.on)
		c.on = nil
	}
	q.put(c.on)
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
