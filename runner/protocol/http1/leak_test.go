package http1

import (
	"flag"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

var manyTimeouts = flag.Int("timeouts", 2000, "how many timeouts must leave nothing behind (the proof at length: 100000)")

// open is how many goroutines and descriptors there are; descriptors are 0 where nobody tells.
func open() (goroutines, descriptors int) {
	list, _ := os.ReadDir("/proc/self/fd")
	return runtime.NumGoroutine(), len(list)
}

// Timeouts while connecting, in the handshake and in an exchange leave no goroutine and no descriptor behind.
func TestTimeoutsLeaveNothingBehind(t *testing.T) {
	silent := listen(t, hold)
	shaking := silent
	shaking.TLS = true
	targets := []protocol.Target{silent, shaking, listen(t, after(ok+"Content-Length: 5\r\n\r\nhel"))}
	if target, filled := clog(t); filled {
		targets = append(targets, target)
	}
	goroutines, descriptors := open()
	d, err := dial.New(dial.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	const clients = 50
	for i := range clients {
		work.Go(func() {
			c := New(Config{Dialer: d, Clock: clock()})
			defer c.Close()
			req := get(targets[i%len(targets)], "/")
			req.Timeout = 5 * time.Millisecond
			var resp protocol.Response
			var timing protocol.Timing
			for range *manyTimeouts / clients {
				if f := c.Do(req, &resp, &timing); f.Class != late {
					t.Error(f)
					return
				}
			}
		})
	}
	work.Wait()
	d.Close()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) { // the servers need a moment
		g, fd := open()
		if g <= goroutines && fd <= descriptors {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines and %d descriptors before, %d and %d after", goroutines, descriptors, g, fd)
		}
	}
}
