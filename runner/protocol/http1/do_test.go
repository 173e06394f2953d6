package http1

import (
	"fmt"
	"testing"

	"runner/runner/protocol"
)

func TestExchange(t *testing.T) {
	target := listen(t, answers("HTTP/1.1 201 Created\r\nX-A: one\r\nX-B:\ttwo \r\nContent-Length: 5\r\n\r\nhello"))
	c := newClient(t)
	var resp protocol.Response
	var timing protocol.Timing
	for i := range 3 {
		f := c.Do(get(target, "/a?b=c"), &resp, &timing)
		if f.Class != protocol.ClassNone {
			t.Fatal(f)
		}
		got := fmt.Sprintf("%d %s %s %d %q", resp.Status, resp.Proto, resp.Body, resp.BodyBytes, resp.Header)
		want := `201 HTTP/1.1 hello 5 [{"X-A" "one"} {"X-B" "two"} {"Content-Length" "5"}]`
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if timing.Dialed != (i == 0) {
			t.Errorf("request %d dialed: %v", i, timing.Dialed)
		}
		if !timing.BytesOut || timing.Sent == 0 || timing.Received != 69 || timing.Waiting <= 0 {
			t.Errorf("timing %+v", timing)
		}
	}
}

func TestNoAllocations(t *testing.T) {
	m := &memory{reply: []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"some\": true}")}
	c := memoryClient(m)
	req := post(nowhere, "/x", []byte(`{"a":1}`))
	req.Fields = []protocol.Field{{Name: "Content-Type", Value: []byte("application/json")}}
	var resp protocol.Response
	var timing protocol.Timing
	allocs := testing.AllocsPerRun(1000, func() {
		if f := c.Do(req, &resp, &timing); f.Class != protocol.ClassNone {
			t.Fatal(f)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations per exchange", allocs)
	}
}
