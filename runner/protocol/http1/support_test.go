package http1

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func clock() func() int64 {
	zero := time.Now()
	return func() int64 { return int64(time.Since(zero)) }
}

// newDialer is a real dialer that ends with the test.
func newDialer(t testing.TB, cfg dial.Config) *dial.Dialer {
	t.Helper()
	d, err := dial.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func newClient(t testing.TB) *Client {
	t.Helper()
	c := New(Config{Dialer: newDialer(t, dial.Config{}), Clock: clock()})
	t.Cleanup(c.Close)
	return c
}

// listen is a TCP server that runs serve on a goroutine per connection, and ends with the test.
func listen(t testing.TB, serve func(c net.Conn)) protocol.Target {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, l, serve)
}

func serveOn(t testing.TB, l net.Listener, serve func(c net.Conn)) protocol.Target {
	t.Helper()
	var work sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	work.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open[c] = true
			mu.Unlock()
			work.Go(func() {
				defer c.Close()
				serve(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for c := range open {
			c.Close()
		}
		mu.Unlock()
		work.Wait()
	})
	host, port, _ := net.SplitHostPort(l.Addr().String())
	return protocol.Target{Host: host, Port: port}
}

func get(target protocol.Target, path string) *protocol.Request {
	return &protocol.Request{
		Target: target, Method: "GET", Authority: net.JoinHostPort(target.Host, target.Port), Path: []byte(path),
		Timeout: 5 * time.Second, KeepBody: true, MaxBody: 1 << 20,
	}
}

func post(target protocol.Target, path string, body []byte) *protocol.Request {
	req := get(target, path)
	req.Method, req.Body, req.HasBody = "POST", body, true
	return req
}

// takeRequest reads one request and its body; the error is io.EOF when there is none.
func takeRequest(r *bufio.Reader) (*http.Request, []byte, error) {
	req, err := http.ReadRequest(r)
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(req.Body)
	return req, body, err
}

// answers serves every request of a connection with the same bytes.
func answers(reply string) func(net.Conn) {
	return func(c net.Conn) {
		r := bufio.NewReader(c)
		for {
			if _, _, err := takeRequest(r); err != nil {
				return
			}
			if _, err := io.WriteString(c, reply); err != nil {
				return
			}
		}
	}
}

// memory is a stream without a network: Read gives out the reply that a Write has ordered, in pieces of at most step.
type memory struct {
	reply   []byte
	step    int // 0: as much as fits
	left    []byte
	written []byte
	keep    bool  // keep what was written
	fail    error // of every Write
}

func (m *memory) Write(p []byte) (int, error) {
	if m.fail != nil {
		return 0, m.fail
	}
	if m.keep {
		m.written = append(m.written, p...)
	}
	m.left = m.reply
	return len(p), nil
}

func (m *memory) Read(p []byte) (int, error) {
	if len(m.left) == 0 {
		return 0, io.EOF
	}
	if m.step > 0 && len(p) > m.step {
		p = p[:m.step]
	}
	n := copy(p, m.left)
	m.left = m.left[n:]
	return n, nil
}

func (*memory) Close() error                     { return nil }
func (*memory) LocalAddr() net.Addr              { return nil }
func (*memory) RemoteAddr() net.Addr             { return nil }
func (*memory) SetDeadline(time.Time) error      { return nil }
func (*memory) SetReadDeadline(time.Time) error  { return nil }
func (*memory) SetWriteDeadline(time.Time) error { return nil }

// memoryDialer hands out streams made by next.
type memoryDialer struct {
	next  func() net.Conn
	dials int
}

func (d *memoryDialer) Dial(context.Context, protocol.Target, *protocol.Timing) (*dial.Conn, protocol.Failure) {
	d.dials++
	return dial.Wrap(d.next()), protocol.Failure{}
}

func memoryClient(m net.Conn) *Client {
	return New(Config{Dialer: &memoryDialer{next: func() net.Conn { return m }}, Clock: clock()})
}

var nowhere = protocol.Target{Host: "test.invalid", Port: "80"}

// jumpClock is a clock that a test can set forward.
type jumpClock struct {
	real func() int64
	jump atomic.Int64
}

func (c *jumpClock) now() int64 { return c.real() + c.jump.Load() }

func jumpingClient(t testing.TB) (*Client, *jumpClock) {
	t.Helper()
	k := &jumpClock{real: clock()}
	c := New(Config{Dialer: newDialer(t, dial.Config{}), Clock: k.now})
	t.Cleanup(c.Close)
	return c, k
}

// certificate is one for 127.0.0.1 that httptest brings along, and its PEM text.
func certificate(t testing.TB) (tls.Certificate, []byte) {
	t.Helper()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	block := &pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}
	return s.TLS.Certificates[0], pem.EncodeToMemory(block)
}

// listenTLS is listen behind TLS, and a client that trusts it.
func listenTLS(t testing.TB, serve func(c net.Conn)) (protocol.Target, *Client, *jumpClock) {
	t.Helper()
	cert, ca := certificate(t)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		t.Fatal(err)
	}
	target := serveOn(t, l, serve)
	target.TLS = true
	k := &jumpClock{real: clock()}
	c := New(Config{Dialer: newDialer(t, dial.Config{CA: ca}), Clock: k.now})
	t.Cleanup(c.Close)
	return target, c, k
}

// do makes an exchange that is expected to come to want.
func do(t testing.TB, c *Client, req *protocol.Request, want protocol.Class) (*protocol.Response, *protocol.Timing, protocol.Failure) {
	t.Helper()
	resp, timing := new(protocol.Response), new(protocol.Timing)
	f := c.Do(req, resp, timing)
	if f.Class != want {
		t.Fatalf("%v, want class %q", f, want)
	}
	return resp, timing, f
}

// twoWrites is a memory for long requests: head and body are written on another goroutine, and Read waits for both.
type twoWrites struct {
	memory
	writes int
	both   chan struct{}
}

func (m *twoWrites) Write(p []byte) (int, error) {
	if m.writes++; m.writes%2 == 0 {
		m.both <- struct{}{}
	}
	return len(p), nil
}

func (m *twoWrites) Read(p []byte) (int, error) {
	if len(m.left) == 0 {
		<-m.both
		m.left = m.reply
	}
	return m.memory.Read(p)
}
