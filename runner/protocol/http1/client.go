// Package http1 sends requests over HTTP/1.1 (RFC 9110, RFC 9112) and reads the answers strictly: every exchange on the
// wire is one that the caller asked for, nothing is sent twice, and a reply that breaks the rules is told, not repaired.
// It knows bytes and times; it doesn't know plans, redirects, cookies, content encodings or metrics.
package http1

import (
	"context"
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

// Config is what a Client needs; both are required.
type Config struct {
	Dialer Dialer
	// Clock is in nanoseconds and only ever grows; differences count.
	Clock func() int64
}

// maxConns is how many targets' connections a Client keeps; the one that was used longest ago goes first.
const maxConns = 32

// Client is one virtual user's keep-alive connections, one per target. One goroutine owns it: only Interrupt may be
// called from others. Between exchanges it holds no buffers.
type Client struct {
	dialer Dialer
	clock  func() int64
	conns  []*conn

	interrupted atomic.Bool
	// mu guards what Interrupt touches: the list conns (its owner reads it without), the deadlines of the connections,
	// and cancel.
	mu     sync.Mutex
	cancel context.CancelFunc // of the dial under way
}

// New makes a Client without connections.
func New(cfg Config) *Client { return &Client{dialer: cfg.Dialer, clock: cfg.Clock} }

// Do sends req and reads the answer into resp, both of which it resets first, as it does t. On failure resp holds what
// had come by then, except for the body, and t the time spent in each part until it gave up. The zero Failure says that
// resp is a complete response, whatever its status.
func (c *Client) Do(req *protocol.Request, resp *protocol.Response, t *protocol.Timing) protocol.Failure {
	resp.Reset()
	*t = protocol.Timing{}
	w := wish{client: c, req: req, resp: resp, timing: t, start: c.clock()}
	t.Start = w.start
	f := w.do()
	if f.Class != protocol.ClassNone {
		resp.Body = resp.Body[:0]
	}
	return f
}

// Interrupt makes a running Do and every later one return ClassInterrupted at once. Any goroutine may call it.
func (c *Client) Interrupt() {
	c.interrupted.Store(true)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancel != nil {
		c.cancel()
	}
	for _, cn := range c.conns {
		_ = cn.stream.SetDeadline(past) // it fails only on a connection that is closed already
	}
}

// past is a deadline that has passed.
var past = time.Unix(1, 0)

// CloseIdle closes the connections; the next request opens a new one.
func (c *Client) CloseIdle() {
	for len(c.conns) > 0 {
		c.drop(c.conns[0])
	}
}

// Close closes the connections and makes every later Do return ClassInterrupted.
func (c *Client) Close() {
	c.Interrupt()
	c.CloseIdle()
}
