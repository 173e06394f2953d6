package dial

import (
	"crypto/tls"
	"errors"
	"net"
)

// State is what an idle connection has come to.
type State uint8

// The states.
const (
	Alive  State = iota // nothing to read: fit for use
	Closed              // the peer has closed or reset it
	Stray               // the peer has sent bytes that nobody asked for
)

// Conn is a connected and, where the target says so, secured byte stream. One goroutine reads it at a time.
type Conn struct {
	net.Conn        // *net.TCPConn or *tls.Conn
	Proto    string // what ALPN agreed on; empty: nothing
	socket   *socket
	secured  bool
	stray    [16]byte
}

// Wrap makes a Conn of any stream. Without a socket below it, Check finds it alive.
func Wrap(c net.Conn) *Conn { return &Conn{Conn: c} }

func secured(c *tls.Conn, s *socket) *Conn {
	return &Conn{Conn: c, Proto: c.ConnectionState().NegotiatedProtocol, socket: s, secured: true}
}

// Secured says that TLS is spoken. Its layer may hold bytes that have left the socket, which only Check can see.
func (c *Conn) Secured() bool { return c.secured }

// Abort closes the connection at once. Close says goodbye over TLS first, which can take seconds if the peer has
// stopped reading. The peer is told by a reset: a port that is closed politely stays taken for a minute, and many timeouts
// would use up this host's.
func (c *Conn) Abort() {
	if c.socket == nil {
		_ = c.Close() // it is given up anyway
		return
	}
	_ = c.socket.SetLinger(0)
	_ = c.socket.Close()
}

// Check looks at an idle connection without waiting. With Stray come the first bytes that are there, valid until the
// next Check. A connection that is not Alive is of no use any more. Where CheckMovesDeadline is true, the read deadline
// must be set again after it.
func (c *Conn) Check() (State, []byte) {
	switch {
	case c.socket == nil:
		return Alive, nil
	case c.secured:
		return c.checkTLS()
	}
	n, err := c.socket.peek(c.stray[:])
	return c.judge(n, err)
}

// checkTLS lets the TLS layer read what is there: a closing alert, a session ticket or data can't be told apart outside
// of it, and it may hold records that have left the socket. Its state survives a read that would have to wait.
func (c *Conn) checkTLS() (State, []byte) {
	c.socket.nowait = true
	n, err := c.Read(c.stray[:])
	c.socket.nowait = false
	return c.judge(n, err)
}

// TryRead reads what is there, and nothing (0, nil) if there is nothing to read yet. Like Check, it may move the deadline.
func (c *Conn) TryRead(p []byte) (n int, err error) {
	switch {
	case c.socket == nil:
		return 0, nil
	case c.secured:
		c.socket.nowait = true
		n, err = c.Read(p)
		c.socket.nowait = false
	default:
		n, err = c.socket.take(p)
	}
	if errors.Is(err, errWouldWait) {
		return 0, nil
	}
	return n, err
}

func (c *Conn) judge(n int, err error) (State, []byte) {
	switch {
	case n > 0:
		return Stray, c.stray[:n]
	case errors.Is(err, errWouldWait):
		return Alive, nil
	}
	return Closed, nil
}

// wouldWait is what a read that must not wait ends with. It is a temporary net.Error, because those leave the state of
// the TLS layer as it was.
type wouldWait struct{}

func (wouldWait) Error() string   { return "nothing to read yet" }
func (wouldWait) Timeout() bool   { return true }
func (wouldWait) Temporary() bool { return true }

var errWouldWait net.Error = wouldWait{}
