// Package http2 sends requests over HTTP/2 (RFC 9113) and reads the answers strictly: every stream on the wire is a
// request that the caller asked for, nothing is sent twice (not even a refused stream), and a peer that breaks the rules
// is told of, not humoured. It knows frames and times; it doesn't know plans, redirects, cookies, content encodings or
// metrics.
//
// Nobody reads a connection but those who wait for an answer on it: the first of them leads and hands out what comes to
// all, the others sleep; who leaves hands on the lead. So a virtual user with a connection of its own pays for no
// goroutine and no switch, and a shared connection wakes nobody but those whose answer is there.
package http2

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// Dialer opens connections: dial.Dialer does. The deadline and the cancellation come with ctx.
type Dialer interface {
	Dial(ctx context.Context, t protocol.Target, timing *protocol.Timing) (*dial.Conn, protocol.Failure)
}

// Client exchanges one request at a time over the connections of a Pool. One goroutine owns it: only Interrupt may be
// called from others.
type Client struct {
	pool        *Pool
	s           stream // of the exchange under way
	interrupted atomic.Bool

	mu     sync.Mutex // guards cancel and on
	cancel context.CancelFunc
	on     *conn // the connection that the exchange under way uses
}

// Client makes a client over the pool's connections.
func (p *Pool) Client() *Client {
	c := &Client{pool: p}
	c.s.client, c.s.wake = c, make(chan struct{}, 1)
	return c
}

// Pool is whose connections the client uses.
func (c *Client) Pool() *Pool { return c.pool }

// Do sends req and reads the answer into resp, both of which it resets first, as it does t. On failure resp holds what
// had come by then, except for the body, and t the time spent in each part until it gave up. The zero Failure says that
// resp is a complete response, whatever its status.
func (c *Client) Do(req *protocol.Request, resp *protocol.Response, t *protocol.Timing) protocol.Failure {
	resp.Reset()
	*t = protocol.Timing{}
	s := &c.s
	s.reset(req, resp, t, c.pool.clock())
	t.Start = s.start
	f := c.exchange(s)
	if f.Class != protocol.ClassNone {
		resp.Body = resp.Body[:0]
	}
	s.req, s.resp, s.timing, s.conn, s.body = nil, nil, nil, nil, nil
	return f
}

// exchange finds a connection and uses it. One that had been closed before a byte of the request was sent is replaced.
func (c *Client) exchange(s *stream) protocol.Failure {
	if c.interrupted.Load() {
		return s.interruption()
	}
	if err := s.req.Malformed(); err != nil {
		return protocol.Fail(protocol.ClassLocal, err)
	}
	for {
		cn, f := c.pool.acquire(s)
		s.timing.Blocked = c.pool.clock() - s.start
		if f.Class != protocol.ClassNone {
			return f
		}
		c.using(cn)
		sent := cn.exchange(s)
		c.using(nil)
		c.pool.release(cn)
		if sent {
			return s.failure
		}
	}
}

func (c *Client) using(cn *conn) {
	c.mu.Lock()
	c.on = cn
	c.mu.Unlock()
}

// dialing tells Interrupt what to cancel. false: it is too late to begin.
func (c *Client) dialing(cancel context.CancelFunc) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel != nil && c.interrupted.Load() {
		return false
	}
	c.cancel = cancel
	return true
}

// Interrupt makes a running Do and every later one return ClassInterrupted at once. Any goroutine may call it.
func (c *Client) Interrupt() {
	c.interrupted.Store(true)
	c.mu.Lock()
	cn := c.on
	if c.cancel != nil {
		c.cancel()
	}
	c.mu.Unlock()
	if cn != nil {
		cn.kick(&c.s)
	}
	c.s.rouse()
}

// CloseIdle closes the pool's connections; the next request opens a new one.
func (c *Client) CloseIdle() { c.pool.CloseIdle() }

// Close makes every later Do return ClassInterrupted. The connections are the pool's.
func (c *Client) Close() { c.Interrupt() }

// open dials a connection. All the time until it stands is Blocked.
func (c *Client) open(s *stream) (*dial.Conn, protocol.Failure) {
	left := s.req.Timeout - time.Duration(c.pool.clock()-s.start)
	ctx, cancel := context.WithTimeout(context.Background(), left)
	defer cancel()
	if !c.dialing(cancel) {
		return nil, s.interruption()
	}
	s.timing.Dialed = true
	stream, f := c.pool.dialer.Dial(ctx, s.req.Target, s.timing)
	c.dialing(nil)
	switch {
	case f.Class != protocol.ClassNone:
		return nil, s.dialFailure(f)
	case s.req.Target.TLS && stream.Proto != "h2":
		stream.Abort()
		return nil, protocol.Fail(protocol.ClassTLS, errors.New(s.where()+" doesn't offer HTTP/2: it "+agreed(stream.Proto)))
	}
	return stream, f
}

func agreed(proto string) string {
	if proto == "" {
		return "took no part in choosing a protocol (ALPN)"
	}
	return "chose " + proto
}
