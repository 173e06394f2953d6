package request_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

// server keeps what it was sent, and answers with the reply for its request line's path, or with an empty object.
type server struct {
	replies map[string]string // by path: status, further header lines and body, as in "302\nLocation: /b\n\nbody"
	mu      sync.Mutex        // the branches of a parallel step write at the same time
	sent    []string
}

func (s *server) answer(dst, request []byte) []byte {
	text := string(request)
	s.mu.Lock()
	s.sent = append(s.sent, text)
	s.mu.Unlock()
	reply, ok := s.replies[strings.Fields(text)[1]]
	if !ok {
		reply = "200\nContent-Type: application/json\n\n{}"
	}
	head, body, _ := strings.Cut(reply, "\n\n")
	status, fields, _ := strings.Cut(head, "\n")
	if fields != "" {
		fields = strings.ReplaceAll(fields, "\n", "\r\n") + "\r\n"
	}
	return fmt.Appendf(dst, "HTTP/1.1 %s X\r\n%sContent-Length: %d\r\n\r\n%s", status, fields, len(body), body)
}

// lines are the request lines that were sent, without the version.
func (s *server) lines() []string {
	var all []string
	for _, text := range s.sent {
		line, _, _ := strings.Cut(text, " HTTP/1.1")
		all = append(all, line)
	}
	return all
}

// header is a header of request number i, with all its values.
func (s *server) header(i int, name string) string {
	var all []string
	head, _, _ := strings.Cut(s.sent[i], "\r\n\r\n")
	for _, line := range strings.Split(head, "\r\n")[1:] {
		if key, value, _ := strings.Cut(line, ": "); strings.EqualFold(key, name) {
			all = append(all, value)
		}
	}
	return strings.Join(all, "|")
}

// once runs one iteration of steps.
func once(t *testing.T, s *server, more, steps string) (w *vutest.World, going bool) {
	t.Helper()
	w = inMemory(t, more+scenario(steps), s.answer)
	return w, w.VU(t, 1).Iterate(vu.Iteration{})
}

func TestSeriesNames(t *testing.T) {
	for _, c := range []struct{ step, want, why string }{
		{"get: /users", "GET /users", "method and path"},
		{"post: /users", "POST /users", "method and path"},
		{"request: PURGE /cache", "PURGE /cache", "a method of one's own"},
		{"get: /users?page=2", "GET /users", "without the query"},
		{"get: ?page=2", "GET /", "a query alone"},
		{"get: /users#top", "GET /users", "without the fragment"},
		{"get: /users/${vu.id}", "GET /users/{vu.id}", "an id does not make a series"},
		{"get: /users/${ vu.id }/posts", "GET /users/{vu.id}/posts", "spaces say nothing"},
		{"get: '/users/${rand_int(1, 9)}?x=${vu.id}'", "GET /users/{rand_int(1, 9)}", "a call, and a query with a template"},
		{"get: http://other.test/a/b", "GET /a/b", "without scheme and host"},
		{"get: http://other.test:8080", "GET /", "a host alone is its root"},
		{"get: http://other.test?x=1", "GET /", "a host alone, with a query"},
		{"get: https://[::1]:8443/a", "GET /a", "an IPv6 address"},
		{"get: '${vars.base}/a/${vu.id}'", "GET /a/{vu.id}", "a template in place of the host"},
		{"get: '${vars.base}'", "GET {vars.base}", "nothing but a template"},
		{"get: http://${vars.host}/a", "GET /a", "a template inside the host"},
		{"get: 'https://${vars.host}:8080/a/${vu.id}'", "GET /a/{vu.id}", "with the port"},
		{"get: '/a/${vu.id > 1 ? \"x#\" : \"y\"}/b'", `GET /a/{vu.id > 1 ? "x#" : "y"}/b`, "a template's own ? and # are none of the URL's"},
		{"get: 'http://x.${vars.host}/x.${vu.id}'", "GET /x.{vu.id}", "a host that begins as the path does"},
		{"get: /a/$${b}", "GET /a/${b}", "an escaped template is text"},
		{"get: /a\n        name: browse", "browse", "the author's own name"},
	} {
		w, problems := vutest.Try(t, "vars: { base: 'http://x.test', host: x.test }\n"+scenario("      - "+c.step+"\n"), over((&server{}).answer))
		if len(problems) > 0 {
			t.Errorf("%s: %v", c.step, problems)
		} else if got := w.Layout.Steps[0].Name; got != c.want {
			t.Errorf("%s is %q, want %q: %s", c.step, got, c.want, c.why)
		}
	}
}

