package http2

import (
	"errors"
	"os"
	"runtime"
	"time"

	"runner/runner/protocol"
)

// Sizes in bytes: how much of a body is queued at once, and the largest buffer that is kept.
const (
	mostQueued = 64 << 10
	keptBuffer = 32 << 10
)

// pump queues as much of a request's body as flow control and the queue have room for, and tells whether it was any.
func (c *conn) pump(s *stream) (any bool) {
	for len(s.body) > 0 && !s.done && len(c.out) < mostQueued {
		n := min(int64(len(s.body)), s.window, c.window, int64(c.maxFrame), defaultFrame)
		if n <= 0 {
			break
		}
		flags := byte(0)
		if n == int64(len(s.body)) && s.upload.left == 0 {
			flags, s.ended = flagEndStream, true
			c.sent = append(c.sent, s.id)
		}
		c.out = appendHead(c.out, int(n), frameData, flags, s.id)
		c.out = append(c.out, s.body[:n]...)
		s.body = s.body[n:]
		s.window -= n
		c.window -= n
		s.timing.Sent += frameHead + n
		any = true
	}
	return any
}

// stalled says that flow control lets nothing more of the request be sent.
func (s *stream) stalled() bool {
	return len(s.body) > 0 && (s.window <= 0 || s.conn != nil && s.conn.window <= 0)
}

// flush writes what is queued, also what others queue meanwhile. Where somebody else does that already, there is nothing
// to do. It lets others with something to send come first, so that one system call takes it all.
func (c *conn) flush(s *stream) {
	if c.writing {
		return
	}
	c.writing, c.flusher = true, s
	if len(c.streams) > 1 {
		c.mu.Unlock()
		runtime.Gosched()
		c.mu.Lock()
	}
	for len(c.out) > 0 && c.dead == nil {
		c.armWrite(s)
		out, sent := c.out, c.sent
		c.out, c.sent = c.spare[:0], c.spareSet[:0]
		for _, id := range c.fresh { // from now on it may have reached the peer
			if begun := c.streams[id]; begun != nil {
				begun.timing.BytesOut = true
			}
		}
		first := len(c.fresh)
		c.fresh = c.fresh[:0]
		c.mu.Unlock()
		n, err := c.wire.Write(out)
		now := c.clock()
		c.mu.Lock()
		c.wrote(sent, now, err == nil)
		if c.spare, c.spareSet = out, sent[:0]; cap(out) > keptBuffer {
			c.spare = nil
		}
		if err != nil {
			c.unwritten(s, n, err, first)
		}
	}
	c.writing, c.flusher = false, nil
}

// wrote notes when requests were out.
func (c *conn) wrote(sent []uint32, now int64, whole bool) {
	for _, id := range sent {
		if s := c.streams[id]; s != nil && whole && !s.done {
			s.written = now
			s.phase = max(s.phase, phaseWait)
		}
	}
	if c.uploads > 0 {
		c.pumpAll()
	}
}

// pumpAll queues what flow control lets go of all bodies.
func (c *conn) pumpAll() {
	for _, s := range c.streams {
		c.pumpFor(s)
	}
}

// pumpFor is pump by somebody else than the stream's own goroutine, which is called where there is more to read.
func (c *conn) pumpFor(s *stream) {
	if c.pump(s) && s.hungry() {
		c.summon(s)
	}
}

// unwritten is the end of a connection that takes no more. What the peer said before it left comes first: it may be an
// answer.
func (c *conn) unwritten(s *stream, n int, err error, begun int) {
	if protocol.IsReset(err) {
		switch {
		case n == 0 && begun == 1 && len(c.streams) == 1 && c.used && !c.wire.Secured():
			s.timing.BytesOut = false // nothing of the only request is on the wire
		case c.reading:
			c.out = c.out[:0]
			return
		default:
			c.glance()
		}
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errStuck
	}
	c.broke(err)
}

// leastWrite is how long a write may take at least, in nanoseconds. A write that gives up takes the whole connection with
// it: that must not happen because this process was not woken in time.
const leastWrite = int64(250 * time.Millisecond)

// armWrite gives a write as long as the request of whoever writes has left.
func (c *conn) armWrite(s *stream) {
	least, by := c.clock()+leastWrite, s.deadline+s.slack
	if s.done || s.client.interrupted.Load() || by < least { // then only what is stuck takes so long
		by = least
	} else if c.writeBy >= max(s.deadline, least) && c.writeBy <= by {
		return
	}
	c.writeBy = by
	_ = c.wire.SetWriteDeadline(time.Now().Add(time.Duration(by - c.clock()))) // on a closed connection the write tells
}

// lost says that the connection was found closed before anything of the request was sent.
func (s *stream) lost() bool {
	return s.failure.Class == protocol.ClassReset && !s.timing.BytesOut
}
