package http2

import (
	"context"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"go.uber.org/goleak"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The classes, as tables write them.
const (
	fine     = protocol.ClassNone
	late     = protocol.ClassTimeout
	gone     = protocol.ClassReset
	broken   = protocol.ClassProtocol
	tooLarge = protocol.ClassBodyTooLarge
	stopped  = protocol.ClassInterrupted
	goaway   = protocol.ClassGoAway
	refused  = protocol.ClassRefused
	cut      = protocol.ClassStreamReset
	stalled  = protocol.ClassFlowControl
)

func clock() func() int64 {
	zero := time.Now()
	return func() int64 { return int64(time.Since(zero)) }
}

// client is a client over a pool of its own.
func client(t testing.TB, d Dialer) *Client {
	t.Helper()
	return pool(t, d, 1).Client()
}

func pool(t testing.TB, d Dialer, conns int) *Pool {
	t.Helper()
	p := NewPool(PoolConfig{Dialer: d, Clock: clock(), Conns: conns})
	t.Cleanup(p.Close)
	return p
}

func dialer(t testing.TB, cfg dial.Config) *dial.Dialer {
	t.Helper()
	d, err := dial.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// serveClear runs a handler over h2c, and gives its target.
func serveClear(t testing.TB, h http.Handler) protocol.Target {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Start()
	t.Cleanup(s.Close)
	return targetOf(s.URL)
}

// serveTLS runs a handler over TLS with HTTP/2, and gives its target and its certificate.
func serveTLS(t testing.TB, h http.Handler, http2 bool) (protocol.Target, []byte) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = http2
	s.StartTLS()
	t.Cleanup(s.Close)
	return targetOf(s.URL), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}

func targetOf(text string) protocol.Target {
	u, _ := url.Parse(text)
	return protocol.Target{TLS: u.Scheme == "https", Host: u.Hostname(), Port: u.Port()}
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

// do makes one exchange that has to end in a class.
func do(t testing.TB, c *Client, req *protocol.Request, want protocol.Class) (*protocol.Response, *protocol.Timing, protocol.Failure) {
	t.Helper()
	var resp protocol.Response
	var timing protocol.Timing
	f := c.Do(req, &resp, &timing)
	if f.Class != want {
		t.Fatalf("%s %s: class %q (%v), want %q", req.Method, req.Path, f.Class, f.Err, want)
	}
	return &resp, &timing, f
}

func header(h protocol.Header, name string) string {
	for _, f := range h {
		if string(f.Name) == name {
			return string(f.Value)
		}
	}
	return ""
}

// pipe is a Dialer that gives each dial one end of a connection made by make.
type pipe func() net.Conn

func (p pipe) Dial(context.Context, protocol.Target, *protocol.Timing) (*dial.Conn, protocol.Failure) {
	return dial.Wrap(p()), protocol.Failure{}
}
