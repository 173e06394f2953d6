package monitor

import "time"

// source is where numbers about the process and its machine come from. What a system does not tell is 0.
type source interface {
	// spent is what the process has used so far.
	spent() Spent
	// memory is what counts against the limit now, in bytes.
	memory() int64
	// sockets is how many TCP sockets there are, those in TIME_WAIT included.
	sockets() int64
	// descriptors is how many are open. It lists them, so it should be asked rarely.
	descriptors() int64
	limits() Limits
}

// reading is the process's state at one moment.
type reading struct {
	at      int64 // on the run's clock
	spent   Spent
	memory  int64
	sockets int64
	pause   time.Duration // the longest so far
}

// read reads s. idle is how much CPU the process spent on waiting: it could have made load instead, so it was not used.
func read(s source, at int64, idle time.Duration) reading {
	spent := s.spent()
	spent.CPU = max(spent.CPU-idle, 0)
	return reading{at: at, spent: spent, memory: s.memory(), sockets: s.sockets(), pause: longestPause()}
}

// Look says what this machine allows the process, as it is now.
func Look() Limits { return newSource().limits() }
