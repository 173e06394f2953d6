package sigv4_test

import (
	"strings"
	"testing"
	"time"

	"runner/spec/sigv4"
)

// The keys, the time and the signatures are those of the test suite that AWS published for Signature Version 4.
func TestAgainstTheSuiteOfAWS(t *testing.T) {
	keys := sigv4.Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
	target := sigv4.Target{Service: "service", Region: "us-east-1"}
	at := time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)
	get := func(path, query string, more ...sigv4.Header) sigv4.Request {
		return sigv4.Request{Method: "GET", Host: "example.amazonaws.com", Path: path, Query: query, Headers: more}
	}
	post := func(body string, more ...sigv4.Header) sigv4.Request {
		return sigv4.Request{Method: "POST", Host: "example.amazonaws.com", Path: "/", Body: []byte(body), Headers: more}
	}
	unreserved := "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	for _, c := range []struct {
		name      string
		request   sigv4.Request
		signature string
		why       string
	}{
		{"get-vanilla", get("/", ""), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", "the plainest"},
		{"get-vanilla-empty-query-key", get("/", "Param1=value1"), "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb", "a parameter"},
		{"get-vanilla-query-order-key-case", get("/", "Param2=value2&Param1=value1"), "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500", "parameters are sorted"},
		{"get-unreserved", get("/"+unreserved, ""), "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f", "what is not escaped"},
		{"get-utf8", get("/ሴ", ""), "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85", "other letters are escaped byte by byte"},
		{"get-header-key-duplicate", get("/", "", sigv4.Header{"My-Header1", "value2"}, sigv4.Header{"My-Header1", "value2"}, sigv4.Header{"My-Header1", "value1"}),
			"c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea", "values of one header are joined in their order"},
		{"get-header-value-trim", get("/", "", sigv4.Header{"My-Header1", " value1"}, sigv4.Header{"My-Header2", ` "a   b   c"`}),
			"acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736", "spaces"},
		{"post-vanilla", post(""), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b", "another method"},
		{"post-x-www-form-urlencoded", post("Param1=value1", sigv4.Header{"Content-Type", "application/x-www-form-urlencoded"}),
			"ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a", "a body"},
	} {
		headers := sigv4.Sign(c.request, keys, target, at)
		last := headers[len(headers)-1]
		if _, got, _ := strings.Cut(last.Value, "Signature="); last.Name != "Authorization" || got != c.signature {
			t.Errorf("%s: %s, want signature %s: %s", c.name, last.Value, c.signature, c.why)
		}
	}
}

func TestWhatElseIsSigned(t *testing.T) {
	at := time.Date(2015, 8, 30, 12, 36, 0, 0, time.FixedZone("", 7200))
	keys := sigv4.Keys{AccessKeyID: "A", SecretAccessKey: "S", SessionToken: "T"}
	r := sigv4.Request{Method: "PUT", Host: "bucket.s3.amazonaws.com", Path: "/a%20b", Body: []byte("x")}
	for _, c := range []struct {
		target   sigv4.Target
		unsigned bool
		want     string
		why      string
	}{
		{sigv4.Target{Service: "execute-api", Region: "r"}, false, "X-Amz-Date=20150830T103600Z X-Amz-Security-Token=T SignedHeaders=host;x-amz-date;x-amz-security-token", "temporary keys; the time is UTC"},
		{sigv4.Target{Service: "s3", Region: "r"}, true, "X-Amz-Content-Sha256=UNSIGNED-PAYLOAD SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token", "S3 says how the body was signed"},
	} {
		r.Unsigned = c.unsigned
		var got []string
		for _, h := range sigv4.Sign(r, keys, c.target, at) {
			got = append(got, h.Name+"="+h.Value)
		}
		text := strings.Join(got, " ")
		for want := range strings.SplitSeq(c.want, " ") {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %s: %s", text, want, c.why)
			}
		}
	}
}

func TestPathsAndSpaces(t *testing.T) {
	keys, at := sigv4.Keys{AccessKeyID: "A", SecretAccessKey: "S"}, time.Unix(0, 0)
	sign := func(service, path, query string) string {
		h := sigv4.Sign(sigv4.Request{Method: "GET", Host: "h", Path: path, Query: query}, keys, sigv4.Target{Service: service, Region: "r"}, at)
		return h[len(h)-1].Value
	}
	if sign("x", "/a", "q=a+b") != sign("x", "/a", "q=a%20b") {
		t.Error("a space in a query is one space, however it is written")
	}
	if sign("x", "", "") != sign("x", "/", "") {
		t.Error("no path is the root")
	}
	if sign("x", "/a", "") == sign("x", "/b", "") || sign("x", "/a", "") == sign("s3", "/a", "") {
		t.Error("path and service are part of a signature")
	}
}
