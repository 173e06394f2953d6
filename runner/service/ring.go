package service

import (
	"bytes"
	"strings"
	"sync"
	"unicode/utf8"
)

// lineLength is how many bytes of a log line an error shows.
const lineLength = 400

// ring keeps the last bytes that were written to it.
type ring struct {
	mu   sync.Mutex
	buf  []byte
	next int  // where the next byte goes
	full bool // every byte of buf was written
}

func newRing(size int) *ring { return &ring{buf: make([]byte, size)} }

// Write never fails.
func (r *ring) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(p)
	if n > len(r.buf) {
		p = p[n-len(r.buf):]
		r.full = true
	}
	for len(p) > 0 {
		k := copy(r.buf[r.next:], p)
		p = p[k:]
		if r.next += k; r.next == len(r.buf) {
			r.next, r.full = 0, true
		}
	}
	return n, nil
}

// bytes is a copy of what is kept, oldest first, and whether something older was lost.
func (r *ring) bytes() (kept []byte, cut bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.full {
		return bytes.Clone(r.buf[:r.next]), false
	}
	return append(bytes.Clone(r.buf[r.next:]), r.buf[:r.next]...), true
}

// tail is the last n lines, each as mask leaves it, without empty ones at the end. A line whose begin was lost is left out.
func (r *ring) tail(n int, mask func(string) string) []string {
	kept, cut := r.bytes()
	if cut {
		_, after, found := bytes.Cut(kept, []byte{'\n'})
		if found && len(after) > 0 {
			kept = after
		}
	}
	text := strings.TrimRight(string(kept), "\r\n")
	if text == "" {
		return nil
	}
	lines := strings.Split(mask(text), "\n")
	lines = lines[max(0, len(lines)-n):]
	for i, line := range lines {
		lines[i] = shorten(strings.TrimRight(line, "\r"))
	}
	return lines
}

// shorten cuts a line that is too long to read, between characters.
func shorten(line string) string {
	if len(line) <= lineLength {
		return line
	}
	end := lineLength
	for end > 0 && !utf8.RuneStart(line[end]) {
		end--
	}
	return line[:end] + "…"
}
