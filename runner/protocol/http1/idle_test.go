package http1

import (
	"bufio"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// afterOne answers one request, waits for release, does what the test wants with the idle connection, and waits for its
// end. Connections after the first answer 299 to everything.
func afterOne(release chan struct{}, then func(c net.Conn)) func(c net.Conn) {
	turn := make(chan int, 1)
	turn <- 0
	return func(c net.Conn) {
		n := <-turn
		turn <- n + 1
		if n > 0 {
			answers("HTTP/1.1 299 Second\r\nContent-Length: 0\r\n\r\n")(c)
			return
		}
		r := bufio.NewReader(c)
		if _, _, err := takeRequest(r); err != nil {
			return
		}
		_, _ = io.WriteString(c, ok+"Content-Length: 0\r\n\r\n")
		<-release
		then(c)
		_, _ = io.Copy(io.Discard, r)
	}
}

// settle waits until the idle connection shows something.
func settle(t *testing.T, c *Client) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		if state, _ := c.conns[0].stream.Check(); state != dial.Alive {
			return
		}
	}
	t.Fatal("nothing came")
}

func TestIdleConnection(t *testing.T) {
	type row struct {
		reason string
		then   func(c net.Conn)
		want   protocol.Class
		sent   bool
	}
	for _, r := range []row{
		{"closed by the server: a new one, no failure", func(c net.Conn) { c.Close() }, fine, true},
		{"reset by the server: the same", func(c net.Conn) {
			_ = c.(*net.TCPConn).SetLinger(0)
			c.Close()
		}, fine, true},
		{"half closed: the same", func(c net.Conn) { _ = c.(*net.TCPConn).CloseWrite() }, fine, true},
		{"a farewell of a server that is tired of waiting", func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n")
			c.Close()
		}, fine, true},
		{"a reply that nobody asked for", func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n") }, wrong, false},
		{"a stray byte", func(c net.Conn) { _, _ = io.WriteString(c, "\n") }, wrong, false},
		{"a stray byte, then closed", func(c net.Conn) {
			_, _ = io.WriteString(c, "\n")
			c.Close()
		}, wrong, false},
	} {
		t.Run(r.reason, func(t *testing.T) {
			release := make(chan struct{})
			target := listen(t, afterOne(release, r.then))
			c, k := jumpingClient(t)
			do(t, c, get(target, "/"), fine)
			close(release)
			settle(t, c)
			k.jump.Add(protocol.LookAfter)
			_, timing, _ := do(t, c, get(target, "/"), r.want)
			if timing.BytesOut != r.sent || timing.Dialed != r.sent {
				t.Errorf("timing %+v", timing)
			}
			resp, _, _ := do(t, c, get(target, "/"), fine)
			if resp.Status != 299 {
				t.Errorf("status %d", resp.Status)
			}
		})
	}
}

// An idle connection on which nothing happened is used again, however long ago its last deadline passed.
func TestIdleLong(t *testing.T) {
	target := listen(t, answers(ok+"Content-Length: 0\r\n\r\n"))
	c, k := jumpingClient(t)
	req := get(target, "/")
	req.Timeout = time.Second
	for i := range 5 {
		_, timing, _ := do(t, c, req, fine)
		if timing.Dialed != (i == 0) {
			t.Errorf("exchange %d dialed: %v", i, timing.Dialed)
		}
		_ = c.conns[0].stream.SetDeadline(past)
		k.jump.Add(int64(time.Hour))
	}
}

// The server closes while we send: that is an error the target made, and it is told. Nothing is sent a second time.
func TestClosedInTheRace(t *testing.T) {
	requests := make(chan string, 10)
	target := listen(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		for n := range 2 {
			req, _, err := takeRequest(r)
			if err != nil {
				return
			}
			requests <- req.URL.Path
			if n == 0 {
				_, _ = io.WriteString(c, ok+"Content-Length: 0\r\n\r\n")
			}
		}
	})
	c := newClient(t)
	do(t, c, get(target, "/1"), fine)
	_, timing, f := do(t, c, get(target, "/2"), gone)
	if !timing.BytesOut || timing.Waiting <= 0 || !strings.Contains(f.Err.Error(), "without an answer") {
		t.Errorf("%v, timing %+v", f, timing)
	}
	do(t, c, get(target, "/3"), fine)
	for _, want := range []string{"/1", "/2", "/3"} {
		if got := <-requests; got != want {
			t.Errorf("request %s, want %s", got, want)
		}
	}
	if len(requests) != 0 {
		t.Error("more requests than were asked for")
	}
}

