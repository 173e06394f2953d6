package http1

import (
	"bytes"
	"strconv"
)

// oneWrite is the largest request in bytes that is copied together and written at once. A connection on which nothing
// is under way takes as much without waiting; of more, the body is not copied and is sent while the answer is read.
const oneWrite = 16 << 10

// encode writes the head, and a small body behind it, to buf[:w].
func (x *exchange) encode() error {
	req := x.req
	b := x.buf[:0]
	b = append(b, req.Method...)
	b = append(b, ' ')
	b = append(b, req.Path...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, req.Authority...)
	b = append(b, "\r\n"...)
	for i := range req.Fields {
		field := &req.Fields[i]
		b = append(b, field.Name...)
		b = append(b, ": "...)
		b = append(b, field.Value...)
		b = append(b, "\r\n"...)
	}
	lines := 3 + len(req.Fields)
	if req.Sized() {
		b = append(b, "Content-Length: "...)
		b = strconv.AppendInt(b, req.Size(), 10)
		b = append(b, "\r\n"...)
		lines++
	}
	b = append(b, "\r\n"...)
	if len(req.Path) == 0 || !wellFormed(b, lines) {
		return req.Malformed()
	}
	if len(b)+len(req.Body) <= oneWrite {
		b = append(b, req.Body...)
	}
	x.buf, x.w = b[:cap(b)], len(b)
	return nil
}

// wellFormed says that the head has the lines that it was made of, no more, and a request line of three words. Values
// come from the target's own answers: one with a line break would be a second request that nobody counts.
func wellFormed(head []byte, lines int) bool {
	if bytes.Count(head, []byte{'\n'}) != lines || bytes.Count(head, []byte{'\r'}) != lines || bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	line := head[:bytes.IndexByte(head, '\r')]
	words := 0
	for _, b := range line {
		if b == ' ' {
			words++
		} else if b < ' ' || b == 0x7f {
			return false
		}
	}
	return words == 2 && line[0] != ' '
}
