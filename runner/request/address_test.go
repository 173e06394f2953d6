package request

import (
	"net/url"
	"strings"
	"testing"

	"runner/runner/protocol"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text      string
		tls       bool
		host      string
		port      string
		authority string
		path      string
		why       string
	}{
		{"http://shop.test", false, "shop.test", "80", "shop.test", "/", "no path is the root"},
		{"https://shop.test/a?b=1", true, "shop.test", "443", "shop.test", "/a?b=1", "https has a port of its own"},
		{"http://shop.test:8080/a", false, "shop.test", "8080", "shop.test:8080", "/a", "another port is part of Host"},
		{"http://shop.test:80/a", false, "shop.test", "80", "shop.test", "/a", "the default port is not"},
		{"https://shop.test:443/", true, "shop.test", "443", "shop.test", "/", "the default port is not"},
		{"http://shop.test:443/", false, "shop.test", "443", "shop.test:443", "/", "the default of the other scheme is"},
		{"http://[::1]/a", false, "::1", "80", "[::1]", "/a", "an IPv6 address keeps its brackets in Host only"},
		{"http://[::1]:80/a", false, "::1", "80", "[::1]", "/a", "also where the default port goes"},
		{"http://[::1]:8080/a", false, "::1", "8080", "[::1]:8080", "/a", "and where a port stays"},
		{"http://127.0.0.1:9/a", false, "127.0.0.1", "9", "127.0.0.1:9", "/a", "an IPv4 address"},
		{"http://shop.test?x=1", false, "shop.test", "80", "shop.test", "/?x=1", "a query without a path"},
		{"http://shop.test/a#part", false, "shop.test", "80", "shop.test", "/a", "a fragment stays at home"},
		{"http://shop.test/a%2Fb%20c", false, "shop.test", "80", "shop.test", "/a%2Fb%20c", "what is escaped stays so"},
		{"http://shop.test/ü x", false, "shop.test", "80", "shop.test", "/%C3%BC%20x", "what may not be sent is escaped"},
		{"http://shop.test/?q=ü x", false, "shop.test", "80", "shop.test", "/?q=%C3%BC%20x", "also in the query"},
		{"HTTP://shop.test/", false, "shop.test", "80", "shop.test", "/", "a scheme has no case"},
	} {
		p, err := parse(c.text)
		if err != nil {
			t.Errorf("%s: %v: %s", c.text, err, c.why)
			continue
		}
		if want := (protocol.Target{TLS: c.tls, Host: c.host, Port: c.port}); p.target != want || p.authority != c.authority || p.path != c.path {
			t.Errorf("%s is %+v, want %+v %s %s: %s", c.text, *p, want, c.authority, c.path, c.why)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ text, want, why string }{
		{"", "the URL is empty", "a variable that is empty"},
		{"/a", "is not a whole URL", "no host, and nothing to add one"},
		{"shop.test/a", "is not a whole URL", "no scheme"},
		{"ftp://shop.test/", "is not a whole URL", "not HTTP"},
		{"http:///a", "is not a whole URL", "no host"},
		{"http://:80/a", "is not a whole URL", "a port alone"},
		{"http://shop.test:port/", "is not a URL", "a port that is no number"},
		{"http://[::1/", "is not a URL", "a bracket that stays open"},
		{"http://a b/", "is not a URL", "a space in the host"},
		{"http://shop.test/%zz", "is not a URL", "an escape that is none"},
		{"http://a\r\nX: y/", "is not a URL", "a line break in the host would end the Host header"},
	} {
		if p, err := parse(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q gave %v and %v, want %q: %s", c.text, p, err, c.want, c.why)
		}
	}
	if _, err := parse("ftp://me:secret@shop.test/"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a refusal shows the password: %v", err)
	}
}

func TestAppendPath(t *testing.T) {
	for _, c := range []struct{ base, path, want, why string }{
		{"", "", "/", "nothing is the root"},
		{"", "a", "/a", "a path begins with a slash"},
		{"", "/a", "/a", "and has one only"},
		{"/v1", "/a", "/v1/a", "below a base"},
		{"/v1", "?x=1", "/v1?x=1", "a query of the base itself"},
		{"", "?x=1", "/?x=1", "a query of the root"},
		{"", "/a b", "/a%20b", "a space would end the path"},
		{"", "/a\r\nX: y", "/a%0D%0AX:%20y", "a line break would end the request line"},
		{"", "/\x00\x7f", "/%00%7F", "controls"},
		{"", "/é", "/%C3%A9", "other than ASCII"},
		{"", "/%41", "/%41", "what is escaped stays so"},
		{"", "/a#b", "/a", "a fragment stays at home"},
		{"", `/"<>`, "/%22%3C%3E", "what URLs can't hold"},
		{"", "/a?x={y}|z", "/a?x={y}|z", "what servers take though no RFC does"},
	} {
		if got := string(appendPath([]byte(c.base), c.path)); got != c.want {
			t.Errorf("%q + %q is %q, want %q: %s", c.base, c.path, got, c.want, c.why)
		}
	}
}

