package monitor

import (
	"fmt"
	"net"
	"net/netip"
)

// Need is what a plan is going to ask of this machine, at most, as far as that can be told before it runs.
type Need struct {
	VUs         int64
	Connections int64 // open at once
	Waiters     int64 // descriptors that scenarios wait with
	Targets     []Target
}

// Target is one host that connections go to.
type Target struct {
	Name        string  // its address, as far as it is known
	Connections int64   // open at once
	PerSecond   float64 // new ones where each iteration closes its own, and
	New         int64   // how many of these there will be
}

// A port that a connection was closed from is not used for the same target again for a time (TIME_WAIT): a minute, or a
// second on this machine itself, as Linux has it.
const (
	lingering      = 60.0
	lingeringLocal = 1.0
)

// ports is how many local ports connections to the target take at the worst moment.
func (t *Target) ports() int64 {
	seconds := lingering
	host, _, _ := net.SplitHostPort(t.Name)
	if addr, err := netip.ParseAddr(host); host == "localhost" || err == nil && addr.IsLoopback() {
		seconds = lingeringLocal
	}
	return t.Connections + min(int64(t.PerSecond*seconds), t.New)
}

// ownDescriptors is what the process opens itself besides connections: timers, name lookups, files that outputs write.
const ownDescriptors = 16

// What things take, in bytes, rounded up from measurements: the process before any load, a VU that thinks, one more
// connection with its buffers.
const (
	baseMemory       = 24 << 20
	vuMemory         = 6 << 10
	connectionMemory = 10 << 10
)

// Descriptors is how many will be open at once, with those that are already.
func (n *Need) Descriptors(l Limits) int64 {
	if n.Connections == 0 {
		return 0
	}
	return l.Open + ownDescriptors + n.Waiters + n.Connections
}

// ports is how many the target takes that takes the most: connections to different ones can share theirs.
func (n *Need) ports() int64 {
	var most int64
	for i := range n.Targets {
		most = max(most, n.Targets[i].ports())
	}
	return most
}

func (n *Need) memory() int64 {
	if n.VUs == 0 {
		return 0
	}
	return baseMemory + n.VUs*vuMemory + n.Connections*connectionMemory
}

func (t *Target) warning(p Ports) string {
	if t.Connections > p.Count() {
		return fmt.Sprintf("ports: the plan may need %d connections to %s at once and there are %d ports to connect from (%d-%d): widen net.ipv4.ip_local_port_range, use fewer VUs, or add source addresses",
			t.Connections, t.Name, p.Count(), p.From, p.To)
	}
	return fmt.Sprintf("ports: the plan may open %.6g new connections a second to %s; the ports of closed ones linger, which takes %d, and there are %d (%d-%d): keep connections open (http.connections), lower the rate, or widen net.ipv4.ip_local_port_range",
		t.PerSecond, t.Name, t.ports(), p.Count(), p.From, p.To)
}

// Warnings says which limits of this machine the plan is going to run into.
func (n *Need) Warnings(l Limits) (list []string) {
	if need := n.Descriptors(l); l.Descriptors > 0 && need > l.Descriptors {
		list = append(list, fmt.Sprintf("descriptors: the plan may need %d (%d connections of %d VUs, %d of our own) and there are %d: ulimit -n %d, or fewer VUs",
			need, n.Connections, n.VUs, need-n.Connections, l.Descriptors, enough(need)))
	}
	for _, t := range n.Targets {
		if have := l.Ports.Count(); have > 0 && t.ports() > have {
			list = append(list, t.warning(l.Ports))
		}
	}
	if need := n.memory(); l.Memory > 0 && need > l.Memory {
		list = append(list, fmt.Sprintf("memory: %d VUs with %d connections take at least %s and the limit is %s (%s): raise it, or use fewer VUs",
			n.VUs, n.Connections, bytes(need), bytes(l.Memory), l.MemoryName))
	}
	return list
}
