package monitor

import (
	"context"
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

// usage is what the process has used so far.
type usage struct {
	cpu          time.Duration // user and system
	longestPause time.Duration
	descriptors  int64 // open now; 0: unknown
	limit        int64
}

// Monitor samples the machine while Run runs. Any goroutine may read it.
type Monitor struct {
	clock func() int64

	mu      sync.Mutex
	probe   []Second
	machine Machine
}

// New makes a monitor. clock is ns since the run's start.
func New(clock func() int64) *Monitor {
	return &Monitor{clock: clock, machine: Machine{Cores: runtime.GOMAXPROCS(0)}}
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
	before, began := readUsage(), time.Now()
	m.watch(ctx, t, first, func() { m.sample(before, began) })
	m.sample(before, began)
	return nil
}

// watch takes ticks until the ticker ends, and calls sample every five seconds: listing descriptors costs something where there are many.
func (m *Monitor) watch(ctx context.Context, t ticker, first int64, sample func()) {
	var n, sampled int64
	for {
		passed, ok := t.wait()
		if !ok || ctx.Err() != nil {
			return
		}
		now := m.clock()
		for range passed {
			n++
			m.tick(first+n*int64(tick), now)
		}
		if n-sampled >= 5*TicksPerSecond {
			sampled = n
			sample()
		}
	}
}

// tick records one tick: when it was due and when the probe was woken for it. It belongs to the second that it was due in.
func (m *Monitor) tick(due, now int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	second := int(max(due, 0) / int64(time.Second))
	for len(m.probe) <= second {
		m.probe = append(m.probe, Second{})
	}
	m.probe[second].Ticks++
	if now-due > int64(Late) {
		m.probe[second].LateTicks++
	}
}

// sample brings the machine's numbers up to date.
func (m *Monitor) sample(before usage, began time.Time) {
	now := readUsage()
	m.mu.Lock()
	defer m.mu.Unlock()
	if wall := time.Since(began); wall > 0 {
		m.machine.CPU = min(float64(now.cpu-before.cpu)/float64(wall)/float64(m.machine.Cores), 1)
	}
	m.machine.LongestPause = max(m.machine.LongestPause, now.longestPause)
	m.machine.Descriptors = max(m.machine.Descriptors, now.descriptors)
	m.machine.DescriptorLimit = now.limit
}

// Machine is what the process used so far.
func (m *Monitor) Machine() Machine {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.machine
}

// Generator is the judgement over what was seen so far. starts is metrics.Recorder.Starts.
func (m *Monitor) Generator(starts [][]metrics.StartSecond, localErrors int64) metrics.Generator {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Judge(Merge(starts, m.probe), localErrors, m.machine)
}
