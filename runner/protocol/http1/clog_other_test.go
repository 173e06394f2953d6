//go:build !unix

package http1

import (
	"testing"

	"runner/runner/protocol"
)

func clog(*testing.T) (protocol.Target, bool) { return protocol.Target{}, false }
