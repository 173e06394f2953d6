package http1

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"testing"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// minimal answers each request that fits one read: about as cheap as a server can be.
func minimal(c net.Conn) {
	reply := []byte("HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n" +
		"Content-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"received\":true}")
	buf := make([]byte, 4096)
	for {
		n, err := c.Read(buf)
		if err != nil || !bytes.HasSuffix(buf[:n], []byte("\r\n\r\n")) {
			return
		}
		if _, err := c.Write(reply); err != nil {
			return
		}
	}
}

func BenchmarkExchange(b *testing.B) {
	target := listen(b, minimal)
	c := newClient(b)
	req := get(target, "/users/1")
	var resp protocol.Response
	var timing protocol.Timing
	b.ReportAllocs()
	for b.Loop() {
		if f := c.Do(req, &resp, &timing); f.Class != protocol.ClassNone {
			b.Fatal(f)
		}
	}
}

func BenchmarkExchangeParallel(b *testing.B) {
	target := listen(b, minimal)
	d := newDialer(b, dial.Config{})
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		c := New(Config{Dialer: d, Clock: clock()})
		defer c.Close()
		req := get(target, "/users/1")
		var resp protocol.Response
		var timing protocol.Timing
		for pb.Next() {
			if f := c.Do(req, &resp, &timing); f.Class != protocol.ClassNone {
				b.Error(f)
				return
			}
		}
	})
}

func BenchmarkNetHTTPParallel(b *testing.B) {
	target := listen(b, minimal)
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		tr := &http.Transport{}
		defer tr.CloseIdleConnections()
		url := "http://" + net.JoinHostPort(target.Host, target.Port) + "/users/1"
		for pb.Next() {
			req, _ := http.NewRequest(http.MethodGet, url, http.NoBody)
			resp, err := tr.RoundTrip(req)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	})
}

// BenchmarkInMemory is the client's own work, without the system's.
func BenchmarkInMemory(b *testing.B) {
	m := &memory{reply: []byte("HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n" +
		"Content-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"received\":true}")}
	c := memoryClient(m)
	req := get(nowhere, "/users/1")
	var resp protocol.Response
	var timing protocol.Timing
	b.ReportAllocs()
	for b.Loop() {
		if f := c.Do(req, &resp, &timing); f.Class != protocol.ClassNone {
			b.Fatal(f)
		}
	}
}

// BenchmarkCheck is the price of a look at an idle connection.
func BenchmarkCheck(b *testing.B) {
	target := listen(b, minimal)
	d := newDialer(b, dial.Config{})
	var timing protocol.Timing
	conn, f := d.Dial(b.Context(), target, &timing)
	if f.Class != protocol.ClassNone {
		b.Fatal(f)
	}
	defer conn.Close()
	b.ReportAllocs()
	for b.Loop() {
		conn.Check()
	}
}
