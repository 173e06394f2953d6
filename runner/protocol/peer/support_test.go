package peer

import (
	"bufio"
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const fine = protocol.ClassNone

func clock() func() int64 {
	zero := time.Now()
	return func() int64 { return int64(time.Since(zero)) }
}

func open(t *testing.T, cfg Config) *Peers {
	t.Helper()
	p, err := Open(cfg, clock())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func newClient(t *testing.T, p *Peers, beside Client) Client {
	t.Helper()
	c := p.New(beside)
	t.Cleanup(c.Close)
	return c
}

// target is a server that tells what it was asked, and counts its connections.
type target struct {
	protocol.Target
	ca    []byte
	conns atomic.Int64
}

// serve runs a server: with TLS or not, with HTTP/2 or not.
func serve(t *testing.T, secure, http2 bool, h http.Handler) *target {
	t.Helper()
	if h == nil {
		h = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprint(w, r.Proto, " ", r.Host, r.URL) })
	}
	s := httptest.NewUnstartedServer(h)
	made := &target{}
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			made.conns.Add(1)
		}
	}
	if secure {
		s.EnableHTTP2 = http2
		s.StartTLS()
		made.ca = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	} else {
		s.Config.Protocols = new(http.Protocols)
		s.Config.Protocols.SetHTTP1(true)
		s.Config.Protocols.SetUnencryptedHTTP2(http2)
		s.Start()
	}
	t.Cleanup(s.Close)
	u, _ := url.Parse(s.URL)
	made.Target = protocol.Target{TLS: secure, Host: u.Hostname(), Port: u.Port()}
	return made
}

func get(target protocol.Target) *protocol.Request {
	return &protocol.Request{
		Target: target, Method: "GET", Authority: net.JoinHostPort(target.Host, target.Port), Path: []byte("/p?q=1"),
		Timeout: 5 * time.Second, KeepBody: true, MaxBody: 1 << 20,
	}
}

func do(t *testing.T, c Client, req *protocol.Request, want protocol.Class) (*protocol.Response, *protocol.Timing, protocol.Failure) {
	t.Helper()
	var resp protocol.Response
	var timing protocol.Timing
	f := c.Do(req, &resp, &timing)
	if f.Class != want {
		t.Fatalf("class %q (%v), want %q", f.Class, f.Err, want)
	}
	return &resp, &timing, f
}

// proxy is an HTTP proxy that wants a login where it has one, and notes what it was asked for.
type proxy struct {
	*httptest.Server
	login string
	mu    sync.Mutex
	asked []string
}

func newProxy(t *testing.T, secure bool, login string) *proxy {
	t.Helper()
	p := &proxy{login: login}
	p.Server = httptest.NewUnstartedServer(http.HandlerFunc(p.serve))
	if secure {
		p.StartTLS()
	} else {
		p.Start()
	}
	t.Cleanup(p.Close)
	return p
}

func (p *proxy) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, r.Method+" "+r.RequestURI)
	p.mu.Unlock()
	if user, password, _ := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth(); p.login != "" && user+":"+password != p.login {
		w.WriteHeader(http.StatusProxyAuthRequired)
		return
	}
	if r.Method == http.MethodConnect {
		p.tunnel(w, r)
		return
	}
	out := r.Clone(context.Background())
	out.RequestURI = ""
	resp, err := http.DefaultTransport.RoundTrip(out)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
}

func (p *proxy) tunnel(w http.ResponseWriter, r *http.Request) {
	there, err := net.Dial("tcp", r.RequestURI)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	here, _, _ := w.(http.Hijacker).Hijack()
	_, _ = io.WriteString(here, "HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
	join(here, there)
}

func join(a, b net.Conn) {
	var work sync.WaitGroup
	work.Go(func() { _, _ = io.Copy(a, b); _ = a.Close() })
	work.Go(func() { _, _ = io.Copy(b, a); _ = b.Close() })
	work.Wait()
}

func (p *proxy) log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.asked, ", ")
}

// socks is a SOCKS5 proxy with a login, as RFC 1928 and 1929 have it.
func socks(t *testing.T, login string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() { defer c.Close(); socksConn(c, login) })
		}
	})
	t.Cleanup(func() { l.Close(); work.Wait() })
	return l.Addr().String()
}

func socksConn(c net.Conn, login string) {
	r := bufio.NewReader(c)
	read := func(n int) []byte {
		b := make([]byte, n)
		_, _ = io.ReadFull(r, b)
		return b
	}
	read(int(read(2)[1]))
	_, _ = c.Write([]byte{5, 2})
	user := read(int(read(2)[1]))
	password := read(int(read(1)[0]))
	if string(user)+":"+string(password) != login {
		_, _ = c.Write([]byte{1, 1})
		return
	}
	_, _ = c.Write([]byte{1, 0})
	host := ""
	switch read(4)[3] {
	case 1:
		host = net.IP(read(4)).String()
	case 3:
		host = string(read(int(read(1)[0])))
	}
	port := read(2)
	there, err := net.Dial("tcp", net.JoinHostPort(host, fmt.Sprint(int(port[0])<<8|int(port[1]))))
	if err != nil {
		_, _ = c.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
		return
	}
	_, _ = c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	join(c, there)
}

func mustProxy(t *testing.T, text string) *dial.Proxy {
	t.Helper()
	p, err := dial.ParseProxy(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
