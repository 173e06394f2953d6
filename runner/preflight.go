package runner

import (
	"maps"
	"slices"
	"time"

	"runner/runner/monitor"
	"runner/runner/protocol/peer"
)

// Preflight says which limits of this machine the plan may run into. It is a warning, not a refusal: an arrival executor
// may never need max_vus VUs, and a target may close connections early; if it comes true, the verdict says so.
func (p *Program) Preflight() []string {
	need := p.need()
	warnings := need.Warnings(monitor.Look())
	for i := range warnings {
		warnings[i] = p.Masked(warnings[i])
	}
	return warnings
}

// need is the most that the plan asks of this machine at one time, if no scenario takes longer than planned.
func (p *Program) need() monitor.Need {
	begins, ends := p.times()
	var most monitor.Need
	for _, at := range p.active() { // what runs together is most where a scenario begins
		var need monitor.Need
		targets := map[string]monitor.Target{}
		for _, s := range p.active() {
			if begins[s.Name] <= begins[at.Name] && begins[at.Name] < max(ends[s.Name], begins[s.Name]+1) {
				add(&need, targets, s)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(targets)) {
			t := targets[name]
			t.Name = name
			need.Targets = append(need.Targets, t)
		}
		if need.Connections > most.Connections || most.VUs == 0 {
			most = need
		}
	}
	return most
}

func add(need *monitor.Need, targets map[string]monitor.Target, s *Scenario) {
	need.VUs += s.Info.MaxVUs
	need.Waiters++
	for way, clients := range s.reach {
		config, t := s.peers[way.Peer], targets[way.Target]
		if config.Version == peer.HTTP2 {
			clients = 1 // branches share their VU's connection
		}
		n := clients * s.Info.MaxVUs
		if shared := int64(config.Shared); shared > 0 {
			n = min(n, shared)
		}
		need.Connections += n
		t.Connections += n
		if config.PerIteration && s.Info.Open && s.Info.Duration > 0 {
			t.PerSecond += float64(clients*s.Info.Planned) / s.Info.Duration.Seconds()
			t.New += clients * s.Info.Planned
		}
		targets[way.Target] = t
	}
}

// Planned is when the last scenario is planned to end, if none takes longer than planned. limit tells that it is only known
// when it has to have ended by: that of some scenario is a max_duration.
func (p *Program) Planned() (last time.Duration, limit bool) {
	_, ends := p.times()
	for _, s := range p.active() {
		last = max(last, ends[s.Name])
		limit = limit || s.Info.Limit
	}
	return last, limit
}

// times is when scenarios begin and end, if none takes longer than planned.
func (p *Program) times() (begins, ends map[string]time.Duration) {
	begins, ends = map[string]time.Duration{}, map[string]time.Duration{}
	for range p.Scenarios { // after can name a later scenario: as many rounds as there are links in the longest chain
		for _, s := range p.active() {
			begin := s.Spec.Start.Or(0)
			for _, a := range s.After {
				begin = max(begin, ends[a]+s.Spec.Start.Or(0))
			}
			begins[s.Name], ends[s.Name] = begin, begin+s.Info.Duration
		}
	}
	return begins, ends
}
