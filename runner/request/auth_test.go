package request_test

import (
	"fmt"
	"strings"
	"testing"

	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

// plan is a scenario whose requests have an auth by default.
func authed(auth, steps string) string {
	return "http: { base_url: 'http://shop.invalid', headers: { X-Key: plan }, auth: " + auth + " }\nscenarios:\n  s:\n    executor: { type: constant-vus, vus: 1, duration: 1s }\n    steps:\n" + steps
}

func TestAuthHeaders(t *testing.T) {
	for _, c := range []struct{ auth, step, want, why string }{
		{"{ basic: { username: Aladdin, password: 'open sesame' } }", "get: /", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "the example of RFC 7617"},
		{"{ bearer: abc }", "get: /", "Bearer abc", "a token"},
		{"{ bearer: 't${vu.id}' }", "get: /", "Bearer t1", "a template"},
		{"none", "get: /", "", "none"},
		{"{ bearer: abc }", "get: /\n        auth: none", "", "none for a step"},
		{"{ bearer: abc }", "get: /\n        auth: { bearer: own }", "Bearer own", "the nearest wins"},
		{"{ bearer: abc }", "get: /\n        headers: { authorization: mine }", "mine", "a header of the step's own wins over the plan's auth"},
		{"{ bearer: abc }", "get: /\n        headers: { Authorization: null }", "", "taken away"},
	} {
		s := &server{}
		w := vutest.New(t, authed(c.auth, "      - "+c.step+"\n"), over(s.answer))
		w.VU(t, 1).Iterate(vu.Iteration{})
		if got := s.header(0, "Authorization"); got != c.want {
			t.Errorf("%s with %s: %q, want %q: %s", c.step, c.auth, got, c.want, c.why)
		}
	}
}

func TestAPasswordIsMaskedInItsEncodedFormToo(t *testing.T) {
	w := vutest.New(t, authed("{ basic: { username: a, password: b } }", "      - get: /\n"), over((&server{}).answer))
	v := w.VU(t, 1)
	v.Iterate(vu.Iteration{})
	v.Iterate(vu.Iteration{N: 1})
	if got := w.Secrets(); len(got) != 1 || got[0] != "YTpi" {
		t.Errorf("secrets %q, want the encoded pair, once", got)
	}
}

func TestAuthStaysAtHome(t *testing.T) {
	s := &server{replies: map[string]string{"/a": "302\nLocation: /b", "/b": "302\nLocation: http://other.invalid/c"}}
	w := vutest.New(t, authed("{ bearer: abc }", "      - get: /a\n"), over(s.answer))
	w.VU(t, 1).Iterate(vu.Iteration{})
	if got := s.header(0, "Authorization") + "|" + s.header(1, "Authorization") + "|" + s.header(2, "Authorization"); got != "Bearer abc|Bearer abc|" {
		t.Errorf("authorization %q: another host is told nothing", got)
	}
}

func TestANullHeaderIsTakenAway(t *testing.T) {
	s := &server{}
	w := vutest.New(t, authed("none", "      - get: /\n        headers: { x-key: null, User-Agent: null }\n      - get: /\n"), over(s.answer))
	w.VU(t, 1).Iterate(vu.Iteration{})
	if got := s.header(0, "X-Key") + s.header(1, "X-Key"); got != "plan" {
		t.Errorf("X-Key %q, want it gone from the first request only", got)
	}
}

// guarded is a resource behind digest: each nonce is good for two answers.
type guarded struct {
	nonce, used int
	sent        []string
}

func (g *guarded) answer(dst, request []byte) []byte {
	text := string(request)
	g.sent = append(g.sent, text)
	_, answer, _ := strings.Cut(text, "Authorization: Digest ")
	current := fmt.Sprintf(`nonce="n%d"`, g.nonce)
	if g.nonce > 0 && g.used < 2 && strings.Contains(answer, current) {
		g.used++
		if !strings.Contains(answer, fmt.Sprintf("nc=%08x", g.used)) {
			return append(dst, "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n"...)
		}
		return append(dst, "HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\n{}"...)
	}
	stale := g.nonce > 0 && strings.Contains(answer, current)
	g.nonce, g.used = g.nonce+1, 0
	return fmt.Appendf(dst, "HTTP/1.1 401 X\r\nWWW-Authenticate: Digest realm=\"r\", qop=\"auth\", algorithm=SHA-256, nonce=\"n%d\", stale=%v\r\nContent-Length: 0\r\n\r\n", g.nonce, stale)
}

func TestDigestAnswersChallenges(t *testing.T) {
	g := &guarded{}
	w := vutest.New(t, authed("{ digest: { username: a, password: b } }", "      - get: /1\n      - post: /2\n        body: x\n      - get: /3\n"), over(g.answer))
	v := w.VU(t, 1)
	v.Iterate(vu.Iteration{})
	var got []string
	for _, text := range g.sent {
		line, _, _ := strings.Cut(text, " HTTP")
		_, nonce, _ := strings.Cut(text, "nonce=\"")
		nonce, _, _ = strings.Cut(nonce, "\"")
		got = append(got, line+" "+nonce)
	}
	want := "GET /1 |GET /1 n1|POST /2 n1|GET /3 n1|GET /3 n2"
	if strings.Join(got, "|") != want {
		t.Errorf("sent %q, want %s: one challenge, its nonce again, a new one when it is stale", got, want)
	}
	cut := w.Cut()
	if reqs, failed, fine := w.Value(cut, "http_reqs", "", "", "count"), w.Value(cut, "http_req_failed", "", "", "passes"), w.Value(cut, "http_req_failed", "", "", "fails"); reqs != 5 || failed != 0 || fine != 3 {
		t.Errorf("%v requests, %v failed, %v fine; want 5, 0, 3: a challenge is a sample and no failure", reqs, failed, fine)
	}
	n := len(g.sent)
	v.Iterate(vu.Iteration{N: 1})
	if strings.Contains(g.sent[n], "Authorization") {
		t.Error("the next iteration is another user, who has not been challenged yet")
	}
}

func TestATargetThatFindsEveryAnswerTooOld(t *testing.T) {
	sent := 0
	refuse := func(dst, _ []byte) []byte {
		sent++
		return fmt.Appendf(dst, "HTTP/1.1 401 X\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n%d\", stale=true\r\nContent-Length: 0\r\n\r\n", sent)
	}
	w := vutest.New(t, authed("{ digest: { username: a, password: b } }", "      - get: /\n"), over(refuse))
	w.VU(t, 1).Iterate(vu.Iteration{})
	if failed := w.Value(w.Cut(), "http_req_failed", "", "", "passes"); sent != 4 || failed != 1 {
		t.Errorf("%d sent, %v failed; want three challenges to be answered, and one failure", sent, failed)
	}
}

func TestAHeaderOfThePlanDoesNotComeBesideAuth(t *testing.T) {
	g := &guarded{}
	plan := strings.Replace(authed("{ digest: { username: a, password: b } }", "      - get: /\n"), "X-Key: plan", "Authorization: Bearer plan", 1)
	w := vutest.New(t, plan, over(g.answer))
	w.VU(t, 1).Iterate(vu.Iteration{})
	if len(g.sent) != 2 || strings.Contains(g.sent[0], "Authorization") {
		t.Errorf("sent %q: before the challenge there is nothing to say", g.sent)
	}
}

func TestDigestWithAWrongPasswordEnds(t *testing.T) {
	sent := 0
	refuse := func(dst, _ []byte) []byte {
		sent++
		return fmt.Appendf(dst, "HTTP/1.1 401 X\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n%d\"\r\nContent-Length: 0\r\n\r\n", sent)
	}
	w := vutest.New(t, authed("{ digest: { username: a, password: wrong } }", "      - get: /\n"), over(refuse))
	w.VU(t, 1).Iterate(vu.Iteration{})
	if failed := w.Value(w.Cut(), "http_req_failed", "", "", "passes"); sent != 2 || failed != 1 {
		t.Errorf("%d sent, %v failed; want one challenge, one answer, one failure", sent, failed)
	}
}

func TestOAuth2GetsOneTokenForAll(t *testing.T) {
	tokens := 0
	s := &server{}
	answer := func(dst, request []byte) []byte {
		if strings.HasPrefix(string(request), "POST /token") {
			tokens++
			s.sent = append(s.sent, string(request))
			return append(dst, "HTTP/1.1 200 X\r\nContent-Length: 24\r\n\r\n{\"access_token\":\"secre\"}"...)
		}
		return s.answer(dst, request)
	}
	auth := "{ oauth2: { token_url: /token, client_id: 'me:x', client_secret: 's&', scope: 'a b', params: { audience: api } } }"
	w := vutest.New(t, authed(auth, "      - get: /1\n      - get: /2\n"), over(answer))
	w.VU(t, 1).Iterate(vu.Iteration{})
	w.VU(t, 2).Iterate(vu.Iteration{})
	if tokens != 1 || len(s.sent) != 5 {
		t.Fatalf("%d token requests, %d in all; want one for two VUs", tokens, len(s.sent))
	}
	if got := s.header(0, "Authorization"); got != "Basic bWUlM0F4OnMlMjY=" {
		t.Errorf("the client says %q, want its id and secret, both escaped", got)
	}
	if !strings.HasSuffix(s.sent[0], "\r\n\r\naudience=api&grant_type=client_credentials&scope=a+b") {
		t.Errorf("asked %q", s.sent[0])
	}
	for i := 1; i < 5; i++ {
		if got := s.header(i, "Authorization"); got != "Bearer secre" {
			t.Errorf("request %d has %q", i, got)
		}
	}
	if n := w.Value(w.Cut(), "http_reqs", "", "", "count"); n != 4 {
		t.Errorf("%v requests counted, want 4: the token's own is internal", n)
	}
	if got := w.Secrets(); len(got) != 2 || got[1] != "secre" {
		t.Errorf("secrets %q, want the client's and the token", got)
	}
}

func TestHMACSignsWhatThePlanSays(t *testing.T) {
	s := &server{}
	auth := "{ hmac: { key: key, string: '${request.method} ${request.host} ${request.path} ${request.query} ${request.body}', encoding: base64, headers: { X-Time: '${request.time}', X-Signature: 'v1=${signature}' } } }"
	w := vutest.New(t, authed(auth, "      - post: /a\n        query: { q: 1 }\n        body: text\n      - post: /b\n        body: text\n        auth: { hmac: { key: 6b6579, key_encoding: hex, algorithm: sha1, string: The quick brown fox jumps over the lazy dog, headers: { S: '${signature}' } } }\n"), over(s.answer))
	w.VU(t, 1).Iterate(vu.Iteration{})
	if got, want := s.header(0, "X-Signature"), "v1=5z4YeBeg0dNPXjDVYB7CPLWAZpe9W7Nh+lJGubVifOE="; got != want || s.header(0, "X-Time") == "" {
		t.Errorf("signed %q, want %q", got, want)
	}
	if got := s.header(1, "S"); got != "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9" {
		t.Errorf("signed %q: not what everybody's HMAC-SHA1 is", got)
	}
}

func TestAWSSignatures(t *testing.T) {
	s := &server{}
	auth := "{ aws_sigv4: { service: execute-api, region: eu-central-1, access_key_id: AKID, secret_access_key: s, session_token: st } }"
	w := vutest.New(t, authed(auth, "      - post: /a\n        json: { a: 1 }\n        headers: { X-Amz-Target: t }\n"), over(s.answer))
	w.VU(t, 1).Iterate(vu.Iteration{})
	got := s.header(0, "Authorization")
	if !strings.HasPrefix(got, "AWS4-HMAC-SHA256 Credential=AKID/") || !strings.Contains(got, "/eu-central-1/execute-api/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=") {
		t.Errorf("signed %q", got)
	}
	if s.header(0, "X-Amz-Security-Token") != "st" || len(s.header(0, "X-Amz-Date")) != len("20150830T123600Z") {
		t.Errorf("sent %q", s.sent[0])
	}
}

func TestWrongAuth(t *testing.T) {
	for _, c := range []struct{ auth, step, want, why string }{
		{"{ bearer: '${nam}' }", "get: /", `unknown name "nam"`, "a name that nobody knows"},
		{"{ oauth2: { token_url: /t, client_id: '${vu.id}' } }", "get: /", "the token is shared by all VUs", "a token can't depend on a VU"},
		{"{ hmac: { key: k, string: '${request.paht}', headers: { S: '${signature}' } } }", "get: /", `request has no member "paht"`, "a slip"},
		{"{ hmac: { key: k, string: '${signature}', headers: { S: '${signature}' } } }", "get: /", `unknown name "signature"`, "it is made of the string"},
		{"{ hmac: { key: k, key_encoding: hex, string: a, headers: { S: '${signature}' } } }", "get: /", "the key is not hex", "a key that can't be read"},
		{"none", "get: /\n        auth: { bearer: a }\n        headers: { Authorization: b }", "auth bearer sets the header Authorization", "both"},
		{"none", "get: /\n        headers: { X: '${request.path}' }", `request has no member "path"`, "only hmac knows the request"},
	} {
		_, problems := vutest.Try(t, authed(c.auth, "      - "+c.step+"\n"), over((&server{}).answer))
		if len(problems) != 1 || !strings.Contains(problems[0].Message, c.want) {
			t.Errorf("%s %s: %v, want one problem with %q: %s", c.auth, c.step, problems, c.want, c.why)
		}
	}
}

func TestStepCookies(t *testing.T) {
	s := &server{replies: map[string]string{"/in": "200\nSet-Cookie: sid=1\n\n{}", "/r": "302\nLocation: /s", "/x": "302\nLocation: http://other.invalid/"}}
	once(t, s, "", `
      - get: /in
      - get: /a
        cookies: { consent: all, sid: "own${vu.id}" }
      - get: /b
        cookies: false
      - get: /c
        cookies: { a: 1 }
        headers: { Cookie: h=2 }
      - get: /r
        cookies: { a: 1 }
      - get: /x
        cookies: { a: 1 }
      - get: /bad
        cookies: { a: "${'x;y'}" }
`)
	for i, want := range []string{"", "consent=all; sid=own1", "", "h=2; a=1; sid=1", "a=1; sid=1", "a=1; sid=1", "a=1; sid=1", ""} {
		if got := s.header(i, "Cookie"); got != want {
			t.Errorf("request %d (%s) sent %q, want %q", i, s.lines()[i], got, want)
		}
	}
	if len(s.sent) != 8 {
		t.Errorf("sent %q: a cookie that would end early is not sent", s.lines())
	}
}
