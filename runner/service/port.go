package service

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// Ports are picked below those that systems hand out to connections (Linux: from 32768, macOS and Windows: from 49152) and
// to Kubernetes' node ports (from 30000). A service may compile for seconds before it listens, and a load test beside it
// would have used thousands of the others meanwhile.
const (
	firstPort = 20000
	lastPort  = 29999
	portPicks = 50
)

// ErrPortTaken says that somebody else took the port between PickPort and the service's own attempt: pick another one, or
// run again.
var ErrPortTaken = errors.New("its port was taken by another process in the meantime; run again")

// PickPort finds a TCP port of 127.0.0.1 that nobody uses. Nobody else is kept from taking it before the service does.
func PickPort() (int, error) {
	for range portPicks {
		port := firstPort + rand.IntN(lastPort-firstPort+1)
		if tryPort(port) == nil {
			return port, nil
		}
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// tryPort gives an error if somebody uses the port.
func tryPort(port int) error {
	l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	return l.Close()
}
