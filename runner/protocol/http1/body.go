package http1

import (
	"errors"
	"io"

	"runner/runner/protocol"
)

// bodyStep is how many bytes a kept body grows by at first, and at least. A length that the peer only claims allocates
// nothing: the buffer follows what has come.
const bodyStep = 32 << 10

func (x *exchange) readBody() protocol.Failure {
	switch x.frame.kind {
	case counted:
		return x.readCounted()
	case chunked:
		return x.readChunked()
	case untilClose:
		return x.readUntilClose()
	}
	return protocol.Failure{}
}

func (x *exchange) readCounted() protocol.Failure {
	x.want = x.frame.length
	if x.req.KeepBody && x.want > x.req.MaxBody {
		return protocol.TooLarge(x.want, x.req.MaxBody)
	}
	left := x.want
	take := min(left, int64(x.w-x.r))
	x.take(x.buf[x.r : x.r+int(take)])
	x.r += int(take)
	for left -= take; left > 0; {
		n, err := x.readPart(left)
		if err != nil {
			return x.readFailure(err)
		}
		left -= n
	}
	return protocol.Failure{}
}

// readPart reads up to left bytes of the body. It makes room for one more, so that a stray byte behind the body shows.
func (x *exchange) readPart(left int64) (int64, error) {
	if !x.req.KeepBody {
		x.widen()
		if err := x.more(); err != nil {
			return 0, err
		}
		n := min(left, int64(x.w-x.r))
		x.resp.BodyBytes += n
		x.r += int(n)
		return n, nil
	}
	body := x.resp.Body
	room := min(left+1, int64(max(bodyStep, len(body))))
	body = x.grown(body, int(room))
	got, err := x.read(body[len(body) : len(body)+int(room)])
	if err != nil {
		return 0, err
	}
	n := min(left, int64(got))
	x.resp.Body = body[:len(body)+int(n)]
	x.resp.BodyBytes += n
	if int64(got) > n { // leave the stray byte where receive finds it
		x.r, x.w = 0, copy(x.buf, body[len(body)+int(n):len(body)+got])
	}
	return n, nil
}

func (x *exchange) readUntilClose() protocol.Failure {
	x.want = -1
	for {
		if x.tooMuch(int64(x.w - x.r)) {
			return protocol.TooLarge(x.want, x.req.MaxBody)
		}
		x.take(x.buf[x.r:x.w])
		x.r = x.w
		x.widen()
		err := x.more()
		if errors.Is(err, io.EOF) {
			x.last = x.client.clock() // the close is the body's end
			return protocol.Failure{}
		}
		if err != nil {
			return x.readFailure(err)
		}
	}
}

// take adds content to the response: kept if it is wanted, else only counted.
func (x *exchange) take(p []byte) {
	x.resp.BodyBytes += int64(len(p))
	if !x.req.KeepBody {
		p = p[:min(len(p), x.resp.GlimpseLeft())]
	}
	x.resp.Body = append(x.grown(x.resp.Body, len(p)), p...)
}

// grown is body with room for more bytes. It doubles, but not past what may be kept: the old and the new one together take
// less than twice that.
func (x *exchange) grown(body []byte, more int) []byte {
	need := len(body) + more
	if need <= cap(body) {
		return body
	}
	size := max(int64(need), min(2*int64(cap(body)), x.req.MaxBody+1)) // 1 for a stray byte behind it
	return append(make([]byte, 0, size), body...)
}

// tooMuch says that n more bytes are more than the request wants to keep.
func (x *exchange) tooMuch(n int64) bool {
	return x.req.KeepBody && n > x.req.MaxBody-x.resp.BodyBytes
}

// widen borrows a large buffer for the rest of a body, once a read has shown that bytes come faster than a small one
// holds them. A body that drips stays with the small one: thousands may drip at once.
func (x *exchange) widen() {
	if x.large != nil || !x.full || len(x.buf) >= largeBuffer {
		return
	}
	x.large = largeBuffers.Get().(*[]byte)
	x.small = x.buf
	x.w = copy(*x.large, x.buf[x.r:x.w])
	x.r = 0
	x.buf = *x.large
}
