package http2

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"runner/runner/protocol"
)

var (
	errClosed = errors.New("the server closed the connection")
	errStuck  = errors.New("the connection was given up, as the server had stopped reading it")
	errWindow = errors.New("a WINDOW_UPDATE of nothing, or of more than there can be")
)

func (s *stream) where() string { return net.JoinHostPort(s.req.Target.Host, s.req.Target.Port) }

func (c *conn) where() string { return net.JoinHostPort(c.group.target.Host, c.group.target.Port) }

func (s *stream) interruption() protocol.Failure {
	return protocol.Fail(protocol.ClassInterrupted, errors.New("the run stopped while the request was in flight ("+s.progress()+")"))
}

// expiry is the end of the request's time. Where flow control was what it waited for, that is its class.
func (s *stream) expiry() protocol.Failure {
	if s.phase == phaseSend && s.stalled() {
		return protocol.Fail(protocol.ClassFlowControl, fmt.Errorf(
			"no response within %v: the server's flow control let only %d of %d body bytes be sent",
			s.req.Timeout, s.req.Size()-s.upload.left-int64(len(s.body)), s.req.Size()))
	}
	return protocol.Fail(protocol.ClassTimeout, fmt.Errorf("no response within %v (%s)", s.req.Timeout, s.progress()))
}

// dialFailure puts a dial's end into the words of the request: its timeout covers dialling.
func (s *stream) dialFailure(f protocol.Failure) protocol.Failure {
	switch {
	case f.Class == protocol.ClassTimeout:
		f.Err = fmt.Errorf("no response within %v (%w)", s.req.Timeout, f.Err)
	case f.Class == protocol.ClassTLS && strings.Contains(f.Error(), "no application protocol"): // the alert has no type of its own
		f.Err = fmt.Errorf("%s doesn't offer HTTP/2 (%w)", s.where(), f.Err)
	}
	return f
}

// abandoned is where the end of the connection left the exchange.
func (s *stream) abandoned(cause error) protocol.Failure {
	if s.conn.going != nil {
		cause = fmt.Errorf("%w after %s; the request may have been processed", cause, s.conn.going)
	}
	return protocol.Fail(protocol.ClassReset, fmt.Errorf("%w (%s)", cause, s.progress()))
}

// progress says how far the exchange had come.
func (s *stream) progress() string {
	switch s.phase {
	case phaseConnect:
		return "waiting for a connection or a stream on it"
	case phaseSend:
		return "sending the request"
	case phaseWait:
		return "request sent, waiting for the first byte"
	}
	if s.length < 0 {
		return fmt.Sprintf("reading the body: %d bytes", s.resp.BodyBytes)
	}
	return fmt.Sprintf("reading the body: %d of %d bytes", s.resp.BodyBytes, s.length)
}

// classify is a read's or write's error.
func classify(where string, err error) protocol.Failure {
	var op *net.OpError
	switch {
	case errors.Is(err, syscall.ENOBUFS), errors.Is(err, syscall.ENOMEM):
		return protocol.Fail(protocol.ClassLocal, fmt.Errorf("%s: %w", where, protocol.Root(err)))
	case protocol.IsReset(err):
		return protocol.Fail(protocol.ClassReset, errors.New("the server reset the connection"))
	case errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error"):
		return protocol.Fail(protocol.ClassTLS, fmt.Errorf("TLS with %s: %w", where, err))
	case errors.Is(err, errStuck):
		return protocol.Fail(protocol.ClassReset, err)
	}
	return protocol.Fail(protocol.ClassReset, fmt.Errorf("the connection broke: %w", protocol.Root(err)))
}

func codeName(code uint32) string {
	if int(code) < len(codeNames) {
		return codeNames[code]
	}
	return fmt.Sprintf("code 0x%x", code)
}
