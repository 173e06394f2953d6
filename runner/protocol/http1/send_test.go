package http1

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"runner/runner/protocol"
)

func TestEncode(t *testing.T) {
	fields := []protocol.Field{{Name: "A", Value: []byte("b")}, {Name: "C", Value: nil}}
	for _, row := range []struct {
		reason string
		change func(r *protocol.Request)
		want   string
	}{
		{"nothing but Host is added", func(*protocol.Request) {}, "GET /x HTTP/1.1\r\nHost: test.invalid:80\r\n\r\n"},
		{"fields in order", func(r *protocol.Request) { r.Fields = fields }, "GET /x HTTP/1.1\r\nHost: test.invalid:80\r\nA: b\r\nC: \r\n\r\n"},
		{"a body brings its length", func(r *protocol.Request) { r.Method, r.Body = "PUT", []byte("hi") }, "PUT /x HTTP/1.1\r\nHost: test.invalid:80\r\nContent-Length: 2\r\n\r\nhi"},
		{"an empty body that is one", func(r *protocol.Request) { r.Method, r.HasBody = "POST", true }, "POST /x HTTP/1.1\r\nHost: test.invalid:80\r\nContent-Length: 0\r\n\r\n"},
		{"a method of the plan's own", func(r *protocol.Request) { r.Method = "PURGE" }, "PURGE /x HTTP/1.1\r\nHost: test.invalid:80\r\n\r\n"},
		{"asterisk form", func(r *protocol.Request) { r.Method, r.Path = "OPTIONS", []byte("*") }, "OPTIONS * HTTP/1.1\r\nHost: test.invalid:80\r\n\r\n"},
		{"another authority", func(r *protocol.Request) { r.Authority = "example.com" }, "GET /x HTTP/1.1\r\nHost: example.com\r\n\r\n"},
	} {
		m := &memory{reply: []byte(ok + "Content-Length: 0\r\n\r\n"), keep: true}
		req := get(nowhere, "/x")
		row.change(req)
		_, timing, _ := do(t, memoryClient(m), req, fine)
		if string(m.written) != row.want || timing.Sent != int64(len(row.want)) {
			t.Errorf("%s: %d bytes\n got %q\nwant %q", row.reason, timing.Sent, m.written, row.want)
		}
	}
}

// What a plan or a target's answer puts into a request can't become a second one.
func TestInjection(t *testing.T) {
	for _, row := range []struct {
		reason string
		change func(r *protocol.Request)
		text   string
	}{
		{"a line break in a value", func(r *protocol.Request) {
			r.Fields = []protocol.Field{{Name: "A", Value: []byte("b\r\n\r\nGET /evil HTTP/1.1\r\nHost: x")}}
		}, `header "A"`},
		{"LF in a value", func(r *protocol.Request) { r.Fields = []protocol.Field{{Name: "A", Value: []byte("b\nB: c")}} }, `header "A"`},
		{"CR in a value", func(r *protocol.Request) { r.Fields = []protocol.Field{{Name: "A", Value: []byte("b\rc")}} }, `header "A"`},
		{"NUL in a value", func(r *protocol.Request) { r.Fields = []protocol.Field{{Name: "A", Value: []byte("b\x00")}} }, `header "A"`},
		{"a line break in a name", func(r *protocol.Request) { r.Fields = []protocol.Field{{Name: "A\r\nB", Value: nil}} }, "header"},
		{"a space in the path", func(r *protocol.Request) { r.Path = []byte("/a b") }, "percent-encoded"},
		{"a line break in the path", func(r *protocol.Request) { r.Path = []byte("/a\r\nb") }, "percent-encoded"},
		{"a tab in the path", func(r *protocol.Request) { r.Path = []byte("/a\tb") }, "percent-encoded"},
		{"no path", func(r *protocol.Request) { r.Path = nil }, "empty"},
		{"no method", func(r *protocol.Request) { r.Method = "" }, "method"},
		{"a method of two words", func(r *protocol.Request) { r.Method = "GET /" }, "method"},
		{"a line break in the host", func(r *protocol.Request) { r.Authority = "a\r\nb" }, "host"},
	} {
		m := &memory{keep: true}
		req := get(nowhere, "/x")
		row.change(req)
		_, timing, f := do(t, memoryClient(m), req, protocol.ClassLocal)
		if len(m.written) > 0 || timing.BytesOut || timing.Dialed || !strings.Contains(f.Err.Error(), row.text) {
			t.Errorf("%s: %v, %q", row.reason, f, m.written)
		}
	}
}

