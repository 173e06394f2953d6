package protocol

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

// Fail is a failure of a class.
func Fail(class Class, err error) Failure { return Failure{Class: class, Err: err} }

// TooLarge is the failure of a body that passes most bytes; promised is what the head said of its size, if it did (> 0).
func TooLarge(promised, most int64) Failure {
	if promised > 0 {
		return Fail(ClassBodyTooLarge, fmt.Errorf("the body of %d bytes is larger than max_body (%d)", promised, most))
	}
	return Fail(ClassBodyTooLarge, fmt.Errorf("the body is larger than max_body (%d bytes)", most))
}

// IsReset says that the peer had closed the connection when something was written to it or read from it.
func IsReset(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.ECONNABORTED)
}

// Root is what the system said, without the addresses and calls that package net puts around it.
func Root(err error) error {
	var call *os.SyscallError
	var op *net.OpError
	switch {
	case errors.As(err, &call):
		return call.Err
	case errors.As(err, &op):
		return op.Err
	}
	return err
}

// Quote shows the first of somebody's bytes to people.
func Quote(b []byte) string {
	const most = 60
	if len(b) > most {
		return fmt.Sprintf("%q…", b[:most])
	}
	return fmt.Sprintf("%q", b)
}
