package http2

import (
	"time"
)

// armRead sets when a read gives up, unless the leader is being called.
func (c *conn) armRead(by int64) {
	c.readBy = by
	if !c.kicked {
		_ = c.wire.SetReadDeadline(time.Now().Add(time.Duration(by - c.clock()))) // on a closed connection the read tells
	}
}

// expire ends the exchanges whose time is over, and sets when to look again.
func (c *conn) expire(now int64) {
	c.readBy = 0
	for _, s := range c.streams {
		if s.deadline <= now && !s.done {
			if c.now < s.start { // the connection may be as dead as it looks: the next request gets another
				c.pool.retire(c)
			}
			c.abandon(s, s.expiry())
		}
		if by := s.deadline + s.slack; !s.done && (c.readBy == 0 || by < c.readBy) {
			c.readBy = by
		}
	}
	if c.readBy != 0 {
		c.armRead(c.readBy)
	}
}

// past is a deadline that has passed.
var past = time.Unix(1, 0)

// kick makes whoever reads or writes for s look up.
func (c *conn) kick(s *stream) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reading {
		c.callLeader()
	}
	if c.flusher == s {
		c.writeBy = 0
		_ = c.wire.SetWriteDeadline(past)
	}
	for _, other := range c.streams {
		if other == s {
			s.rouse()
		}
	}
}

// callLeader makes whoever reads look up.
func (c *conn) callLeader() {
	c.kicked, c.readBy = true, 0
	_ = c.wire.SetReadDeadline(past) // on a closed connection the read tells
}
