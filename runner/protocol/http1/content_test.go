package http1

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"runner/runner/protocol"
)

// content is a body that is read while it is sent; it may break off.
type content struct {
	size   int64
	reader func() (io.ReadCloser, error)
}

func (c content) Size() int64                  { return c.size }
func (c content) Open() (io.ReadCloser, error) { return c.reader() }

func reading(size int64, r io.Reader) content {
	return content{size, func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}
}

func TestContentIsSentAsItIsRead(t *testing.T) {
	target := listen(t, echo)
	c := newClient(t)
	for _, size := range []int{0, 1, 100, largeBuffer, 300_000} {
		body := bytes.Repeat([]byte("x"), size)
		req := post(target, "/", nil)
		req.Content = reading(int64(size), bytes.NewReader(body))
		resp, timing, _ := do(t, c, req, fine)
		if !bytes.Equal(resp.Body, body) || timing.Sent <= int64(size) {
			t.Errorf("%d bytes: %d came back, %d sent", size, len(resp.Body), timing.Sent)
		}
	}
}

func TestContentThatCannotBeReadIsOurFault(t *testing.T) {
	target := listen(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }) // never answers half a request
	for _, row := range []struct {
		reason  string
		content content
		text    string
	}{
		{"it can't be opened", content{10, func() (io.ReadCloser, error) { return nil, errors.New("no such file") }}, "no such file"},
		{"it breaks off", reading(200_000, io.MultiReader(strings.NewReader(strings.Repeat("x", 100_000)), brokenReader{})), "disk on fire"},
		{"it is too short", reading(10, strings.NewReader("short")), "EOF"},
	} {
		c := newClient(t)
		req := post(target, "/", nil)
		req.Content, req.Timeout = row.content, time.Minute
		_, _, f := do(t, c, req, protocol.ClassLocal)
		if !strings.Contains(f.Err.Error(), row.text) {
			t.Errorf("%s: %v, want %s", row.reason, f, row.text)
		}
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("disk on fire") }
