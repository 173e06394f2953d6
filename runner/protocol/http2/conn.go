package http2

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"

	"golang.org/x/net/http2/hpack"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// firstLimit is how many streams a connection carries before the peer's settings say how many it may.
const firstLimit = 1

// conn is one connection and the streams on it.
type conn struct {
	pool  *Pool
	group *group
	wire  *dial.Conn
	clock func() int64
	limit atomic.Int32 // streams at once

	active  int  // guarded by pool.mu: streams, and those about to begin
	retired bool // guarded by pool.mu: no new streams

	// mu guards the rest. It isn't held while the connection is read or written.
	mu      sync.Mutex
	streams map[uint32]*stream
	nextID  uint32
	dead    *protocol.Failure // why the connection is of no more use
	going   *farewell         // the peer's GOAWAY
	idle    int64             // clock: since when it has carried nothing
	used    bool              // an answer has come on it

	reading bool // somebody leads
	kicked  bool // the leader is to look up
	readBy  int64
	in      input
	now     int64 // clock: the latest read that brought bytes

	out      []byte // frames to write
	spare    []byte
	fresh    []uint32 // streams whose request begins in out
	sent     []uint32 // streams whose request ends in out
	spareSet []uint32
	uploads  int     // streams with a body
	flusher  *stream // who writes; nil: nobody
	writing  bool
	writeBy  int64

	greeted  bool // the peer's settings have come
	window   int64
	initial  int64 // window of new streams
	maxFrame int
	shrunk   bool // our HPACK table is to be announced as empty
	received int64
	control  int // frames in a row that brought nobody further
	cut      ring
	block    block
	decoder  *hpack.Decoder
}

func newConn(p *Pool, g *group, wire *dial.Conn) *conn {
	c := &conn{
		pool: p, group: g, wire: wire, clock: p.clock, streams: map[uint32]*stream{}, nextID: 1,
		window: defaultWindow, initial: defaultWindow, maxFrame: defaultFrame,
	}
	c.limit.Store(firstLimit)
	c.decoder = hpack.NewDecoder(4<<10, c.field)
	c.decoder.SetMaxStringLength(protocol.MaxHead)
	c.out = preface(c.out)
	return c
}

// exchange is one request and its answer. false: the connection turned out to be closed before a byte was sent.
func (c *conn) exchange(s *stream) (sent bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead != nil || c.going != nil || c.nextID >= 1<<31-2 {
		c.pool.retire(c)
		return false
	}
	c.begin(s)
	for !s.done {
		switch {
		case s.client.interrupted.Load():
			c.abandon(s, s.interruption())
		case s.hungry():
			c.feed(s)
		case c.pump(s), len(c.out) > 0 && !c.writing:
			c.flush(s)
		case !c.reading:
			c.lead()
		default:
			c.follow(s)
		}
	}
	c.leave(s)
	return s.timing.BytesOut || !s.lost()
}

// begin queues the head of the request.
func (c *conn) begin(s *stream) {
	s.conn, s.id = c, c.nextID
	c.nextID += 2
	s.upload.begin(s.req)
	s.window, s.body, s.ended = c.initial, s.req.Body, s.req.Size() == 0
	s.phase, s.done, s.failure = phaseSend, false, protocol.Failure{}
	s.written, s.first, s.timing.Sent, s.timing.Received = 0, 0, 0, 0
	c.streams[s.id] = s
	s.ready = c.clock()
	s.timing.Blocked = s.ready - s.start
	if len(c.streams) == 1 {
		c.control = 0
	}
	switch by := s.deadline + s.slack; {
	case len(c.streams) > 1 && c.readBy <= s.ready: // the leader may not have seen yet that time is over for some
		c.expire(s.ready)
	case c.readBy <= s.ready || c.readBy > by:
		c.armRead(by)
	}
	c.encode(s)
	c.fresh = append(c.fresh, s.id)
	if s.ended {
		c.sent = append(c.sent, s.id)
	} else {
		c.uploads++
	}
}

// follow sleeps until whoever leads has something for s, or hands on the lead.
func (c *conn) follow(s *stream) {
	s.asleep = true
	c.mu.Unlock()
	<-s.wake
	c.mu.Lock()
	s.asleep = false
}

// lead reads once, for all.
func (c *conn) lead() {
	c.reading = true
	room := c.in.room()
	c.mu.Unlock()
	n, err := c.wire.Read(room)
	c.mu.Lock()
	c.reading, c.kicked = false, false
	c.took(n, err)
}

// took takes in what a read brought.
func (c *conn) took(n int, err error) {
	switch {
	case c.dead != nil:
	case n > 0:
		c.now = c.clock()
		c.in.took(n)
		c.digest()
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.expire(c.clock())
	case err != nil:
		c.broke(err)
	}
}

// leave ends the stream's part in the connection, and hands on the lead.
func (c *conn) leave(s *stream) {
	delete(c.streams, s.id)
	if s.req.Size() > 0 {
		c.uploads--
		s.upload.end()
	}
	if c.block.s == s {
		c.block.s = nil
	}
	if len(c.streams) == 0 {
		c.idle = c.clock()
		c.in.rest()
	}
	if len(c.out) > 0 && c.dead == nil && !c.handOn() {
		c.flush(s)
	}
	if !c.reading {
		c.handOn()
	}
}

// handOn wakes one of those who sleep, for what is to be read or written; false: nobody sleeps.
func (c *conn) handOn() bool {
	for _, other := range c.streams {
		if other.asleep && !other.done {
			other.rouse()
			return true
		}
	}
	return false
}
