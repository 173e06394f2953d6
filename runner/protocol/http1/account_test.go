package http1

import (
	"bufio"
	"flag"
	"io"
	"net"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// counts is what a crowd of clients recorded.
type counts struct {
	requests, fine, reset, other, dials atomic.Int64
}

func (n *counts) add(f protocol.Failure, timing *protocol.Timing) {
	n.requests.Add(1)
	if timing.Dialed {
		n.dials.Add(1)
	}
	switch f.Class {
	case fine:
		n.fine.Add(1)
	case gone:
		n.reset.Add(1)
	default:
		n.other.Add(1)
	}
}

// crowd makes each of clients send its share of requests, pausing as pause says.
func crowd(t *testing.T, target protocol.Target, clients, share int, pause func(n int)) *counts {
	t.Helper()
	d := newDialer(t, dial.Config{})
	n := new(counts)
	var work sync.WaitGroup
	for range clients {
		work.Go(func() {
			c := New(Config{Dialer: d, Clock: clock()})
			defer c.Close()
			req := get(target, "/")
			req.Timeout = 30 * time.Second
			var resp protocol.Response
			var timing protocol.Timing
			for i := range share {
				f := c.Do(req, &resp, &timing)
				if n.add(f, &timing); n.other.Load() > 0 {
					t.Error(f)
					return
				}
				pause(i)
			}
		})
	}
	work.Wait()
	return n
}

// A server that closes one idle connection in a hundred sees as many requests as were recorded: what it closed before
// we wrote costs a new connection and no failure, and nothing is sent twice.
func TestWireIsRecorded(t *testing.T) {
	const clients, share = 20, 1000
	var seen, answered atomic.Int64
	target := listen(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		for {
			if _, _, err := takeRequest(r); err != nil {
				return
			}
			n := seen.Add(1)
			if _, err := io.WriteString(c, ok+"Content-Length: 2\r\n\r\nhi"); err != nil {
				return
			}
			answered.Add(1)
			if n%100 == 0 {
				return
			}
		}
	})
	n := crowd(t, target, clients, share, func(i int) {
		if i%20 == 19 {
			time.Sleep(2 * time.Millisecond) // long enough for a look at the connection
		}
	})
	if n.requests.Load() != clients*share || n.other.Load() != 0 {
		t.Errorf("%d requests, %d failures that are not resets", n.requests.Load(), n.other.Load())
	}
	if n.fine.Load() != answered.Load() {
		t.Errorf("%d replies were recorded, %d sent", n.fine.Load(), answered.Load())
	}
	// A request that was reset in the race with the server's close may or may not have reached it.
	if seen.Load() < n.fine.Load() || seen.Load() > n.requests.Load() {
		t.Errorf("the server saw %d requests; %d were recorded, %d of them reset", seen.Load(), n.requests.Load(), n.reset.Load())
	}
	if n.dials.Load() > clients+seen.Load()/100+1 {
		t.Errorf("%d connections", n.dials.Load())
	}
}

// The same, where each close comes while the client looks elsewhere: then there is not one failure, and the counts
// agree exactly.
func TestIdleClosesAreNoFailures(t *testing.T) {
	const rounds = 200
	var seen atomic.Int64
	closed := make(chan struct{}, 1)
	target := listen(t, func(c net.Conn) {
		if _, _, err := takeRequest(bufio.NewReader(c)); err != nil {
			return
		}
		seen.Add(1)
		_, _ = io.WriteString(c, ok+"Content-Length: 2\r\n\r\nhi")
		c.Close()
		closed <- struct{}{}
	})
	c, k := jumpingClient(t)
	for i := range rounds {
		_, timing, _ := do(t, c, get(target, "/"), fine)
		if !timing.Dialed {
			t.Fatalf("request %d on a closed connection", i)
		}
		<-closed
		settle(t, c)
		k.jump.Add(protocol.LookAfter)
	}
	if seen.Load() != rounds {
		t.Errorf("the server saw %d requests of %d", seen.Load(), rounds)
	}
}

// Many exchanges on few threads: not one may hang or be lost.
func TestSoak(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	const clients = 50
	share := 5000
	if testing.Short() {
		share = 200
	}
	var seen atomic.Int64
	target := listen(t, func(c net.Conn) {
		buf := make([]byte, 4096)
		for {
			if _, err := c.Read(buf); err != nil {
				return
			}
			seen.Add(1)
			_, _ = io.WriteString(c, ok+"Content-Length: 2\r\n\r\nhi")
		}
	})
	n := crowd(t, target, clients, share, func(int) {})
	if n.fine.Load() != int64(clients*share) || seen.Load() != n.fine.Load() || n.dials.Load() != clients {
		t.Errorf("%d of %d fine, the server saw %d, %d dials", n.fine.Load(), clients*share, seen.Load(), n.dials.Load())
	}
}

// No descriptor stays open, whatever the replies were.
func TestDescriptors(t *testing.T) {
	count := func() int {
		names, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("descriptors can't be counted here")
		}
		return len(names)
	}
	replies := hostiles()
	var turn atomic.Int64
	d := newDialer(t, dial.Config{})
	var open sync.WaitGroup
	target := listen(t, func(c net.Conn) {
		open.Add(1)
		defer open.Done()
		if _, _, err := takeRequest(bufio.NewReader(c)); err == nil {
			_, _ = io.WriteString(c, replies[turn.Add(1)%int64(len(replies))].reply)
		}
		c.Close()
	})
	run := func(n int) {
		for range n {
			c := New(Config{Dialer: d, Clock: clock()})
			var resp protocol.Response
			var timing protocol.Timing
			_ = c.Do(get(target, "/"), &resp, &timing)
			c.Close()
		}
		open.Wait()
	}
	run(5)
	before := count()
	run(3 * len(replies))
	if after := count(); after > before {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
}

// A thousand idle clients are small: what a Client holds itself, its connection not counted.
func TestIdleMemory(t *testing.T) {
	const n = 1000
	reply := []byte(ok + "Content-Length: 2\r\n\r\nhi")
	d := &memoryDialer{next: func() net.Conn { return &memory{reply: reply} }}
	now := clock()
	clients := make([]*Client, n)
	var resp protocol.Response
	var timing protocol.Timing
	measure := func() uint64 {
		runtime.GC()
		runtime.GC() // a pool lets go of its buffers at the second
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := measure()
	for i := range clients {
		clients[i] = New(Config{Dialer: d, Clock: now})
		if f := clients[i].Do(get(nowhere, "/"), &resp, &timing); f.Class != fine {
			t.Fatal(f)
		}
	}
	if each := int64(measure()-before) / n; each > 1024 {
		t.Errorf("%d bytes per idle client", each)
	} else {
		t.Logf("%d bytes per idle client", each)
	}
	runtime.KeepAlive(clients)
}

var manyRequests = flag.Int("requests", 60_000, "how many exchanges must not lose a wake-up (the proof at length: 2000000)")

// On several cores no answer is missed: one whose wake-up got lost would wait for its timeout.
func TestNoWakeUpIsLost(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(max(2, runtime.NumCPU())))
	const clients = 32
	target := listen(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		for {
			if _, _, err := takeRequest(r); err != nil {
				return
			}
			if _, err := io.WriteString(c, ok+"Content-Length: 2\r\n\r\nhi"); err != nil {
				return
			}
		}
	})
	n := crowd(t, target, clients, *manyRequests/clients, func(int) {})
	if n.fine.Load() != n.requests.Load() || n.dials.Load() != clients {
		t.Errorf("%d of %d exchanges were fine, on %d connections", n.fine.Load(), n.requests.Load(), n.dials.Load())
	}
}
