package http1

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"runner/runner/protocol"
)

// kind says how a reply's body ends.
type kind uint8

const (
	noBody     kind = iota // HEAD, 204, 304, or a length of 0
	counted                // Content-Length
	chunked                // Transfer-Encoding: chunked
	untilClose             // neither: when the connection does
)

// frame is what a head says about the message around it.
type frame struct {
	kind   kind
	length int64 // of a counted body
	last   bool  // the connection ends with this reply

	hasLength, hasCoding bool
	old, keepAlive       bool // HTTP/1.0, and its Connection: keep-alive
}

// scan steps over the whole lines from buf[line] on: next is where the first begins that is not whole, or where the
// head ends.
func (x *exchange) scan(line int) (next int, whole bool, err error) {
	for {
		if err := x.plausible(line); err != nil {
			return line, false, err
		}
		end := bytes.IndexByte(x.buf[line:x.w], '\n')
		if end < 0 {
			return line, false, nil
		}
		if end == 0 || x.buf[line+end-1] != '\r' {
			return line, false, errors.New("a line ends in LF without CR")
		}
		next := line + end + 1
		if end == 1 && line > x.r {
			return next, true, nil
		}
		line = next
	}
}

// plausible refuses a first line that is of another protocol, as soon as it shows.
func (x *exchange) plausible(line int) error {
	const magic = "HTTP/1."
	if line != x.r {
		return nil
	}
	got := x.buf[x.r:x.w]
	got = got[:min(len(got), len(magic))]
	if string(got) == magic[:len(got)] {
		return nil
	}
	return notHTTP(x.buf[x.r:x.w])
}

// usualFields are as many fields as most answers have: growing to it step by step would cost a crowd as much again.
const usualFields = 8

// parseHead takes the head from buf[r:r+size] into the response's own buffer and reads it there.
func (x *exchange) parseHead(size int) error {
	head := append(x.resp.HeadBuf[:0], x.buf[x.r:x.r+size]...)
	x.resp.HeadBuf = head
	x.r += size
	x.frame = frame{}
	if x.resp.Header == nil {
		x.resp.Header = make(protocol.Header, 0, usualFields)
	}
	end := bytes.IndexByte(head, '\r')
	if err := x.parseStatus(head[:end+2]); err != nil {
		return err
	}
	for rest := head[end+2:]; len(rest) > 2; {
		end := bytes.IndexByte(rest, '\n')
		field, err := parseField(rest[:end-1])
		if err != nil {
			return err
		}
		if len(x.resp.Header) == protocol.MaxFields {
			return errors.New("more than 1,000 header fields")
		}
		x.resp.Header = append(x.resp.Header, field)
		if err := x.frame.note(field); err != nil {
			return err
		}
		rest = rest[end+1:]
	}
	return x.frame.settle(x.resp.Status, x.req.Method)
}

// protos are the versions' names, by minor version: an answer's is never made at run time.
var protos = [10]string{
	"HTTP/1.0", "HTTP/1.1", "HTTP/1.2", "HTTP/1.3", "HTTP/1.4", "HTTP/1.5", "HTTP/1.6", "HTTP/1.7", "HTTP/1.8", "HTTP/1.9",
}

// parseStatus reads "HTTP/1.1 200 reason CRLF". Servers that leave out an empty reason leave out the space as well.
func (x *exchange) parseStatus(line []byte) error {
	text := line[:len(line)-2]
	bad := len(line) < 2 || line[len(line)-1] != '\n' || len(text) < 12 || text[7]-'0' > 9 || text[8] != ' ' ||
		len(text) > 12 && text[12] != ' ' || !visible(text)
	if bad {
		return fmt.Errorf("bad status line: %s", protocol.Quote(line))
	}
	code := 0
	for _, b := range text[9:12] {
		if b < '0' || b > '9' {
			return fmt.Errorf("bad status line: %s", protocol.Quote(line))
		}
		code = 10*code + int(b-'0')
	}
	if code < 100 {
		return fmt.Errorf("status %03d is none: they begin at 100", code)
	}
	x.resp.Status = code
	x.resp.Proto = protos[text[7]-'0']
	x.frame.old = text[7] == '0'
	return nil
}

// parseField reads one line without its CRLF.
func parseField(line []byte) (protocol.HeaderField, error) {
	colon := bytes.IndexByte(line, ':')
	switch {
	case line[0] == ' ' || line[0] == '\t':
		return protocol.HeaderField{}, fmt.Errorf("a folded header line: %s", protocol.Quote(line))
	case colon < 0:
		return protocol.HeaderField{}, fmt.Errorf("a header line without a colon: %s", protocol.Quote(line))
	case !protocol.IsToken(line[:colon]):
		return protocol.HeaderField{}, fmt.Errorf("a header name that is none: %s", protocol.Quote(line))
	}
	value := trim(line[colon+1:])
	if !visible(value) {
		return protocol.HeaderField{}, fmt.Errorf("a control character in a header: %s", protocol.Quote(line))
	}
	return protocol.HeaderField{Name: line[:colon:colon], Value: value}, nil
}

// visible says that s has no control character but tabs. It looks at eight bytes at a time: a byte below 0x20 borrows
// from its high bit when 0x20 is taken away, and 0x7f becomes 0 under an exclusive or with itself. A borrow can spread
// to the next byte and raise a false alarm, which the slow look settles.
func visible(s []byte) bool {
	const ones, highs = math.MaxUint64 / 255, math.MaxUint64 / 255 * 0x80
	for len(s) >= 8 {
		v := binary.LittleEndian.Uint64(s)
		del := v ^ ones*0x7f
		if ((v-ones*0x20)&^v|(del-ones)&^del)&highs != 0 && !allVisible(s[:8]) {
			return false
		}
		s = s[8:]
	}
	return allVisible(s)
}

func allVisible(s []byte) bool {
	for _, b := range s {
		if b < ' ' && b != '\t' || b == 0x7f {
			return false
		}
	}
	return true
}

func trim(s []byte) []byte {
	for len(s) > 0 && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for len(s) > 0 && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}
