package http1

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"runner/runner/protocol"
)

// verdict compares what an exchange came to with a row.
func (h hostile) verdict(resp *protocol.Response, f protocol.Failure) error {
	if f.Class != h.want {
		return fmt.Errorf("class %s, want %v", fmt.Sprint(f), h.want)
	}
	if f.Class != fine {
		if f.Err == nil || f.Err.Error() == "" || len(resp.Body) != 0 {
			return fmt.Errorf("error %s, body %q", fmt.Sprint(f.Err), resp.Body)
		}
		return nil
	}
	if status := max(h.status, 200); resp.Status != status && h.status != resp.Status {
		return fmt.Errorf("status %d, want %d", resp.Status, status)
	}
	if string(resp.Body) != h.body || resp.BodyBytes != int64(len(h.body)) {
		return fmt.Errorf("body of %d (%d) bytes, want %d", len(resp.Body), resp.BodyBytes, len(h.body))
	}
	return nil
}

func (h hostile) request(target protocol.Target) *protocol.Request {
	req := get(target, "/")
	if h.method != "" {
		req.Method = h.method
	}
	return req
}

// In whatever pieces a reply arrives, it comes to the same.
func TestHostileInPieces(t *testing.T) {
	rows := hostiles()
	if len(rows) < 200 {
		t.Errorf("only %d rows", len(rows))
	}
	for _, h := range rows {
		t.Run(h.reason, func(t *testing.T) {
			for _, step := range []int{0, 1, 2, 3, 7, 1000} {
				if step > 0 && (h.behind || len(h.reply)/step > 20_000) {
					continue
				}
				c := memoryClient(&memory{reply: []byte(h.reply), step: step})
				var resp protocol.Response
				var timing protocol.Timing
				f := c.Do(h.request(nowhere), &resp, &timing)
				if err := h.verdict(&resp, f); err != nil {
					t.Errorf("in pieces of %d: %v", step, err)
				}
				if kept := len(c.conns) == 1; kept != h.again {
					t.Errorf("in pieces of %d: connection kept: %v", step, kept)
				}
			}
		})
	}
}

// A body that nobody wants is held to the same rules, and needs no memory.
func TestHostileDropped(t *testing.T) {
	for _, h := range hostiles() {
		if h.want == large {
			continue
		}
		c := memoryClient(&memory{reply: []byte(h.reply)})
		req := h.request(nowhere)
		req.KeepBody = false
		var resp protocol.Response
		var timing protocol.Timing
		f := c.Do(req, &resp, &timing)
		if f.Class != h.want || f.Class == fine && resp.BodyBytes != int64(len(h.body)) || resp.Body != nil && resp.Status < 400 || len(resp.Body) > protocol.Glimpse {
			t.Errorf("%s: %v, %d body bytes", h.reason, f, resp.BodyBytes)
		}
	}
}

// Over a socket, the next exchange always gets the reply that is meant for it.
func TestHostileNextExchange(t *testing.T) {
	for _, h := range hostiles() {
		t.Run(h.reason, func(t *testing.T) {
			accepted := make(chan int, 1)
			accepted <- 0
			target := listen(t, func(c net.Conn) {
				n := <-accepted
				accepted <- n + 1
				reply := h.reply
				if n > 0 {
					reply = "HTTP/1.1 299 Second\r\nContent-Length: 4\r\n\r\nnext"
				}
				if _, _, err := takeRequest(bufio.NewReader(c)); err == nil {
					_, _ = io.WriteString(c, reply)
				}
			})
			c := newClient(t)
			var resp protocol.Response
			var timing protocol.Timing
			f := c.Do(h.request(target), &resp, &timing)
			if err := h.verdict(&resp, f); err != nil && len(h.reply) < smallBuffer { // a long one comes in pieces
				t.Error(err)
			}
			if f.Class == fine {
				c.CloseIdle() // the server closes it now or in a moment
			}
			f = c.Do(get(target, "/"), &resp, &timing)
			if f.Class != fine || resp.Status != 299 || string(resp.Body) != "next" {
				t.Errorf("the next exchange: %v, %d %q", f, resp.Status, resp.Body)
			}
		})
	}
}

// What we accept, net/http accepts as well and reads the same.
func TestOracle(t *testing.T) {
	for _, h := range hostiles() {
		if h.want != fine {
			continue
		}
		status, body, err := oracle(h.reply, h.method)
		if h.lax {
			if err == nil {
				t.Errorf("%s: net/http reads it after all", h.reason)
			}
			continue
		}
		if err != nil || body != h.body || status != max(h.status, 200) && status != h.status {
			t.Errorf("%s: %v, %d, body of %d bytes", h.reason, err, status, len(body))
		}
	}
}

// What we refuse and net/http reads has a reason, and each reason is still needed.
func TestOracleIsLaxerForAReason(t *testing.T) {
	met := map[string]bool{}
	for _, h := range hostiles() {
		if h.want == fine || h.behind { // what comes behind a reply, ReadResponse leaves for the next
			continue
		}
		if status, body, err := oracle(h.reply, h.method); err == nil {
			met[h.reason] = true
			if stricter[h.reason] == "" {
				t.Errorf("%s: net/http reads %d and %d bytes; why do we not?", h.reason, status, len(body))
			}
		}
	}
	for reason := range stricter {
		if !met[reason] {
			t.Errorf("%s: net/http refuses it as well", reason)
		}
	}
}

// However much a server sends, an exchange takes no more memory than twice what may be kept, and what it starts with.
func TestHostileMemory(t *testing.T) {
	const most, base = 1 << 20, 1 << 20
	flood := strings.Repeat("x", 64<<20)
	for reason, reply := range map[string]string{
		"8 GiB are announced":         lines(flood, "Content-Length: 8589934592"),
		"8 GiB in one chunk":          lines("200000000\r\n"+flood, "Transfer-Encoding: chunked"),
		"chunk after chunk":           lines(strings.Repeat("10000\r\n"+flood[:1<<16]+"\r\n", 500), "Transfer-Encoding: chunked"),
		"a body without end":          lines(flood, "A: b"),
		"a header without end":        ok + "A: " + flood,
		"headers without end":         ok + strings.Repeat("A: b\r\n", 4<<20),
		"interim replies without end": strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 1<<20),
		"trailers without end":        lines("0\r\n"+strings.Repeat("A: b\r\n", 4<<20), "Transfer-Encoding: chunked"),
		"a size without end":          lines(strings.Repeat("0", 32<<20), "Transfer-Encoding: chunked"),
	} {
		for _, keep := range []bool{true, false} {
			req := get(nowhere, "/")
			req.KeepBody, req.MaxBody = keep, most
			c := memoryClient(&memory{reply: []byte(reply)})
			var resp protocol.Response
			var timing protocol.Timing
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_ = c.Do(req, &resp, &timing)
			runtime.ReadMemStats(&after)
			if took := after.TotalAlloc - before.TotalAlloc; took > base+2*most {
				t.Errorf("%s, kept: %v: it took %d KiB", reason, keep, took>>10)
			}
		}
	}
}

// oracle reads the first final reply as net/http does.
func oracle(reply, method string) (status int, body string, err error) {
	if method == "" {
		method = http.MethodGet
	}
	r := bufio.NewReader(strings.NewReader(reply))
	for {
		resp, err := http.ReadResponse(r, &http.Request{Method: method})
		if err != nil {
			return 0, "", err
		}
		if resp.StatusCode < 200 {
			continue
		}
		b, err := io.ReadAll(resp.Body)
		return resp.StatusCode, string(b), errors.Join(err, resp.Body.Close())
	}
}
