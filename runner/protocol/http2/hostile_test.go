package http2

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// side is the server's side of a connection, frame by frame.
type side struct {
	net.Conn
	*http2.Framer
	table bytes.Buffer
	hpack *hpack.Encoder
}

// listen serves each connection with script and holds it open until the client closes it, unless close is set.
func listen(t testing.TB, script func(*side), closes bool) protocol.Target {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() {
				defer c.Close()
				_ = c.SetDeadline(time.Now().Add(20 * time.Second))
				s := &side{Conn: c, Framer: http2.NewFramer(c, c)}
				s.AllowIllegalWrites, s.AllowIllegalReads = true, true
				s.hpack = hpack.NewEncoder(&s.table)
				script(s)
				if !closes {
					_, _ = io.Copy(io.Discard, c)
				}
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); work.Wait() })
	host, port, _ := net.SplitHostPort(l.Addr().String())
	return protocol.Target{Host: host, Port: port}
}

// greet takes the client's preface and sends settings.
func (s *side) greet(settings ...http2.Setting) {
	_, _ = io.ReadFull(s.Conn, make([]byte, len(http2.ClientPreface)))
	_ = s.WriteSettings(settings...)
}

// request reads up to the next request's head, and gives its stream.
func (s *side) request() uint32 {
	for {
		f, err := s.ReadFrame()
		if err != nil {
			return 0
		}
		if f, ok := f.(*http2.HeadersFrame); ok {
			return f.StreamID
		}
	}
}

// block encodes a list of headers: name, value, name, value.
func (s *side) block(fields ...string) []byte {
	s.table.Reset()
	for i := 0; i < len(fields); i += 2 {
		_ = s.hpack.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]})
	}
	return bytes.Clone(s.table.Bytes())
}

func (s *side) head(id uint32, end bool, fields ...string) {
	_ = s.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: s.block(fields...), EndStream: end, EndHeaders: true})
}

func (s *side) data(id uint32, end bool, text string) { _ = s.WriteData(id, end, []byte(text)) }

// answer is a whole good reply.
func (s *side) answer(id uint32) {
	s.head(id, false, ":status", "200")
	s.data(id, true, "hi")
}

// raw sends bytes as they are.
func (s *side) raw(text string) { _, _ = io.WriteString(s.Conn, text) }

// frame sends a frame that says of itself what it likes.
func (s *side) frame(length int, kind, flags byte, id uint32, payload string) {
	_, _ = s.Write(append(appendHead(nil, length, kind, flags, id), payload...))
}

func TestHostile(t *testing.T) {
	for _, r := range hostileRows() {
		t.Run(strings.ReplaceAll(r.reason, " ", "_"), func(t *testing.T) {
			t.Parallel()
			target := listen(t, r.script, r.closes)
			c := client(t, dialer(t, dial.Config{}))
			req := get(target, "/")
			req.Timeout = 3 * time.Second
			req.MaxBody = 1 << 20
			if r.change != nil {
				r.change(req)
			}
			began := time.Now()
			resp, _, f := do(t, c, req, r.want)
			if f.Class != fine && !strings.Contains(f.Err.Error(), r.text) {
				t.Errorf("the text is %q, want %q in it", f.Err, r.text)
			}
			if f.Class == fine && r.body != "" && string(resp.Body) != r.body {
				t.Errorf("the body is %q", resp.Body)
			}
			if took := time.Since(began); took > req.Timeout+500*time.Millisecond {
				t.Errorf("it took %v", took)
			}
			if c.pool.groups != nil && len(c.pool.groups[0].conns) > 0 && c.pool.groups[0].conns[0].active != 0 {
				t.Error("a stream is left")
			}
		})
	}
}

// Every reply byte by byte comes to the same.
func TestHostileByteByByte(t *testing.T) {
	for _, r := range hostileRows() {
		if r.flood {
			continue
		}
		t.Run(strings.ReplaceAll(r.reason, " ", "_"), func(t *testing.T) {
			t.Parallel()
			target := listen(t, func(s *side) {
				s.Framer = http2.NewFramer(drip{s.Conn}, s.Conn)
				s.AllowIllegalWrites, s.AllowIllegalReads = true, true
				whole := s.Conn
				s.Conn = dripConn{whole}
				r.script(s)
				s.Conn = whole
			}, r.closes)
			req := get(target, "/")
			req.Timeout = 3 * time.Second
			if r.change != nil {
				r.change(req)
			}
			do(t, client(t, dialer(t, dial.Config{})), req, r.want)
		})
	}
}

// drip writes a byte at a time, up to a length; the rest at once.
type drip struct{ io.Writer }

func (d drip) Write(p []byte) (int, error) {
	for i := range p {
		if i == 200 {
			n, err := d.Writer.Write(p[i:])
			return i + n, err
		}
		if _, err := d.Writer.Write(p[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(p), nil
}

type dripConn struct{ net.Conn }

func (d dripConn) Write(p []byte) (int, error) { return drip{d.Conn}.Write(p) }

func word(n uint32) string { return string(binary.BigEndian.AppendUint32(nil, n)) }
