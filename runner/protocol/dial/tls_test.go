package dial

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"runner/runner/protocol"
)

func keyPEM(t *testing.T, pair tls.Certificate) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func TestTLS(t *testing.T) {
	pair, ca := certificate(t)
	serve := func(c *tls.Conn) { _, _ = io.Copy(io.Discard, c) }
	plain := func() *tls.Config { return &tls.Config{Certificates: []tls.Certificate{pair}} }
	old := plain()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	mutual := plain()
	mutual.ClientAuth, mutual.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12
	for _, r := range []struct {
		reason string
		client Config
		server *tls.Config
		class  protocol.Class
		text   string
	}{
		{"its authority is known", Config{CA: ca}, plain(), protocol.ClassNone, ""},
		{"its authority is unknown", Config{}, plain(), protocol.ClassTLS, "certificate signed by unknown authority (tls.ca"},
		{"nobody asks for its authority", Config{InsecureSkipVerify: true}, plain(), protocol.ClassNone, ""},
		{"by a name of its certificate", Config{CA: ca, ServerName: "example.com"}, plain(), protocol.ClassNone, ""},
		{"by another name", Config{CA: ca, ServerName: "shop.invalid"}, plain(), protocol.ClassTLS, "not shop.invalid"},
		{"it speaks nothing newer than TLS 1.1", Config{CA: ca}, old, protocol.ClassTLS, "TLS handshake with 127.0.0.1:"},
		{"it wants to know who we are", Config{CA: ca, Cert: ca, Key: keyPEM(t, pair)}, mutual, protocol.ClassNone, ""},
		{"and we don't say", Config{CA: ca}, mutual, protocol.ClassTLS, "the server refused"},
	} {
		target := listenTLS(t, r.server, serve)
		f, timing := try(t, newDialer(t, r.client), target, 10*time.Second)
		if f.Class != r.class || r.text != "" && !strings.Contains(f.Err.Error(), r.text) {
			t.Errorf("%s: %v", r.reason, f)
		}
		if timing.TLS <= 0 || timing.Connecting <= 0 {
			t.Errorf("%s: %+v", r.reason, timing)
		}
	}
}

func TestNotTLS(t *testing.T) {
	d := newDialer(t, Config{InsecureSkipVerify: true})
	for _, r := range []struct {
		reason string
		serve  func(c net.Conn)
		text   string
	}{
		{"it speaks HTTP", func(c net.Conn) {
			_, _ = c.Read(make([]byte, 4096))
			_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n")
		}, "is it http:// there?"},
		{"it closes", func(c net.Conn) {
			_, _ = c.Read(make([]byte, 4096))
			c.Close()
		}, "the server closed the connection"},
	} {
		target := listen(t, "tcp", "127.0.0.1:0", r.serve)
		target.TLS = true
		if f, _ := try(t, d, target, 10*time.Second); f.Class != protocol.ClassTLS || !strings.Contains(f.Err.Error(), r.text) {
			t.Errorf("%s: %v", r.reason, f)
		}
	}
}

func TestALPN(t *testing.T) {
	pair, ca := certificate(t)
	target := listenTLS(t, &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2", "http/1.1"}}, func(*tls.Conn) {})
	for _, r := range []struct {
		offer []string
		want  string
	}{{nil, ""}, {[]string{"http/1.1"}, "http/1.1"}, {[]string{"h2", "http/1.1"}, "h2"}} {
		d := newDialer(t, Config{CA: ca, ALPN: r.offer})
		var timing protocol.Timing
		conn, f := d.Dial(t.Context(), target, &timing)
		if f.Class != protocol.ClassNone {
			t.Fatal(f)
		}
		if conn.Proto != r.want {
			t.Errorf("offered %v, agreed on %q", r.offer, conn.Proto)
		}
		conn.Abort()
	}
}

// A second connection resumes the session of the first, unless whole handshakes are wanted.
func TestSessions(t *testing.T) {
	pair, ca := certificate(t)
	for _, full := range []bool{false, true} {
		resumed := make(chan bool, 2)
		target := listenTLS(t, &tls.Config{Certificates: []tls.Certificate{pair}}, func(c *tls.Conn) {
			resumed <- c.ConnectionState().DidResume
			_, _ = io.WriteString(c, "x")
		})
		d := newDialer(t, Config{CA: ca, FullHandshakes: full})
		for n := range 2 {
			var timing protocol.Timing
			conn, f := d.Dial(t.Context(), target, &timing)
			if f.Class != protocol.ClassNone {
				t.Fatal(f)
			}
			_, _ = io.ReadFull(conn, make([]byte, 1)) // with the byte come the tickets
			conn.Abort()
			if got := <-resumed; got != (n == 1 && !full) {
				t.Errorf("full %v, connection %d resumed: %v", full, n, got)
			}
		}
	}
}

func TestBadCertificates(t *testing.T) {
	pair, cert := certificate(t)
	for _, r := range []struct {
		reason string
		cfg    Config
		text   string
	}{
		{"no PEM", Config{CA: []byte("hello")}, "tls.ca: no certificate"},
		{"a certificate without its key", Config{Cert: cert}, "belong together"},
		{"a key without its certificate", Config{Key: keyPEM(t, pair)}, "belong together"},
		{"a key that is none", Config{Cert: cert, Key: bytes.ToLower(cert)}, "tls.cert and tls.key: "},
	} {
		if _, err := New(r.cfg); err == nil || !strings.Contains(err.Error(), r.text) {
			t.Errorf("%s: %v", r.reason, err)
		}
	}
}
