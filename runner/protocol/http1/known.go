package http1

import (
	"bytes"
	"slices"

	"runner/runner/protocol"
)

// known is the latest head that was read with this exchange's buffer, and what came of it. Answers of one server mostly begin
// with the very bytes of the answer before (until the second in their Date is over), and what the same bytes mean is known.
// Reading a head costs twenty times as much as comparing it.
type known struct {
	head   []byte // whole, with its empty line; empty: there is none
	method string // of its request, which decides whether there is a body
	status int
	proto  string
	frame  frame
	spans  []span
}

// span is where a field stands in its head.
type span struct{ name, colon, value, end int }

// recall makes a head of the bytes that have come, if they begin with the known one.
func (x *exchange) recall() bool {
	k := x.known
	if len(k.head) == 0 || k.method != x.req.Method || !bytes.HasPrefix(x.buf[x.r:x.w], k.head) {
		return false
	}
	r := x.resp
	r.HeadBuf = append(r.HeadBuf[:0], k.head...)
	r.Status, r.Proto, x.frame = k.status, k.proto, k.frame
	r.Header = slices.Grow(r.Header, len(k.spans))
	for _, s := range k.spans {
		r.Header = append(r.Header, protocol.HeaderField{Name: r.HeadBuf[s.name:s.colon:s.colon], Value: r.HeadBuf[s.value:s.end]})
	}
	x.r += len(k.head)
	return true
}

// keptHead is the largest head in bytes that is worth remembering.
const keptHead = 2 << 10

// remember notes the head that was just parsed.
func (x *exchange) remember() {
	k, r := x.known, x.resp
	if k.head = k.head[:0]; len(r.HeadBuf) > keptHead {
		return
	}
	k.head = append(k.head, r.HeadBuf...)
	k.method, k.status, k.proto, k.frame = x.req.Method, r.Status, r.Proto, x.frame
	k.spans = k.spans[:0]
	line := bytes.IndexByte(k.head, '\n') + 1
	for _, f := range r.Header {
		value := cap(r.HeadBuf) - cap(f.Value) // both end where the buffer does
		k.spans = append(k.spans, span{line, line + len(f.Name), value, value + len(f.Value)})
		line += bytes.IndexByte(k.head[line:], '\n') + 1
	}
}
