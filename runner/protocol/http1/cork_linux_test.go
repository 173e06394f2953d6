package http1

import "syscall"

// cork holds back packets that are not full, so that several writes leave in one.
func cork(raw syscall.RawConn, on bool) {
	value := 0
	if on {
		value = 1
	}
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_CORK, value)
	})
}

const canCork = true
