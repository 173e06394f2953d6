package dial

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"runner/runner/protocol"
)

var tradeRows = []struct {
	reason  string
	serve   func(c net.Conn)
	expired bool // the deadline has passed before
	timeout time.Duration
	out     int // bytes to send; 0: 4
	got     string
	err     error
	unsent  bool // not all of it went out, and the rest is the caller's
}{
	{reason: "an answer", serve: answer("pong"), got: "pong"},
	{reason: "an answer that does not fit", serve: answer("0123456789"), got: "01234567"},
	{reason: "the peer closes instead", serve: answer(""), err: io.EOF},
	{reason: "the peer resets instead", serve: reset, err: syscall.ECONNRESET},
	{reason: "no answer in time", serve: nothing, timeout: 20 * time.Millisecond, err: os.ErrDeadlineExceeded},
	{reason: "too late to begin: nothing is sent", serve: nothing, expired: true, err: os.ErrDeadlineExceeded, unsent: true},
	{reason: "more than the socket takes", serve: nothing, out: 64 << 20, unsent: true},
}

func TestTrade(t *testing.T) {
	for _, r := range tradeRows {
		t.Run(r.reason, func(t *testing.T) {
			c := connected(t, r.serve)
			switch {
			case r.expired:
				_ = c.SetDeadline(time.Unix(1, 0))
			case r.timeout > 0:
				_ = c.SetDeadline(time.Now().Add(r.timeout))
			}
			out, in := bytes.Repeat([]byte("p"), max(r.out, 4)), make([]byte, 8)
			var trade Trade
			trade.Do(c, out, in, func() int64 { return 7 })
			if got := string(in[:trade.Got]); got != r.got || !errors.Is(trade.Err, r.err) {
				t.Errorf("read %q, %v; want %q, %v", got, trade.Err, r.got, r.err)
			}
			whole := trade.Written == 7 && trade.Sent == len(out)
			if whole == r.unsent || r.expired && trade.Sent > 0 {
				t.Errorf("%d of %d bytes sent, written at %d", trade.Sent, len(out), trade.Written)
			}
		})
	}
}

// A write on a connection that is gone fails as one: nothing was sent, so that the request may go out on another.
func TestTradeOnABrokenConnection(t *testing.T) {
	c := connected(t, reset)
	_, _ = c.Write([]byte("x"))
	if state, _ := await(t, c); state != Closed {
		t.Fatal("the peer did not reset")
	}
	var trade Trade
	trade.Do(c, []byte("ping"), make([]byte, 8), func() int64 { return 7 })
	if trade.Written != 0 || trade.Sent != 0 || !errors.Is(trade.Err, syscall.EPIPE) {
		t.Errorf("sent %d, written at %d, %v; want none and %v", trade.Sent, trade.Written, trade.Err, syscall.EPIPE)
	}
}

// The trade allocates nothing when it is done again.
func TestTradeAllocatesNothing(t *testing.T) {
	c := connected(t, func(c net.Conn) { _, _ = io.Copy(c, c) })
	var trade Trade
	out, in := []byte("ping"), make([]byte, 8)
	clock := func() int64 { return 7 }
	if n := testing.AllocsPerRun(100, func() { trade.Do(c, out, in, clock) }); n > 0 {
		t.Errorf("%v allocations a trade", n)
	}
	if trade.Err != nil || trade.Got != 4 {
		t.Errorf("got %d, %v", trade.Got, trade.Err)
	}
}

// answer waits for 4 bytes, says text and closes.
func answer(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = io.ReadFull(c, make([]byte, 4))
		_, _ = io.WriteString(c, text)
		c.Close()
	}
}

func reset(c net.Conn) {
	_, _ = c.Read(make([]byte, 1)) // what is left unread makes the close a reset
	_ = c.(*net.TCPConn).SetLinger(0)
	c.Close()
}

func connected(t *testing.T, serve func(net.Conn)) *Conn {
	t.Helper()
	target := listen(t, "tcp", "127.0.0.1:0", serve)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var timing protocol.Timing
	c, f := newDialer(t, Config{}).Dial(ctx, target, &timing)
	if f.Class != protocol.ClassNone {
		t.Fatal(f)
	}
	t.Cleanup(c.Abort)
	if !c.Trades() {
		t.Fatal("a plain connection does no trades")
	}
	return c
}
