package http1

import (
	"sync"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// Sizes of buffers in bytes: that which an exchange begins with, as ten thousand may wait for an answer at once; that which
// it gets when an answer did not fit; that which a long body is read with; and the largest that a pool takes back.
const (
	firstBuffer = 1 << 10
	smallBuffer = 4 << 10
	largeBuffer = 64 << 10
	keptBuffer  = 32 << 10
)

// phase is how far an exchange has come: a timeout's text says so.
type phase uint8

const (
	phaseConnect phase = iota
	phaseSend
	phaseWait
	phaseHead
	phaseBody
)

// wish is what Do was asked for: all there is of it while it waits for a connection.
type wish struct {
	client *Client
	req    *protocol.Request
	resp   *protocol.Response
	timing *protocol.Timing
	start  int64 // clock: Do began
}

// exchange is a wish on a connection: everything it needs while it runs, and nothing that outlives it. They are pooled.
type exchange struct {
	wish
	conn   *conn
	sender *sender // a large body that is being sent meanwhile, else nil

	ready   int64 // clock: the connection was ready
	written int64 // clock: the request was written; 0: not yet
	first   int64 // clock: the first byte of an answer; 0: none yet
	last    int64 // clock: the latest read that brought bytes
	phase   phase
	trade   *dial.Trade
	early   error // of the read that the sending began: no read will bring more
	tight   bool  // a read filled the buffer: the next exchange gets a larger one
	full    bool  // the latest read filled its buffer: there may be more in the socket

	buf   []byte // holds the request, then what was read: buf[r:w] is not used up yet
	r, w  int
	large *[]byte // the pool's buffer that buf is, if it is a large one
	small []byte  // the small one meanwhile

	frame frame
	known *known // the answer before
	want  int64  // bytes of the body that the framing promises; -1: unknown
}

var exchanges = sync.Pool{New: func() any {
	return &exchange{buf: make([]byte, firstBuffer), trade: new(dial.Trade), known: new(known)}
}}

var largeBuffers = sync.Pool{New: func() any { b := make([]byte, largeBuffer); return &b }}

func borrow(w *wish) *exchange {
	x := exchanges.Get().(*exchange)
	x.wish = *w
	return x
}

func (x *exchange) giveBack() {
	if x.large != nil {
		largeBuffers.Put(x.large)
		x.buf = x.small
	}
	buf := x.buf[:cap(x.buf)]
	if len(buf) > keptBuffer || x.tight && len(buf) < smallBuffer {
		buf = make([]byte, smallBuffer)
	}
	*x = exchange{buf: buf, trade: x.trade, known: x.known}
	exchanges.Put(x)
}

// do is the whole way from the wish to the verdict: on the connection that there is, else on a new one. While it dials it
// holds no buffers: a crowd that begins at once would have one each, and keep them.
func (w *wish) do() protocol.Failure {
	x := borrow(w)
	f, sent := x.onOpen()
	x.giveBack()
	if sent || f.Class != protocol.ClassNone {
		return f
	}
	cn, f := w.open()
	if f.Class != protocol.ClassNone {
		return f
	}
	x = borrow(w)
	defer x.giveBack()
	if err := x.encode(); err != nil {
		return protocol.Fail(protocol.ClassLocal, err)
	}
	f, _ = x.on(cn)
	return f
}

// onOpen makes the exchange on an open connection. Not sent and no failure: there is none, or the peer had closed it before.
func (x *exchange) onOpen() (f protocol.Failure, sent bool) {
	if x.client.interrupted.Load() {
		return x.interrupted(), false
	}
	if err := x.encode(); err != nil { // also where it has to dial: what can't be sent needs no connection
		return protocol.Fail(protocol.ClassLocal, err), false
	}
	cn, f := x.reuse()
	if cn == nil {
		return f, false
	}
	f, unsent := x.on(cn)
	return f, !unsent
}

// on makes the exchange on cn, and keeps or drops it. unsent says that cn was found closed before a byte was written.
func (x *exchange) on(cn *conn) (f protocol.Failure, unsent bool) {
	x.conn = cn
	x.arm(cn)
	x.ready = x.start + x.timing.Blocked
	x.phase = phaseSend
	err := x.send()
	if err != nil && x.unsent(err) {
		x.client.abort(cn)
		x.written = 0
		return f, true
	}
	keep := false
	if f = x.sendFailure(err); f.Class == protocol.ClassNone {
		keep, f = x.receive()
	}
	x.finish(keep && err == nil, f.Class == protocol.ClassNone)
	return f, false
}

// finish ends the sending, takes the times, and keeps, closes or aborts the connection.
func (x *exchange) finish(keep, fine bool) {
	cn, end := x.conn, x.last
	if !fine {
		end = x.client.clock()
		x.client.abort(cn) // first: it ends a sender that waits
	}
	crowded := x.sender != nil // the socket may be full of a large request: a farewell over TLS would wait
	whole := x.stopSending()
	x.timing.Split(x.ready, x.written, x.first, end)
	switch {
	case !fine:
	case keep && whole:
		cn.used, cn.idle = true, end
		cn.doubtful = x.full || cn.stream.Secured()
	case crowded:
		x.client.abort(cn)
	default:
		x.client.drop(cn)
	}
}