func TestStepsWithOneNameAreOneSeries(t *testing.T) {
	w, _ := once(t, &server{}, "", `
      - get: /a
      - get: /a
      - get: /a
        tags: { tier: gold }
      - group: g
        steps: [{ get: /a }]
`)
	if n := len(w.Layout.Steps); n != 3 {
		t.Errorf("%d series, want 3: the same step twice, one with another tag, one in a group", n)
	}
}

func TestHeadersMerge(t *testing.T) {
	s := &server{}
	once(t, s, "", `
      - get: /a
      - get: /b
        headers: { x-plan: step, X-Own: "${vu.id}", user-agent: mine }
      - post: /c
        json: { a: 1 }
      - post: /d
        json: { a: 1 }
        headers: { content-type: application/vnd.api+json }
`)
	for _, c := range []struct {
		request    int
		name, want string
		why        string
	}{
		{0, "Host", "shop.invalid", "every request has one"},
		{0, "User-Agent", "runner", "who we are"},
		{0, "X-Plan", "", "nobody said so"},
		{0, "Content-Type", "", "there is no content"},
		{0, "Content-Length", "", "there is no content"},
		{1, "X-Plan", "step", "a name in another case is the same"},
		{1, "X-Own", "1", "a template"},
		{1, "User-Agent", "mine", "the author's own, once"},
		{2, "Content-Type", "application/json", "json says so"},
		{2, "Content-Length", "7", "the body's"},
		{3, "Content-Type", "application/vnd.api+json", "the author's own, once"},
	} {
		if got := s.header(c.request, c.name); got != c.want {
			t.Errorf("%s of request %d is %q, want %q: %s", c.name, c.request, got, c.want, c.why)
		}
	}
}

func TestPlanHeadersAreOverridden(t *testing.T) {
	s := &server{}
	w := inMemory(t, "http: { base_url: 'http://shop.invalid', headers: { X-A: plan, X-B: plan, X-C: plan } }\n"+strings.Replace(
		strings.SplitN(scenario("      - { get: /, headers: { x-b: step } }\n"), "\n", 2)[1], "    steps:", "    http: { headers: { X-C: scenario } }\n    steps:", 1), s.answer)
	w.VU(t, 1).Iterate(vu.Iteration{})
	if got := s.header(0, "X-A") + " " + s.header(0, "X-B") + " " + s.header(0, "X-C"); got != "plan step scenario" {
		t.Errorf("headers %q, want plan step scenario: the nearest wins", got)
	}
}

func TestATemplateMayComeToAPath(t *testing.T) {
	for _, c := range []struct{ found, want, why string }{
		{"/next?a=b", "http://shop.invalid/v1/next?a=b", "a path is below base_url"},
		{"http://other.invalid/x", "http://other.invalid/x", "a whole URL is its own"},
		{"//other.invalid/x", "", "a URL without a scheme is neither"},
		{"next", "", "nor is what has no slash"},
	} {
		s := &server{replies: map[string]string{"/v1/": "200\n\n" + `{"v":"` + c.found + `"}`}}
		w := inMemory(t, "http: { base_url: 'http://shop.invalid/v1' }\n"+strings.SplitN(scenario(`
      - get: /
        capture: { v: 'json("v")' }
      - get: ${v}
`), "\n", 2)[1], s.answer)
		v := w.VU(t, 1)
		v.Iterate(vu.Iteration{})
		got := ""
		if len(s.sent) > 1 {
			got = string(v.Response.Address)
		}
		if got != c.want {
			t.Errorf("%s leads to %q, want %q: %s", c.found, got, c.want, c.why)
		}
	}
}

