package monitor

import "time"

// Machine is what the process used, and what it may use. What the system does not tell is 0.
type Machine struct {
	Cores        int           // GOMAXPROCS
	Wall         time.Duration // that was watched
	Spent        Spent         // in that time
	LongestPause time.Duration // of the world, for garbage collection
	LongestStall time.Duration // in which the probe was not woken
	Continued    int64         // times that it was stopped by a signal, and told to go on
	Descriptors  int64         // the most that were open
	Sockets      int64         // the most TCP sockets there were, in the network namespace: an upper bound of the ports in use
	Memory       int64         // the most that counted against the limit, bytes
	Limits       Limits
}

// Limits is what this machine allows the process. 0: no limit, or unknown.
type Limits struct {
	Quota       Quota
	Descriptors int64 // RLIMIT_NOFILE
	Open        int64 // descriptors that are open already
	Ports       Ports
	Memory      int64  // bytes
	MemoryName  string // whose limit it is
}

// Quota is how much CPU the process may use: so much of every period.
type Quota struct {
	Time, Period time.Duration
	Name         string // whose limit it is: "cgroup cpu.max 20000/100000"
}

// Cores is the quota in cores; 0: there is none.
func (q Quota) Cores() float64 {
	if q.Time <= 0 || q.Period <= 0 {
		return 0
	}
	return float64(q.Time) / float64(q.Period)
}

// Ports is the range of local ports for connections to one address and port.
type Ports struct{ From, To int64 }

// Count is how many there are; 0: unknown.
func (p Ports) Count() int64 {
	if p.To == 0 {
		return 0
	}
	return p.To - p.From + 1
}

// cores is how many cores the process may keep busy.
func (m *Machine) cores() float64 {
	if q := m.Limits.Quota.Cores(); q > 0 {
		return min(q, float64(m.Cores))
	}
	return float64(m.Cores)
}

// share is a part of a whole, 0 where there is no whole.
func share(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return part / whole
}

// used is the share of all cores over the run, 0..1.
func (m *Machine) used() float64 {
	return min(share(float64(m.Spent.CPU), float64(m.Wall)*float64(m.Cores)), 1)
}
