package http1

import (
	"errors"
	"io"

	"runner/runner/protocol"
)

// maxEmpty is how many reads in a row may bring nothing.
const maxEmpty = 100

// receive reads the answer. keep says that the connection can carry another exchange.
func (x *exchange) receive() (keep bool, f protocol.Failure) {
	for interim := 0; ; interim++ {
		if f := x.head(); f.Class != protocol.ClassNone {
			return false, f
		}
		if x.resp.Status >= 200 {
			break
		}
		if x.resp.Status == 101 {
			return false, x.broken(errors.New("101 Switching Protocols, which nobody asked for"))
		}
		if interim == protocol.MaxInterim {
			return false, x.broken(errors.New("too many 1xx replies"))
		}
		x.resp.Reset()
	}
	x.phase = phaseBody
	if f := x.readBody(); f.Class != protocol.ClassNone {
		return false, f
	}
	if x.w > x.r {
		return false, x.broken(errors.New("there are bytes behind its end: " + protocol.Quote(x.buf[x.r:x.w])))
	}
	return !x.frame.last && x.frame.kind != untilClose, protocol.Failure{}
}

// head reads a whole head and what it says, into the response.
func (x *exchange) head() protocol.Failure {
	if x.r == x.w && x.early == nil {
		if err := x.more(); err != nil {
			return x.readFailure(err)
		}
		x.phase = phaseHead
	}
	if x.recall() {
		return protocol.Failure{}
	}
	size, f := x.readHead()
	if f.Class != protocol.ClassNone {
		return f
	}
	if err := x.parseHead(size); err != nil {
		return x.broken(err)
	}
	x.remember()
	return protocol.Failure{}
}

// readHead reads until buf[r:] begins with a whole head, and returns its size. What can't become one is refused at its
// first wrong byte, because there may never be another: a greeting of another protocol waits for us.
func (x *exchange) readHead() (int, protocol.Failure) {
	line := x.r // where the line begins that is not whole yet
	for {
		var whole bool
		var err error
		if line, whole, err = x.scan(line); err != nil {
			return 0, x.broken(err)
		}
		if whole {
			return line - x.r, protocol.Failure{}
		}
		if x.w-x.r >= protocol.MaxHead {
			return 0, x.broken(errors.New("the headers are larger than 256 KiB"))
		}
		line -= x.r
		if err := x.more(); err != nil {
			return 0, x.readFailure(err)
		}
		line += x.r
		x.phase = phaseHead
	}
}

// more reads once into the rest of the buffer, which it compacts or enlarges first if need be.
func (x *exchange) more() error {
	switch {
	case x.r == x.w:
		x.r, x.w = 0, 0
	case x.w == len(x.buf) && x.r > 0:
		x.w = copy(x.buf, x.buf[x.r:x.w])
		x.r = 0
	}
	if x.w == len(x.buf) {
		buf := make([]byte, min(2*len(x.buf), protocol.MaxHead))
		copy(buf, x.buf[:x.w])
		x.replace(buf)
	}
	n, err := x.read(x.buf[x.w:])
	x.w += n
	return err
}

// replace swaps the buffer for a larger one of our own, and gives one of the pool's back.
func (x *exchange) replace(buf []byte) {
	if x.large != nil {
		largeBuffers.Put(x.large)
		x.large = nil
	}
	x.buf = buf
}

// arrived notes the time and the count of a read that brought n bytes where there was room for more.
func (x *exchange) arrived(n, room int) {
	if n == 0 {
		return
	}
	x.last = x.client.clock()
	if x.first == 0 {
		x.first = x.last
	}
	x.timing.Received += int64(n)
	x.full = n == room
	x.tight = x.tight || x.full
}

// read reads once and keeps the times and the count. It returns an error only if there are no bytes.
func (x *exchange) read(p []byte) (int, error) {
	if x.early != nil {
		return 0, x.early
	}
	for range maxEmpty {
		n, err := x.conn.stream.Read(p)
		if n == 0 && err == nil {
			continue
		}
		if n == 0 {
			return 0, err
		}
		x.arrived(n, len(p))
		return n, nil
	}
	return 0, io.ErrNoProgress
}
