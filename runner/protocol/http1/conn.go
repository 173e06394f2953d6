package http1

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"time"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// conn is a connection and what its next use has to know.
type conn struct {
	target   protocol.Target
	stream   *dial.Conn
	deadline int64 // set on the stream, on the client's clock; 0: none known
	idle     int64 // since when
	used     bool  // an exchange was completed on it
	doubtful bool  // look before the next use, however short it was idle
}

// find is the connection to t, if there is one.
func (c *Client) find(t *protocol.Target) *conn {
	for _, cn := range c.conns {
		if cn.target == *t {
			return cn
		}
	}
	return nil
}

// reuse is the open connection to the request's target, nil if a new one is needed. One that the peer has closed is
// dropped without a word, as nothing was sent on it; one with bytes that nobody asked for is a failure.
func (x *exchange) reuse() (*conn, protocol.Failure) {
	cn := x.client.find(&x.req.Target)
	if cn == nil {
		return nil, protocol.Failure{}
	}
	if x.start-cn.idle < protocol.LookAfter && !cn.doubtful {
		return cn, protocol.Failure{}
	}
	state, stray := cn.stream.Check()
	x.timing.Blocked = x.client.clock() - x.start
	if dial.CheckMovesDeadline {
		cn.deadline = 0
	}
	switch {
	case state == dial.Alive:
		return cn, protocol.Failure{}
	case state == dial.Stray && !farewell(stray):
		x.client.abort(cn)
		return nil, protocol.Fail(protocol.ClassProtocol, fmt.Errorf(
			"%s sent bytes that no request had asked for on an idle connection: %s", x.where(), protocol.Quote(stray)))
	}
	x.client.abort(cn)
	return nil, protocol.Failure{}
}

// farewell says that the bytes are a server's notice that it closes an idle connection (408, RFC 9110 section 15.5.9).
func farewell(stray []byte) bool {
	return bytes.HasPrefix(stray, []byte("HTTP/1.1 408")) || bytes.HasPrefix(stray, []byte("HTTP/1.0 408"))
}

// open dials a new connection. All the time until it stands is Blocked.
func (w *wish) open() (*conn, protocol.Failure) {
	c := w.client
	left := w.req.Timeout - time.Duration(c.clock()-w.start)
	ctx, cancel := context.WithTimeout(context.Background(), left)
	defer cancel()
	if !c.dialing(cancel) {
		return nil, interruption(connecting)
	}
	w.timing.Dialed = true
	stream, f := c.dialer.Dial(ctx, w.req.Target, w.timing)
	w.timing.Blocked = c.clock() - w.start
	if f.Class != protocol.ClassNone {
		c.dialing(nil)
		return nil, w.dialFailure(f)
	}
	cn := &conn{target: w.req.Target, stream: stream}
	for len(c.conns) >= maxConns {
		c.drop(c.oldest())
	}
	if !c.add(cn) {
		stream.Abort()
		return nil, interruption(connecting)
	}
	return cn, protocol.Failure{}
}

// dialing tells Interrupt what to cancel. false: it is too late to begin.
func (c *Client) dialing(cancel context.CancelFunc) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cancel = cancel
	return !c.interrupted.Load()
}

func (c *Client) add(cn *conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cancel = nil
	if c.interrupted.Load() {
		return false
	}
	c.conns = append(c.conns, cn)
	return true
}

func (c *Client) oldest() *conn {
	oldest := c.conns[0]
	for _, cn := range c.conns {
		if cn.idle < oldest.idle {
			oldest = cn
		}
	}
	return oldest
}

// drop closes a connection that could still be used.
func (c *Client) drop(cn *conn) {
	c.forget(cn)
	_ = cn.stream.Close() // its last exchange is over, and its verdict is known
}

// abort closes a connection in the middle of an exchange, without the farewell of TLS, which could wait for the peer.
func (c *Client) abort(cn *conn) {
	c.forget(cn)
	cn.stream.Abort()
}

func (c *Client) forget(cn *conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, other := range c.conns {
		if other == cn {
			last := len(c.conns) - 1
			c.conns[i], c.conns[last] = c.conns[last], nil
			c.conns = c.conns[:last]
			return
		}
	}
}

// arm sees to it that reads and writes end when the request's timeout does, or at most slack later. A timer that is
// moved for every request would cost more than the slack is worth, so that one that fits is left alone.
func (x *exchange) arm(cn *conn) {
	timeout, room := int64(x.req.Timeout), protocol.Slack(x.req.Timeout)
	if left := cn.deadline - x.start; left >= timeout && left <= timeout+room {
		return
	}
	cn.deadline = x.start + timeout + room
	left := time.Duration(cn.deadline - x.client.clock())
	c := x.client
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.interrupted.Load() { // else Interrupt's deadline stands
		_ = cn.stream.SetDeadline(time.Now().Add(left)) // on a closed connection the write tells
	}
}

func (w *wish) where() string { return net.JoinHostPort(w.req.Target.Host, w.req.Target.Port) }
