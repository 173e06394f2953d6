package http1

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"runner/runner/protocol"
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
	if size, has := bodySize(req); has {
		b = append(b, "Content-Length: "...)
		b = strconv.AppendInt(b, size, 10)
		b = append(b, "\r\n"...)
		lines++
	}
	b = append(b, "\r\n"...)
	if len(req.Path) == 0 || !wellFormed(b, lines) {
		return x.malformed()
	}
	if len(b)+len(req.Body) <= oneWrite {
		b = append(b, req.Body...)
	}
	x.buf, x.w = b[:cap(b)], len(b)
	return nil
}

// bodySize is what Content-Length says, and whether it is there.
func bodySize(req *protocol.Request) (int64, bool) {
	if req.Content != nil {
		return req.Content.Size(), true
	}
	return int64(len(req.Body)), req.HasBody || len(req.Body) > 0
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

// malformed says what is wrong with a request that can't be sent.
func (x *exchange) malformed() error {
	req := x.req
	if req.Method == "" || !token([]byte(req.Method)) {
		return fmt.Errorf("can't send: %q is no method", req.Method)
	}
	for _, b := range req.Path {
		if b <= ' ' || b == 0x7f {
			return fmt.Errorf("can't send: the path %s holds %q, which must be percent-encoded", quote(req.Path), b)
		}
	}
	for i := range req.Fields {
		field := &req.Fields[i]
		if bytes.ContainsAny(field.Value, "\r\n\x00") || !token([]byte(field.Name)) {
			return fmt.Errorf("can't send: header %q: %s holds a line break or a NUL", field.Name, quote(field.Value))
		}
	}
	return errors.New("can't send: the host or the path is empty or holds a line break")
}
