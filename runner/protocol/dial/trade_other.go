//go:build !linux

package dial

type trade struct{}

// Trades says that the connection can do a Trade: nowhere but on Linux.
func (c *Conn) Trades() bool { return false }

// Do is never called, as no connection Trades.
func (t *Trade) Do(*Conn, []byte, []byte, func() int64) {}