func TestInjectedHeadersAreRefused(t *testing.T) {
	for _, value := range []string{`a\r\nX-Evil: 1`, `a\nb`, `a\rb`, `a\u0000b`} {
		s := &server{replies: map[string]string{"/": "200\n\n" + `{"v":"` + value + `"}`}}
		w, going := once(t, s, "", `
      - get: /
        capture: { v: 'json("v")' }
      - get: /next
        headers: { X-V: "${v}" }
`)
		if n := w.Value(w.Cut(), "iterations_failed", "cause", "value", "passes"); n != 1 || len(s.sent) != 1 || !going {
			t.Errorf("%s: %v failed, sent %q; want the iteration to fail and nothing to be sent", value, n, s.sent[1:])
		}
	}
}

func TestAnInjectedPathIsEscaped(t *testing.T) {
	s := &server{replies: map[string]string{"/": "200\n\n" + `{"v":"a b\r\nHost: evil"}`}}
	once(t, s, "", `
      - get: /
        capture: { v: 'json("v")' }
      - get: /x/${v}
        query: { q: "${v}" }
`)
	if got := s.lines(); len(got) != 2 || got[1] != "GET /x/a%20b%0D%0AHost:%20evil?q=a+b%0D%0AHost%3A+evil" {
		t.Errorf("sent %q", got)
	}
}

func TestRedirectsAreFollowed(t *testing.T) {
	for _, c := range []struct {
		why, step string
		replies   map[string]string
		sent      []string
		failed    float64
		class     string
	}{
		{"one hop", "get: /a", map[string]string{"/a": "302\nLocation: /b"}, []string{"GET /a", "GET /b"}, 0, ""},
		{"relative to where it came from", "get: /x/a", map[string]string{"/x/a": "302\nLocation: b?c=1"}, []string{"GET /x/a", "GET /x/b?c=1"}, 0, ""},
		{"a POST becomes a GET", "post: /a\n        body: text", map[string]string{"/a": "303\nLocation: /b"}, []string{"POST /a", "GET /b"}, 0, ""},
		{"307 keeps it", "post: /a\n        body: text", map[string]string{"/a": "307\nLocation: /b"}, []string{"POST /a", "POST /b"}, 0, ""},
		{"none where the author says so", "get: /a\n        redirects: 0", map[string]string{"/a": "302\nLocation: /b"}, []string{"GET /a"}, 0, ""},
		{"without Location there is nowhere to go", "get: /a", map[string]string{"/a": "302\nX: y"}, []string{"GET /a"}, 0, ""},
		{"304 leads nowhere", "get: /a", map[string]string{"/a": "304\nLocation: /b"}, []string{"GET /a"}, 0, ""},
		{"a circle ends", "get: /a\n        redirects: 2", map[string]string{"/a": "302\nLocation: /a"}, []string{"GET /a", "GET /a", "GET /a"}, 1, "redirect"},
		{"not out of HTTP", "get: /a", map[string]string{"/a": "302\nLocation: ftp://x.test/"}, []string{"GET /a"}, 1, "redirect"},
		{"nor to no place", "get: /a", map[string]string{"/a": "302\nLocation: http://%zz/"}, []string{"GET /a"}, 1, "redirect"},
		{"the last hop decides", "get: /a", map[string]string{"/a": "302\nLocation: /b", "/b": "500\nX: y"}, []string{"GET /a", "GET /b"}, 1, ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := &server{replies: c.replies}
			w, _ := once(t, s, "", "      - "+c.step+"\n")
			if got := s.lines(); !slices.Equal(got, c.sent) {
				t.Errorf("sent %q, want %q", got, c.sent)
			}
			cut := w.Cut()
			if n := w.Value(cut, "http_reqs", "", "", "count"); int(n) != len(c.sent) {
				t.Errorf("%v requests recorded, %d sent: every hop is one", n, len(c.sent))
			}
			if n := w.Value(cut, "http_req_failed", "", "", "passes"); n != c.failed {
				t.Errorf("%v failed, want %v", n, c.failed)
			}
			if n := w.Value(cut, "http_req_failed", "", "", "fails"); n+c.failed != 1 {
				t.Errorf("%v succeeded: a step fails or succeeds once, whatever its hops", n)
			}
			if c.class != "" && w.Value(cut, "request_errors", "class", c.class, "count") != 1 {
				t.Errorf("no error of class %s", c.class)
			}
		})
	}
}

