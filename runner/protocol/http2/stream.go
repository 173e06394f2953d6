package http2

import (
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

func (s *stream) reset(req *protocol.Request, resp *protocol.Response, t *protocol.Timing, now int64) {
	*s = stream{
		client: s.client, wake: s.wake, req: req, resp: resp, timing: t, start: now, length: -1,
		deadline: now + int64(req.Timeout), slack: protocol.Slack(req.Timeout),
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
	s.timing.Split(s.ready, s.written, s.first, now)
	if s.asleep {
		s.rouse()
	}
}
