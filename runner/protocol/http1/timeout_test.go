package http1

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"runner/runner/protocol"
)

// hold keeps a connection open and silent until the peer closes it.
func hold(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// after answers a request with the start of a reply, and then nothing.
func after(start string) func(net.Conn) {
	return func(c net.Conn) {
		r := bufio.NewReader(c)
		if _, _, err := takeRequest(r); err == nil {
			_, _ = io.WriteString(c, start)
			_, _ = io.Copy(io.Discard, r)
		}
	}
}

// drip answers with a byte a moment, forever.
func drip(start string) func(net.Conn) {
	return func(c net.Conn) {
		if _, _, err := takeRequest(bufio.NewReader(c)); err != nil {
			return
		}
		_, err := io.WriteString(c, start)
		for err == nil {
			time.Sleep(2 * time.Millisecond) // what the server does, not what the test waits for
			_, err = io.WriteString(c, "x")
		}
	}
}

// fullBacklog is a target whose connections are neither accepted nor refused.
func fullBacklog(t *testing.T) protocol.Target {
	t.Helper()
	target, filled := clog(t)
	if !filled {
		t.Skip("the backlog can't be filled here")
	}
	return target
}

type stall struct {
	reason string
	target func(t *testing.T) (protocol.Target, *Client)
	text   string // in the error
	sent   bool
}

// stalls are all the places where a target can leave us waiting.
func stalls() []stall {
	plain := func(serve func(net.Conn)) func(t *testing.T) (protocol.Target, *Client) {
		return func(t *testing.T) (protocol.Target, *Client) { return listen(t, serve), newClient(t) }
	}
	return []stall{
		{"connecting", func(t *testing.T) (protocol.Target, *Client) { return fullBacklog(t), newClient(t) }, "connecting to 127.0.0.1", false},
		{"the TLS handshake", func(t *testing.T) (protocol.Target, *Client) {
			target := listen(t, hold)
			target.TLS = true
			return target, newClient(t)
		}, "TLS handshake with 127.0.0.1", false},
		{"no answer", plain(hold), "request sent, waiting for the first byte", true},
		{"no answer over TLS", func(t *testing.T) (protocol.Target, *Client) {
			target, c, _ := listenTLS(t, hold)
			return target, c
		}, "waiting for the first byte", true},
		{"half a head", plain(after("HTTP/1.1 200 O")), "reading the headers", true},
		{"only an interim reply", plain(after("HTTP/1.1 100 Continue\r\n\r\n")), "reading the headers", true},
		{"half a body", plain(after(ok + "Content-Length: 5\r\n\r\nhel")), "reading the body: 3 of 5 body bytes", true},
		{"half a chunk", plain(after(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel")), "reading the body: 3 body bytes", true},
		{"a body whose end doesn't come", plain(after(ok + "\r\nhel")), "reading the body: 3 body bytes", true},
		{"a dripping head", plain(drip("HTTP/1.1 200 O")), "reading the headers", true},
		{"a dripping body", plain(drip(ok + "Content-Length: 100000\r\n\r\n")), "of 100000 body bytes", true},
		{"a dripping body without end", plain(drip(ok + "\r\n")), "body bytes", true},
	}
}

func TestTimeout(t *testing.T) {
	const timeout = 100 * time.Millisecond
	for _, s := range stalls() {
		t.Run(s.reason, func(t *testing.T) {
			target, c := s.target(t)
			req := get(target, "/")
			req.Timeout = timeout
			began := time.Now()
			_, timing, f := do(t, c, req, late)
			took := time.Since(began)
			// The upper bound is generous for the sake of busy machines; TestSlack has the exact one.
			if took < timeout || took > timeout+2*time.Second {
				t.Errorf("it took %v", took)
			}
			text := f.Err.Error()
			if !strings.Contains(text, "no response within 100ms") || !strings.Contains(text, s.text) {
				t.Errorf("text %q, want %q", text, s.text)
			}
			sum := time.Duration(timing.Blocked + timing.Duration())
			if timing.BytesOut != s.sent || sum < timeout || sum > took {
				t.Errorf("of %v: %+v", took, timing)
			}
			if len(c.conns) != 0 {
				t.Error("the connection was kept")
			}
		})
	}
}

// deadlines notes the deadlines that are set on a stream.
type deadlines struct {
	memory
	set []time.Duration
}

func (d *deadlines) SetDeadline(t time.Time) error {
	d.set = append(d.set, time.Until(t))
	return nil
}

// A timeout is late by at most 20 ms or a twentieth, and moved only when it no longer fits.
func TestSlack(t *testing.T) {
	d := &deadlines{memory: memory{reply: []byte(ok + "Content-Length: 0\r\n\r\n")}}
	k := &jumpClock{real: func() int64 { return 1 }}
	c := New(Config{Dialer: &memoryDialer{next: func() net.Conn { return d }}, Clock: k.now})
	for _, step := range []struct {
		reason        string
		pass, timeout time.Duration
		min, max      time.Duration // of the new deadline; 0: it stays
	}{
		{"the first", 0, 10 * time.Second, 10 * time.Second, 10020 * time.Millisecond},
		{"it still fits", 20 * time.Millisecond, 10 * time.Second, 0, 0},
		{"it would come early", time.Millisecond, 10 * time.Second, 10 * time.Second, 10020 * time.Millisecond},
		{"one a little shorter", 0, 9900 * time.Millisecond, 9900 * time.Millisecond, 9920 * time.Millisecond},
		{"a shorter timeout", 0, 100 * time.Millisecond, 100 * time.Millisecond, 105 * time.Millisecond},
		{"a longer one", 0, time.Second, time.Second, 1020 * time.Millisecond},
	} {
		k.jump.Add(int64(step.pass))
		d.set = d.set[:0]
		req := get(nowhere, "/")
		req.Timeout = step.timeout
		do(t, c, req, fine)
		switch {
		case step.max == 0 && len(d.set) > 0:
			t.Errorf("%s: moved to %v", step.reason, d.set)
		case step.max > 0 && (len(d.set) != 1 || d.set[0] > step.max || d.set[0] < step.min-time.Second):
			t.Errorf("%s: set to %v", step.reason, d.set)
		}
	}
}
