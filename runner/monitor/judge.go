// Package monitor watches the machine that makes the load while it does: how late its clock ticks, how much CPU the
// process uses, how long garbage collection pauses it, how many descriptors are open. It says whether the generator kept
// up. It knows no target: a slow server is none of its business.
package monitor

import (
	"fmt"
	"time"

	"runner/runner/metrics"
)

// Late is from when on a start or a tick is late.
const Late = 50 * time.Millisecond

// TicksPerSecond is how often the probe expects to be woken.
const TicksPerSecond = 100

// Second is what was seen in one second of the run.
type Second struct {
	Arrivals, LateStarts int64 // iterations of arrival executors that started, and over 50 ms after a VU was free
	Ticks, LateTicks     int64 // of the probe, and those over 50 ms late
}

// badStarts: at least 3 and over 5 % of the second's arrivals started late. A few late starts among few are chance.
func (s Second) badStarts() bool { return s.LateStarts >= 3 && s.LateStarts*20 > s.Arrivals }

// badTicks: over 5 % of the probe's 100 ticks were late. The share is of what a full second has, so that a second of which
// only some ticks were seen is not bad for one.
func (s Second) badTicks() bool { return s.LateTicks*20 > max(s.Ticks, TicksPerSecond) }

// Bad tells whether the generator was not itself in this second.
func (s Second) Bad() bool { return s.badStarts() || s.badTicks() }

// Machine is what the process used, for the result and for advice. It convicts nobody.
type Machine struct {
	CPU             float64       // share of all cores over the run, 0..1
	Cores           int           // GOMAXPROCS
	LongestPause    time.Duration // of the world, for garbage collection
	Descriptors     int64         // the most that were open; 0: unknown
	DescriptorLimit int64         // 0: unknown
}

// Judge says whether the generator was limited: at least 2 seconds were bad and they are over 5 % of the run, or any
// request failed through this host's fault.
func Judge(seconds []Second, localErrors int64, m Machine) metrics.Generator {
	g := metrics.Generator{CPU: m.CPU, Seconds: len(seconds)}
	var starts, ticks, arrivals, lateStarts, lateTicks int64
	for _, s := range seconds {
		if !s.Bad() {
			continue
		}
		g.BadSeconds++
		if s.badStarts() {
			starts++
			arrivals += s.Arrivals
			lateStarts += s.LateStarts
		}
		if s.badTicks() {
			ticks++
			lateTicks += s.LateTicks
		}
	}
	bad := g.BadSeconds >= 2 && g.BadSeconds*20 > g.Seconds
	g.Limited = bad || localErrors > 0
	if bad && starts > 0 {
		g.Evidence = append(g.Evidence, fmt.Sprintf("in %d of %d seconds iterations started late: %d of their %d arrivals over 50 ms after a VU was free", starts, g.Seconds, lateStarts, arrivals))
	}
	if bad && ticks > 0 {
		g.Evidence = append(g.Evidence, fmt.Sprintf("in %d of %d seconds this process was not woken in time: %d ticks of a clock came over 50 ms late", ticks, g.Seconds, lateTicks))
	}
	if bad {
		g.Evidence = append(g.Evidence, m.remedy())
	}
	if localErrors > 0 {
		g.Evidence = append(g.Evidence, m.local(localErrors))
	}
	return g
}

// remedy says what the process used and what to do about it.
func (m Machine) remedy() string {
	text := fmt.Sprintf("the process used %.0f%% of %d cores", m.CPU*100, m.Cores)
	if m.LongestPause > Late {
		text += fmt.Sprintf(" and was paused for up to %s by garbage collection", m.LongestPause.Round(time.Millisecond))
	}
	if m.CPU < 0.7 {
		return text + ": something else keeps the machine busy (look at its load, its CPU limit, or a virtual machine's stolen time); stop that, or use another machine"
	}
	return text + ": give it more cores, ask for less load, or share the plan between machines"
}

func (m Machine) local(n int64) string {
	text := fmt.Sprintf("%d requests failed through this host's fault (request_errors{class=local})", n)
	if m.DescriptorLimit > 0 && m.Descriptors*10 >= m.DescriptorLimit*9 {
		return text + fmt.Sprintf(": %d of %d descriptors were open; raise the limit (ulimit -n)", m.Descriptors, m.DescriptorLimit)
	}
	return text + ": look at the errors for which limit was hit (descriptors: ulimit -n; ports: net.ipv4.ip_local_port_range; memory), and raise it"
}

// Merge puts the recorder's arrivals (metrics.Recorder.Starts) and the probe's seconds together.
func Merge(starts [][]metrics.StartSecond, probe []Second) []Second {
	out := append([]Second(nil), probe...)
	for _, scenario := range starts {
		for i, s := range scenario {
			for len(out) <= i {
				out = append(out, Second{})
			}
			out[i].Arrivals += int64(s.Arrivals)
			out[i].LateStarts += int64(s.Late)
		}
	}
	return out
}
