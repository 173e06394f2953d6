package peer

import (
	"encoding/pem"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// Requests go through proxies as each kind wants it: in absolute form, or through a tunnel.
func TestProxies(t *testing.T) {
	for _, r := range []struct {
		reason         string
		secureProxy    bool
		version        Version
		secure, http2  bool
		asked, spoken  string
		withoutATunnel bool
	}{
		{"a plain target in absolute form", false, Auto, false, false, "GET http://", "HTTP/1.1", true},
		{"a TLS target through a tunnel", false, Auto, true, true, "CONNECT ", "HTTP/2.0", false},
		{"a TLS target that speaks 1.1", false, Auto, true, false, "CONNECT ", "HTTP/1.1", false},
		{"HTTP/2 in the clear needs a tunnel", false, HTTP2, false, true, "CONNECT ", "HTTP/2.0", false},
		{"a plain target over a TLS proxy", true, HTTP1, false, false, "GET http://", "HTTP/1.1", true},
		{"TLS in TLS", true, Auto, true, true, "CONNECT ", "HTTP/2.0", false},
		{"TLS in TLS over 1.1", true, HTTP1, true, true, "CONNECT ", "HTTP/1.1", false},
	} {
		server := serve(t, r.secure, r.http2, nil)
		front := newProxy(t, r.secureProxy, "anna:s3cret")
		scheme := "http://"
		cfg := dial.Config{CA: server.ca}
		if r.secureProxy {
			scheme = "https://"
			cfg.CA = append(cfg.CA, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw})...)
		}
		cfg.Proxy = mustProxy(t, scheme+"anna:s3cret@"+front.Listener.Addr().String())
		c := newClient(t, open(t, Config{Version: r.version, Dial: cfg}), nil)
		for range 2 {
			resp, timing, _ := do(t, c, get(server.Target), fine)
			if resp.Status != 200 || !strings.HasPrefix(string(resp.Body), r.spoken+" ") || !strings.HasSuffix(string(resp.Body), "/p?q=1") {
				t.Errorf("%s: %d %q", r.reason, resp.Status, resp.Body)
			}
			if timing.Dialed && (timing.Connecting == 0 || timing.Blocked < timing.Connecting) {
				t.Errorf("%s: %+v", r.reason, timing)
			}
		}
		asked := front.log()
		if !strings.HasPrefix(asked, r.asked) || strings.Count(asked, ",") > 1 || !r.withoutATunnel && strings.Contains(asked, ",") {
			t.Errorf("%s: the proxy was asked %s", r.reason, asked)
		}
	}
}

func TestSOCKS(t *testing.T) {
	address := socks(t, "anna:s3cret")
	for _, secure := range []bool{false, true} {
		server := serve(t, secure, true, nil)
		c := newClient(t, open(t, Config{Dial: dial.Config{CA: server.ca, Proxy: mustProxy(t, "socks5://anna:s3cret@"+address)}}), nil)
		resp, _, _ := do(t, c, get(server.Target), fine)
		if resp.Status != 200 {
			t.Error(resp.Status)
		}
	}
	server := serve(t, false, true, nil)
	c := newClient(t, open(t, Config{Dial: dial.Config{Proxy: mustProxy(t, "socks5://anna:wrong@"+address)}}), nil)
	_, _, f := do(t, c, get(server.Target), protocol.ClassDial)
	if !strings.Contains(f.Error(), "the proxy socks5://"+address) || strings.Contains(f.Error(), "wrong") {
		t.Error(f)
	}
}

// What goes wrong on the way is told with the proxy's name, and never with its password.
func TestProxyFailures(t *testing.T) {
	server := serve(t, true, false, nil)
	listens := func(serve func(net.Conn)) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				serve(c)
				c.Close()
			}
		}()
		return l.Addr().String()
	}
	says := func(text string) string {
		return listens(func(c net.Conn) { _, _ = c.Read(make([]byte, 4096)); _, _ = io.WriteString(c, text) })
	}
	closed := listens(func(net.Conn) {})
	for _, r := range []struct {
		reason, proxy string
		class         protocol.Class
		text          string
	}{
		{"nobody listens", "http://127.0.0.1:1", protocol.ClassDial, "refused"},
		{"no such name", "http://proxy.invalid:3128", protocol.ClassDNS, "proxy.invalid"},
		{"the wrong password", "http://anna:pwd12345@" + newProxy(t, false, "anna:s3cret").Listener.Addr().String(), protocol.ClassDial, "407"},
		{"it closes", "http://" + closed, protocol.ClassDial, "closed"},
		{"no proxy at all", "http://" + says("220 mail.example.com\r\n\r\n"), protocol.ClassDial, "not HTTP"},
		{"it refuses", "http://" + says("HTTP/1.1 403 Forbidden\r\n\r\n"), protocol.ClassDial, "403"},
		{"a head that doesn't end", "http://" + says("HTTP/1.1 200 OK\r\n"+strings.Repeat("A: b\r\n", 20_000)), protocol.ClassDial, "doesn't end"},
		{"no TLS", "https://" + says("HTTP/1.1 400 Bad Request\r\n\r\n"), protocol.ClassTLS, "not TLS"},
		{"a certificate that nobody trusts", "https://" + newProxy(t, true, "").Listener.Addr().String(), protocol.ClassTLS, "unknown authority"},
		{"no SOCKS", "socks5://" + says("HTTP/1.1 400 Bad Request\r\n\r\n"), protocol.ClassDial, ""},
	} {
		for _, version := range []Version{HTTP1, Auto} {
			c := newClient(t, open(t, Config{Version: version, Dial: dial.Config{Proxy: mustProxy(t, r.proxy)}}), nil)
			_, timing, f := do(t, c, get(server.Target), r.class)
			if !strings.Contains(f.Error(), r.text) || !strings.Contains(f.Error(), "the proxy ") || strings.Contains(f.Error(), "pwd12345") || timing.BytesOut {
				t.Errorf("%s: %v", r.reason, f)
			}
		}
	}
}

// A proxy that swallows everything costs the request's timeout, and no more.
func TestSilentProxy(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, scheme := range []string{"http://", "https://", "socks5://"} {
		c := newClient(t, open(t, Config{Version: HTTP1, Dial: dial.Config{Proxy: mustProxy(t, scheme+l.Addr().String())}}), nil)
		req := get(protocol.Target{TLS: true, Host: "api.example.com", Port: "443"})
		req.Timeout = 100 * time.Millisecond
		began := time.Now()
		_, _, f := do(t, c, req, protocol.ClassTimeout)
		if took := time.Since(began); took > time.Second || !strings.Contains(f.Error(), "the proxy") {
			t.Errorf("%s%v: %v", scheme, took, f)
		}
	}
}

func TestExceptions(t *testing.T) {
	server := serve(t, false, false, nil)
	front := newProxy(t, false, "")
	p := mustProxy(t, "http://"+front.Listener.Addr().String())
	p.Except = []string{"127.0.0.0/8"}
	c := newClient(t, open(t, Config{Version: HTTP1, Dial: dial.Config{Proxy: p}}), nil)
	do(t, c, get(server.Target), fine)
	if front.log() != "" {
		t.Errorf("the proxy was asked %s", front.log())
	}
}
