package http1

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"

	"runner/runner/protocol"
)

// broken is the failure of a reply that breaks the rules.
func (x *exchange) broken(err error) protocol.Failure {
	return protocol.Fail(protocol.ClassProtocol, fmt.Errorf("the reply of %s is not HTTP/1.1: %w", x.where(), err))
}

func (x *exchange) interrupted() protocol.Failure { return interruption(x.progress()) }

func interruption(progress string) protocol.Failure {
	return protocol.Fail(protocol.ClassInterrupted, errors.New("the run stopped while the request was in flight ("+progress+")"))
}

// connecting is how far an exchange without a connection has come.
const connecting = "waiting for a connection"

// dialFailure puts a dial's end into the words of the request: its timeout covers dialling.
func (w *wish) dialFailure(f protocol.Failure) protocol.Failure {
	if f.Class == protocol.ClassTimeout {
		f.Err = fmt.Errorf("no response within %v (%w)", w.req.Timeout, f.Err)
	}
	return f
}

// readFailure is a read's error: an end of the stream, or anything else.
func (x *exchange) readFailure(err error) protocol.Failure {
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return x.failure(err)
	}
	return protocol.Fail(protocol.ClassReset, errors.New("the server closed the connection "+x.abandoned()))
}

// failure is a read's or write's error.
func (x *exchange) failure(err error) protocol.Failure {
	var op *net.OpError
	switch {
	case x.client.interrupted.Load():
		return x.interrupted()
	case x.sender != nil && x.sender.local.Load() != nil:
		return protocol.Fail(protocol.ClassLocal, *x.sender.local.Load())
	case errors.Is(err, os.ErrDeadlineExceeded):
		return protocol.Fail(protocol.ClassTimeout, fmt.Errorf("no response within %v (connected, %s)", x.req.Timeout, x.progress()))
	case errors.Is(err, syscall.ENOBUFS), errors.Is(err, syscall.ENOMEM):
		return protocol.Fail(protocol.ClassLocal, fmt.Errorf("%s: %w", x.where(), protocol.Root(err)))
	case protocol.IsReset(err):
		return protocol.Fail(protocol.ClassReset, errors.New("the server reset the connection "+x.abandoned()))
	case errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error"):
		return protocol.Fail(protocol.ClassTLS, fmt.Errorf("TLS with %s: %w", x.where(), err))
	}
	return protocol.Fail(protocol.ClassReset, fmt.Errorf("the connection broke %s: %w", x.abandoned(), protocol.Root(err)))
}

// reached is the phase; that a large request is out, its sender alone knows.
func (x *exchange) reached() phase {
	if x.phase == phaseSend && x.sender != nil && x.sender.whole.Load() {
		return phaseWait
	}
	return x.phase
}

// progress says how far the exchange had come.
func (x *exchange) progress() string {
	switch x.reached() {
	case phaseConnect:
		return connecting
	case phaseSend:
		return "sending the request"
	case phaseWait:
		return "request sent, waiting for the first byte"
	case phaseHead:
		return "reading the headers"
	}
	return "reading the body: " + x.part()
}

// abandoned says where a peer left us.
func (x *exchange) abandoned() string {
	switch x.reached() {
	case phaseConnect, phaseSend:
		return "while the request was sent"
	case phaseWait:
		return "without an answer"
	case phaseHead:
		return "in the middle of the headers"
	}
	return "after " + x.part()
}

func (x *exchange) part() string {
	if x.want < 0 {
		return fmt.Sprintf("%d body bytes", x.resp.BodyBytes)
	}
	return fmt.Sprintf("%d of %d body bytes", x.resp.BodyBytes, x.want)
}

// notHTTP is about a first line of something else, and guesses of what.
func notHTTP(got []byte) error {
	switch {
	case len(got) > 1 && (got[0] == 0x15 || got[0] == 0x16) && got[1] == 3:
		return errors.New("it is TLS; is it https:// there?")
	case bytes.HasPrefix(got, []byte("PRI * HTTP/2")), len(got) > 3 && got[0] == 0 && got[3] == 4:
		return errors.New("it is HTTP/2")
	}
	return errors.New("it begins " + protocol.Quote(got))
}
