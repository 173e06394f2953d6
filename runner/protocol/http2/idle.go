package http2

import (
	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// look sees to what has come over a connection while it carried nothing. usable is false if the peer has closed it; a
// Failure says that the peer has broken the rules.
func (c *conn) look(s *stream) (usable bool, f protocol.Failure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.streams) == 0 && !c.reading && s.start-c.idle >= protocol.LookAfter {
		c.glance()
	}
	if c.dead == nil && c.going == nil {
		return true, f
	}
	c.pool.retire(c)
	if c.dead != nil && c.dead.Class == protocol.ClassProtocol {
		return false, *c.dead
	}
	return false, f
}

// glance reads without waiting.
func (c *conn) glance() {
	if dial.CheckMovesDeadline {
		c.readBy = 0
	}
	for c.dead == nil {
		n, err := c.wire.TryRead(c.in.room())
		if n == 0 && err == nil {
			break
		}
		c.took(n, err)
	}
	c.in.rest()
}
