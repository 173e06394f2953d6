// Package sigv4 computes signatures of AWS, version 4, as AWS documents them ("Signature Version 4 signing process"). It
// knows neither requests of ours nor expressions: it is given what is signed, and the time.
package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Keys say who signs. SessionToken is empty for lasting keys.
type Keys struct{ AccessKeyID, SecretAccessKey, SessionToken string }

// Target is the service that a signature is for.
type Target struct{ Service, Region string }

// Header is one header.
type Header struct{ Name, Value string }

// Request is what is signed, as it goes on the wire. Query is without the question mark.
type Request struct {
	Method, Host, Path, Query string
	Headers                   []Header // that are to be signed beside Host and those that Sign gives
	Body                      []byte
	Unsigned                  bool // the body is not part of the signature, which only S3 takes
}

const algorithm = "AWS4-HMAC-SHA256"

// Sign gives the headers that prove who sends a request: X-Amz-Date, X-Amz-Security-Token where there is a session token,
// X-Amz-Content-Sha256 for S3, and Authorization, which is the last.
func Sign(r Request, k Keys, t Target, at time.Time) []Header {
	stamp := at.UTC().Format("20060102T150405Z")
	added := []Header{{"X-Amz-Date", stamp}}
	if k.SessionToken != "" {
		added = append(added, Header{"X-Amz-Security-Token", k.SessionToken})
	}
	hash := "UNSIGNED-PAYLOAD"
	if !r.Unsigned {
		hash = digest(r.Body)
	}
	if t.s3() {
		added = append(added, Header{"X-Amz-Content-Sha256", hash})
	}
	names, lines := canonicalHeaders(append(append([]Header{{"Host", r.Host}}, r.Headers...), added...))
	canonical := strings.Join([]string{r.Method, canonicalPath(r.Path, t.s3()), canonicalQuery(r.Query), lines, names, hash}, "\n")
	scope := stamp[:8] + "/" + t.Region + "/" + t.Service + "/aws4_request"
	text := algorithm + "\n" + stamp + "\n" + scope + "\n" + digest([]byte(canonical))
	signature := hex.EncodeToString(mac(signingKey(k.SecretAccessKey, stamp[:8], t), text))
	return append(added, Header{"Authorization", algorithm + " Credential=" + k.AccessKeyID + "/" + scope + ", SignedHeaders=" + names + ", Signature=" + signature})
}

func (t Target) s3() bool { return t.Service == "s3" }

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// signingKey is good for one day, region and service.
func signingKey(secret, day string, t Target) []byte {
	key := []byte("AWS4" + secret)
	for _, part := range []string{day, t.Region, t.Service, "aws4_request"} {
		key = mac(key, part)
	}
	return key
}

// canonicalHeaders sorts headers by lower-case name; those of one name are joined in their order, and runs of spaces in a
// value count as one.
func canonicalHeaders(all []Header) (names, lines string) {
	values := map[string][]string{}
	for _, h := range all {
		name := strings.ToLower(h.Name)
		values[name] = append(values[name], strings.Join(strings.Fields(h.Value), " "))
	}
	var sorted []string
	for name := range values {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	var b strings.Builder
	for _, name := range sorted {
		b.WriteString(name + ":" + strings.Join(values[name], ",") + "\n")
	}
	return strings.Join(sorted, ";"), b.String()
}

// canonicalPath escapes the path once more than it is on the wire; S3 takes it as it is.
func canonicalPath(path string, s3 bool) string {
	switch {
	case path == "":
		return "/"
	case s3:
		return path
	}
	return escape(path, "/")
}

// canonicalQuery sorts parameters by name and value, both escaped; one without a value gets an empty one.
func canonicalQuery(query string) string {
	if query == "" {
		return ""
	}
	var pairs [][2]string
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, [2]string{escape(unescape(name), ""), escape(unescape(value), "")})
	}
	slices.SortFunc(pairs, func(a, b [2]string) int {
		if c := strings.Compare(a[0], b[0]); c != 0 {
			return c
		}
		return strings.Compare(a[1], b[1])
	})
	all := make([]string, len(pairs))
	for i, p := range pairs {
		all[i] = p[0] + "=" + p[1]
	}
	return strings.Join(all, "&")
}

// unescape is a name or value as the target reads it; one that is not escaped well stands for itself.
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// escape percent-encodes everything but letters, digits, - . _ ~ and what is kept.
func escape(s, kept string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~"+kept, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', digits[c>>4], digits[c&15]})
	}
	return b.String()
}
