package protocol

import (
	"bytes"
	"errors"
	"fmt"
	"math"
)

// Limits on an answer's head, of an interim one as of the final one: far above what servers send, far below what hurts.
const (
	MaxHead    = 256 << 10 // bytes, and of all trailers together
	MaxFields  = 1000
	MaxInterim = 16 // 1xx heads before the final one
)

// Malformed says what is wrong with a request that can't be sent; nil: nothing. Values come from the target's own answers:
// one with a line break would be a second request that nobody counts, or another header behind the first gateway.
func (r *Request) Malformed() error {
	if !IsToken(r.Method) {
		return fmt.Errorf("can't send: %q is no method", r.Method)
	}
	for _, b := range r.Path {
		if b <= ' ' || b == 0x7f {
			return fmt.Errorf("can't send: the path %s holds %q, which must be percent-encoded", Quote(r.Path), b)
		}
	}
	for i := range r.Fields {
		field := &r.Fields[i]
		if bytes.ContainsAny(field.Value, "\r\n\x00") || !IsToken(field.Name) {
			return fmt.Errorf("can't send: header %q: %s holds a line break or a NUL", field.Name, Quote(field.Value))
		}
	}
	if len(r.Path) == 0 || !graphic(r.Authority) {
		return errors.New("can't send: the host or the path is empty or holds a line break")
	}
	return nil
}

// graphic says that s holds something, and neither spaces nor control characters.
func graphic(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return s != ""
}

// tokenBytes are the bytes of field names and methods (RFC 9110 section 5.6.2).
var tokenBytes = func() (set [256]bool) {
	for _, b := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		set[b] = true
	}
	return set
}()

// IsToken says that s can be the name of a field or a method.
func IsToken[T string | []byte](s T) bool {
	for i := range len(s) {
		if !tokenBytes[s[i]] {
			return false
		}
	}
	return len(s) > 0
}

// Decimal reads digits and nothing else; ok is false on overflow.
func Decimal[T string | []byte](s T) (n int64, ok bool) {
	for i := range len(s) {
		digit := int64(s[i]) - '0'
		if digit < 0 || digit > 9 || n > (math.MaxInt64-digit)/10 {
			return 0, false
		}
		n = 10*n + digit
	}
	return n, len(s) > 0
}

// Lower is an ASCII letter in lower case, and any other byte as it is.
func Lower(b byte) byte {
	if b >= 'A' && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// Same compares ASCII text without regard to case; want is in lower case.
func Same[T string | []byte](s T, want string) bool {
	if len(s) != len(want) {
		return false
	}
	for i := range len(s) {
		if Lower(s[i]) != want[i] {
			return false
		}
	}
	return true
}
