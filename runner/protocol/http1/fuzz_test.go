package http1

import (
	"bytes"
	"net/http"
	"testing"

	"runner/runner/protocol"
)

// Whatever a server sends: no panic, no hang, the same verdict in whatever pieces it comes, and what is accepted as a
// reply net/http reads in the same way.
func FuzzReply(f *testing.F) {
	for _, h := range hostiles() {
		if len(h.reply) < 4096 {
			f.Add([]byte(h.reply), uint8(3), h.method == http.MethodHead)
		}
	}
	f.Fuzz(func(t *testing.T, reply []byte, step uint8, head bool) {
		method := http.MethodGet
		if head {
			method = http.MethodHead
		}
		type result struct {
			f    protocol.Failure
			resp protocol.Response
			keep bool
		}
		run := func(step int, keepBody bool) (r result) {
			c := memoryClient(&memory{reply: reply, step: step})
			req := get(nowhere, "/")
			req.Method, req.KeepBody = method, keepBody
			var timing protocol.Timing
			r.f = c.Do(req, &r.resp, &timing)
			r.keep = len(c.conns) == 1
			if timing.Received > int64(len(reply)) || timing.Waiting < 0 || timing.Receiving < 0 {
				t.Fatalf("timing %+v", timing)
			}
			return r
		}
		whole := run(0, true)
		dropped := run(0, false)
		if whole.f.Class != dropped.f.Class && whole.f.Class != large {
			t.Fatalf("kept: %v, dropped: %v", whole.f, dropped.f)
		}
		if whole.f.Class != fine {
			return
		}
		pieces := run(int(step)+1, true)
		if pieces.f.Class != fine || pieces.keep != whole.keep || !bytes.Equal(pieces.resp.Body, whole.resp.Body) || pieces.resp.Status != whole.resp.Status {
			t.Fatalf("whole: %v %q, in pieces: %v %q", whole.f, whole.resp.Body, pieces.f, pieces.resp.Body)
		}
		compare(t, reply, method, &whole.resp)
	})
}

func compare(t *testing.T, reply []byte, method string, resp *protocol.Response) {
	t.Helper()
	if knownLax(reply) {
		return
	}
	status, body, err := oracle(string(reply), method)
	if err != nil {
		t.Fatalf("accepted, but net/http says %v", err)
	}
	if status != resp.Status || body != string(resp.Body) {
		t.Fatalf("%d %q, net/http reads %d %q", resp.Status, resp.Body, status, body)
	}
}

// knownLax are the replies that RFC 9112 allows and net/http refuses, or reads in its own way: lists of equal lengths,
// space before a chunk's extension, and what net/http looks for in trailers and pragmas.
func knownLax(reply []byte) bool {
	lower := bytes.ToLower(reply)
	for _, mark := range []string{",", " ;", "\t;", "trailer"} {
		if bytes.Contains(lower, []byte(mark)) {
			return true
		}
	}
	return false
}
