package ui

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"runner/runner/report"
)

const (
	patience = 10 * time.Second       // how long a page may take to read an event before it is let go
	pace     = 900 * time.Millisecond // how often it is told at most how a run stands
)

// cursor is what a stream has sent.
type cursor struct {
	seq    int
	result int // the run whose result it has sent
}

// getEvents is the stream: "status" as the run goes on, "result" at its end, "bye" when nothing more will come. A page that
// is slow misses states, never the result.
func (s *Server) getEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	var at cursor
	for {
		now := s.now()
		text, err := now.events(&at)
		if err != nil || out.SetWriteDeadline(time.Now().Add(patience)) != nil {
			return
		}
		if _, err := w.Write(text); err != nil || out.Flush() != nil || now.closing {
			return
		}
		if !now.wait(r.Context().Done()) {
			return
		}
	}
}

// wait returns when there is more to tell: at once when a run begins or ends, else at the pace. false: nobody listens.
func (n *moment) wait(gone <-chan struct{}) bool {
	rest := time.NewTimer(pace)
	defer rest.Stop()
	select {
	case <-n.turned:
		return true
	case <-gone:
		return false
	case <-rest.C:
	}
	select {
	case <-n.turned:
	case <-n.changed:
	case <-gone:
		return false
	}
	return true
}

// events is what a stream has to tell now.
func (n *moment) events(at *cursor) ([]byte, error) {
	var out bytes.Buffer
	if at.seq != n.seq {
		at.seq = n.seq
		text, err := json.Marshal(n.status())
		if err != nil {
			return nil, err
		}
		event(&out, "status", text)
	}
	if n.result != nil && at.result != n.run {
		at.result = n.run
		text, err := report.Encode(n.result)
		if err != nil {
			return nil, err
		}
		event(&out, "result", text)
	}
	if n.closing {
		event(&out, "bye", []byte("{}"))
	}
	return out.Bytes(), nil
}

// event writes an event on one line: JSON that went through Compact has no other.
func event(out *bytes.Buffer, name string, text []byte) {
	out.WriteString("event: " + name + "\ndata: ")
	if err := json.Compact(out, text); err != nil {
		out.WriteString("null") // it was just encoded
	}
	out.WriteString("\n\n")
}