// echo answers with the request's body.
func echo(c net.Conn) {
	r := bufio.NewReader(c)
	for {
		_, body, err := takeRequest(r)
		if err != nil {
			return
		}
		fmt.Fprintf(c, ok+"Content-Length: %d\r\n\r\n", len(body))
		_, _ = c.Write(body)
	}
}

func TestBodiesOfAllSizes(t *testing.T) {
	tlsTarget, tlsClient, _ := listenTLS(t, echo)
	for name, where := range map[string]struct {
		target protocol.Target
		client *Client
	}{"plain": {listen(t, echo), newClient(t)}, "TLS": {tlsTarget, tlsClient}} {
		for _, size := range []int{0, 1, 3000, smallBuffer, oneWrite - 200, oneWrite, oneWrite + 1, 100_000, 1 << 20} {
			body := bytes.Repeat([]byte("0123456789abcdef"), size/16+1)[:size]
			req := post(where.target, "/", body)
			for range 3 {
				resp, timing, _ := do(t, where.client, req, fine)
				if !bytes.Equal(resp.Body, body) || timing.Sent < int64(size) || timing.Received < int64(size) {
					t.Errorf("%s, %d bytes: %d came back, %+v", name, size, len(resp.Body), timing)
				}
				if timing.Sending <= 0 || timing.Waiting < 0 || timing.Receiving < 0 {
					t.Errorf("%s, %d bytes: %+v", name, size, timing)
				}
			}
		}
		if len(where.client.conns) != 1 {
			t.Errorf("%s: %d connections", name, len(where.client.conns))
		}
	}
}

// A server may answer before it has read the request, and may stop reading. None of these may hang.
func TestEarlyAnswer(t *testing.T) {
	const size = 16 << 20 // more than two sockets hold
	refusal := "HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nno!\n"
	for _, row := range []struct {
		reason string
		serve  func(c net.Conn)
		body   int64
	}{
		{"it answers and stops reading", func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 100))
			_, _ = io.WriteString(c, refusal)
		}, 4},
		{"it answers and half closes", func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 100))
			_, _ = io.WriteString(c, refusal)
			_ = c.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, c)
		}, 4},
		{"it reads nothing until its large answer is taken", func(c net.Conn) {
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", size)
			_, _ = c.Write(make([]byte, size))
			_, _ = io.Copy(io.Discard, c)
		}, size},
	} {
		t.Run(row.reason, func(t *testing.T) {
			stop := make(chan struct{})
			target := listen(t, func(c net.Conn) {
				if row.serve(c); row.body == 4 {
					<-stop
				}
			})
			defer close(stop)
			req := post(target, "/", make([]byte, size))
			req.Timeout, req.MaxBody = time.Minute, size
			resp, timing, _ := do(t, newClient(t), req, fine)
			if resp.BodyBytes != row.body || !timing.BytesOut || timing.Waiting < 0 || timing.Sending <= 0 {
				t.Errorf("%d %d bytes, %+v", resp.Status, resp.BodyBytes, timing)
			}
		})
	}
}

// A server that closes in the middle of a request has not answered.
func TestClosedWhileSending(t *testing.T) {
	target := listen(t, func(c net.Conn) { _, _ = io.ReadFull(c, make([]byte, 100)) })
	_, timing, f := do(t, newClient(t), post(target, "/", make([]byte, 16<<20)), gone)
	if !timing.BytesOut || timing.Sent >= 16<<20 || f.Err == nil {
		t.Errorf("%v %+v", f, timing)
	}
}

// A server that stops reading runs into the timeout, and the text says where.
func TestStuckSending(t *testing.T) {
	stop := make(chan struct{})
	for _, secure := range []bool{false, true} {
		serve := func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 100))
			<-stop
		}
		var target protocol.Target
		c := newClient(t)
		if secure {
			target, c, _ = listenTLS(t, serve)
		} else {
			target = listen(t, serve)
		}
		req := post(target, "/", make([]byte, 16<<20))
		req.Timeout = 200 * time.Millisecond
		began := time.Now()
		_, timing, f := do(t, c, req, late)
		if took := time.Since(began); took > 3*time.Second || !strings.Contains(f.Err.Error(), "sending the request") {
			t.Errorf("TLS %v: %v after %v", secure, f, took)
		}
		if !timing.BytesOut || timing.Sending < int64(100*time.Millisecond) || timing.Waiting != 0 {
			t.Errorf("TLS %v: %+v", secure, timing)
		}
	}
	close(stop)
}
