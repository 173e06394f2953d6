package executor

import (
	"io"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func clockwork() func() int64 {
	epoch := time.Now()
	return func() int64 { return int64(time.Since(epoch)) }
}

func spinning(t *testing.T, clock func() int64, spin *Spin) *fdWaiter {
	t.Helper()
	w, err := NewWaiter(clock, spin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w.(*fdWaiter)
}

// Who spins keeps the process going, and so does who is late: what is on the network is seen at the second look at the latest
// (more are for a kernel that delivers late), long before the runtime looks by itself.
func TestTheNetworkIsLookedAt(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var now int64
	w := spinning(t, func() int64 { return now }, new(Spin))
	for _, c := range []struct {
		who  string
		look func()
	}{
		{"who spins", func() { w.spinner.look() }},
		{"who is late", func() { now += blind; w.Until(now - 1) }},
	} {
		near, far := connection(t)
		var got atomic.Int64
		done := make(chan struct{})
		go func() {
			defer close(done)
			for p := make([]byte, 1); ; got.Add(1) {
				if _, err := io.ReadFull(far, p); err != nil {
					return
				}
			}
		}()
		for n := range int64(100) {
			if _, err := near.Write([]byte{1}); err != nil {
				t.Fatal(err)
			}
			for looks := 0; got.Load() <= n; looks++ {
				if looks > 10_000 {
					t.Fatalf("%s: byte %d was not seen in %d looks", c.who, n, looks)
				}
				c.look()
			}
		}
		near.Close()
		<-done
	}
}

func connection(t *testing.T) (near, far net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if near, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if far, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}

// Time that was spent on looking in vain is known, and is no more than has passed.
func TestIdleTime(t *testing.T) {
	clock, spin := clockwork(), new(Spin)
	w := spinning(t, clock, spin)
	begin := clock()
	for range 2000 {
		w.Until(clock() + 20_000)
	}
	if idle, wall := spin.Idle(), time.Duration(clock()-begin); idle <= 0 || idle > wall {
		t.Errorf("idle for %v of %v", idle, wall)
	}
}

// Of several waiters one spins, and all get there, none early; also where spinning is out of the question.
func TestWaitersTogether(t *testing.T) {
	clock, spin := clockwork(), new(Spin)
	var all sync.WaitGroup
	for i := range 4 {
		w := spinning(t, clock, spin)
		all.Go(func() {
			for n := range 500 {
				if i == 0 && n == 250 {
					spin.asleep.Store(clock() + int64(5*time.Millisecond))
				}
				at := clock() + int64(n%7)*13_000
				if !w.Until(at) || clock() < at {
					t.Errorf("waiter %d was early", i)
					return
				}
			}
		})
	}
	all.Wait()
	if spin.turn.Load() {
		t.Error("the turn was not given back")
	}
}

// What a sleep is cut short by comes to what 19 of 20 sleeps are late by.
func TestSleepsAreCutShort(t *testing.T) {
	for _, c := range []struct {
		why      string
		late     func(n int) int64
		from, to int64
	}{
		{"late by 1 to 100 µs", func(n int) int64 { return int64(n*37%100+1) * 1000 }, 80_000, 120_000},
		{"a machine that stands still now and then", func(n int) int64 {
			if n%50 == 0 {
				return int64(20 * time.Millisecond)
			}
			return 10_000
		}, 9_000, 30_000},
		{"later than it is worth", func(int) int64 { return int64(time.Second) }, mostEarly, mostEarly},
	} {
		w := &fdWaiter{early: 70_000}
		for n := range 5000 {
			w.learn(c.late(n))
		}
		if w.early < c.from || w.early > c.to {
			t.Errorf("%s: %v", c.why, time.Duration(w.early))
		}
	}
}
