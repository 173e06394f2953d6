package http2

import (
	"bytes"
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
	if req.Sized() {
		var digits [20]byte
		b = appendLiteral(append(b, 0x0f, indexLength-15), strconv.AppendInt(digits[:0], req.Size(), 10))
	}
	return b
}

// indexLength is content-length in the static table; with the four bits of a literal it takes a second byte.
const indexLength = 28

// authority is what a Host field says, where the plan sets one.
func authority(req *protocol.Request) string {
	for i := range req.Fields {
		if protocol.Same(req.Fields[i].Name, "host") {
			return string(req.Fields[i].Value)
		}
	}
	return req.Authority
}

// dropped are the fields that have no place in HTTP/2: those of connections, and Host, which is :authority.
func dropped(name string) bool {
	switch len(name) {
	case 4:
		return protocol.Same(name, "host")
	case 7:
		return protocol.Same(name, "upgrade")
	case 10:
		return protocol.Same(name, "connection") || protocol.Same(name, "keep-alive")
	case 16:
		return protocol.Same(name, "proxy-connection")
	case 17:
		return protocol.Same(name, "transfer-encoding")
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
		b = append(b, protocol.Lower(name[i]))
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
