package http2

import (
	"errors"
	"fmt"
	"io"

	"runner/runner/protocol"
)

// abandon gives one exchange up and tells the peer.
func (c *conn) abandon(s *stream, f protocol.Failure) { c.reset(s, codeCancel, f) }

// reset ends a stream with a code.
func (c *conn) reset(s *stream, code uint32, f protocol.Failure) {
	if s.done {
		return
	}
	c.out = appendReset(c.out, s.id, code)
	c.cut.add(s.id)
	s.finish(f, c.clock())
}

// die gives the connection up. Every stream on it fails, each with its own words.
func (c *conn) die(cause protocol.Failure) {
	if c.dead != nil {
		return
	}
	c.dead = &cause
	now, told := c.clock(), false
	for _, s := range c.streams {
		f := cause
		switch {
		case s.client.interrupted.Load():
			f = s.interruption()
		case s.deadline <= now:
			f = s.expiry()
		case cause.Class == protocol.ClassReset:
			f = s.abandoned(cause.Err)
		}
		told = told || !s.done
		s.finish(f, now)
	}
	if !told && cause.Class == protocol.ClassProtocol {
		c.blame(cause)
	}
	c.wire.Abort()
	c.pool.retire(c)
}

// blame tells what came right behind an answer with that answer, as nobody else would hear of it.
func (c *conn) blame(cause protocol.Failure) {
	for _, s := range c.streams {
		if s.failure.Class == protocol.ClassNone {
			s.failure = cause
			return
		}
	}
}

// broke is the end of a connection by an error of reading or writing.
func (c *conn) broke(err error) {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		c.die(protocol.Fail(protocol.ClassReset, errClosed))
	default:
		c.die(classify(c.where(), err))
	}
}

// wrong is the end of a connection on which the peer has broken the rules.
func (c *conn) wrong(format string, args ...any) {
	c.die(protocol.Fail(protocol.ClassProtocol, fmt.Errorf("what "+c.where()+" sends is not HTTP/2: "+format, args...)))
}
