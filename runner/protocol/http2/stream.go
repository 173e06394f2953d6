package http2

import (
	"time"

	"runner/runner/protocol"
)

// phase is how far an exchange has come: a timeout's text says so.
type phase uint8

const (
	phaseConnect phase = iota
	phaseSend
	phaseWait
	phaseBody
)

// stream is one exchange. Its client keeps it for the next one. While a connection knows it, the connection's mutex
// guards it: whoever reads fills in the response.
type stream struct {
	client *Client
	wake   chan struct{} // holds one token
	req    *protocol.Request
	resp   *protocol.Response
	timing *protocol.Timing
	conn   *conn
	id     uint32

	start    int64 // clock: Do began
	deadline int64 // clock
	slack    int64 // how much later than the deadline it may give up
	ready    int64 // clock: the stream was ours
	written  int64 // clock: the request was written; 0: not yet
	first    int64 // clock: the first byte of an answer; 0: none yet

	phase   phase
	asleep  bool
	done    bool
	failure protocol.Failure

	window int64  // what the peer lets us send
	body   []byte // not yet queued, as far as it is read
	upload reel
	ended  bool // we have sent END_STREAM

	received int64 // bytes of data since the last WINDOW_UPDATE
	interim  int   // 1xx heads
	headed   bool  // the final head is there
	bare     bool  // HEAD, 204, 304: no content may come
	length   int64 // content-length; -1: none
}

// maxSlack is how much later than asked a timeout may be; a twentieth of the timeout if that is less.
const maxSlack = 20 * time.Millisecond

func (s *stream) reset(req *protocol.Request, resp *protocol.Response, t *protocol.Timing, now int64) {
	*s = stream{
		client: s.client, wake: s.wake, req: req, resp: resp, timing: t, start: now, length: -1,
		deadline: now + int64(req.Timeout), slack: int64(min(maxSlack, req.Timeout/20)),
	}
}

// rouse wakes the stream's goroutine, now or when it falls asleep next.
func (s *stream) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// finish ends the exchange at a time on the clock. The goroutine that waits for it learns it from done.
func (s *stream) finish(f protocol.Failure, now int64) {
	if s.done {
		return
	}
	s.done, s.failure = true, f
	s.measure(now)
	if s.asleep {
		s.rouse()
	}
}

// measure splits the time since the stream was ready into its parts.
func (s *stream) measure(end int64) {
	t := s.timing
	t.End = end
	if !t.BytesOut {
		return
	}
	written := s.written
	if written == 0 || s.first != 0 && s.first < written {
		written = end // still sending, or an answer before the request was out
		if s.first != 0 {
			written = s.first
		}
	}
	t.Sending = written - s.ready
	if s.first == 0 {
		t.Waiting = end - written
		return
	}
	t.Waiting = s.first - written
	t.Receiving = end - s.first
}
