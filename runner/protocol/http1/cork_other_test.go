//go:build !linux

package http1

import "syscall"

func cork(syscall.RawConn, bool) {}

const canCork = false
