package http2

import (
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// A server that resets, refuses and leaves: what it counted and what was recorded agree exactly, and nothing is sent twice.
func TestWireIsRecorded(t *testing.T) {
	const users, share = 20, 200
	var heads atomic.Int64 // requests on the wire
	var processed atomic.Int64
	target := listen(t, func(s *side) {
		s.greet(http2.Setting{ID: settingMaxStreams, Val: 8})
		dice := rand.New(rand.NewPCG(1, uint64(heads.Load()))) //nolint:gosec // chance of a test
		for {
			id := s.request()
			if id == 0 {
				return
			}
			heads.Add(1)
			switch dice.IntN(100) {
			case 0:
				_ = s.WriteGoAway(max(id, 2)-2, 0, nil) // this one and what follows: not processed
				_ = s.Close()
				return
			case 1:
				_ = s.WriteRSTStream(id, codeRefused)
			case 2:
				processed.Add(1)
				_ = s.WriteRSTStream(id, 2)
			default:
				processed.Add(1)
				s.answer(id)
			}
		}
	}, true)
	p := pool(t, dialer(t, dial.Config{}), 3)
	var classes [protocol.NumClasses]atomic.Int64
	var sent atomic.Int64
	var work sync.WaitGroup
	for range users {
		work.Go(func() {
			c := p.Client()
			var resp protocol.Response
			var timing protocol.Timing
			for range share {
				f := c.Do(get(target, "/"), &resp, &timing)
				classes[f.Class].Add(1)
				if timing.BytesOut {
					sent.Add(1)
				}
			}
		})
	}
	work.Wait()
	count := func(c protocol.Class) int64 { return classes[c].Load() }
	all := int64(0)
	for c := range classes {
		all += classes[c].Load()
	}
	if all != users*share || sent.Load() < heads.Load() {
		t.Errorf("%d recorded, %d sent, %d on the wire", all, sent.Load(), heads.Load())
	}
	if got := count(fine) + count(cut); got > processed.Load() || got+count(gone) < processed.Load() {
		t.Errorf("the server processed %d; recorded %d good, %d reset, %d cut off with the connection", processed.Load(), count(fine), count(cut), count(gone))
	}
	if other := all - count(fine) - count(cut) - count(gone) - count(goaway) - count(refused); other != 0 || count(refused) == 0 || count(goaway) == 0 {
		t.Errorf("other classes: %d; refused %d, goaway %d", other, count(refused), count(goaway))
	}
}

// Connections that the server left or closed while they were idle are replaced without a failure.
func TestIdleFarewells(t *testing.T) {
	for name, farewell := range map[string]func(s *side){
		"GOAWAY":             func(s *side) { _ = s.WriteGoAway(1, 0, nil) },
		"close":              func(s *side) { _ = s.Close() },
		"GOAWAY and close":   func(s *side) { _ = s.WriteGoAway(1, 0, nil); _ = s.Close() },
		"PING and SETTINGS":  func(s *side) { _ = s.WritePing(false, [8]byte{}); _ = s.WriteSettings() },
		"a late reset of it": func(s *side) { _ = s.WriteRSTStream(1, 8) },
	} {
		said := make(chan struct{}, 10)
		target := listen(t, func(s *side) {
			s.greet()
			s.answer(s.request())
			farewell(s)
			said <- struct{}{}
			if id := s.request(); id != 0 {
				s.answer(id)
			}
		}, false)
		c := client(t, dialer(t, dial.Config{}))
		_, _, _ = do(t, c, get(target, "/"), fine)
		<-said
		time.Sleep(2 * lookAfterTest) // the idle time itself is what is tested
		_, timing, _ := do(t, c, get(target, "/"), fine)
		if wants := name != "PING and SETTINGS" && name != "a late reset of it"; timing.Dialed != wants {
			t.Errorf("%s: a new connection: %v", name, timing.Dialed)
		}
	}
}

const lookAfterTest = time.Duration(protocol.LookAfter)

// A stray answer is told once, with the answer that it came behind or with the next request, and belongs to nobody.
func TestStrayAnswer(t *testing.T) {
	for _, pause := range []time.Duration{0, 10 * time.Millisecond} { // in one read with the answer, and later
		said := make(chan struct{}, 10)
		target := listen(t, func(s *side) {
			s.greet()
			first := s.request()
			whole := append(appendHead(nil, 1, frameHeaders, flagEndHeaders, first), 0x88)
			whole = append(appendHead(whole, 2, frameData, flagEndStream, first), "hi"...)
			stray := append(appendHead(nil, 5, frameData, flagEndStream, first), "again"...)
			if pause == 0 {
				whole, stray = append(whole, stray...), nil
			}
			s.raw(string(whole))
			time.Sleep(pause) // for the answer to be read alone; if it is not, the outcome is the same
			s.raw(string(stray))
			said <- struct{}{}
			s.answer(s.request())
		}, false)
		c := client(t, dialer(t, dial.Config{}))
		var resp protocol.Response
		var timing protocol.Timing
		told := 0
		for i := range 3 {
			f := c.Do(get(target, "/"), &resp, &timing)
			if f.Class == broken {
				told++
			} else if f.Class != fine || string(resp.Body) != "hi" {
				t.Errorf("%v: request %d: %v %q", pause, i, f, resp.Body)
			}
			if i == 0 {
				<-said
				time.Sleep(2 * lookAfterTest)
			}
			if told == 1 {
				said <- struct{}{} // the next connection starts over: nothing more to learn
				break
			}
		}
		if told != 1 {
			t.Errorf("%v: told %d times", pause, told)
		}
	}
}

// What a server sends for a stream that we gave up belongs to nobody, and ends nothing.
func TestLateAnswer(t *testing.T) {
	go2 := make(chan struct{})
	target := listen(t, func(s *side) {
		s.greet()
		first := s.request()
		second := s.request()
		s.head(first, false, ":status", "500", "x-late", "yes")
		s.data(first, true, "late")
		close(go2)
		s.answer(second)
	}, false)
	c := client(t, dialer(t, dial.Config{}))
	req := get(target, "/")
	req.Timeout = 50 * time.Millisecond
	do(t, c, req, late)
	c.pool.mu.Lock() // a connection that never answered would be given up
	alive := len(c.pool.groups[0].conns)
	c.pool.mu.Unlock()
	if alive == 0 {
		t.Fatal("the connection was given up, and it had greeted in time")
	}
	resp, _, _ := do(t, c, get(target, "/"), fine)
	if string(resp.Body) != "hi" || resp.Status != 200 {
		t.Errorf("%d %q", resp.Status, resp.Body)
	}
	<-go2
}

// The limit of streams is kept, and waiting for one is Blocked.
func TestStreamLimit(t *testing.T) {
	var now, most atomic.Int64
	target := listen(t, func(s *side) {
		s.greet(http2.Setting{ID: settingMaxStreams, Val: 2})
		var mu sync.Mutex
		for {
			id := s.request()
			if id == 0 {
				return
			}
			most.Store(max(most.Load(), now.Add(1)))
			time.AfterFunc(30*time.Millisecond, func() {
				mu.Lock()
				defer mu.Unlock()
				now.Add(-1)
				s.answer(id)
			})
		}
	}, false)
	p := pool(t, dialer(t, dial.Config{}), 1)
	do(t, p.Client(), get(target, "/"), fine)
	var work sync.WaitGroup
	var blocked atomic.Int64
	for range 6 {
		work.Go(func() {
			_, timing, _ := do(t, p.Client(), get(target, "/"), fine)
			if timing.Blocked > int64(25*time.Millisecond) {
				blocked.Add(1)
			}
		})
	}
	work.Wait()
	if most.Load() > 2 || blocked.Load() < 3 {
		t.Errorf("%d at once; %d waited", most.Load(), blocked.Load())
	}
	short := get(target, "/")
	short.Timeout = 10 * time.Millisecond
	for range 2 {
		work.Go(func() { do(t, p.Client(), get(target, "/"), fine) })
	}
	work.Wait()
}

// A timeout ends one of many exchanges on a connection, on time, and the others go on.
func TestTimeouts(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-r.Context().Done()
			return
		}
		_, _ = io.WriteString(w, "hi")
	})
	target := serveClear(t, h)
	p := pool(t, dialer(t, dial.Config{}), 1)
	do(t, p.Client(), get(target, "/"), fine)
	var work sync.WaitGroup
	for i := range 20 {
		work.Go(func() {
			req := get(target, "/slow")
			req.Timeout = time.Duration(50+i*5) * time.Millisecond
			began := time.Now()
			do(t, p.Client(), req, late)
			if over := time.Since(began) - req.Timeout; over < 0 || over > 500*time.Millisecond {
				t.Errorf("a timeout of %v took %v more", req.Timeout, over)
			}
		})
		work.Go(func() {
			c := p.Client()
			for range 20 {
				do(t, c, get(target, "/"), fine)
			}
		})
	}
	work.Wait()
}