func TestIdleTLS(t *testing.T) {
	for _, r := range []struct {
		reason string
		then   func(c net.Conn)
		want   protocol.Class
	}{
		{"closed with a closing alert: a new one, no failure", func(c net.Conn) { c.Close() }, fine},
		{"closed without one", func(c net.Conn) { _ = c.(interface{ NetConn() net.Conn }).NetConn().Close() }, fine},
		{"bytes that nobody asked for", func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n") }, wrong},
	} {
		t.Run(r.reason, func(t *testing.T) {
			release, happened := make(chan struct{}), make(chan struct{})
			target, c, k := listenTLS(t, afterOne(release, func(c net.Conn) {
				r.then(c)
				close(happened)
			}))
			do(t, c, get(target, "/"), fine)
			close(release)
			<-happened
			k.jump.Add(protocol.LookAfter)
			_, timing, _ := do(t, c, get(target, "/"), r.want)
			if timing.BytesOut != (r.want == fine) {
				t.Errorf("timing %+v", timing)
			}
			resp, _, _ := do(t, c, get(target, "/"), fine)
			if resp.Status != 299 {
				t.Errorf("status %d", resp.Status)
			}
		})
	}
}

// Two records may come in one packet: the second has left the socket when the first is read, and must still be seen.
func TestStrayRecord(t *testing.T) {
	if !canCork {
		t.Skip("packets can't be held back here")
	}
	target, c, _ := listenTLS(t, func(c net.Conn) {
		held := c.(interface{ NetConn() net.Conn }).NetConn().(*net.TCPConn)
		r := bufio.NewReader(c)
		if _, _, err := takeRequest(r); err != nil {
			return
		}
		raw, _ := held.SyscallConn()
		cork(raw, true)
		_, _ = io.WriteString(c, ok+"Content-Length: 0\r\n\r\n")
		_, _ = io.WriteString(c, "HTTP/1.1 200 Stray\r\nContent-Length: 0\r\n\r\n")
		cork(raw, false)
		_, _ = io.Copy(io.Discard, r)
	})
	do(t, c, get(target, "/"), fine)
	_, timing, _ := do(t, c, get(target, "/"), wrong) // at once: no millisecond has passed
	if timing.BytesOut {
		t.Error("a request was sent on a connection with stray bytes")
	}
}

// A reply that fills the buffer to its end may hide stray bytes in the socket: it is looked at before the next use. A larger
// buffer than that shows them at once. Which one an exchange has, the pool decides.
func TestStrayBehindFullBuffer(t *testing.T) {
	hidden := 0
	for range 20 {
		for _, size := range []int{firstBuffer, smallBuffer} {
			if strayBehind(t, size) {
				hidden++
			}
		}
		if hidden > 0 {
			return
		}
	}
	t.Error("no buffer was filled to its end")
}

// strayBehind gets a reply of size bytes with another one behind it. hidden: the first exchange could not see that.
func strayBehind(t *testing.T, size int) (hidden bool) {
	t.Helper()
	head := ok + "Content-Length: 900\r\nX: "
	head += strings.Repeat("x", size-900-len(head)-4) + "\r\n\r\n"
	target := listen(t, answers(head+strings.Repeat("b", 900)+"HTTP/1.1 200 Stray\r\nContent-Length: 0\r\n\r\n"))
	c := newClient(t)
	resp, timing := new(protocol.Response), new(protocol.Timing)
	if f := c.Do(get(target, "/"), resp, timing); f.Class == wrong {
		return false
	} else if f.Class != fine {
		t.Fatal(f)
	}
	_, timing, _ = do(t, c, get(target, "/"), wrong)
	if timing.BytesOut {
		t.Error("a request was sent on a connection with stray bytes")
	}
	return true
}

// A write that fails before its first byte on a connection that had been in use finds it closed: a new one is opened,
// once. On a new connection the same is a failure.
func TestClosedAtTheWrite(t *testing.T) {
	reply := []byte(ok + "Content-Length: 0\r\n\r\n")
	good, bad := &memory{reply: reply}, &memory{fail: &net.OpError{Op: "write", Err: syscall.EPIPE}}
	for _, r := range []struct {
		reason string
		next   net.Conn
		want   protocol.Class
	}{{"and the next is good", &memory{reply: reply}, fine}, {"and the next one is, too", bad, gone}} {
		conns := []net.Conn{good, r.next}
		d := &memoryDialer{}
		d.next = func() net.Conn { return conns[d.dials-1] }
		c := New(Config{Dialer: d, Clock: clock()})
		good.fail = nil
		do(t, c, get(nowhere, "/"), fine)
		good.fail = bad.fail
		_, timing, _ := do(t, c, get(nowhere, "/"), r.want)
		if d.dials != 2 || !timing.Dialed || timing.BytesOut != (r.want == fine) {
			t.Errorf("%s: %d dials, %+v", r.reason, d.dials, timing)
		}
	}
}

func TestKeepAliveTLS(t *testing.T) {
	target, c, k := listenTLS(t, answers(ok+"Content-Length: 2\r\n\r\nhi"))
	for i := range 5 {
		resp, timing, _ := do(t, c, get(target, "/"), fine)
		if string(resp.Body) != "hi" || timing.Dialed != (i == 0) || (timing.TLS > 0) != (i == 0) {
			t.Errorf("exchange %d: %q %+v", i, resp.Body, timing)
		}
		k.jump.Add(protocol.LookAfter)
	}
}
