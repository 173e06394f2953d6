package dial

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"runner/runner/protocol"
)

// A PKCS#12 file proves who we are, whichever generation of tools has written it.
func TestPKCS12(t *testing.T) {
	pair, ca := certificate(t)
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	conf := &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}
	shown := make(chan *x509.Certificate, 10)
	target := listenTLS(t, conf, func(c *tls.Conn) {
		shown <- c.ConnectionState().PeerCertificates[0]
		_, _ = io.Copy(io.Discard, c)
	})
	for name, encoder := range map[string]*pkcs12.Encoder{"2023": pkcs12.Modern2023, "DES": pkcs12.LegacyDES, "RC2": pkcs12.LegacyRC2} {
		file, err := encoder.Encode(pair.PrivateKey, leaf, nil, "pwd")
		if err != nil {
			t.Fatal(name, err)
		}
		if f, _ := try(t, newDialer(t, Config{CA: ca, PKCS12: file, Password: "pwd"}), target, 5*time.Second); f.Class != protocol.ClassNone {
			t.Fatal(name, f)
		}
		if got := <-shown; !got.Equal(leaf) {
			t.Errorf("%s: %v", name, got.Subject)
		}
		for what, cfg := range map[string]Config{"doesn't open it": {PKCS12: file, Password: "wrong"}, "not a PKCS#12 file": {PKCS12: file[:100]}} {
			if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), what) {
				t.Errorf("%s: %v, want %q", name, err, what)
			}
		}
	}
	if _, err := New(Config{PKCS12: bytes.Repeat([]byte("x"), 100)}); err == nil {
		t.Error("junk is taken")
	}
}

// Only versions between the two are agreed to.
func TestTLSVersions(t *testing.T) {
	pair, ca := certificate(t)
	for _, r := range []struct {
		least, most, server uint16
		want                uint16 // 0: none
	}{
		{0, 0, tls.VersionTLS13, tls.VersionTLS13},
		{0, 0, tls.VersionTLS12, tls.VersionTLS12},
		{0, 0, tls.VersionTLS11, 0},
		{tls.VersionTLS13, 0, tls.VersionTLS12, 0},
		{0, tls.VersionTLS12, tls.VersionTLS13, tls.VersionTLS12},
		{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS13, tls.VersionTLS11},
		{0, tls.VersionTLS10, tls.VersionTLS13, tls.VersionTLS10},
	} {
		spoken := make(chan uint16, 1)
		conf := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS10, MaxVersion: r.server}
		target := listenTLS(t, conf, func(c *tls.Conn) { spoken <- c.ConnectionState().Version; _, _ = io.Copy(io.Discard, c) })
		f, _ := try(t, newDialer(t, Config{CA: ca, MinVersion: r.least, MaxVersion: r.most}), target, 5*time.Second)
		if r.want == 0 {
			if f.Class != protocol.ClassTLS {
				t.Errorf("%+v: %v", r, f)
			}
			continue
		}
		if f.Class != protocol.ClassNone {
			t.Errorf("%+v: %v", r, f)
		} else if got := <-spoken; got != r.want {
			t.Errorf("%+v: %x", r, got)
		}
	}
}

// Which entry of hosts a target meets, and which port it is reached at.
func TestHosts(t *testing.T) {
	hosts, err := Hosts{
		"api.example.com": {"192.0.2.1"}, "API.example.com:444": {"192.0.2.2:1444", "[2001:db8::1]:1"}, "*.example.com": {"192.0.2.3"},
		"*.deep.example.com:80": {"192.0.2.4"}, "::1": {"192.0.2.5"},
	}.parse()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []struct{ host, port, want string }{
		{"api.example.com", "443", "192.0.2.1:443"},
		{"Api.Example.com.", "80", "192.0.2.1:80"},
		{"api.example.com", "444", "192.0.2.2:1444"},
		{"www.example.com", "443", "192.0.2.3:443"},
		{"a.deep.example.com", "80", "192.0.2.4:80"},
		{"a.deep.example.com", "81", "192.0.2.3:81"},
		{"::1", "80", "192.0.2.5:80"},
		{"example.com", "443", ""},
		{"notexample.com", "443", ""},
	} {
		book, got := hosts.find(r.host, r.port), ""
		if book != nil {
			port, _ := portOf(&protocol.Target{Port: r.port})
			got = book.at(0, port).String()
		}
		if got != r.want {
			t.Errorf("%s:%s goes to %q, want %q", r.host, r.port, got, r.want)
		}
	}
}

// A host of the plan is reached without a lookup, and its certificate is still that of its name.
func TestHostsInTheHandshake(t *testing.T) {
	pair, ca := certificate(t)
	target := listenTLS(t, &tls.Config{Certificates: []tls.Certificate{pair}}, func(c *tls.Conn) { _, _ = io.Copy(io.Discard, c) })
	real := net.JoinHostPort(target.Host, target.Port)
	target.Host = "example.com"
	f, timing := try(t, newDialer(t, Config{CA: ca, Hosts: Hosts{"example.com": {"127.0.0.1"}}}), target, 5*time.Second)
	if f.Class != protocol.ClassNone || timing.DNS != 0 {
		t.Error(f, timing)
	}
	target.Host = "other.test"
	if f, _ = try(t, newDialer(t, Config{CA: ca, Hosts: Hosts{"other.test": {real}}}), target, 5*time.Second); f.Class != protocol.ClassTLS {
		t.Error(f)
	}
}

func TestParseProxy(t *testing.T) {
	for text, want := range map[string]string{
		"http://proxy":              "the proxy http://proxy:80",
		"https://proxy/":            "the proxy https://proxy:443",
		"socks5h://a:b@[::1]":       "the proxy socks5://[::1]:1080",
		"http://anna:s3cret@p:3128": "the proxy http://p:3128",
	} {
		p, err := ParseProxy(text)
		if err != nil || p.String() != want || p.Login != strings.Contains(text, "@") {
			t.Errorf("%s: %v %v", text, p, err)
		}
	}
	if p, err := ParseProxy("none"); p != nil || err != nil {
		t.Error(p, err)
	}
	for _, text := range []string{"", "proxy", "proxy:3128", "http://", "ftp://p", "http://p:0", "http://p/x", "http://p?q", "http://anna:s3cret@p:99999", "http://anna:s3cret@[::1"} {
		if p, err := ParseProxy(text); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v %v", text, p, err)
		}
	}
}

func TestExceptions(t *testing.T) {
	p := &Proxy{Scheme: "http", Except: []string{"localhost", ".internal", "10.0.0.0/8", "::1"}}
	for host, through := range map[string]bool{
		"localhost": false, "LOCALHOST.": false, "internal": false, "a.internal": false, "ainternal": true,
		"10.1.2.3": false, "11.1.2.3": true, "::1": false, "example.com": true,
	} {
		if p.Covers(host) != through {
			t.Errorf("%s goes through the proxy: %v", host, !through)
		}
	}
	for _, bad := range []string{"", "a b", "host:80", "*.x", "10.0.0.0/99", "http://x"} {
		if CheckException(bad) == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
