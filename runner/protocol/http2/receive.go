package http2

import (
	"encoding/binary"
	"errors"
	"fmt"

	"runner/runner/protocol"
)

// maxControl is how many frames in a row may come that bring no exchange further.
const maxControl = 10_000

// digest takes the whole frames out of what was read.
func (c *conn) digest() {
	for c.dead == nil {
		b := c.in.next()
		if !c.greeted && !c.greets(b) {
			return
		}
		if len(b) < frameHead {
			c.in.want = frameHead
			return
		}
		length := int(b[0])<<16 | int(b[1])<<8 | int(b[2])
		if length > defaultFrame {
			c.wrong("a frame of %d bytes, and the most is %d", length, defaultFrame)
			return
		}
		if len(b) < frameHead+length {
			c.in.want = frameHead + length
			return
		}
		f := frame{kind: b[3], flags: b[4], id: binary.BigEndian.Uint32(b[5:]) & maxWindow, payload: b[frameHead : frameHead+length]}
		c.in.r += frameHead + length
		c.in.want = 0
		c.handle(&f)
	}
}

// greets says that what comes first may become the peer's settings. What is of another protocol shows at once.
func (c *conn) greets(b []byte) bool {
	const most = 6 * 64 // settings are few
	const older = "HTTP/1."
	switch {
	case string(b[:min(len(b), len(older))]) == older[:min(len(b), len(older))]: // or its beginning
		if len(b) >= len(older) {
			c.die(protocol.Fail(protocol.ClassProtocol, fmt.Errorf("%s speaks HTTP/1.1, not HTTP/2 (http.version: 1.1 or auto)", c.where())))
		}
		return false
	case len(b) < 4:
		return false
	case b[0] == 0x15 && b[1] == 3:
		c.die(protocol.Fail(protocol.ClassProtocol, fmt.Errorf("%s answers with TLS; is it https:// there?", c.where())))
		return false
	case b[0] != 0 || int(b[1])<<8|int(b[2]) > most || b[3] != frameSettings || len(b) > 4 && b[4] != 0:
		c.wrong("it begins %s, and not with settings", protocol.Quote(b))
		return false
	}
	if len(b) < frameHead {
		c.in.want = frameHead
		return false
	}
	return true
}

// handle takes one frame.
func (c *conn) handle(f *frame) {
	if c.control++; c.control > maxControl {
		c.wrong("%d frames in a row that no request is waiting for", maxControl)
		return
	}
	if c.block.open != (f.kind == frameContinuation) || c.block.open && f.id != c.block.id {
		c.wrong("the frames of a list of headers are not in a row")
		return
	}
	switch f.kind {
	case frameData:
		c.onData(f)
	case frameHeaders:
		c.onHeaders(f)
	case frameContinuation:
		c.onContinuation(f)
	case frameReset:
		c.onReset(f)
	case frameSettings:
		c.onSettings(f)
	case framePush:
		c.wrong("a push, which our settings forbid")
	case framePing:
		c.onPing(f)
	case frameGoAway:
		c.onGoAway(f)
	case frameWindowUpdate:
		c.onWindow(f)
	case framePriority:
		if len(f.payload) != 5 || f.id == 0 {
			c.wrong("a bad PRIORITY frame")
		}
	}
}

// find is the stream that a frame is for; nil: one that we have given up. A frame for a stream that can't have one is the
// connection's end.
func (c *conn) find(f *frame, what string) (s *stream, ok bool) {
	s = c.streams[f.id]
	switch {
	case s != nil && !s.done:
		return s, true
	case f.id%2 == 0 || f.id >= c.nextID:
		c.wrong("%s on stream %d, which there is not", what, f.id)
		return nil, false
	case c.cut.has(f.id):
		return nil, true
	}
	c.wrong("%s on stream %d, which had ended", what, f.id)
	return nil, false
}

