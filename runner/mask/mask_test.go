package mask

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"
)

func TestString(t *testing.T) {
	const secret = `s3cr3t/+"value"`
	var m Mask
	m.Add(secret)
	for name, text := range map[string]string{
		"raw":            secret,
		"in a header":    "Authorization: Bearer " + secret + "; x",
		"url":            "https://h/?t=" + url.QueryEscape(secret),
		"path":           "https://h/" + url.PathEscape(secret),
		"json":           `{"t":"s3cr3t/+\"value\""}`,
		"hex":            hex.EncodeToString([]byte(secret)),
		"base64":         base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64url":      base64.URLEncoding.EncodeToString([]byte(secret)),
		"base64 shift 1": base64.StdEncoding.EncodeToString([]byte("a" + secret + "z")),
		"base64 shift 2": base64.StdEncoding.EncodeToString([]byte("ab" + secret + "yz")),
		"basic auth":     "Basic " + base64.StdEncoding.EncodeToString([]byte("user:"+secret)),
	} {
		got := m.String(text)
		if !strings.Contains(got, Mark) {
			t.Errorf("%s: %q is not masked: %q", name, text, got)
		}
	}
	if got := m.String("nothing here"); got != "nothing here" {
		t.Errorf("harmless text became %q", got)
	}
}

func TestShortAndEmptyAreLeftAlone(t *testing.T) {
	var m Mask
	m.Add("", "a", " ")
	if got := m.String("a banana"); got != "a banana" {
		t.Errorf("got %q", got)
	}
}

func TestValue(t *testing.T) {
	type inner struct{ Text string }
	v := struct {
		List  []inner
		Any   map[string]any
		Plain map[string]string
	}{[]inner{{"has topsecret"}}, map[string]any{"k": []any{"topsecret", 1}}, map[string]string{"k": "topsecret"}}
	var m Mask
	m.Add("topsecret")
	m.Value(&v)
	if v.List[0].Text != "has ***" || v.Any["k"].([]any)[0] != "***" || v.Plain["k"] != "***" {
		t.Errorf("got %+v", v)
	}
}