func TestRedirectToAnotherHostLeavesSecretsBehind(t *testing.T) {
	s := &server{replies: map[string]string{
		"/in": "200\nSet-Cookie: sid=1", "/a": "302\nLocation: http://other.invalid/b", "/c": "302\nLocation: /d",
	}}
	once(t, s, "", `
      - get: /in
      - get: /a
        headers: { Authorization: secret, apikey: secret, X-Trace: t }
      - get: /c
        headers: { Authorization: secret, apikey: secret }
`)
	if got, want := s.lines(), []string{"GET /in", "GET /a", "GET /b", "GET /c", "GET /d"}; !slices.Equal(got, want) {
		t.Fatalf("sent %q, want %q", got, want)
	}
	for i, want := range []string{"||", "secret|secret|sid=1", "||", "secret|secret|sid=1", "secret|secret|sid=1"} {
		if got := strings.Join([]string{s.header(i, "Authorization"), s.header(i, "apikey"), s.header(i, "Cookie")}, "|"); got != want {
			t.Errorf("request %d has authorization, key and cookie %q, want %q", i, got, want)
		}
	}
	if s.header(2, "X-Trace") != "t" || s.header(2, "Host") != "other.invalid" {
		t.Errorf("the other host got %q", s.sent[2])
	}
}

func TestJudgement(t *testing.T) {
	const then = "      - get: /next\n"
	replies := map[string]string{"/500": "500\n\noops", "/404": "404\nX: y", "/ok": "200\n\n" + `{"id":"a","n":1}`}
	for _, c := range []struct {
		why, step     string
		sent          int // with the one after it
		more          bool
		checks, fails float64
		cause         string
		aborts        int
	}{
		{"a status that is not expected is counted, and the iteration goes on", "get: /500", 2, true, 0, 0, "", 0},
		{"a false check, too", "get: /ok\n        check: [status == 201]", 2, true, 1, 1, "", 0},
		{"every check counts", "get: /ok\n        check: [status == 200, 'json(\"n\") == 1', 'json(\"id\") == \"b\"']", 2, true, 3, 1, "", 0},
		{"a check without a value breaks the iteration", "get: /ok\n        check: ['json(\"gone\") == 1']", 1, true, 1, 1, "value", 0},
		{"so does a capture that finds nothing", "get: /ok\n        capture: { x: 'json(\"gone\")' }", 1, true, 0, 0, "value", 0},
		{"unless it has a default", "get: /ok\n        capture: { x: { from: 'json(\"gone\")', default: none } }", 2, true, 0, 0, "", 0},
		{"of an error page it is the request's fault", "get: /500\n        capture: { x: 'json(\"id\")' }", 1, true, 0, 0, "request", 0},
		{"an expected status is none", "get: /404\n        expect: 404\n        on_failure: next_iteration", 2, true, 0, 0, "", 0},
		{"on_failure: next_iteration", "get: /404\n        on_failure: next_iteration", 1, true, 0, 0, "request", 0},
		{"also after a false check", "get: /ok\n        check: [status == 201]\n        on_failure: next_iteration", 1, true, 1, 1, "check", 0},
		{"on_failure: stop", "get: /404\n        on_failure: stop", 1, false, 0, 0, "", 0},
		{"on_failure: abort", "get: /404\n        on_failure: abort", 1, false, 0, 0, "", 1},
		{"on_failure without a failure", "get: /ok\n        check: [status == 200]\n        on_failure: abort", 2, true, 1, 0, "", 0},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := &server{replies: replies}
			w, more := once(t, s, "", "      - "+c.step+"\n"+then)
			if len(s.sent) != c.sent || more != c.more || len(w.Aborts()) != c.aborts {
				t.Errorf("sent %q, more %v, aborts %q", s.lines(), more, w.Aborts())
			}
			cut := w.Cut()
			passed, failed := w.Value(cut, "checks", "", "", "passes"), w.Value(cut, "checks", "", "", "fails")
			if passed+failed != c.checks || failed != c.fails {
				t.Errorf("%v checks passed and %v failed, want %v in all and %v failed", passed, failed, c.checks, c.fails)
			}
			if n := w.Value(cut, "iterations_failed", "", "", "passes"); (n == 1) != (c.cause != "") {
				t.Errorf("%v iterations failed, want cause %q", n, c.cause)
			} else if c.cause != "" && w.Value(cut, "iterations_failed", "cause", c.cause, "passes") != 1 {
				t.Errorf("the iteration did not fail for cause %s", c.cause)
			}
		})
	}
}

