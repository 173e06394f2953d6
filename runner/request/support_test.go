package request_test

import (
	"context"
	"io"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
	"runner/runner/protocol/http1"
	"runner/runner/request"
	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a connection without a network: answer lays the reply to what was written into a buffer.
type memory struct {
	answer func(dst, request []byte) []byte
	reply  []byte
	left   []byte
}

func (m *memory) Write(p []byte) (int, error) {
	m.reply = m.answer(m.reply[:0], p)
	m.left = m.reply
	return len(p), nil
}

func (m *memory) Read(p []byte) (int, error) {
	if len(m.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, m.left)
	m.left = m.left[n:]
	return n, nil
}

func (*memory) Close() error                     { return nil }
func (*memory) LocalAddr() net.Addr              { return nil }
func (*memory) RemoteAddr() net.Addr             { return nil }
func (*memory) SetDeadline(time.Time) error      { return nil }
func (*memory) SetReadDeadline(time.Time) error  { return nil }
func (*memory) SetWriteDeadline(time.Time) error { return nil }

func (m *memory) Dial(context.Context, protocol.Target, *protocol.Timing) (*dial.Conn, protocol.Failure) {
	return dial.Wrap(m), protocol.Failure{}
}

// inMemory is the world of a plan whose requests meet answer over HTTP/1.1.
func inMemory(t testing.TB, plan string, answer func(dst, request []byte) []byte) *vutest.World {
	t.Helper()
	return vutest.New(t, plan, over(answer))
}

func over(answer func(dst, request []byte) []byte) vutest.Options {
	return vutest.Options{
		Request: request.Compile,
		Peer: func(clock func() int64) vu.Client {
			return http1.New(http1.Config{Dialer: &memory{answer: answer}, Clock: clock})
		},
	}
}
