package http2

import (
	"net"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"runner/runner/protocol"
)

// FuzzPeer lets a server send anything behind its settings: an exchange ends in a class and in time, never in a panic, and
// a good one has a status.
func FuzzPeer(f *testing.F) {
	good := appendHead(nil, 1, frameHeaders, flagEndHeaders, 1)
	good = append(good, 0x88)
	good = append(appendHead(good, 2, frameData, flagEndStream, 1), "hi"...)
	f.Add(good)
	f.Add(appendReset(nil, 1, codeRefused))
	f.Add(append(appendHead(nil, 8, frameGoAway, 0, 0), 0, 0, 0, 0, 0, 0, 0, 11))
	f.Add(append(appendHead(nil, 6, frameSettings, 0, 0), 0, 4, 0, 0, 0, 0))
	f.Add(appendWindow(nil, 1, maxWindow))
	f.Add(append(appendHead(nil, 3, frameHeaders, 0, 1), 0x88, 0x40, 0x01))
	f.Add(append(appendHead(nil, 1, frameContinuation, flagEndHeaders, 1), 0x88))
	f.Fuzz(func(t *testing.T, sent []byte) {
		ours, theirs := net.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer theirs.Close()
			go func() { _, _ = (&side{Conn: theirs}).discard() }()
			_ = http2.NewFramer(theirs, nil).WriteSettings()
			_, _ = theirs.Write(sent)
		}()
		p := NewPool(PoolConfig{Dialer: pipe(func() net.Conn { return ours }), Clock: clock()})
		req := post(protocol.Target{Host: "h", Port: "1"}, "/", make([]byte, 100))
		req.MaxBody = 1000
		var resp protocol.Response
		var timing protocol.Timing
		began := time.Now()
		f := p.Client().Do(req, &resp, &timing)
		if f.Class == protocol.ClassNone && (resp.Status < 200 || int64(len(resp.Body)) != resp.BodyBytes) || f.Class != protocol.ClassNone && f.Err == nil {
			t.Errorf("%v: %d, %d bytes", f, resp.Status, len(resp.Body))
		}
		if time.Since(began) > 4*time.Second {
			t.Errorf("it took %v", time.Since(began))
		}
		p.Close()
		_ = ours.Close()
		<-done
	})
}
