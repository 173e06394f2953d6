package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"runner/runner/metrics"
)

// At full length: -args -wire.requests 100000
var wireRequests = flag.Int64("wire.requests", 10_000, "how many requests the server's count is held against")

// leaver is a server that closes one idle connection in a hundred, and counts.
type leaver struct {
	read, answered atomic.Int64
}

// serve answers; after its n-th reply in all, where n is a multiple of 100, it leaves: at once, or when the connection has
// been idle for a moment, in turn.
func (l *leaver) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		n := l.read.Add(1)
		if _, err := io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"); err != nil {
			return
		}
		l.answered.Add(1)
		if n%200 == 0 {
			time.Sleep(time.Millisecond)
		}
		if n%100 == 0 {
			return
		}
	}
}

func (l *leaver) listen(t *testing.T) (url string) {
	t.Helper()
	socket, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			c, err := socket.Accept()
			if err != nil {
				return
			}
			work.Go(func() { l.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = socket.Close()
		work.Wait()
	})
	return "http://" + socket.Addr().String()
}

// TestWhatIsRecordedWasOnTheWire holds the report against the server's own count: nothing is sent twice in secret, nothing
// is left out, and each request that met a closing connection is told as a reset.
func TestWhatIsRecordedWasOnTheWire(t *testing.T) {
	var l leaver
	p := start(t, fmt.Sprintf(`
http: { base_url: "%s" }
scenarios: { one: { executor: { type: shared-iterations, vus: 20, iterations: %d }, steps: [{ get: / }, { think: 2ms, if: iteration.n %% 4 == 0 }] } }
thresholds: { http_req_failed: rate < 100%% }
`, l.listen(t), *wireRequests))
	r := p.result(t, "plan")
	made, failed := int64(value(t, r, "http_reqs", "count")), int64(value(t, r, "http_req_failed", "passes"))
	resets := int64(0)
	for _, e := range r.Errors {
		if e.Class != "reset" {
			t.Errorf("%d × %s: %+v", e.Count, e.Class, e.Samples)
		}
		resets += e.Count
	}
	if made != *wireRequests || failed != resets || made-failed != l.answered.Load() {
		t.Errorf("%d requests, %d failed, %d resets; the server answered %d", made, failed, resets, l.answered.Load())
	}
	// One that was reset may have got there or not: the close may have overtaken it.
	if read := l.read.Load(); read > made || read < made-resets {
		t.Errorf("the server read %d requests; %d were recorded, %d of them reset", read, made, resets)
	}
	t.Logf("%d requests, %d resets; the server read %d", made, resets, l.read.Load())
	if why, excused := beside().Excuses(r); r.Verdict.ExitCode != metrics.ExitPass && !excused {
		t.Errorf("%+v; no excuse: %s", r.Verdict, why)
	}
}
