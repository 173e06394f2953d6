package auth

import (
	"reflect"
	"strings"
	"testing"

	"runner/runner/protocol"
)

// The answers are those of the examples in the RFCs.
func TestDigestAnswersAsTheRFCsDo(t *testing.T) {
	r := &protocol.Request{Method: "GET", Path: []byte("/dir/index.html")}
	rfc7616 := nonce{realm: "http-auth@example.org", value: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", quality: true, count: 1}
	for _, c := range []struct {
		nonce                     nonce
		algorithm, password, with string
		want, why                 string
	}{
		{rfc7616, "MD5", "Circle of Life", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "8ca523f5e9506fed4657c9700eebdbec", "RFC 7616, 3.9.1"},
		{rfc7616, "SHA-256", "Circle of Life", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", "RFC 7616, 3.9.1"},
		{nonce{realm: "testrealm@host.com", value: "dcd98b7102dd2f0e8b11d0f600bfb0c093", quality: true, count: 1}, "MD5", "Circle Of Life", "0a4f113b", "6629fae49393a05397450978507c4ef1", "RFC 2617, 3.5"},
		{nonce{realm: "testrealm@host.com", value: "dcd98b7102dd2f0e8b11d0f600bfb0c093"}, "MD5", "CircleOfLife", "", "1949323746fe6a43ef61f9606e7febea", "RFC 2069, 2.4 (as its errata correct it): no qop"},
	} {
		c.nonce.algorithm = c.algorithm
		got := c.nonce.answer(r, "Mufasa", c.password, c.with)
		if !strings.Contains(got, `response="`+c.want+`"`) {
			t.Errorf("%s %s: %s, want response %s", c.why, c.algorithm, got, c.want)
		}
		if strings.Contains(got, "nc=00000001") != c.nonce.quality {
			t.Errorf("%s: %s: a count belongs to qop", c.why, got)
		}
	}
}

func TestDigestChallenges(t *testing.T) {
	for _, c := range []struct {
		header string
		want   []map[string]string
		why    string
	}{
		{`Digest realm="a", nonce="b"`, []map[string]string{{"realm": "a", "nonce": "b"}}, "the usual form"},
		{`digest REALM=a,Nonce = "b"`, []map[string]string{{"realm": "a", "nonce": "b"}}, "names have no case, spaces may be anywhere"},
		{`Basic realm="x", Digest realm="a \"q\", c", stale=TRUE`, []map[string]string{{"realm": `a "q", c`, "stale": "TRUE"}}, "another scheme before it, quotes and a comma in a text"},
		{`Digest nonce="1", Digest nonce="2"`, []map[string]string{{"nonce": "1"}, {"nonce": "2"}}, "two in one header"},
		{`Basic realm="x"`, nil, "none"},
		{``, nil, "nothing"},
		{`Digest realm="open`, []map[string]string{{"realm": "open"}}, "a quote that stays open"},
		{`"`, nil, "what is no challenge at all"},
	} {
		if got := digestChallenges(c.header); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v: %s", c.header, got, c.want, c.why)
		}
	}
}

func TestTheBestChallengeIsAnswered(t *testing.T) {
	header := func(values ...string) (h protocol.Header) {
		for _, v := range values {
			h = append(h, protocol.HeaderField{Name: []byte("www-authenticate"), Value: []byte(v)})
		}
		return h
	}
	for _, c := range []struct {
		values    []string
		algorithm string
		stale     bool
		why       string
	}{
		{[]string{`Digest nonce="1", algorithm=MD5`, `Digest nonce="2", algorithm=SHA-256`}, "SHA-256", false, "the stronger one"},
		{[]string{`Digest nonce="1"`}, "MD5", false, "no algorithm is MD5"},
		{[]string{`Digest nonce="1", algorithm=MD5-sess, qop="auth-int, auth", stale=true`}, "MD5-sess", true, "qop offers a choice"},
		{[]string{`Digest nonce="1", qop="auth-int"`}, "", false, "a quality that we don't have"},
		{[]string{`Digest nonce="1", algorithm=X`}, "", false, "an algorithm that we don't have"},
		{[]string{`Digest realm="r"`}, "", false, "no nonce"},
	} {
		n, stale := challenge(header(c.values...))
		if n == nil {
			n = &nonce{}
		}
		if n.algorithm != c.algorithm || stale != c.stale {
			t.Errorf("%q: %s, stale %v, want %s: %s", c.values, n.algorithm, stale, c.algorithm, c.why)
		}
	}
}

func FuzzDigestChallenges(f *testing.F) {
	f.Add(`Basic realm="x", Digest realm="a \"q\", c", stale=TRUE`)
	f.Add(`Digest a=,b="`)
	f.Fuzz(func(t *testing.T, s string) { digestChallenges(s) })
}
