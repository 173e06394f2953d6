// Package monitor watches the machine that makes the load while it does: how late its clock ticks, how much CPU the
// process uses and waits for, what a quota, the hypervisor or garbage collection take away, how many descriptors, ports
// and bytes are used. It says whether the generator kept up, and if not, why and what to do. It knows no target: a slow
// server is none of its business.
package monitor

import (
	"fmt"
	"time"

	"runner/runner/metrics"
)

// Evidence is everything that a judgement rests on.
type Evidence struct {
	Seconds []Second
	Local   int64 // requests that failed through this host's fault
	Machine Machine
	Need    Need // what was predicted
	faults  []fault
}

// Judge says whether the generator was limited: at least 2 seconds were bad and they are over 5 % of the run, or any
// request failed through this host's fault. How much the process used convicts it of nothing, and one bad second neither,
// whatever fell into it: that is a warning.
func Judge(e Evidence) metrics.Generator {
	g := e.used()
	var bad tally
	for i := range e.Seconds {
		bad.add(&e.Seconds[i])
	}
	g.Seconds, g.BadSeconds = len(e.Seconds), bad.seconds
	late := g.BadSeconds >= 2 && g.BadSeconds*20 > g.Seconds
	g.Limited, g.Warnings = late || e.Local > 0, e.Need.Warnings(e.Machine.Limits)
	if e.Local > 0 {
		e.blame(&g)
	}
	if late {
		words, texts := bad.strain(&e.Machine).explain()
		g.Causes = append(g.Causes, words...)
		g.Evidence = append(append(g.Evidence, texts...), bad.facts(g.Seconds)...)
	} else {
		g.Warnings = append(append(g.Warnings, e.moment(&bad)...), e.notes()...)
	}
	return g
}

// blame says which of this host's limits requests ran into.
func (e *Evidence) blame(g *metrics.Generator) {
	faults := e.faults
	if len(faults) == 0 {
		faults = []fault{{kind: kindOf(nil), count: e.Local}}
	}
	for i := range faults {
		g.Causes = append(g.Causes, faults[i].kind.word)
		g.Evidence = append(g.Evidence, faults[i].kind.says(&faults[i], e))
	}
}

// tally adds up the bad seconds.
type tally struct {
	seconds, starts, ticks          int
	arrivals, lateStarts, lateTicks int64
	dropped                         int64
	stalled                         time.Duration
	spent                           Spent
}

func (t *tally) add(s *Second) {
	if !s.Bad() {
		return
	}
	t.seconds++
	t.dropped += s.Dropped
	t.stalled += s.Stalled
	t.spent.add(s.Spent)
	if s.badStarts() {
		t.starts++
		t.arrivals += s.Arrivals
		t.lateStarts += s.LateStarts
	}
	if s.badTicks() {
		t.ticks++
		t.lateTicks += s.LateTicks
	}
}

// dropped is how many arrivals found all VUs busy.
func (e *Evidence) dropped() (n int64) {
	for i := range e.Seconds {
		n += e.Seconds[i].Dropped
	}
	return n
}

// strain is what happened to the process in these seconds.
func (t *tally) strain(m *Machine) *strain {
	return &strain{wall: time.Duration(t.seconds) * time.Second, stalled: t.stalled, spent: t.spent, machine: m}
}

// moment is what to know of drops that a few bad seconds explain: VUs are busy for long where nobody serves them. Too few
// to convict the generator, they are enough to acquit the target and max_vus.
func (e *Evidence) moment(bad *tally) []string {
	if all := e.dropped(); bad.dropped*2 > all {
		_, texts := bad.strain(&e.Machine).explain()
		return append([]string{fmt.Sprintf(
			"%d of the %d dropped iterations fell into %d of %d seconds, in which this machine was late itself: neither the target nor max_vus need be to blame, so measure again before you change either",
			bad.dropped, all, bad.seconds, len(e.Seconds))}, texts...)
	}
	return nil
}

// facts says how it showed.
func (t *tally) facts(seconds int) (texts []string) {
	if t.starts > 0 {
		texts = append(texts, fmt.Sprintf("in %d of %d seconds iterations started late: %d of their %d arrivals over 50 ms after a VU was free", t.starts, seconds, t.lateStarts, t.arrivals))
	}
	if t.ticks > 0 {
		texts = append(texts, fmt.Sprintf("in %d of %d seconds this process was not woken in time: %d ticks of a clock came over 50 ms late", t.ticks, seconds, t.lateTicks))
	}
	if t.dropped > 0 {
		texts = append(texts, fmt.Sprintf("%d iterations were dropped in these seconds: more VUs would not have helped", t.dropped))
	}
	return texts
}

// used is what the process used, for the result.
func (e *Evidence) used() metrics.Generator {
	m := &e.Machine
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }
	return metrics.Generator{
		CPU: m.used(), Cores: m.cores(),
		RunDelayS: m.Spent.Delay.Seconds(), ThrottledS: m.Spent.Throttled.Seconds(), StolenS: m.Spent.Stolen.Seconds(),
		GCPauseMaxMs: ms(m.LongestPause), GCCPU: share(float64(m.Spent.GC), float64(m.Spent.CPU)), StallMaxMs: ms(m.LongestStall),
		Descriptors: metrics.Budget{Used: m.Descriptors, Limit: m.Limits.Descriptors, Predicted: e.Need.Descriptors(m.Limits)},
		Ports:       metrics.Budget{Used: m.Sockets, Limit: m.Limits.Ports.Count(), Predicted: e.Need.ports()},
		Memory:      metrics.Budget{Used: m.Memory, Limit: m.Limits.Memory, Predicted: e.Need.memory()},
	}
}

// notes is what a reader of the numbers should know, though it convicts nobody.
func (e *Evidence) notes() (notes []string) {
	m := &e.Machine
	if share(float64(m.Spent.Throttled), float64(m.Wall)) > 0.05 {
		notes = append(notes, m.throttled()+fmt.Sprintf(": times may hold up to %s of it; raise the quota", m.LongestStall.Round(time.Millisecond)))
	}
	if busy := share(float64(m.Spent.CPU), float64(m.Wall)*m.cores()); busy > 0.9 {
		notes = append(notes, fmt.Sprintf("CPU: this process used %.0f%% of %s: more VUs or a higher rate may not make more load", 100*busy, cores(m.cores())))
	}
	if m.starved(m.Spent) {
		notes = append(notes, m.full(m.Spent))
	}
	if limit := m.Limits.Ports.Count(); limit > 0 && m.Sockets*10 >= limit*9 {
		notes = append(notes, fmt.Sprintf("ports: there were %d TCP sockets, and %d ports to connect from: widen net.ipv4.ip_local_port_range or keep connections open", m.Sockets, limit))
	}
	if limit := m.Limits.Descriptors; limit > 0 && m.Descriptors*10 >= limit*9 {
		notes = append(notes, fmt.Sprintf("descriptors: %d of %d were open: ulimit -n %d", m.Descriptors, limit, enough(2*limit)))
	}
	return notes
}
