package http1

import (
	"bytes"
	"errors"
	"fmt"
	"math"

	"runner/runner/protocol"
)

// note takes what a field says about the message's framing (RFC 9112 sections 6 and 9).
func (f *frame) note(field protocol.HeaderField) error {
	switch len(field.Name) {
	case len("Connection"):
		if same(field.Name, "connection") {
			f.noteConnection(field.Value)
		}
	case len("Content-Length"):
		if same(field.Name, "content-length") {
			return f.noteLength(field.Value)
		}
	case len("Transfer-Encoding"):
		if same(field.Name, "transfer-encoding") {
			if f.hasCoding || !same(field.Value, "chunked") {
				return fmt.Errorf("transfer-encoding %s: only chunked can be read", quote(field.Value))
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
		if same(option, "close") {
			f.last = true
		}
		if same(option, "keep-alive") {
			f.keepAlive = true
		}
	}
}

// noteLength takes a length, or a list of equal ones, in one field or several: the same number twice does no harm.
func (f *frame) noteLength(value []byte) error {
	for {
		text, rest, more := bytes.Cut(value, []byte{','})
		n, ok := decimal(trim(text))
		if !ok {
			return fmt.Errorf("content-length %s is not a number", quote(value))
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

// decimal reads digits and nothing else; ok is false on overflow.
func decimal(s []byte) (n int64, ok bool) {
	for _, b := range s {
		digit := int64(b) - '0'
		if digit < 0 || digit > 9 || n > (math.MaxInt64-digit)/10 {
			return 0, false
		}
		n = 10*n + digit
	}
	return n, len(s) > 0
}

// same compares ASCII text without regard to case; lower is in lower case.
func same(s []byte, lower string) bool {
	if len(s) != len(lower) {
		return false
	}
	for i := range s {
		b := s[i]
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		if b != lower[i] {
			return false
		}
	}
	return true
}