func TestTheResponseStaysUntilTheNextRequest(t *testing.T) {
	s := &server{replies: map[string]string{"/a?x=1": "200\n\n" + `{"id":"abc"}`}}
	w, _ := once(t, s, "", `
      - get: /a?x=1
      - log: "${response.status} ${response.json('id')} ${response.url}"
      - get: /b
        headers: { X-Before: "${response.url}" }
      - log: "${response.status} ${response.has('id')}"
`)
	if got, want := w.Lines(), []string{"200 abc http://shop.invalid/a?x=1", "200 false"}; !slices.Equal(got, want) {
		t.Errorf("lines %q, want %q", got, want)
	}
	if got := s.header(1, "X-Before"); got != "http://shop.invalid/a?x=1" {
		t.Errorf("the URL before is %q while the next request is built", got)
	}
}

func TestTheURLIsKnownWithoutTheBody(t *testing.T) {
	s := &server{replies: map[string]string{"/a": "302\nLocation: /b"}}
	w, _ := once(t, s, "", "      - get: /a\n        check: [url == \"http://shop.invalid/b\"]\n")
	if n := w.Value(w.Cut(), "checks", "", "", "passes"); n != 1 {
		t.Error("a check of the URL alone does not hold: it is the last hop's, whether or not a body is kept")
	}
}

func TestCapturedValuesStayWhatTheyWere(t *testing.T) {
	s := &server{replies: map[string]string{
		"/1": "200\n\n" + `{"id":"first","n":1000}`, "/2": "200\n\n" + `{"id":"other","n":2000}`,
	}}
	var steps strings.Builder
	steps.WriteString("      - get: /1\n        capture: { a: 'json(\"id\")', n: 'json(\"n\")' }\n")
	for range 20 {
		steps.WriteString("      - get: /2\n        capture: { b: 'json(\"id\")', m: 'json(\"n\")' }\n")
	}
	steps.WriteString("      - log: \"${a} ${n} ${b} ${m}\"\n")
	w, _ := once(t, s, "", steps.String())
	if got := w.Lines(); !slices.Equal(got, []string{"first 1000 other 2000"}) {
		t.Errorf("lines %q: a captured value changed with a later response", got)
	}
}

func TestASecretCaptureIsMasked(t *testing.T) {
	s := &server{replies: map[string]string{"/": "200\n\n" + `{"token":"t0ps3cret"}`}}
	w, _ := once(t, s, "", "      - get: /\n        capture: { token: { from: 'json(\"token\")', secret: true } }\n")
	if got := w.Secrets(); !slices.Equal(got, []string{"t0ps3cret"}) {
		t.Errorf("secrets %q", got)
	}
}