func TestRedirectMakesTheNextRequest(t *testing.T) {
	for _, c := range []struct {
		status   int
		method   string
		want     string
		keepBody bool
		why      string
	}{
		{301, "GET", "GET", true, "a GET stays one"},
		{301, "POST", "GET", false, "as browsers do (RFC 9110, 15.4.2)"},
		{302, "POST", "GET", false, "as browsers do (RFC 9110, 15.4.3)"},
		{301, "PUT", "PUT", true, "only POST may change"},
		{302, "DELETE", "DELETE", true, "only POST may change"},
		{302, "HEAD", "HEAD", true, "a HEAD stays one"},
		{303, "POST", "GET", false, "see other: to be fetched"},
		{303, "PUT", "GET", false, "see other: to be fetched"},
		{303, "GET", "GET", false, "see other: to be fetched"},
		{303, "HEAD", "HEAD", true, "a HEAD stays one"},
		{307, "POST", "POST", true, "the same request elsewhere"},
		{308, "POST", "POST", true, "the same request elsewhere"},
		{307, "GET", "GET", true, "the same request elsewhere"},
	} {
		r := &protocol.Request{Method: c.method, Body: []byte("{}"), HasBody: true, Fields: []protocol.Field{
			{Name: "Content-Type", Value: []byte("application/json")}, {Name: "X", Value: []byte("1")},
		}}
		redirect(r, &url.URL{Scheme: "http", Host: "shop.test", Path: "/b"}, c.status)
		kept := r.HasBody && string(r.Body) == "{}" && len(r.Fields) == 2
		gone := !r.HasBody && r.Body == nil && len(r.Fields) == 1
		if r.Method != c.want || c.keepBody && !kept || !c.keepBody && !gone {
			t.Errorf("%d after %s: %s, body %v, %d fields; want %s, body %v: %s", c.status, c.method, r.Method, r.HasBody, len(r.Fields), c.want, c.keepBody, c.why)
		}
	}
}

func TestRedirectTellsOthersLess(t *testing.T) {
	all := []string{"Authorization", "Proxy-Authorization", "apikey", "Cookie", "Host", "X-Trace"}
	for _, c := range []struct{ to, kept, why string }{
		{"http://shop.test/b", "Authorization Proxy-Authorization apikey X-Trace", "the same place; cookies come from the jar again"},
		{"http://shop.test:80/b", "Authorization Proxy-Authorization apikey X-Trace", "the same port, written out"},
		{"http://evil.test/b", "X-Trace", "another host"},
		{"http://sub.shop.test/b", "X-Trace", "another name is another host"},
		{"http://shop.test:8080/b", "X-Trace", "another port is another server"},
		{"https://shop.test/b", "X-Trace", "another scheme is another port"},
	} {
		r := &protocol.Request{Method: "GET", Target: protocol.Target{Host: "shop.test", Port: "80"}, Authority: "shop.test"}
		for _, name := range all {
			r.Fields = append(r.Fields, protocol.Field{Name: name, Value: []byte("v")})
		}
		u, err := url.Parse(c.to)
		if err != nil {
			t.Fatal(err)
		}
		redirect(r, u, 302)
		var names []string
		for _, f := range r.Fields {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != c.kept {
			t.Errorf("to %s go %s, want %s: %s", c.to, got, c.kept, c.why)
		}
		if string(r.Path) != "/b" || r.Target.Host != u.Hostname() {
			t.Errorf("to %s: goes to %+v %s", c.to, r.Target, r.Path)
		}
	}
}

func TestCheckHeader(t *testing.T) {
	for value, ok := range map[string]bool{
		"": true, "plain": true, "tab\tis fine": true, "ümlaut": true,
		"a\r\nX: y": false, "a\nb": false, "a\rb": false, "a\x00b": false, "\x1b[0m": false, "a\x7f": false,
	} {
		if err := checkHeader([]byte(value)); (err == nil) != ok {
			t.Errorf("%q: %v, want accepted: %v", value, err, ok)
		}
	}
}
