package http1

import (
	"fmt"
	"math"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"runner/runner/protocol"
)

func TestExchange(t *testing.T) {
	target := listen(t, answers("HTTP/1.1 201 Created\r\nX-A: one\r\nX-B:\ttwo \r\nContent-Length: 5\r\n\r\nhello"))
	c := newClient(t)
	var resp protocol.Response
	var timing protocol.Timing
	for i := range 3 {
		f := c.Do(get(target, "/a?b=c"), &resp, &timing)
		if f.Class != protocol.ClassNone {
			t.Fatal(f)
		}
		got := fmt.Sprintf("%d %s %s %d %q", resp.Status, resp.Proto, resp.Body, resp.BodyBytes, resp.Header)
		want := `201 HTTP/1.1 hello 5 [{"X-A" "one"} {"X-B" "two"} {"Content-Length" "5"}]`
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if timing.Dialed != (i == 0) {
			t.Errorf("request %d dialed: %v", i, timing.Dialed)
		}
		if !timing.BytesOut || timing.Sent == 0 || timing.Received != 69 || timing.Waiting <= 0 {
			t.Errorf("timing %+v", timing)
		}
	}
}

// What an exchange needs it has or borrows: once it has run, the next costs no allocation.
func TestNoAllocations(t *testing.T) {
	if underRace {
		t.Skip("the race detector allocates")
	}
	const head = ok + "Content-Type: application/json\r\n"
	long := strings.Repeat("x", 100_000)
	small := []byte(`{"a":1}`)
	for _, r := range []struct {
		reason string
		reply  string
		body   []byte
		drop   bool
	}{
		{"a body with a length", head + "Content-Length: 2\r\n\r\nhi", small, false},
		{"no body", "HTTP/1.1 204 No Content\r\n\r\n", nil, false},
		{"a chunked body and a trailer", head + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nA: b\r\n\r\n", small, false},
		{"an interim reply", "HTTP/1.1 103 Early\r\nLink: a\r\n\r\n" + head + "Content-Length: 2\r\n\r\nhi", small, false},
		{"a long body", head + "Content-Length: 100000\r\n\r\n" + long, small, false},
		{"a long body that is dropped", head + "Content-Length: 100000\r\n\r\n" + long, small, true},
		{"a long request", head + "Content-Length: 2\r\n\r\nhi", []byte(long), false},
	} {
		c := memoryClient(&memory{reply: []byte(r.reply)})
		if len(r.body) > oneWrite {
			c = memoryClient(&twoWrites{memory: memory{reply: []byte(r.reply)}, both: make(chan struct{}, 1)})
		}
		req := post(nowhere, "/x", r.body)
		req.Fields = []protocol.Field{{Name: "Content-Type", Value: []byte("application/json")}}
		req.KeepBody = !r.drop
		var resp protocol.Response
		var timing protocol.Timing
		allocs := testing.AllocsPerRun(1000, func() {
			if f := c.Do(req, &resp, &timing); f.Class != protocol.ClassNone {
				t.Fatal(r.reason, f)
			}
		})
		if allocs != 0 {
			t.Errorf("%s: %v allocations per exchange", r.reason, allocs)
		}
	}
}

func TestHeadersAndTrailers(t *testing.T) {
	reply := "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + ok + "Set-Cookie: a=1\r\nset-cookie: b=2\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\nx-sum:  2 \r\n\r\n"
	for _, step := range []int{0, 1} {
		resp, _, _ := do(t, memoryClient(&memory{reply: []byte(reply), step: step}), get(nowhere, "/"), fine)
		got := fmt.Sprintf("%q %q", resp.Header, resp.Trailer)
		want := `[{"Set-Cookie" "a=1"} {"set-cookie" "b=2"} {"Transfer-Encoding" "chunked"}] [{"X-Sum" "1"} {"x-sum" "2"}]`
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestChunkSize(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "00": 0, "aF": 175, "7fffffffffffffff": math.MaxInt64, "5;a": 5, "5 ;a=b": 5,
		"8000000000000000": -1, "fffffffffffffffff": -1, "": -1, ";a": -1, "-1": -1, "g": -1, "5;\x00": -1,
	} {
		got, err := chunkSize([]byte(text))
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %d %v, want %d", text, got, err, want)
		}
	}
}

// Eight bytes at a time say the same as one at a time.
func TestVisible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SliceOfN(rapid.SampledFrom([]byte("ab \t~\x00\x1f\x7f\x80\x9f\xa0\xff")), 0, 40).Draw(t, "s")
		if rapid.Bool().Draw(t, "mostly fine") {
			for i, b := range s {
				if i%9 != 0 && !allVisible([]byte{b}) {
					s[i] = 'x'
				}
			}
		}
		if visible(s) != allVisible(s) {
			t.Fatalf("%q: %v", s, visible(s))
		}
	})
}

// A plan that goes to ever new targets doesn't keep ever more connections.
func TestMaxConns(t *testing.T) {
	d := &memoryDialer{next: func() net.Conn { return &memory{reply: []byte(ok + "Content-Length: 0\r\n\r\n")} }}
	c := New(Config{Dialer: d, Clock: clock()})
	visit := func(host int) bool {
		target := nowhere
		target.Host = fmt.Sprint(host)
		_, timing, _ := do(t, c, get(target, "/"), fine)
		return timing.Dialed
	}
	for host := range maxConns {
		visit(host)
	}
	visit(0)
	visit(maxConns)
	if visit(0) || !visit(1) || len(c.conns) != maxConns {
		t.Errorf("%d connections; the one used longest ago should have gone", len(c.conns))
	}
	c.CloseIdle()
	if !visit(0) || len(c.conns) != 1 {
		t.Errorf("%d connections after CloseIdle", len(c.conns))
	}
}

func TestWriteErrors(t *testing.T) {
	for errno, want := range map[syscall.Errno]protocol.Class{
		syscall.EPIPE: gone, syscall.ECONNRESET: gone, syscall.EHOSTUNREACH: gone, syscall.ETIMEDOUT: gone,
		syscall.ENOBUFS: protocol.ClassLocal, syscall.ENOMEM: protocol.ClassLocal,
	} {
		m := &memory{fail: &net.OpError{Op: "write", Err: os.NewSyscallError("write", errno)}}
		_, timing, f := do(t, memoryClient(m), get(nowhere, "/"), want)
		if timing.BytesOut || timing.Duration() != 0 || f.Err == nil {
			t.Errorf("%v: %v %+v", errno, f, timing)
		}
	}
}
