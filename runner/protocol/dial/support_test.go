package dial

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"runner/runner/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newDialer(t testing.TB, cfg Config) *Dialer {
	t.Helper()
	d, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func newResolver(t testing.TB, cfg ResolverConfig) *Resolver {
	t.Helper()
	r, err := NewResolver(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// listen is a server on network and address that runs serve on a goroutine per connection, and ends with the test.
func listen(t testing.TB, network, address string, serve func(c net.Conn)) protocol.Target {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Skip(err)
	}
	return serveOn(t, l, serve)
}

func serveOn(t testing.TB, l net.Listener, serve func(c net.Conn)) protocol.Target {
	t.Helper()
	var work sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	work.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			work.Go(func() { serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		work.Wait()
	})
	host, port, _ := net.SplitHostPort(l.Addr().String())
	return protocol.Target{Host: host, Port: port}
}

func nothing(net.Conn) {}

// httptest brings a certificate for 127.0.0.1, ::1 and example.com along, which vouches for itself.
func certificate(t testing.TB) (pair tls.Certificate, cert []byte) {
	t.Helper()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	return s.TLS.Certificates[0], pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}

// listenTLS shakes hands and then runs serve.
func listenTLS(t testing.TB, conf *tls.Config, serve func(c *tls.Conn)) protocol.Target {
	t.Helper()
	target := listen(t, "tcp", "127.0.0.1:0", func(c net.Conn) {
		s := tls.Server(c, conf)
		if s.Handshake() == nil {
			serve(s)
		} else {
			c.Close()
		}
	})
	target.TLS = true
	return target
}

// try dials and closes what comes of it.
func try(t testing.TB, d *Dialer, target protocol.Target, timeout time.Duration) (protocol.Failure, protocol.Timing) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	var timing protocol.Timing
	conn, f := d.Dial(ctx, target, &timing)
	if conn != nil {
		conn.Abort()
	}
	if (conn == nil) == (f.Class == protocol.ClassNone) {
		t.Errorf("connection %v and failure %v", conn, f)
	}
	return f, timing
}
