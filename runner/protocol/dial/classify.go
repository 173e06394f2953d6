package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"runner/runner/protocol"
)

// ended is the failure of a dial whose context has ended; none if it has not. The text says what it was doing. A
// context's timer can be later than the socket's deadline that was made from it, so that clock is read as well.
func ended(ctx context.Context, doing string, what any) protocol.Failure {
	err := ctx.Err()
	if deadline, ok := ctx.Deadline(); err == nil && ok && !time.Now().Before(deadline) {
		err = context.DeadlineExceeded
	}
	switch {
	case err == nil:
		return protocol.Failure{}
	case errors.Is(err, context.DeadlineExceeded):
		return protocol.Fail(protocol.ClassTimeout, fmt.Errorf(doing, what))
	}
	return protocol.Fail(protocol.ClassInterrupted, fmt.Errorf("the run stopped while "+doing, what))
}

// local are the errors that this host makes itself. A firewall's refusal (EPERM, EACCES) is one: nothing was sent.
var local = []error{
	syscall.EMFILE, syscall.ENFILE, syscall.EADDRNOTAVAIL, syscall.ENOBUFS, syscall.ENOMEM, syscall.EACCES,
	syscall.EPERM, syscall.EADDRINUSE, syscall.EAFNOSUPPORT,
}

// classify is ClassLocal for what this host has to answer for, else otherwise.
func classify(err error, otherwise protocol.Class) protocol.Class {
	if refused(err) != nil {
		return protocol.ClassLocal
	}
	return otherwise
}

// refused is which of this host's own errors err is, or nil. A failed lookup wraps no system's error: it has its words.
func refused(err error) error {
	var dns *net.DNSError
	lookup := errors.As(err, &dns) && !dns.IsNotFound
	for _, e := range local {
		if errors.Is(err, e) || lookup && strings.HasSuffix(dns.Err, ": "+e.Error()) {
			return e
		}
	}
	return nil
}

// noAddress says that this host has no address of the family to connect from.
func noAddress(err error) bool {
	return errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) ||
		errors.Is(err, syscall.ENETUNREACH)
}

// reason strips what package net puts around an error, which would repeat addresses and name system calls.
func reason(err error) error {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		if own := refused(err); own != nil {
			return own
		}
		if dns.IsNotFound {
			return errors.New("no such host")
		}
		return errors.New(dns.Err)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) {
		return errors.New("no answer in time")
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		return call.Err
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}
