package http1

import (
	"strings"
	"testing"
	"time"

	"runner/runner/protocol"
)

// Wherever an exchange waits, an interrupt ends it at once.
func TestInterrupt(t *testing.T) {
	for _, s := range stalls() {
		t.Run(s.reason, func(t *testing.T) {
			target, c := s.target(t)
			req := get(target, "/")
			req.Timeout = time.Minute
			done := make(chan protocol.Failure)
			var timing protocol.Timing
			go func() {
				var resp protocol.Response
				done <- c.Do(req, &resp, &timing)
			}()
			time.Sleep(20 * time.Millisecond) // lets it get anywhere; the outcome doesn't depend on where
			began := time.Now()
			c.Interrupt()
			f := <-done
			if took := time.Since(began); f.Class != protocol.ClassInterrupted || took > 5*time.Second {
				t.Errorf("%v after %v", f, took)
			}
			if timing.BytesOut && !s.sent {
				t.Errorf("timing %+v", timing)
			}
			_, again, _ := do(t, c, req, protocol.ClassInterrupted)
			if again.Dialed || again.BytesOut {
				t.Errorf("an interrupted client went on: %+v", again)
			}
		})
	}
}

// An interrupt may come at any moment of a busy client's life; afterwards there is nothing but interrupted exchanges.
func TestInterruptAtAnyMoment(t *testing.T) {
	target := listen(t, answers(ok+"Content-Length: 2\r\n\r\nhi"))
	for i := range 300 {
		c := newClient(t)
		req := get(target, "/")
		if i%3 == 0 {
			req = post(target, "/", make([]byte, 2*oneWrite))
		}
		done := make(chan protocol.Failure)
		go func() {
			var resp protocol.Response
			var timing protocol.Timing
			for {
				if f := c.Do(req, &resp, &timing); f.Class != fine {
					done <- f
					return
				}
			}
		}()
		time.Sleep(time.Duration(i) * 5 * time.Microsecond) // a different moment each time
		c.Interrupt()
		if f := <-done; f.Class != protocol.ClassInterrupted || !strings.Contains(f.Err.Error(), "stopped") {
			t.Fatal(f)
		}
		c.Close()
	}
}