// An interrupt ends whatever a client waits for, and nothing of anybody else's.
func TestInterrupt(t *testing.T) {
	entered := make(chan struct{}, 10)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			entered <- struct{}{}
			select {
			case <-r.Context().Done():
			case <-time.After(300 * time.Millisecond):
			}
		}
		_, _ = io.WriteString(w, "hi")
	})
	target := serveClear(t, h)
	p := pool(t, dialer(t, dial.Config{}), 1)
	do(t, p.Client(), get(target, "/"), fine)
	leader, follower, other := p.Client(), p.Client(), p.Client()
	var work sync.WaitGroup
	work.Go(func() { do(t, leader, get(target, "/slow"), stopped) })
	<-entered
	work.Go(func() { do(t, follower, get(target, "/slow"), stopped) })
	<-entered
	work.Go(func() { do(t, other, get(target, "/slow"), fine) })
	<-entered
	leader.Interrupt()
	follower.Interrupt()
	work.Wait()
	do(t, leader, get(target, "/"), stopped)
	_, timing, _ := do(t, other, get(target, "/"), fine)
	if timing.Dialed {
		t.Error("the connection did not survive")
	}
}

// Who waits for a connection that another dials, or for a stream, can be interrupted, too.
func TestInterruptWhileWaiting(t *testing.T) {
	target := listen(t, func(s *side) {}, false) // never greets: one stream is all
	p := pool(t, dialer(t, dial.Config{}), 1)
	first, second := p.Client(), p.Client()
	var work sync.WaitGroup
	work.Go(func() { do(t, first, get(target, "/"), stopped) })
	work.Go(func() { do(t, second, get(target, "/"), stopped) })
	for waiting := 0; waiting == 0; {
		p.mu.Lock()
		for _, g := range p.groups {
			waiting = len(g.waiting)
		}
		p.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
	second.Interrupt()
	first.Interrupt()
	work.Wait()
}