func (c *conn) onData(f *frame) {
	size := int64(len(f.payload))
	s, ok := c.find(f, "DATA")
	if !ok {
		return
	}
	if !f.unpad() {
		c.wrong("padding that is longer than its frame")
		return
	}
	if c.received += size; c.received >= connWindow/4 {
		c.out = appendWindow(c.out, 0, uint32(c.received))
		c.received = 0
	}
	if s == nil {
		return
	}
	if len(f.payload) > 0 || f.has(flagEndStream) {
		c.control = 0
	}
	s.timing.Received += frameHead + size
	if fault := s.content(f.payload); fault.Class != protocol.ClassNone {
		c.abandon(s, fault)
		return
	}
	if f.has(flagEndStream) {
		c.end(s)
		return
	}
	if s.received += size; s.received >= streamWindow/2 {
		c.out = appendWindow(c.out, s.id, uint32(s.received))
		s.received = 0
	}
}

// end is the peer's END_STREAM.
func (c *conn) end(s *stream) {
	if s.length >= 0 && s.length != s.resp.BodyBytes && !s.bare {
		c.malformed(s, fmt.Errorf("content-length %d, and a body of %d bytes", s.length, s.resp.BodyBytes))
		return
	}
	c.used = true
	if !s.ended { // it has answered before it had the whole request, and wants no more of it
		c.out = appendReset(c.out, s.id, codeNone)
		c.cut.add(s.id)
	}
	s.finish(protocol.Failure{}, c.now)
}

// malformed ends a stream whose answer breaks the rules of HTTP.
func (c *conn) malformed(s *stream, err error) {
	c.reset(s, codeProtocol, protocol.Fail(protocol.ClassProtocol, fmt.Errorf("the reply of %s is not HTTP/2: %w", c.where(), err)))
}

func (c *conn) onReset(f *frame) {
	if len(f.payload) != 4 || f.id == 0 {
		c.wrong("a bad RST_STREAM frame")
		return
	}
	if f.id%2 == 0 || f.id >= c.nextID {
		c.wrong("RST_STREAM on stream %d, which there is not", f.id)
		return
	}
	s := c.streams[f.id]
	if s == nil || s.done {
		return
	}
	s.timing.Received += frameHead + 4
	code := binary.BigEndian.Uint32(f.payload)
	if code == codeRefused {
		s.finish(protocol.Fail(protocol.ClassRefused, errors.New("the server refused the stream ("+codeName(code)+"): the request was not processed")), c.now)
		return
	}
	s.finish(protocol.Fail(protocol.ClassStreamReset, errors.New("the server reset the stream with "+codeName(code)+" "+s.progress())), c.now)
}

func (c *conn) onPing(f *frame) {
	switch {
	case len(f.payload) != 8 || f.id != 0:
		c.wrong("a bad PING frame")
	case !f.has(flagAck):
		c.out = appendHead(c.out, 8, framePing, flagAck, 0)
		c.out = append(c.out, f.payload...)
	}
}

// farewell is the peer's GOAWAY.
type farewell struct {
	last  uint32 // the last stream that it has taken
	code  uint32
	debug string
}

func (c *conn) onGoAway(f *frame) {
	if len(f.payload) < 8 || f.id != 0 {
		c.wrong("a bad GOAWAY frame")
		return
	}
	last := binary.BigEndian.Uint32(f.payload) & maxWindow
	if c.going != nil && last > c.going.last {
		c.wrong("GOAWAY takes back what an earlier one had said")
		return
	}
	c.going = &farewell{last: last, code: binary.BigEndian.Uint32(f.payload[4:]), debug: string(f.payload[8:min(len(f.payload), 8+80)])}
	c.pool.retire(c)
	for id, s := range c.streams {
		if id > last {
			s.finish(protocol.Fail(protocol.ClassGoAway, errors.New("the server closes the connection ("+c.going.String()+") and has not processed the request")), c.now)
		}
	}
}

// String is the code, and what the peer said about it.
func (g *farewell) String() string {
	text := "GOAWAY with " + codeName(g.code)
	if g.debug != "" {
		text += fmt.Sprintf(": %q", g.debug)
	}
	return text
}
