package monitor

import (
	"time"

	"runner/runner/metrics"
)

// Late is from when on a start or a tick is late.
const Late = 50 * time.Millisecond

// TicksPerSecond is how often the probe expects to be woken.
const TicksPerSecond = 100

// Second is what was seen in one second of the run.
type Second struct {
	Arrivals, LateStarts int64         // iterations of arrival executors that started, and over 50 ms after a VU was free
	Dropped              int64         // arrivals that found all VUs busy
	Ticks, LateTicks     int64         // of the probe, and those over 50 ms late
	Stalled              time.Duration // of it, in which a tick was over 50 ms late and the probe was not woken
	Spent                Spent
}

// Spent is where the process's time went, over all cores and threads. What the system does not tell is 0.
type Spent struct {
	CPU       time.Duration // it ran
	Delay     time.Duration // threads could have run and waited for a core; a throttled thread waits, too
	Throttled time.Duration // a CPU quota kept it from running
	Stolen    time.Duration // the hypervisor kept the machine's cores from running; whoever wanted them
	GC        time.Duration // of CPU: garbage collection
}

// scaled is so many of every, as durations in seconds of a longer time are.
func (s Spent) scaled(part float64) Spent {
	scale := func(d time.Duration) time.Duration { return time.Duration(float64(d) * part) }
	return Spent{scale(s.CPU), scale(s.Delay), scale(s.Throttled), scale(s.Stolen), scale(s.GC)}
}

func (s *Spent) add(o Spent) {
	s.CPU += o.CPU
	s.Delay += o.Delay
	s.Throttled += o.Throttled
	s.Stolen += o.Stolen
	s.GC += o.GC
}

// minus is what was spent since before. A thread that has ended takes its delay with it: nothing becomes less.
func (s Spent) minus(before Spent) Spent {
	return Spent{
		max(s.CPU-before.CPU, 0), max(s.Delay-before.Delay, 0), max(s.Throttled-before.Throttled, 0),
		max(s.Stolen-before.Stolen, 0), max(s.GC-before.GC, 0),
	}
}

// badStarts: at least 3 and over 5 % of the second's arrivals started late. A few late starts among few are chance.
func (s *Second) badStarts() bool { return s.LateStarts >= 3 && s.LateStarts*20 > s.Arrivals }

// badTicks: over 5 % of the probe's 100 ticks were late. The share is of what a full second has, so that a second of which
// only some ticks were seen is not bad for one.
func (s *Second) badTicks() bool { return s.LateTicks*20 > max(s.Ticks, TicksPerSecond) }

// Bad tells whether the generator was not itself in this second.
func (s *Second) Bad() bool { return s.badStarts() || s.badTicks() }

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
			out[i].Dropped += int64(s.Dropped)
		}
	}
	return out
}

// timeline is the run's seconds, each made when something of it is first seen.
type timeline []Second

// at is the second that holds t, in ns since the run's start; what was before is part of the first.
func (l *timeline) at(t int64) *Second {
	i := int(max(t, 0) / int64(time.Second))
	for len(*l) <= i {
		*l = append(*l, Second{})
	}
	return &(*l)[i]
}

// spread hands out the time from ≤ t < to, second by second: how much of it lies in each.
func (l *timeline) spread(from, to int64, give func(s *Second, part time.Duration)) {
	for from = max(from, 0); from < to; {
		end := min((from/int64(time.Second)+1)*int64(time.Second), to)
		give(l.at(from), time.Duration(end-from))
		from = end
	}
}
