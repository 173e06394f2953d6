package http1

import (
	"fmt"
	"strings"
	"testing"

	"runner/runner/protocol"
)

// A head that came before is not read again; what the second answer is must not depend on what the first was.
func TestAnAnswerAfterAKnownOne(t *testing.T) {
	five := ok + "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nX-Empty:\r\nContent-Length: 5\r\n\r\n"
	rows := []struct {
		reason         string
		first, second  string
		method, status string // of the second
		want           protocol.Class
		body           string
		whole          bool // read byte by byte, the stray byte shows at the next use only
	}{
		{reason: "the same head, another body", first: five + "hello", second: five + "world", body: "world"},
		{reason: "another second in the Date", first: five + "hello", second: strings.Replace(five, "00:00:00", "00:00:01", 1) + "world", body: "world"},
		{reason: "another status", first: five + "hello", second: strings.Replace(five, "200 OK", "404 Not Found", 1) + "world", status: "404", body: "world"},
		{reason: "another length", first: five + "hello", second: strings.Replace(five, ": 5", ": 6", 1) + "worlds", body: "worlds"},
		{reason: "the same head to a HEAD: no body", first: five + "hello", second: five, method: "HEAD"},
		{reason: "the known head without its end", first: five + "hello", second: five[:len(five)-2], want: gone},
		{reason: "the known head, and one more line", first: five + "hello", second: five[:len(five)-2] + "bad line\r\n\r\n", want: wrong},
		{reason: "the known head, too short a body", first: five + "hello", second: five + "wo", want: gone},
		{reason: "the known head, too long a body", first: five + "hello", second: five + "world!", want: wrong, whole: true},
		{reason: "an interim reply is not taken for the final one", first: "HTTP/1.1 103 Early Hints\r\n\r\n" + five + "hello", second: "HTTP/1.1 103 Early Hints\r\n\r\n" + five + "world", body: "world"},
		{reason: "the connection ends with it, as before", first: ok + "Connection: close\r\nContent-Length: 5\r\n\r\nhello", second: ok + "Connection: close\r\nContent-Length: 5\r\n\r\nworld", body: "world"},
	}
	for _, r := range rows {
		for _, step := range []int{0, 1} {
			if r.whole && step > 0 {
				continue
			}
			t.Run(fmt.Sprintf("%s, %d bytes a read", r.reason, step), func(t *testing.T) {
				m := &memory{reply: []byte(r.first), step: step}
				c := memoryClient(m)
				do(t, c, get(nowhere, "/"), fine)
				req := get(nowhere, "/")
				if r.method != "" {
					req.Method = r.method
				}
				m.reply = []byte(r.second)
				resp, _, _ := do(t, c, req, r.want)
				if r.want == fine && (string(resp.Body) != r.body || fmt.Sprint(resp.Status) != max(r.status, "200")) {
					t.Errorf("status %d, body %q; want %s, %q", resp.Status, resp.Body, max(r.status, "200"), r.body)
				}
			})
		}
	}
}

// The fields of a known head are those of a head that was read.
func TestTheFieldsOfAKnownHead(t *testing.T) {
	reply := ok + "Content-Length: 0\r\nX-Empty:\r\nX-Padded: \t a b \t\r\nx-last: 1\r\n\r\n"
	c := memoryClient(&memory{reply: []byte(reply)})
	first, _, _ := do(t, c, get(nowhere, "/"), fine)
	second, _, _ := do(t, c, get(nowhere, "/"), fine)
	if fmt.Sprintf("%q", first.Header) != fmt.Sprintf("%q", second.Header) || len(second.Header) != 4 {
		t.Errorf("%q, and the same again: %q", first.Header, second.Header)
	}
	if second.Proto != "HTTP/1.1" || string(second.HeadBuf) != reply {
		t.Errorf("%s, %q", second.Proto, second.HeadBuf)
	}
	for i, f := range second.Header {
		_ = append(f.Name, "!!"...) // must not reach the value
		if string(second.Header[i].Value) != string(first.Header[i].Value) {
			t.Errorf("%s: a longer name overwrote %q", f.Name, first.Header[i].Value)
		}
	}
}

// Answers that were kept stay what they are when the same exchange reads others.
func TestAKeptAnswerIsItsOwn(t *testing.T) {
	m := &memory{reply: []byte(ok + "X-N: 1\r\nContent-Length: 0\r\n\r\n")}
	c := memoryClient(m)
	do(t, c, get(nowhere, "/"), fine)
	kept, _, _ := do(t, c, get(nowhere, "/"), fine) // from the known head
	m.reply = []byte(ok + "X-N: 2\r\nContent-Length: 0\r\n\r\n")
	do(t, c, get(nowhere, "/"), fine)
	if string(kept.Header[0].Value) != "1" {
		t.Errorf("X-N has become %q", kept.Header[0].Value)
	}
}
