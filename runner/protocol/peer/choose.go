package peer

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// chooser speaks what the target chooses: each TLS target is asked once, with the first connection, and the connection is
// used whatever the answer.
type chooser struct {
	peers  *Peers
	known  *known
	own    bool     // known is not shared with other users
	beside *chooser // whose connections of HTTP/2 it may use; nil: nobody's
	h1     Client

	mu          sync.Mutex // guards what follows: Interrupt and those beside look at it
	h2          Client     // made at first use: most plans are HTTP/1.1, and a crowd pays for each part that is there
	interrupted bool
}

// Do sends req over the version that its target speaks.
func (c *chooser) Do(req *protocol.Request, resp *protocol.Response, t *protocol.Timing) protocol.Failure {
	if !req.Target.TLS || c.known.isOld(&req.Target) {
		return c.h1.Do(req, resp, t)
	}
	f := c.multi().Do(req, resp, t)
	if !errors.Is(f.Err, errOld) {
		return f
	}
	asked := *t
	rest := *req // with the time that is left after asking
	rest.Timeout = max(req.Timeout-time.Duration(c.peers.clock()-asked.Start), 1)
	f = c.h1.Do(&rest, resp, t)
	t.Start = asked.Start
	t.Blocked += asked.Blocked
	t.DNS += asked.DNS
	t.Connecting += asked.Connecting
	t.TLS += asked.TLS
	t.Dialed = true
	return f
}

// multi is the client of HTTP/2.
func (c *chooser) multi() Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.h2 != nil {
		return c.h2
	}
	var beside Client
	if c.beside != nil {
		beside = c.beside.multi()
	}
	c.h2 = c.peers.http2(beside, c.known)
	if c.interrupted {
		c.h2.Interrupt()
	}
	return c.h2
}

// made is the client of HTTP/2, nil if nobody has asked for it.
func (c *chooser) made() Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.h2
}

// Interrupt makes a running Do and every later one return ClassInterrupted at once.
func (c *chooser) Interrupt() {
	c.mu.Lock()
	c.interrupted = true
	h2 := c.h2
	c.mu.Unlock()
	if h2 != nil {
		h2.Interrupt()
	}
	c.h1.Interrupt()
}

// CloseIdle closes the connections.
func (c *chooser) CloseIdle() {
	c.h1.CloseIdle()
	if h2 := c.made(); h2 != nil {
		h2.CloseIdle()
	}
}

// Close closes the connections for good.
func (c *chooser) Close() {
	c.Interrupt()
	c.h1.Close()
	if h2 := c.made(); h2 != nil {
		h2.Close()
	}
	if c.own {
		c.known.close()
	}
}

// errOld says that a target has chosen HTTP/1.1.
var errOld = errors.New("the target chose HTTP/1.1")

// known is which TLS targets speak HTTP/1.1 only, and the connections on which they said so.
type known struct {
	mu     sync.Mutex
	old    []protocol.Target
	young  []protocol.Target // that have chosen HTTP/2
	conns  []asked
	asking map[protocol.Target]chan struct{} // closed when the answer is there
}

type asked struct {
	target protocol.Target
	conn   *dial.Conn
}

// ask says whether the caller is to ask a target that nobody knows, and is to say so when it has; else it waits for the
// answer of whoever does.
func (k *known) ask(ctx context.Context, t protocol.Target) (first bool, err error) {
	for {
		k.mu.Lock()
		answer := k.asking[t]
		if slices.Contains(k.old, t) || slices.Contains(k.young, t) {
			k.mu.Unlock()
			return false, nil
		}
		if answer == nil {
			if k.asking == nil {
				k.asking = map[protocol.Target]chan struct{}{}
			}
			k.asking[t] = make(chan struct{})
			k.mu.Unlock()
			return true, nil
		}
		k.mu.Unlock()
		select {
		case <-answer:
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// answered lets those who wait look again.
func (k *known) answered(t protocol.Target, young bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if young {
		k.young = append(k.young, t)
	}
	close(k.asking[t])
	delete(k.asking, t)
}

func (k *known) isOld(t *protocol.Target) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Contains(k.old, *t)
}

// keep notes a target, and its connection for whoever dials it next.
func (k *known) keep(t protocol.Target, c *dial.Conn) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !slices.Contains(k.old, t) {
		k.old = append(k.old, t)
	}
	k.conns = append(k.conns, asked{t, c})
}

// take is a connection to the target that is fit for use; nil: there is none.
func (k *known) take(t protocol.Target) *dial.Conn {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := 0; i < len(k.conns); i++ {
		if k.conns[i].target != t {
			continue
		}
		c := k.conns[i].conn
		k.conns = slices.Delete(k.conns, i, i+1)
		if state, _ := c.Check(); state == dial.Alive {
			return c
		}
		c.Abort()
		i--
	}
	return nil
}

// close gives up the connections that nobody has taken.
func (k *known) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, a := range k.conns {
		a.conn.Abort()
	}
	k.conns = nil
}

// first opens connections that may become HTTP/2, and lays the others aside.
type first struct {
	known  *known
	dialer *dial.Dialer
}

// Dial fails with errOld if the target has chosen HTTP/1.1. Only one connection at a time asks.
func (d *first) Dial(ctx context.Context, t protocol.Target, timing *protocol.Timing) (*dial.Conn, protocol.Failure) {
	if !t.TLS {
		return d.dialer.Dial(ctx, t, timing)
	}
	asks, err := d.known.ask(ctx, t)
	switch {
	case errors.Is(err, context.Canceled):
		return nil, protocol.Failure{Class: protocol.ClassInterrupted, Err: errors.New("the run stopped while the request was waiting for a connection")}
	case err != nil:
		return nil, protocol.Failure{Class: protocol.ClassTimeout, Err: errors.New("waiting for another's connection to show which HTTP it is")}
	case !asks && d.known.isOld(&t):
		return nil, protocol.Failure{Class: protocol.ClassTLS, Err: errOld}
	}
	c, f := d.dialer.Dial(ctx, t, timing)
	young := f.Class == protocol.ClassNone && c.Proto == "h2"
	if f.Class == protocol.ClassNone && !young {
		d.known.keep(t, c)
		c, f = nil, protocol.Failure{Class: protocol.ClassTLS, Err: errOld}
	}
	if asks {
		d.known.answered(t, young)
	}
	return c, f
}

// second opens connections for HTTP/1.1, those first that were laid aside.
type second struct {
	known  *known
	dialer *dial.Dialer
}

// Dial takes no time for a connection that is open already.
func (d *second) Dial(ctx context.Context, t protocol.Target, timing *protocol.Timing) (*dial.Conn, protocol.Failure) {
	if c := d.known.take(t); c != nil {
		return c, protocol.Failure{}
	}
	return d.dialer.Dial(ctx, t, timing)
}
