package http1

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"runner/runner/protocol"
)

// verdict compares what an exchange came to with a row.
func (h hostile) verdict(resp *protocol.Response, f protocol.Failure) error {
	if f.Class != h.want {
		return fmt.Errorf("class %v, want %v", f, h.want)
	}
	if f.Class != fine {
		if f.Err == nil || f.Err.Error() == "" || len(resp.Body) != 0 {
			return fmt.Errorf("error %v, body %q", f.Err, resp.Body)
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
	if len(rows) < 120 {
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
		return resp.StatusCode, string(b), err
	}
}
