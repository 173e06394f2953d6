package http2

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/net/http2/hpack"

	"runner/runner/protocol"
)

// maxFragments is how many frames one list of headers may come in.
const maxFragments = 128

// block is a list of headers that is being read. Every one must be decoded, also of a stream that we have given up: the
// table of the connection is made of all of them.
type block struct {
	open      bool
	id        uint32
	end       bool // END_STREAM
	fragments int
	s         *stream // nil: nobody wants it
	status    int
	fields    int
	size      int
	regular   bool // a field that is no pseudo-header has come
	trailer   bool
	err       error // why the list is malformed
}

func (c *conn) onHeaders(f *frame) {
	s, ok := c.find(f, "HEADERS")
	if !ok {
		return
	}
	size := int64(len(f.payload))
	if !f.unpad() || f.has(flagPriority) && len(f.payload) < 5 {
		c.wrong("a bad HEADERS frame")
		return
	}
	if f.has(flagPriority) {
		f.payload = f.payload[5:]
	}
	c.block = block{open: true, id: f.id, end: f.has(flagEndStream), s: s}
	if s != nil {
		c.control = 0
		if s.first == 0 {
			s.first = c.now
		}
		s.phase = phaseBody
		c.block.trailer = s.headed
		if !s.headed {
			s.resp.Header, s.resp.HeadBuf = s.resp.Header[:0], s.resp.HeadBuf[:0]
		}
	}
	c.fragment(f, size)
}

func (c *conn) onContinuation(f *frame) { c.fragment(f, int64(len(f.payload))) }

// fragment decodes a part of a list.
func (c *conn) fragment(f *frame, size int64) {
	b := &c.block
	if b.s != nil {
		b.s.timing.Received += frameHead + size
	}
	if b.fragments++; b.fragments > maxFragments {
		c.wrong("a list of headers in more than %d frames", maxFragments)
		return
	}
	if _, err := c.decoder.Write(f.payload); err != nil {
		c.wrong("headers can't be decoded: %w", err)
		return
	}
	if b.size > 4*protocol.MaxHead { // refused already; but decoding it has its price
		c.wrong("a list of headers larger than %d KiB", 4*protocol.MaxHead>>10)
		return
	}
	if !f.has(flagEndHeaders) {
		return
	}
	if err := c.decoder.Close(); err != nil {
		c.wrong("headers can't be decoded: %w", err)
		return
	}
	b.open = false
	if b.s != nil && !b.s.done {
		c.headed(b)
	}
}

// field takes one field of the list.
func (c *conn) field(f hpack.HeaderField) {
	b := &c.block
	b.size += len(f.Name) + len(f.Value)
	b.fields++
	if b.s == nil || b.err != nil {
		return
	}
	switch {
	case b.size > protocol.MaxHead:
		b.err = errors.New("the headers are larger than 256 KiB")
	case b.fields > protocol.MaxFields:
		b.err = errors.New("more than 1,000 header fields")
	case f.Name != "" && f.Name[0] == ':':
		b.pseudo(f)
	default:
		b.regular = true
		b.err = b.s.keep(f, b.trailer)
	}
}

// pseudo takes :status, the only one that an answer has.
func (b *block) pseudo(f hpack.HeaderField) {
	switch {
	case f.Name != ":status":
		b.err = fmt.Errorf("the pseudo-header %.40q", f.Name)
	case b.trailer, b.regular, b.status != 0:
		b.err = errors.New("a :status where none may be")
	case len(f.Value) != 3 || f.Value[0] < '1' || f.Value[0] > '9' || !digits(f.Value):
		b.err = fmt.Errorf("the status %.40q", f.Value)
	default:
		b.status = int(f.Value[0]-'0')*100 + int(f.Value[1]-'0')*10 + int(f.Value[2]-'0')
	}
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// keep adds a field to the response. Its bytes move when the buffer grows, but the old ones stay as they are.
func (s *stream) keep(f hpack.HeaderField, trailer bool) error {
	if err := checkField(f); err != nil {
		return err
	}
	buf := append(s.resp.HeadBuf, f.Name...)
	name := buf[len(s.resp.HeadBuf):len(buf):len(buf)]
	full := append(buf, f.Value...)
	value := full[len(buf):len(full):len(full)]
	s.resp.HeadBuf = full
	field := protocol.HeaderField{Name: name, Value: value}
	if trailer {
		s.resp.Trailer = append(s.resp.Trailer, field)
		return nil
	}
	s.resp.Header = append(s.resp.Header, field)
	if f.Name == "content-length" {
		return s.noteLength(f.Value)
	}
	return nil
}

// checkField refuses what makes a message malformed (RFC 9113 section 8.2).
func checkField(f hpack.HeaderField) error {
	if f.Name == "" {
		return errors.New("a field without a name")
	}
	if !protocol.IsToken(f.Name) || !protocol.Same(f.Name, f.Name) { // the latter: capitals
		return fmt.Errorf("the field name %.40q", f.Name)
	}
	for i := range len(f.Value) {
		if b := f.Value[i]; b < ' ' && b != '\t' || b == 0x7f {
			return fmt.Errorf("a control character in the field %.40q", f.Name)
		}
	}
	if slices.Contains(ofConnections, f.Name) {
		return fmt.Errorf("the field %s, which HTTP/2 doesn't have", f.Name)
	}
	return nil
}

// ofConnections are fields that speak of an HTTP/1.1 connection.
var ofConnections = []string{"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}

// noteLength takes a content-length: the same number twice does no harm.
func (s *stream) noteLength(text string) error {
	n, ok := protocol.Decimal(text)
	if !ok {
		return fmt.Errorf("content-length %.40q is not a number", text)
	}
	if s.length >= 0 && s.length != n {
		return fmt.Errorf("two content-lengths, %d and %.40q", s.length, text)
	}
	s.length = n
	return nil
}

// headed takes a whole list: an interim head, the final one, or trailers.
func (c *conn) headed(b *block) {
	s := b.s
	switch {
	case b.err != nil:
	case b.trailer && !b.end:
		b.err = errors.New("headers in the middle of the body")
	case b.trailer:
	case b.status == 0:
		b.err = errors.New("headers without a :status")
	case b.status == 101:
		b.err = errors.New("101 Switching Protocols, which HTTP/2 doesn't have")
	case b.status < 200 && b.end:
		b.err = errors.New("the reply ends with a 1xx")
	case b.status < 200:
		if s.interim++; s.interim > protocol.MaxInterim {
			b.err = errors.New("too many 1xx replies")
		}
		s.length = -1
	default:
		s.headed = true
		s.resp.Status, s.resp.Proto = b.status, "HTTP/2.0"
		s.bare = b.status == 204 || b.status == 304 || s.req.Method == "HEAD"
		if s.req.KeepBody && s.length > s.req.MaxBody && !s.bare {
			c.abandon(s, protocol.TooLarge(s.length, s.req.MaxBody))
			return
		}
	}
	switch {
	case b.err != nil:
		c.malformed(s, b.err)
	case b.end:
		c.end(s)
	}
}
