// Package protocol holds the words that a request step and the clients of every HTTP version share: a request, a
// response, the times of an exchange and the classes of failure. It does no I/O and knows no plan.
package protocol

import (
	"fmt"
	"io"
	"time"
)

// Class says what kind of failure ended an exchange; ClassNone is no failure. The words are those of the metric
// request_errors{class=…}.
type Class uint8

// The classes, in the order in which an exchange can meet them.
const (
	ClassNone         Class = iota
	ClassDNS                // the name could not be resolved
	ClassDial               // no TCP connection: refused, unreachable
	ClassTLS                // handshake or certificate
	ClassTimeout            // the request's timeout passed, whatever it was doing
	ClassReset              // the peer closed or reset before the response was complete
	ClassProtocol           // the peer's bytes are not HTTP, or there are too many or too few of them
	ClassBodyTooLarge       // the body passes the cap while a step needs it
	ClassDecode             // content-encoding is broken or unknown where a step reads the body
	ClassRedirect           // too many redirects, or one that leads nowhere
	ClassGoAway             // HTTP/2: the connection was closed (GOAWAY) before the server took the request: not processed
	ClassRefused            // HTTP/2: the server refused the stream (RST_STREAM with REFUSED_STREAM): not processed
	ClassStreamReset        // HTTP/2: the server reset the stream with another code
	ClassFlowControl        // HTTP/2: the timeout passed while the server's flow control let nothing more be sent
	ClassInterrupted        // the run stopped while the request was in flight
	ClassLocal              // this host's fault: descriptors, ports, memory
	NumClasses
)

var classNames = [NumClasses]string{"", "dns", "dial", "tls", "timeout", "reset", "protocol", "body_too_large", "decode", "redirect", "goaway", "refused_stream", "stream_reset", "flow_control", "interrupted", "local"}

// String is the class as tags write it.
func (c Class) String() string { return classNames[c] }

// Failure is why an exchange has no usable response. The zero Failure is success.
type Failure struct {
	Class Class
	Err   error // detail for people: at most one sample a class and step is kept
}

// Error makes a Failure an error for the places that need one.
func (f Failure) Error() string {
	if f.Err == nil {
		return f.Class.String()
	}
	return fmt.Sprintf("%s: %v", f.Class, f.Err)
}

// Target is where a connection goes. Two equal targets (with the same client configuration) may share a connection.
type Target struct {
	TLS  bool
	Host string // name or IP literal without brackets
	Port string // decimal
}

// Field is one header field to send.
type Field struct {
	Name  string
	Value []byte
}

// Content is a body that is read while it is sent, for bodies that are too long to be held.
type Content interface {
	Size() int64 // in bytes: exactly what reading gives
	// Open begins to read. An error in reading, or another size, is this host's fault: ClassLocal.
	Open() (io.ReadCloser, error)
}

// Request is what goes on the wire. The client adds Host, Content-Length and nothing else; Fields are sent in order. The
// client only reads it, until Do returns.
type Request struct {
	Target    Target
	Method    string
	Authority string // Host header or :authority
	Path      []byte // origin form with query, begins with /; "*" for OPTIONS *
	Fields    []Field
	Body      []byte
	Content   Content       // the body, in place of Body; nil: Body
	HasBody   bool          // send Content-Length even if Body is empty
	Timeout   time.Duration // over DNS, dial, TLS, headers and body together; > 0
	KeepBody  bool          // the body is wanted (raw, as sent): else it is counted and dropped
	MaxBody   int64         // with KeepBody: more is ClassBodyTooLarge; without: it is only counted
}

// Size is that of the body in bytes.
func (r *Request) Size() int64 {
	if r.Content != nil {
		return r.Content.Size()
	}
	return int64(len(r.Body))
}

// Sized says that a Content-Length goes with the request.
func (r *Request) Sized() bool { return r.HasBody || r.Content != nil || len(r.Body) > 0 }

// AppendURL appends the request's whole URL.
func (r *Request) AppendURL(dst []byte) []byte {
	scheme := "http://"
	if r.Target.TLS {
		scheme = "https://"
	}
	return append(append(append(dst, scheme...), r.Authority...), r.Path...)
}

// Response is what came back. It belongs to the caller, who reuses it: Reset keeps its buffers. Slices point into the
// response's own buffers and are valid until the next Do or Reset.
type Response struct {
	Status    int
	Proto     string // "HTTP/1.1", "HTTP/2.0"
	Header    Header
	Trailer   Header
	Body      []byte // empty unless KeepBody; of an error (status ≥ 400) then at most its first Glimpse bytes
	BodyBytes int64  // bytes of content, kept or dropped, before content decoding
	HeadBuf   []byte // owned by the client that fills it: Header points into it
}

// Glimpse is how many bytes of an error's body are kept where nobody asked for the body.
const Glimpse = 256

// GlimpseLeft is how many more bytes are kept of a body that nobody asked for: a little of an error, for people to read.
func (r *Response) GlimpseLeft() int {
	if r.Status < 400 {
		return 0
	}
	return max(Glimpse-len(r.Body), 0)
}

// Header is a list of fields as they came. Lookup ignores case.
type Header []HeaderField

// HeaderField is one received field.
type HeaderField struct{ Name, Value []byte }

// Reset empties the response and keeps its buffers.
func (r *Response) Reset() {
	*r = Response{Header: r.Header[:0], Trailer: r.Trailer[:0], Body: r.Body[:0], HeadBuf: r.HeadBuf[:0]}
}
