package peer

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// Which version is spoken, by what the plan says and the target offers.
func TestVersions(t *testing.T) {
	for _, r := range []struct {
		reason        string
		version       Version
		secure, http2 bool
		want          string
		class         protocol.Class
	}{
		{"auto takes 2 where it is offered", Auto, true, true, "HTTP/2.0", fine},
		{"auto takes 1.1 where nothing else is", Auto, true, false, "HTTP/1.1", fine},
		{"auto in the clear is 1.1", Auto, false, true, "HTTP/1.1", fine},
		{"1.1 although 2 is offered", HTTP1, true, true, "HTTP/1.1", fine},
		{"2 over TLS", HTTP2, true, true, "HTTP/2.0", fine},
		{"2 in the clear is with prior knowledge", HTTP2, false, true, "HTTP/2.0", fine},
		{"2 over TLS where it isn't offered", HTTP2, true, false, "", protocol.ClassTLS},
		{"2 in the clear where nobody speaks it", HTTP2, false, false, "", protocol.ClassProtocol},
	} {
		for _, shared := range []int{0, 2} {
			server := serve(t, r.secure, r.http2, nil)
			p := open(t, Config{Version: r.version, Shared: shared, Dial: dial.Config{CA: server.ca}})
			c := newClient(t, p, nil)
			var resp *protocol.Response
			var timing *protocol.Timing
			for i := range 3 {
				resp, timing, _ = do(t, c, get(server.Target), r.class)
				if want := i == 0 || r.class != fine; timing.Dialed != want {
					t.Errorf("%s: request %d dialed: %v", r.reason, i, timing.Dialed)
				}
				if i == 0 && (timing.Connecting == 0 || timing.Blocked < timing.Connecting+timing.TLS || r.secure && timing.TLS == 0 && r.class == fine) {
					t.Errorf("%s: %+v", r.reason, timing)
				}
			}
			if resp.Proto != r.want || r.class == fine && server.conns.Load() != 1 {
				t.Errorf("%s (shared: %d): %s over %d connections", r.reason, shared, resp.Proto, server.conns.Load())
			}
		}
	}
}

// How many connections a crowd of users opens.
func TestConnections(t *testing.T) {
	const users, share = 12, 10
	for _, r := range []struct {
		reason string
		cfg    Config
		http2  bool
		secure bool
		most   int64
	}{
		{"each its own over 1.1", Config{Version: HTTP1}, false, false, users},
		{"each its own over 2", Config{Version: HTTP2}, true, false, users},
		{"three shared over 1.1", Config{Version: HTTP1, Shared: 3}, false, false, 3},
		{"three shared over 2", Config{Version: HTTP2, Shared: 3}, true, false, 3},
		{"three shared, and the target chooses 2", Config{Shared: 3}, true, true, 3},
		{"three shared, and the target chooses 1.1", Config{Shared: 3}, false, true, 3},
		{"each its own, and the target chooses 1.1", Config{}, false, true, users},
	} {
		server := serve(t, r.secure, r.http2, nil)
		r.cfg.Dial.CA = server.ca
		p := open(t, r.cfg)
		var work sync.WaitGroup
		for range users {
			c := newClient(t, p, nil)
			work.Go(func() {
				for range share {
					do(t, c, get(server.Target), fine)
				}
			})
		}
		work.Wait()
		if n := server.conns.Load(); n > r.most || r.cfg.Shared == 0 && n != r.most {
			t.Errorf("%s: %d connections", r.reason, n)
		}
	}
}

// Connections of an iteration end with it; those of a user's branches over HTTP/2 are the user's.
func TestPerIterationAndBranches(t *testing.T) {
	server := serve(t, false, true, nil)
	p := open(t, Config{Version: HTTP2, PerIteration: true})
	if !p.Fresh() {
		t.Error("not fresh")
	}
	c := newClient(t, p, nil)
	branch := newClient(t, p, c)
	for range 3 {
		do(t, c, get(server.Target), fine)
		do(t, branch, get(server.Target), fine)
		c.CloseIdle()
	}
	if n := server.conns.Load(); n != 3 {
		t.Errorf("%d connections for 3 iterations", n)
	}
}

// Waiting for a shared connection of HTTP/1.1 is Blocked and part of the timeout, and can be interrupted.
func TestTurns(t *testing.T) {
	hold, entered := make(chan struct{}), make(chan struct{}, 10)
	server := serve(t, false, false, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		entered <- struct{}{}
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	}))
	p := open(t, Config{Version: HTTP1, Shared: 1})
	first, second, third := newClient(t, p, nil), newClient(t, p, nil), newClient(t, p, nil)
	var work sync.WaitGroup
	work.Go(func() { do(t, first, get(server.Target), fine) })
	<-entered
	short := get(server.Target)
	short.Timeout = 50 * time.Millisecond
	_, timing, f := do(t, second, short, protocol.ClassTimeout)
	if timing.Blocked < int64(short.Timeout) || timing.BytesOut || !strings.Contains(f.Error(), "shared") {
		t.Errorf("%+v %v", timing, f)
	}
	began := make(chan struct{})
	work.Go(func() {
		close(began)
		do(t, third, get(server.Target), protocol.ClassInterrupted)
	})
	<-began
	third.Interrupt()
	work.Go(func() {
		_, timing, _ := do(t, second, get(server.Target), fine)
		if timing.Dialed {
			t.Error("a second connection")
		}
	})
	close(hold)
	work.Wait()
	if n := server.conns.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

// A user that is interrupted takes a shared connection with it and leaves its place to the others.
func TestInterruptedTurn(t *testing.T) {
	entered := make(chan struct{}, 10)
	var slow atomic.Bool
	slow.Store(true)
	server := serve(t, false, false, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		entered <- struct{}{}
		if slow.Load() {
			<-r.Context().Done()
		}
	}))
	p := open(t, Config{Version: HTTP1, Shared: 1})
	first, second := newClient(t, p, nil), newClient(t, p, nil)
	var work sync.WaitGroup
	work.Go(func() { do(t, first, get(server.Target), protocol.ClassInterrupted) })
	<-entered
	slow.Store(false)
	first.Interrupt()
	work.Wait()
	do(t, second, get(server.Target), fine)
	do(t, first, get(server.Target), protocol.ClassInterrupted)
}
