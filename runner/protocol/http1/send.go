package http1

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"runner/runner/protocol"
)

// sendGrace is how long a complete answer waits for the rest of its request to go out. Mostly it is out, and only the
// goroutine that wrote it has not run yet; if not, the connection is of no more use.
const sendGrace = 5 * time.Millisecond

// sender writes a large request while its answer is read: a server may answer, and stop reading, before it has all of
// it (413), or wait with reading until its answer is taken. Two goroutines use it in turn: done hands it back.
type sender struct {
	conn net.Conn
	head []byte // its own buffer, kept for the next request
	body []byte
	from protocol.Content // in place of body; nil: body
	list net.Buffers
	both [2][]byte
	run  func() // s.write, made once
	done chan struct{}

	clock   func() int64
	n       int64
	err     error
	written int64
	local   atomic.Pointer[error] // reading the body failed, which is no fault of the peer
	whole   atomic.Bool           // all is out: the reader may look before it takes over
}

var senders = sync.Pool{New: func() any {
	s := &sender{done: make(chan struct{}, 1)}
	s.run = s.write
	return s
}}

// send writes a small request, or begins to write a large one. The error is that of the small one's write.
func (x *exchange) send() error {
	head := x.buf[:x.w]
	x.r, x.w = 0, 0
	if len(head)+len(x.req.Body) > oneWrite || x.req.Content != nil {
		x.sendLarge(head)
		return nil
	}
	err := x.sendSmall(head)
	switch {
	case err != nil:
		x.w = len(head) // a second connection would need the request again
	case x.w > 0:
		x.phase = phaseHead
	default:
		x.phase = phaseWait
	}
	return err
}

// sendSmall writes a request and, where the connection can do both in one go, reads what comes first of the answer.
func (x *exchange) sendSmall(head []byte) error {
	sent := 0
	if x.conn.stream.Trades() {
		t := x.trade
		t.Do(x.conn.stream, head, x.buf, x.client.clock)
		x.timing.Sent, x.timing.BytesOut = int64(t.Sent), t.Sent > 0
		if x.written = t.Written; t.Written != 0 {
			x.arrived(t.Got, len(x.buf))
			x.w, x.early = t.Got, t.Err
			return nil
		}
		if t.Err != nil {
			x.written = x.client.clock()
			return t.Err
		}
		sent = t.Sent
	}
	n, err := x.conn.stream.Write(head[sent:])
	x.timing.Sent += int64(n)
	x.timing.BytesOut = x.timing.Sent > 0
	x.written = x.client.clock()
	return err
}

func (x *exchange) sendLarge(head []byte) {
	s := senders.Get().(*sender)
	s.conn, s.clock = x.conn.stream.Conn, x.client.clock
	s.head = append(s.head[:0], head...)
	s.body, s.from = x.req.Body, x.req.Content
	x.sender = s
	x.timing.BytesOut = true // until the sender says otherwise
	go s.run()
}

func (s *sender) write() {
	if s.from == nil {
		s.both = [2][]byte{s.head, s.body}
		s.list = s.both[:]
		s.n, s.err = s.list.WriteTo(s.conn) // writev on TCP
	} else {
		s.stream()
	}
	s.written = s.clock()
	s.whole.Store(s.err == nil)
	s.done <- struct{}{}
}

// stream writes the head, and the body as it is read. A body that can't be read ends the exchange: nobody would answer
// half of it, so the reader is told.
func (s *sender) stream() {
	n, err := s.conn.Write(s.head)
	if s.n, s.err = int64(n), err; err != nil {
		return
	}
	body, err := s.from.Open()
	if err != nil {
		s.unreadable(err)
		return
	}
	defer body.Close()
	buf := largeBuffers.Get().(*[]byte)
	defer largeBuffers.Put(buf)
	for left := s.from.Size(); left > 0; {
		n, failed := body.Read((*buf)[:min(int64(len(*buf)), left)])
		left -= int64(n)
		if n > 0 {
			n, s.err = s.conn.Write((*buf)[:n])
			s.n += int64(n)
		}
		if s.err == nil && failed != nil && left > 0 {
			s.unreadable(failed)
		}
		if s.err != nil {
			return
		}
	}
}

func (s *sender) unreadable(err error) {
	s.err = fmt.Errorf("the body can't be read: %w", err)
	s.local.Store(&s.err)
	_ = s.conn.SetReadDeadline(past) // on a closed connection there is no reader to wake
}

// stopSending ends a large request's sender, notes what it sent, and says whether the request went out whole.
func (x *exchange) stopSending() bool {
	s := x.sender
	if s == nil {
		return true
	}
	select {
	case <-s.done:
	default:
		_ = x.conn.stream.SetWriteDeadline(time.Now().Add(sendGrace)) // if it fails, so did the write
		x.conn.deadline = 0
		<-s.done
	}
	whole := s.err == nil
	if whole {
		x.written = s.written
	}
	x.timing.Sent, x.timing.BytesOut = s.n, s.n > 0
	x.sender = nil
	if cap(s.head) > keptBuffer {
		s.head = nil
	}
	s.whole.Store(false)
	s.from = nil
	s.local.Store(nil)
	s.conn, s.body, s.list, s.both, s.n, s.err, s.clock = nil, nil, nil, [2][]byte{}, 0, nil, nil
	senders.Put(s)
	return whole
}

// unsent says that a connection that had been in use before turned out to be closed at the very write: nothing of the
// request is on the wire, so that a new connection may be opened for it. Below TLS something could be.
func (x *exchange) unsent(err error) bool {
	return x.conn.used && !x.timing.BytesOut && !x.conn.stream.Secured() && protocol.IsReset(err)
}

// sendFailure is the failure that a write's error is at once. After a reset the answer may be there already: then
// reading tells.
func (x *exchange) sendFailure(err error) protocol.Failure {
	if err == nil || x.timing.BytesOut && protocol.IsReset(err) {
		return protocol.Failure{}
	}
	return x.failure(err)
}
