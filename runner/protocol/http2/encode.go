package http2

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"runner/runner/protocol"
)

// encode queues the HEADERS of a request, and their CONTINUATIONs. Fields are written as literals that leave both tables
// alone: it costs the wire some bytes and spares us the look-ups, and a stream never depends on the one before.
func (c *conn) encode(s *stream) {
	head := len(c.out)
	c.out = appendHead(c.out, 0, frameHeaders, 0, s.id)
	begin := len(c.out)
	if c.shrunk {
		c.shrunk = false
		c.out = append(c.out, 0x20) // our table is of size 0 from now on
	}
	c.out = appendFields(c.out, s.req)
	size := len(c.out) - begin
	flags := byte(0)
	if s.ended {
		flags = flagEndStream
	}
	if size <= defaultFrame {
		setHead(c.out[head:], size, flags|flagEndHeaders)
	} else {
		c.split(s, head, begin, flags)
	}
	s.timing.Sent += int64(len(c.out) - head)
}

func setHead(b []byte, size int, flags byte) {
	b[0], b[1], b[2], b[4] = byte(size>>16), byte(size>>8), byte(size), flags
}

// split lays a long list out in several frames.
func (c *conn) split(s *stream, head, begin int, flags byte) {
	rest := bytes.Clone(c.out[begin+defaultFrame:])
	c.out = c.out[:begin+defaultFrame]
	setHead(c.out[head:], defaultFrame, flags)
	for len(rest) > 0 {
		part := rest[:min(len(rest), defaultFrame)]
		rest = rest[len(part):]
		end := byte(0)
		if len(rest) == 0 {
			end = flagEndHeaders
		}
		c.out = append(appendHead(c.out, len(part), frameContinuation, end, s.id), part...)
	}
}

// Entries of HPACK's static table that requests use.
const (
	indexAuthority = 1
	indexGet       = 2
	indexPost      = 3
	indexPath      = 4
	indexHTTP      = 6
	indexHTTPS     = 7
)

func appendFields(b []byte, req *protocol.Request) []byte {
	switch req.Method {
	case "GET":
		b = append(b, 0x80|indexGet)
	case "POST":
		b = append(b, 0x80|indexPost)
	default:
		b = appendLiteral(append(b, indexGet), req.Method)
	}
	if req.Target.TLS {
		b = append(b, 0x80|indexHTTPS)
	} else {
		b = append(b, 0x80|indexHTTP)
	}
	b = appendLiteral(append(b, indexAuthority), authority(req))
	if len(req.Path) == 1 && req.Path[0] == '/' {
		b = append(b, 0x80|indexPath)
	} else {
		b = appendLiteral(append(b, indexPath), req.Path)
	}
	for i := range req.Fields {
		if field := &req.Fields[i]; !dropped(field.Name) {
			b = appendName(append(b, 0), field.Name)
			b = appendLiteral(b, field.Value)
		}
	}
	if length := size(req); req.HasBody || length > 0 || req.Content != nil {
		var digits [20]byte
		b = appendLiteral(append(b, 0x0f, indexLength-15), strconv.AppendInt(digits[:0], length, 10))
	}
	return b
}

// indexLength is content-length in the static table; with the four bits of a literal it takes a second byte.
const indexLength = 28

// authority is what a Host field says, where the plan sets one.
func authority(req *protocol.Request) string {
	for i := range req.Fields {
		if same(req.Fields[i].Name, "host") {
			return string(req.Fields[i].Value)
		}
	}
	return req.Authority
}

// dropped are the fields that have no place in HTTP/2: those of connections, and Host, which is :authority.
func dropped(name string) bool {
	switch len(name) {
	case 4:
		return same(name, "host")
	case 7:
		return same(name, "upgrade")
	case 10:
		return same(name, "connection") || same(name, "keep-alive")
	case 16:
		return same(name, "proxy-connection")
	case 17:
		return same(name, "transfer-encoding")
	}
	return false
}

// appendLiteral appends a text without Huffman's code, which would save a fifth of the bytes and cost more time than all
// the rest.
func appendLiteral[T string | []byte](b []byte, text T) []byte {
	return append(appendLength(b, len(text)), text...)
}

// appendName appends a name in lower case.
func appendName(b []byte, name string) []byte {
	b = appendLength(b, len(name))
	for i := range len(name) {
		b = append(b, lower(name[i]))
	}
	return b
}

// appendLength appends a length as an integer of seven bits (RFC 7541 section 5.1).
func appendLength(b []byte, n int) []byte {
	if n < 127 {
		return append(b, byte(n))
	}
	b = append(b, 127)
	for n -= 127; n >= 128; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}

func lower(b byte) byte {
	if b >= 'A' && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// same compares ASCII text without regard to case; want is in lower case.
func same(s, want string) bool {
	if len(s) != len(want) {
		return false
	}
	for i := range len(s) {
		if lower(s[i]) != want[i] {
			return false
		}
	}
	return true
}

// check says what is wrong with a request that can't be sent. Values come from the target's own answers: one with a line
// break would be another header behind the first gateway that speaks HTTP/1.1.
func check(req *protocol.Request) error {
	if !token(req.Method) {
		return fmt.Errorf("can't send: %q is no method", req.Method)
	}
	if len(req.Path) == 0 || !visible(req.Authority) || req.Authority == "" {
		return errors.New("can't send: the host or the path is empty or holds a line break")
	}
	for _, b := range req.Path {
		if b <= ' ' || b == 0x7f {
			return fmt.Errorf("can't send: the path %s holds %q, which must be percent-encoded", quote(req.Path), b)
		}
	}
	for i := range req.Fields {
		field := &req.Fields[i]
		if bytes.ContainsAny(field.Value, "\r\n\x00") || !token(field.Name) {
			return fmt.Errorf("can't send: header %q: %s holds a line break or a NUL", field.Name, quote(field.Value))
		}
	}
	return nil
}

// tokenBytes are the bytes of field names and methods (RFC 9110 section 5.6.2).
var tokenBytes = func() (set [256]bool) {
	for _, b := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		set[b] = true
	}
	return set
}()

func token(s string) bool {
	for i := range len(s) {
		if !tokenBytes[s[i]] {
			return false
		}
	}
	return s != ""
}

func visible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return true
}
