package runner

import (
	"sync"

	"runner/runner/monitor"
	"runner/runner/protocol/dial"
	"runner/runner/protocol/http1"
	"runner/runner/vu"
)

// dialers are what a run opens connections with. Names are resolved once for all of them.
type dialers struct {
	mu       sync.Mutex
	resolver *dial.Resolver
	all      []*dial.Dialer
	faults   monitor.Faults // connections that this host refused
}

// peers makes the function that gives each VU a client of its own.
func (r *run) peers(config dial.Config) (func() vu.Client, error) {
	d, err := r.dialers.open(config)
	if err != nil {
		return nil, err
	}
	clock := r.shared.Clock
	return func() vu.Client { return http1.New(http1.Config{Dialer: d, Clock: clock}) }, nil
}

func (d *dialers) open(config dial.Config) (*dial.Dialer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.resolver == nil {
		resolver, err := dial.NewResolver(dial.ResolverConfig{})
		if err != nil {
			return nil, err
		}
		d.resolver = resolver
	}
	config.Resolver, config.Fault = d.resolver, d.faults.Add
	one, err := dial.New(config)
	if err == nil {
		d.all = append(d.all, one)
	}
	return one, err
}

func (d *dialers) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, one := range d.all {
		one.Close()
	}
	if d.resolver != nil {
		d.resolver.Close()
	}
	d.all, d.resolver = nil, nil
}
