package http2

import (
	"fmt"
	"io"

	"runner/runner/protocol"
)

// reel is a request's body that is read while it is sent. Only the stream's own goroutine reads.
type reel struct {
	source io.ReadCloser // nil: not opened yet
	left   int64         // bytes that are not read yet
	chunk  *[]byte       // of largeBuffers; holds what was read last
}

// begin makes the body whole again: nothing of it has been sent.
func (u *reel) begin(req *protocol.Request) {
	u.end()
	if req.Content != nil {
		u.left = req.Content.Size()
	}
}

// end gives back what reading took.
func (u *reel) end() {
	if u.source != nil {
		_ = u.source.Close() // nothing was written
	}
	if u.chunk != nil {
		largeBuffers.Put(u.chunk)
	}
	*u = reel{}
}

// hungry says that all that was read of the body is queued, and that there is more to read.
func (s *stream) hungry() bool { return len(s.body) == 0 && s.upload.left > 0 && !s.done }

// feed reads the next part of the body. Others use the connection meanwhile.
func (c *conn) feed(s *stream) {
	c.mu.Unlock()
	part, err := s.upload.next(s.req.Content)
	c.mu.Lock()
	switch {
	case s.done:
	case err != nil:
		c.abandon(s, protocol.Fail(protocol.ClassLocal, fmt.Errorf("the body can't be read: %w", err)))
	default:
		s.upload.left -= int64(len(part))
		s.body = part
	}
}

// next is the next part of the body, good until the one after it.
func (u *reel) next(content protocol.Content) ([]byte, error) {
	if u.source == nil {
		source, err := content.Open()
		if err != nil {
			return nil, err
		}
		u.source, u.chunk = source, largeBuffers.Get().(*[]byte)
	}
	n, err := io.ReadFull(u.source, (*u.chunk)[:min(u.left, largeBuffer)])
	return (*u.chunk)[:n], err
}

// summon makes the goroutine of a hungry stream look up, if it sleeps or leads.
func (c *conn) summon(s *stream) {
	switch {
	case s.asleep:
		s.rouse()
	case c.reading:
		c.callLeader()
	}
}
