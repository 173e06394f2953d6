package runner

import (
	"sync"

	"runner/runner/monitor"
	"runner/runner/protocol/dial"
	"runner/runner/protocol/peer"
	"runner/runner/vu"
)

// peers are the ways to connect of one scenario in one run: number 0 is its own, steps with other settings have others.
type peers []*peer.Peers

var _ vu.Peers = peers(nil)

// New makes a client that connects in one of the ways.
func (p peers) New(number int, beside vu.Client) vu.Client {
	return p[number].New(beside)
}

// Fresh says that connections end with the iteration.
func (p peers) Fresh(number int) bool { return p[number].Fresh() }

// network is what a run opens connections with. Names are resolved once for all of them.
type network struct {
	mu       sync.Mutex
	resolver *dial.Resolver
	all      peers
	faults   monitor.Faults // connections that this host refused
}

// open makes a scenario's peers.
func (n *network) open(configs []peer.Config, clock func() int64) (peers, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.resolver == nil {
		resolver, err := dial.NewResolver(dial.ResolverConfig{})
		if err != nil {
			return nil, err
		}
		n.resolver = resolver
	}
	var opened peers
	for _, config := range configs {
		config.Dial.Resolver, config.Dial.Fault = n.resolver, n.faults.Add
		one, err := peer.Open(config, clock)
		if err != nil {
			return nil, err
		}
		n.all = append(n.all, one)
		opened = append(opened, one)
	}
	return opened, nil
}

func (n *network) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, one := range n.all {
		one.Close()
	}
	if n.resolver != nil {
		n.resolver.Close()
	}
	n.all, n.resolver = nil, nil
}
