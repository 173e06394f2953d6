package http2

import (
	"io"
	"net"
	"testing"
	"time"

	"runner/runner/protocol"
)

// memory is a server without a network: it answers each request with the same frames.
type memory struct {
	net.Conn
	left    []byte
	greeted bool
}

func (m *memory) Write(p []byte) (int, error) {
	n := len(p)
	if !m.greeted {
		m.greeted = true
		m.left = appendHead(m.left, 0, frameSettings, 0, 0)
		p = p[24:]
	}
	for len(p) >= frameHead {
		length := int(p[0])<<16 | int(p[1])<<8 | int(p[2])
		if p[3] == frameHeaders {
			id := uint32(p[5])<<24 | uint32(p[6])<<16 | uint32(p[7])<<8 | uint32(p[8])
			m.left = append(appendHead(m.left, 1, frameHeaders, flagEndHeaders, id), 0x88)
			m.left = append(appendHead(m.left, 2, frameData, flagEndStream, id), "hi"...)
		}
		p = p[frameHead+length:]
	}
	return n, nil
}

func (m *memory) Read(p []byte) (int, error) {
	if len(m.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, m.left)
	m.left = append(m.left[:0], m.left[n:]...)
	return n, nil
}

func (*memory) Close() error                     { return nil }
func (*memory) SetReadDeadline(time.Time) error  { return nil }
func (*memory) SetWriteDeadline(time.Time) error { return nil }

// A steady exchange allocates nothing. (Header fields that the peer doesn't index cost HPACK's decoder a string each.)
func TestAllocations(t *testing.T) {
	server := &memory{}
	c := client(t, pipe(func() net.Conn { return server }))
	req := get(protocol.Target{Host: "h", Port: "1"}, "/x")
	req.Fields = []protocol.Field{{Name: "Accept", Value: []byte("*/*")}, {Name: "X-Long-Enough", Value: []byte("value")}}
	var resp protocol.Response
	var timing protocol.Timing
	once := func() {
		if f := c.Do(req, &resp, &timing); f.Class != fine || string(resp.Body) != "hi" {
			t.Fatalf("%v %q", f, resp.Body)
		}
	}
	for range 10 {
		once()
	}
	if n := testing.AllocsPerRun(1000, once); n > 0.1 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkExchange(b *testing.B) {
	server := &memory{}
	c := client(b, pipe(func() net.Conn { return server }))
	req := get(protocol.Target{Host: "h", Port: "1"}, "/x")
	var resp protocol.Response
	var timing protocol.Timing
	b.ReportAllocs()
	for b.Loop() {
		_ = c.Do(req, &resp, &timing)
	}
}
