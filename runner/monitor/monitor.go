package monitor

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"time"

	"runner/runner/metrics"
)

const tick = time.Second / TicksPerSecond

// ticker wakes the probe. wait returns how many ticks have passed since the last call; ok is false once it is closed.
type ticker interface {
	wait() (ticks int64, ok bool)
	close()
}

// Monitor samples the machine while Run runs. Any goroutine may read it.
type Monitor struct {
	clock  func() int64
	source source
	need   Need
	faults *Faults
	idle   func() time.Duration

	mu      sync.Mutex
	probe   timeline
	machine Machine
	last    reading
	samples int
}

// New makes a monitor of a run that needs so much, and whose refused connections faults has. clock is ns since the run's
// start; idle is the CPU time that was spent on waiting so far. It looks at the limits now: before the load, when few
// descriptors are open.
func New(clock func() int64, need Need, faults *Faults, idle func() time.Duration) *Monitor {
	s := newSource()
	return &Monitor{
		clock: clock, source: s, need: need, faults: faults, idle: idle,
		machine: Machine{Cores: runtime.GOMAXPROCS(0), Limits: s.limits()},
	}
}

// Run watches until ctx ends. It returns an error if this machine has no clock to watch by.
func (m *Monitor) Run(ctx context.Context) error {
	first := m.clock()
	t, err := newTicker(tick)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, t.close)
	defer func() {
		stop()
		t.close()
	}()
	continued := make(chan os.Signal, 1)
	notifyContinued(continued)
	defer signal.Stop(continued)
	m.begin()
	m.watch(ctx, t, first, continued)
	m.sample()
	return nil
}

// watch takes ticks until the ticker ends, and a sample every second of them.
func (m *Monitor) watch(ctx context.Context, t ticker, first int64, continued <-chan os.Signal) {
	var n, sampled int64
	for {
		passed, ok := t.wait()
		if !ok || ctx.Err() != nil {
			return
		}
		now := m.clock()
		m.ticks(first+(n+1)*int64(tick), passed, now)
		n += passed
		select {
		case <-continued:
			m.continued()
		default:
		}
		if n-sampled >= TicksPerSecond {
			sampled = n
			m.sample()
		}
	}
}

// ticks records ticks that the probe was woken for now, the first of which was due. Each belongs to the second that it was
// due in.
func (m *Monitor) ticks(due, count, now int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stall := now - due; stall > int64(Late) {
		m.machine.LongestStall = max(m.machine.LongestStall, time.Duration(stall))
		m.probe.spread(due, now, func(s *Second, part time.Duration) { s.Stalled += part })
	}
	for range count {
		s := m.probe.at(due)
		s.Ticks++
		if now-due > int64(Late) {
			s.LateTicks++
		}
		due += int64(tick)
	}
}

func (m *Monitor) continued() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.machine.Continued++
}

// begin takes the first sample, which the others are compared with.
func (m *Monitor) begin() {
	now := read(m.source, m.clock(), m.idle())
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = now
}

// rarely is how often, in samples, descriptors are counted: it costs something where there are many.
const rarely = 5

// sample brings the machine's numbers up to date: what was spent since the last sample is laid on the seconds since then.
func (m *Monitor) sample() {
	now := read(m.source, m.clock(), m.idle())
	m.mu.Lock()
	defer m.mu.Unlock()
	machine, wall := &m.machine, time.Duration(now.at-m.last.at)
	spent := now.spent.minus(m.last.spent)
	m.last = now
	machine.Wall += wall
	machine.Spent.add(spent)
	m.probe.spread(now.at-int64(wall), now.at, func(s *Second, part time.Duration) {
		s.Spent.add(spent.scaled(share(float64(part), float64(wall))))
	})
	machine.LongestPause = max(machine.LongestPause, now.pause)
	machine.Memory = max(machine.Memory, now.memory)
	machine.Sockets = max(machine.Sockets, now.sockets)
	if m.samples%rarely == 0 {
		machine.Descriptors = max(machine.Descriptors, m.source.descriptors())
	}
	m.samples++
}

// Seen is what only the recorder knows.
type Seen struct {
	Starts      [][]metrics.StartSecond // metrics.Recorder.Starts
	LocalErrors int64
}

// Generator is the judgement over what was seen so far.
func (m *Monitor) Generator(seen Seen) metrics.Generator {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Judge(Evidence{
		Seconds: Merge(seen.Starts, m.probe), Local: seen.LocalErrors,
		Machine: m.machine, Need: m.need, faults: m.faults.seen(),
	})
}
