package protocol

import "time"

// Timing is how long the parts of an exchange took, in nanoseconds; 0 where a part did not happen.
type Timing struct {
	Start      int64 // on the client's clock: the wish to send
	End        int64 // on the client's clock: the last byte, or when it gave up; 0: unknown, as nothing was begun
	Blocked    int64 // from the wish to send until a connection was ready: DNS, connect and TLS included
	DNS        int64
	Connecting int64
	TLS        int64
	Sending    int64
	Waiting    int64 // request written to first byte of the response
	Receiving  int64
	Sent       int64 // bytes written, request head and body
	Received   int64 // bytes read, head and body
	BytesOut   bool  // a byte of the request was written: the request may have reached the peer
	Dialed     bool  // a new connection was opened (or tried)
}

// Duration is sending + waiting + receiving: http_req_duration.
func (t *Timing) Duration() int64 { return t.Sending + t.Waiting + t.Receiving }

// Split ends the exchange and splits what passed since its connection was ready into parts. All are times on the client's
// clock: written is when the whole request was out and first when the first byte of the answer came, 0 if they never were.
func (t *Timing) Split(ready, written, first, end int64) {
	t.End = end
	if !t.BytesOut {
		return
	}
	if written == 0 || first != 0 && first < written {
		written = end // still sending, or an answer before the request was out
		if first != 0 {
			written = first
		}
	}
	t.Sending = written - ready
	if first == 0 {
		t.Waiting = end - written
		return
	}
	t.Waiting = first - written
	t.Receiving = end - first
}

// LookAfter is how long a connection may be idle, in nanoseconds, and still be used without a look at it. Looking costs a
// system call; what comes within a millisecond is a race that looking would not win either.
const LookAfter = int64(time.Millisecond)

// Slack is how much later than asked a timeout may be, in nanoseconds: so deadlines need not be set anew for each request.
func Slack(timeout time.Duration) int64 { return int64(min(20*time.Millisecond, timeout/20)) }
