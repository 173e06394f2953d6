package http1

import (
	"bytes"
	"errors"
	"fmt"

	"runner/runner/protocol"
)

// note takes what a field says about the message's framing (RFC 9112 sections 6 and 9).
func (f *frame) note(field protocol.HeaderField) error {
	switch len(field.Name) {
	case len("Connection"):
		if protocol.Same(field.Name, "connection") {
			f.noteConnection(field.Value)
		}
	case len("Content-Length"):
		if protocol.Same(field.Name, "content-length") {
			return f.noteLength(field.Value)
		}
	case len("Transfer-Encoding"):
		if protocol.Same(field.Name, "transfer-encoding") {
			if f.hasCoding || !protocol.Same(field.Value, "chunked") {
				return fmt.Errorf("transfer-encoding %s: only chunked can be read", protocol.Quote(field.Value))
			}
			f.hasCoding = true
		}
	}
	return nil
}

func (f *frame) noteConnection(list []byte) {
	for len(list) > 0 {
		var option []byte
		option, list, _ = bytes.Cut(list, []byte{','})
		option = trim(option)
		if protocol.Same(option, "close") {
			f.last = true
		}
		if protocol.Same(option, "keep-alive") {
			f.keepAlive = true
		}
	}
}

// noteLength takes a length, or a list of equal ones, in one field or several: the same number twice does no harm.
func (f *frame) noteLength(value []byte) error {
	for {
		text, rest, more := bytes.Cut(value, []byte{','})
		n, ok := protocol.Decimal(trim(text))
		if !ok {
			return fmt.Errorf("content-length %s is not a number", protocol.Quote(value))
		}
		if f.hasLength && n != f.length {
			return fmt.Errorf("two content-lengths, %d and %d", f.length, n)
		}
		f.hasLength, f.length = true, n
		if !more {
			return nil
		}
		value = rest
	}
}

// settle decides how the body ends, when all fields are known (RFC 9112 section 6.3).
func (f *frame) settle(status int, method string) error {
	if f.hasCoding && f.hasLength {
		return errors.New("both transfer-encoding and content-length: where the body ends is anybody's guess")
	}
	if f.hasCoding && f.old {
		return errors.New("transfer-encoding in HTTP/1.0, which doesn't have it")
	}
	if f.old && !f.keepAlive {
		f.last = true
	}
	switch {
	case status < 200 || status == 204 || status == 304 || method == "HEAD":
		f.kind = noBody
	case f.hasCoding:
		f.kind = chunked
	case f.hasLength && f.length == 0:
		f.kind = noBody
	case f.hasLength:
		f.kind = counted
	default:
		f.kind = untilClose
	}
	return nil
}
