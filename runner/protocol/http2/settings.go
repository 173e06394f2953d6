package http2

import (
	"encoding/binary"
	"math"
)

func (c *conn) onSettings(f *frame) {
	switch {
	case f.id != 0, len(f.payload)%6 != 0, f.has(flagAck) && len(f.payload) > 0:
		c.wrong("a bad SETTINGS frame")
		return
	case f.has(flagAck):
		return
	}
	if !c.greeted {
		c.greeted = true
		c.limit.Store(math.MaxInt32)
	}
	for p := f.payload; len(p) > 0 && c.dead == nil; p = p[6:] {
		c.set(binary.BigEndian.Uint16(p), binary.BigEndian.Uint32(p[2:]))
	}
	c.out = appendHead(c.out, 0, frameSettings, flagAck, 0)
	c.pool.raised(c)
}

func (c *conn) set(id uint16, value uint32) {
	switch id {
	case settingTableSize:
		c.shrunk = c.shrunk || value < 4<<10
	case settingPush:
		if value != 0 {
			c.wrong("a server that allows pushes to itself (ENABLE_PUSH %d)", value)
		}
	case settingMaxStreams:
		c.limit.Store(int32(min(value, math.MaxInt32)))
	case settingInitialWindow:
		c.resize(int64(value))
	case settingMaxFrame:
		if value < defaultFrame || value > 1<<24-1 {
			c.wrong("MAX_FRAME_SIZE %d", value)
		}
		c.maxFrame = int(value)
	}
}

// resize changes the window of all streams; it may become negative (RFC 9113 section 6.9.2).
func (c *conn) resize(initial int64) {
	if initial > maxWindow {
		c.wrong("INITIAL_WINDOW_SIZE %d", initial)
		return
	}
	change := initial - c.initial
	c.initial = initial
	for _, s := range c.streams {
		if s.window += change; s.window > maxWindow {
			c.wrong("INITIAL_WINDOW_SIZE %d: the window of stream %d overflows", initial, s.id)
			return
		}
	}
	c.pumpAll()
}

func (c *conn) onWindow(f *frame) {
	if len(f.payload) != 4 {
		c.wrong("a bad WINDOW_UPDATE frame")
		return
	}
	more := int64(binary.BigEndian.Uint32(f.payload) & maxWindow)
	if f.id == 0 {
		if c.window += more; more == 0 || c.window > maxWindow {
			c.wrong("WINDOW_UPDATE by %d", more)
			return
		}
		c.pumpAll()
		return
	}
	if f.id%2 == 0 || f.id >= c.nextID {
		c.wrong("WINDOW_UPDATE on stream %d, which there is not", f.id)
		return
	}
	s := c.streams[f.id]
	if s == nil || s.done {
		return
	}
	if s.window += more; more == 0 || s.window > maxWindow {
		c.malformed(s, errWindow)
		return
	}
	c.pumpFor(s)
}
