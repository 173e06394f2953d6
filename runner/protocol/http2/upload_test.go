package http2

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// content is a body that is read while it is sent.
type content struct {
	size int64
	open func() (io.ReadCloser, error)
}

func (c content) Size() int64                  { return c.size }
func (c content) Open() (io.ReadCloser, error) { return c.open() }

// slow gives a few bytes at a time.
type slow struct{ io.Reader }

func (s slow) Read(p []byte) (int, error) { return s.Reader.Read(p[:min(len(p), 1000)]) }

func reading(body []byte) content {
	return content{int64(len(body)), func() (io.ReadCloser, error) { return io.NopCloser(slow{bytes.NewReader(body)}), nil }}
}

var digesting = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	h := sha256.New()
	n, err := io.Copy(h, r.Body)
	fmt.Fprintf(w, "%d %v %d %x", n, err, r.ContentLength, h.Sum(nil))
})

func TestContentIsSentAsItIsRead(t *testing.T) {
	target := serveClear(t, digesting)
	p := pool(t, dialer(t, dial.Config{}), 1)
	var all sync.WaitGroup
	for i := range 6 { // together over one connection
		all.Go(func() {
			c := p.Client()
			for _, size := range []int{0, 1, 1000, largeBuffer, largeBuffer + 1, 3_000_000} {
				body := bytes.Repeat([]byte{byte('a' + i)}, size)
				req := post(target, "/", nil)
				req.Content = reading(body)
				var resp protocol.Response
				var timing protocol.Timing
				f := c.Do(req, &resp, &timing)
				want := fmt.Sprintf("%d <nil> %d %x", size, size, sha256.Sum256(body))
				if f.Class != protocol.ClassNone || string(resp.Body) != want || timing.Sent <= int64(size) {
					t.Errorf("%d bytes: %v, %s, want %s; %d sent", size, f, resp.Body, want, timing.Sent)
				}
			}
		})
	}
	all.Wait()
}

func TestContentThatCannotBeReadIsOurFault(t *testing.T) {
	target := serveClear(t, digesting)
	c := pool(t, dialer(t, dial.Config{}), 1).Client()
	for _, row := range []struct {
		reason  string
		content content
		text    string
	}{
		{"it can't be opened", content{10, func() (io.ReadCloser, error) { return nil, errors.New("no such file") }}, "no such file"},
		{"it is too short", content{200_000, func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(strings.Repeat("x", 100_000))), nil
		}}, "EOF"},
	} {
		req := post(target, "/", nil)
		req.Content = row.content
		if _, _, f := do(t, c, req, protocol.ClassLocal); !strings.Contains(f.Err.Error(), row.text) {
			t.Errorf("%s: %v, want %s", row.reason, f, row.text)
		}
		do(t, c, get(target, "/"), protocol.ClassNone) // the connection is none the worse
	}
}
