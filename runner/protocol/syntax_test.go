package protocol

import (
	"strings"
	"testing"
)

func TestMalformedRequests(t *testing.T) {
	fields := func(name, value string) func(*Request) {
		return func(r *Request) { r.Fields = []Field{{Name: name, Value: []byte(value)}} }
	}
	for _, c := range []struct {
		reason string
		change func(*Request)
		want   string
	}{
		{"a request as plans make them", fields("X-Name", "a b\tc"), ""},
		{"bytes beyond ASCII are the server's to judge", fields("X-Name", "zoë"), ""},
		{"a method of two words would be a request line of four", func(r *Request) { r.Method = "GET /" }, "is no method"},
		{"no method", func(r *Request) { r.Method = "" }, "is no method"},
		{"a path with a space", func(r *Request) { r.Path = []byte("/a b") }, "must be percent-encoded"},
		{"no path", func(r *Request) { r.Path = nil }, "is empty"},
		{"no host", func(r *Request) { r.Authority = "" }, "is empty"},
		{"a host that ends its line", func(r *Request) { r.Authority = "a\r\nX: y" }, "line break"},
		{"a value that ends its line", fields("X", "1\r\nHost: other"), "line break"},
		{"a value with a NUL", fields("X", "\x00"), "NUL"},
		{"a name with a colon", fields("X:", "1"), `header "X:"`},
	} {
		r := &Request{Method: "GET", Authority: "shop.example:80", Path: []byte("/")}
		c.change(r)
		err := r.Malformed()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", c.reason, err, c.want)
		}
	}
}

func TestDecimal(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "007": 7, "9223372036854775807": 9223372036854775807,
		"": -1, "-1": -1, "+1": -1, "1 ": -1, "9223372036854775808": -1} {
		n, ok := Decimal(text)
		if !ok {
			n = -1
		}
		if n != want {
			t.Errorf("%q is %d, want %d (-1: no number)", text, n, want)
		}
	}
}
