package runner_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// Every mistake about connections is found before the run, is said once, and shows where it stands.
func TestMistakesAboutConnections(t *testing.T) {
	const tail = "scenarios: { one: { executor: { type: shared-iterations }, steps: [{ get: /x }] }, two: { executor: { type: shared-iterations }, steps: [{ get: /x }] } }\n"
	top := func(words string) string { return "http: { base_url: \"http://127.0.0.1:1\", " + words + " }\n" + tail }
	step := func(words string) string {
		return "scenarios: { one: { executor: { type: shared-iterations }, steps: [{ get: /x, http: { " + words + " } }] } }\n"
	}
	for why, c := range map[string]struct{ plan, want string }{
		"no such version":                      {top("version: 3"), "version wants one of 1.1, 2, auto"},
		"no such word of connections":          {top("connections: per_user"), "per_vu, per_iteration, shared or { shared: N }"},
		"a space is missing":                   {top("connections: shared:4"), "a space behind the colon"},
		"none at all":                          {top("connections: { shared: 0 }"), "want at least 1"},
		"shared by no number":                  {top("connections: { shared: few }"), "shared wants a whole number"},
		"a word that connections doesn't have": {top("connections: { share: 4 }"), "connections wants"},
		"a proxy of another kind":              {top("proxy: \"ftp://proxy:21\""), "found ftp://"},
		"a proxy without a scheme":             {top("proxy: \"proxy.internal:3128\""), "a proxy is a URL"},
		"a proxy with a path":                  {top("proxy: \"http://proxy:3128/x\""), "no path"},
		"a proxy with a port that there isn't": {top("proxy: \"http://proxy:99999\""), "ports go from 1 to 65535"},
		"a proxy that nobody knows yet":        {"services: { p: { command: [p] } }\n" + top("proxy: \"${services.p.url}\""), "before services start"},
		"an exception with a port":             {top("proxy: \"http://proxy:1\", no_proxy: \"localhost:80\""), "without a port"},
		"an exception that is no block":        {top("proxy: \"http://proxy:1\", no_proxy: [10.0.0.0/99]"), "CIDR"},
		"an address that is a name":            {top("hosts: { api.example.com: other.example.com }"), "not an IP address"},
		"an address with a bad port":           {top("hosts: { api.example.com: \"127.0.0.1:0\" }"), "1..65535"},
		"a host that is a URL":                 {top("hosts: { \"http://api.example.com\": 127.0.0.1 }"), "is no host"},
		"a host without an address":            {top("hosts: { api.example.com: [] }"), "has no address"},
		"a file that is not there":             {top("tls: { pkcs12: nowhere.p12 }"), "nowhere.p12"},
		"a file that is none":                  {top("tls: { pkcs12: junk.p12, password: x }"), "not a PKCS#12 file"},
		"a password for nothing":               {top("tls: { password: x }"), "there is none"},
		"certificate and pkcs12":               {top("tls: { pkcs12: junk.p12, cert: junk.p12, key: junk.p12 }"), "leave out cert and key"},
		"no TLS version is left":               {top("tls: { min_version: 1.3, max_version: 1.2 }"), "no version is left"},
		"no such TLS version":                  {top("tls: { min_version: 1.4 }"), "min_version wants one of"},
		"a step's own":                         {step("proxy: \"ftp://x\""), "found ftp://"},
		"a step's own version":                 {step("version: two"), "version wants one of"},
	} {
		t.Run(why, func(t *testing.T) {
			path := write(t, whole(c.plan), map[string]string{"junk.p12": "junk"})
			if err := os.WriteFile(filepath.Join(filepath.Dir(path), "runner.yaml"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			_, problems := tryCompile(path, map[string]string{"BASE": "http://127.0.0.1:1", "TOKEN": "t"})
			if len(problems) != 1 || !strings.Contains(problems[0].Message+problems[0].Hint, c.want) || problems[0].Pos.Line == 0 || !strings.Contains(problems.Error(), "^") {
				t.Errorf("want one problem with %q, got %d:\n%v", c.want, len(problems), problems)
			}
		})
	}
}

// A proxy's password is shown nowhere.
func TestProxyPasswordIsSecret(t *testing.T) {
	s := newTarget(t, nil)
	plan := "http: { base_url: \"${env.BASE}\", proxy: \"http://anna:pwd12345@127.0.0.1:1\" }\n" +
		"scenarios: { one: { executor: { type: shared-iterations }, steps: [{ get: /x }] } }\n"
	r := runPlan(t, s, plan, nil)
	if text := fmt.Sprintf("%+v", r); strings.Contains(text, "pwd12345") || !strings.Contains(text, "the proxy http://127.0.0.1:1") {
		t.Error(text)
	}
	_, problems := tryCompile(write(t, whole("http: { proxy: \"http://anna:${env.TOKEN}@proxy:99999\", base_url: \"http://x\" }\nscenarios: { one: { executor: { type: shared-iterations }, steps: [{ get: /x }] } }\n"), nil),
		map[string]string{"BASE": "b", "TOKEN": "pwd12345"})
	if len(problems) != 1 || strings.Contains(problems.Error(), "pwd12345") {
		t.Error(problems)
	}
}

// counted is a server that counts its connections and speaks both versions in the clear.
func counted(t *testing.T, secure bool) (base string, conns *atomic.Int64) {
	t.Helper()
	conns = new(atomic.Int64)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Host", r.Host)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	if secure {
		s.EnableHTTP2 = true
		s.StartTLS()
	} else {
		s.Config.Protocols = new(http.Protocols)
		s.Config.Protocols.SetHTTP1(true)
		s.Config.Protocols.SetUnencryptedHTTP2(true)
		s.Start()
	}
	t.Cleanup(s.Close)
	return s.URL, conns
}

// What a plan says about connections is what the server sees of them.
func TestConnectionsOfAPlan(t *testing.T) {
	const load = "executor: { type: per-vu-iterations, vus: 3, iterations: 4 }"
	one := func(steps string) string { return "scenarios: { one: { " + load + ", steps: [" + steps + "] } }\n" }
	proto := func(v string) string { return "check: { it is so: 'response.proto == \"" + v + "\"' }" }
	for _, c := range []struct {
		why, http, scenarios string
		secure               bool
		conns                int64
	}{
		{"each VU its own", "", one("{ get: / }"), false, 3},
		{"each VU its own over HTTP/2", "version: 2", one("{ get: /, " + proto("HTTP/2.0") + " }"), false, 3},
		{"each iteration its own", "connections: per_iteration", one("{ get: / }, { get: / }"), false, 12},
		{"each iteration its own over HTTP/2", "version: 2, connections: per_iteration", one("{ get: / }, { get: / }"), false, 12},
		{"one for all over HTTP/2", "version: 2, connections: shared", one("{ get: / }"), false, 1},
		{"one for all", "version: 1.1, connections: { shared: 1 }", one("{ get: / }"), false, 1},
		{"over TLS the target chooses", "tls: { insecure_skip_verify: true }", one("{ get: /, " + proto("HTTP/2.0") + " }"), true, 3},
		{"unless the plan does", "version: 1.1, tls: { insecure_skip_verify: true }", one("{ get: /, " + proto("HTTP/1.1") + " }"), true, 3},
		{"branches over HTTP/2 use the VU's", "version: 2", one("{ parallel: [{ get: / }, { get: /a }] }"), false, 3},
		{"a step of another version has others", "", one("{ get: / }, { get: /, http: { version: 2 }, " + proto("HTTP/2.0") + " }, { get: /a, http: { version: 2 } }"), false, 6},
		{"a step that says the same has not", "", one("{ get: / }, { get: /, http: { timeout: 3s, connections: per_vu } }"), false, 3},
		{"a scenario says otherwise", "connections: per_iteration", "scenarios: { one: { " + load + ", http: { connections: per_vu }, steps: [{ get: / }] } }\n", false, 3},
	} {
		t.Run(c.why, func(t *testing.T) {
			base, conns := counted(t, c.secure)
			plan := "http: { base_url: \"" + base + "\", timeout: 5s, " + c.http + " }\n" + c.scenarios
			p := compile(t, write(t, plan, nil), nil)
			want(t, run(t, t.Context(), p), 0)
			if n := conns.Load(); n != c.conns {
				t.Errorf("%d connections, want %d", n, c.conns)
			}
		})
	}
}

// hosts goes before DNS; the request still names the host, and a port of its own stays unless an address has one.
func TestHostsOfAPlan(t *testing.T) {
	base, _ := counted(t, false)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(base, "http://"))
	for why, hosts := range map[string]string{
		"an address":                        "api.example.test: 127.0.0.1",
		"with a port":                       "api.example.test: \"127.0.0.1:" + port + "\"",
		"a list, of which the first is out": "api.example.test: [\"127.0.0.1:1\", 127.0.0.1]",
		"all names of a domain":             "\"*.example.test\": 127.0.0.1",
		"for one port":                      "\"api.example.test:" + port + "\": localhost",
		"the nearer entry":                  "\"*.example.test\": \"127.0.0.1:1\", api.example.test: 127.0.0.1",
		"a template":                        "api.example.test: \"${vars.ip}\"",
	} {
		plan := "vars: { ip: 127.0.0.1 }\nhttp: { base_url: \"http://api.example.test:" + port + "\", hosts: { " + hosts + " } }\n" +
			"scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ get: /, check: { named: 'header(\"X-Host\") == \"api.example.test:" + port + "\"' } }] } }\n"
		t.Run(why, func(t *testing.T) {
			want(t, run(t, t.Context(), compile(t, write(t, plan, nil), nil)), 0)
		})
	}
}
