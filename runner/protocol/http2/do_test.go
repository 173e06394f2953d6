package http2

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// echo answers with what it got.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Proto", r.Proto)
	w.Header().Set("X-Host", r.Host)
	w.Header().Set("X-Length", strconv.FormatInt(r.ContentLength, 10))
	w.Header().Set("X-Custom", strings.Join(r.Header.Values("X-Custom"), "|"))
	if r.Method == http.MethodHead {
		w.Header().Set("Content-Length", "5")
		return
	}
	switch r.URL.Path {
	case "/status":
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		w.WriteHeader(n)
	case "/early":
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(w, "hi")
	case "/trailer":
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(w, "hi")
		w.Header().Set("X-Sum", "42")
	case "/big":
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		_, _ = w.Write(bytes.Repeat([]byte("x"), n))
	default:
		_, _ = w.Write(body)
	}
}

func targets(t *testing.T, h http.HandlerFunc) map[string]struct {
	protocol.Target
	*dial.Dialer
} {
	clear := serveClear(t, h)
	secure, ca := serveTLS(t, h, true)
	type way = struct {
		protocol.Target
		*dial.Dialer
	}
	return map[string]way{
		"h2c": {clear, dialer(t, dial.Config{})},
		"h2":  {secure, dialer(t, dial.Config{CA: ca, ALPN: []string{"h2"}})},
	}
}

func TestExchanges(t *testing.T) {
	for name, w := range targets(t, echo) {
		t.Run(name, func(t *testing.T) {
			c := client(t, w.Dialer)
			req := post(w.Target, "/", []byte("hello"))
			req.Fields = []protocol.Field{{Name: "X-Custom", Value: []byte("a\tb")}, {Name: "Connection", Value: []byte("close")}}
			resp, timing, _ := do(t, c, req, fine)
			if resp.Status != 200 || resp.Proto != "HTTP/2.0" || string(resp.Body) != "hello" || header(resp.Header, "x-proto") != "HTTP/2.0" ||
				header(resp.Header, "x-host") != req.Authority || header(resp.Header, "x-length") != "5" || header(resp.Header, "x-custom") != "a\tb" {
				t.Errorf("%d %s %q %s", resp.Status, resp.Proto, resp.Body, resp.Header)
			}
			if !timing.Dialed || !timing.BytesOut || timing.Blocked <= 0 || timing.Waiting <= 0 || timing.Sent < 60 || timing.Received < 60 {
				t.Errorf("%+v", timing)
			}
			if _, timing, _ = do(t, c, get(w.Target, "/"), fine); timing.Dialed {
				t.Error("a second connection")
			}
			head := get(w.Target, "/")
			head.Method = "HEAD"
			if resp, _, _ = do(t, c, head, fine); header(resp.Header, "content-length") != "5" || len(resp.Body) > 0 {
				t.Errorf("HEAD: %s %q", resp.Header, resp.Body)
			}
			if resp, _, _ = do(t, c, get(w.Target, "/status?n=204"), fine); resp.Status != 204 {
				t.Error(resp.Status)
			}
			if resp, _, _ = do(t, c, get(w.Target, "/early"), fine); resp.Status != 200 || string(resp.Body) != "hi" {
				t.Errorf("%d %q", resp.Status, resp.Body)
			}
			if resp, _, _ = do(t, c, get(w.Target, "/trailer"), fine); header(resp.Trailer, "x-sum") != "42" || string(resp.Body) != "hi" {
				t.Errorf("%s %q", resp.Trailer, resp.Body)
			}
		})
	}
}

func TestLargeBodies(t *testing.T) {
	const size = 20 << 20
	for name, w := range targets(t, echo) {
		t.Run(name, func(t *testing.T) {
			c := client(t, w.Dialer)
			req := post(w.Target, "/", bytes.Repeat([]byte("0123456789abcdef"), size/16))
			req.MaxBody = size
			req.Timeout = 30 * time.Second
			resp, timing, _ := do(t, c, req, fine)
			if !bytes.Equal(resp.Body, req.Body) || timing.Sent < size || timing.Received < size {
				t.Errorf("%d bytes came back; %+v", len(resp.Body), timing)
			}
			dropped := get(w.Target, "/big?n=20000000")
			dropped.KeepBody = false
			dropped.Timeout = 30 * time.Second
			if resp, _, _ = do(t, c, dropped, fine); resp.BodyBytes != 20000000 || len(resp.Body) != 0 {
				t.Error(resp.BodyBytes, len(resp.Body))
			}
			over := get(w.Target, "/big?n=2000000")
			do(t, c, over, tooLarge)
			do(t, c, get(w.Target, "/"), fine) // the connection has survived
		})
	}
}

// Many users over a few connections: everybody gets their own answer, and the server saw each request once.
func TestShared(t *testing.T) {
	var seen atomic.Int64
	h := func(w http.ResponseWriter, r *http.Request) {
		seen.Add(1)
		body, _ := io.ReadAll(r.Body)
		_, _ = fmt.Fprintf(w, "%s %s", r.URL.Path, body)
	}
	for name, w := range targets(t, h) {
		t.Run(name, func(t *testing.T) {
			seen.Store(0)
			p := pool(t, w.Dialer, 3)
			var dials atomic.Int64
			var work sync.WaitGroup
			const users, share = 50, 40
			for u := range users {
				work.Go(func() {
					c := p.Client()
					var resp protocol.Response
					var timing protocol.Timing
					for i := range share {
						body := strings.Repeat("b", (u*i)%3000*10)
						req := post(w.Target, fmt.Sprintf("/%d/%d", u, i), []byte(body))
						req.Timeout = 30 * time.Second
						f := c.Do(req, &resp, &timing)
						if f.Class != fine || string(resp.Body) != fmt.Sprintf("/%d/%d %s", u, i, body) {
							t.Errorf("user %d: %v %.30q", u, f, resp.Body)
							return
						}
						if timing.Dialed {
							dials.Add(1)
						}
					}
				})
			}
			work.Wait()
			if seen.Load() != users*share || dials.Load() > 3 {
				t.Errorf("the server saw %d requests; %d connections", seen.Load(), dials.Load())
			}
		})
	}
}

func TestNotOffered(t *testing.T) {
	target, ca := serveTLS(t, http.HandlerFunc(echo), false)
	_, _, f := do(t, client(t, dialer(t, dial.Config{CA: ca, ALPN: []string{"h2"}})), get(target, "/"), protocol.ClassTLS)
	if !strings.Contains(f.Err.Error(), "HTTP/2") {
		t.Error(f)
	}
}
