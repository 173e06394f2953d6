package dial

// Trade writes a small request and reads the first bytes of its answer as one operation on the socket. Its owner reuses it;
// one goroutine at a time. What it came to is in the fields.
//
// A read and a write of package net cost four passes through the poller's locks and a read in vain, because an answer is
// never there at once. Here the read comes first: its poller is armed, then the request is written, then it waits.
type Trade struct {
	Sent    int   // bytes written
	Written int64 // on the clock: when all of them were; 0: they were not
	Got     int   // bytes read
	Err     error // why not all was written, or why nothing was read; io.EOF is the peer's close

	trade
}
