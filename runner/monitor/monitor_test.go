package monitor

import (
	"context"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// script is a ticker that says what it is told: how many ticks have passed, and what time it is then.
type script struct {
	steps []step
	now   *atomic.Int64
}

type step struct {
	ticks int64
	now   time.Duration
}

func (s *script) wait() (int64, bool) {
	if len(s.steps) == 0 {
		return 0, false
	}
	next := s.steps[0]
	s.steps = s.steps[1:]
	s.now.Store(int64(next.now))
	return next.ticks, true
}

func (*script) close() {}

// scripted is a source that says what it is told, and how often it was asked.
type scripted struct {
	next  []Spent
	reads int
	lists int
}

func (s *scripted) spent() Spent {
	s.reads++
	if len(s.next) == 0 {
		return Spent{}
	}
	now := s.next[0]
	s.next = s.next[1:]
	return now
}

func (*scripted) memory() int64        { return 7 }
func (*scripted) sockets() int64       { return 8 }
func (s *scripted) descriptors() int64 { s.lists++; return 9 }
func (*scripted) limits() Limits       { return Limits{} }

func scriptedMonitor(clock func() int64, s source) *Monitor {
	m := New(clock, Need{}, &Faults{}, idleNever)
	m.source = s
	return m
}

func TestTicksAreCountedWhereTheyWereDue(t *testing.T) {
	for _, row := range []struct {
		why   string
		first time.Duration
		steps []step
		want  []Second
	}{
		{"on time", 0, []step{{1, 10 * ms}, {1, 20 * ms}}, []Second{{Ticks: 2}}},
		{"50 ms is not late", 0, []step{{1, 60 * ms}}, []Second{{Ticks: 1}}},
		{"51 ms is", 0, []step{{1, 61 * ms}}, []Second{{Ticks: 1, LateTicks: 1, Stalled: 51 * ms}}},
		{"a stop of 100 ms: of ten ticks those are late that were due in its first half", 0, []step{{10, 110 * ms}}, []Second{{Ticks: 10, LateTicks: 5, Stalled: 100 * ms}}},
		{"a stop over a second's end counts in both", 900 * ms, []step{{20, 1105 * ms}}, []Second{{Ticks: 9, LateTicks: 9, Stalled: 90 * ms}, {Ticks: 11, LateTicks: 6, Stalled: 105 * ms}}},
		{"the run's clock may begin before zero", -50 * ms, []step{{2, -30 * ms}}, []Second{{Ticks: 2}}},
	} {
		var now atomic.Int64
		m := scriptedMonitor(now.Load, &scripted{})
		m.watch(t.Context(), &script{row.steps, &now}, int64(row.first), nil)
		if !slices.Equal(m.probe, row.want) {
			t.Errorf("%s: %+v, want %+v", row.why, m.probe, row.want)
		}
	}
}

func TestSamplesAreRare(t *testing.T) {
	var now atomic.Int64
	s := &script{now: &now}
	for i := range 1000 {
		s.steps = append(s.steps, step{1, time.Duration(i) * tick})
	}
	src := &scripted{}
	m := scriptedMonitor(now.Load, src)
	m.watch(t.Context(), s, 0, nil)
	if src.reads != 10 || src.lists != 2 {
		t.Errorf("%d samples in 10 s, and %d lists of descriptors", src.reads, src.lists)
	}
	if m.machine.Memory != 7 || m.machine.Sockets != 8 || m.machine.Descriptors != 9 {
		t.Errorf("got %+v", m.machine)
	}
}

// What was spent since the last sample is laid on the seconds since then; what became less counts for nothing.
func TestWhatWasSpentIsLaidOnItsSeconds(t *testing.T) {
	var now atomic.Int64
	m := scriptedMonitor(now.Load, &scripted{next: []Spent{
		{CPU: time.Second, Delay: time.Second}, {CPU: 3 * time.Second, Delay: 500 * ms, Throttled: 100 * ms}, {CPU: 3 * time.Second, Delay: 500 * ms, Throttled: 100 * ms},
	}})
	now.Store(int64(500 * ms))
	m.begin()
	now.Store(int64(2500 * ms))
	m.sample()
	m.sample()
	want := []Second{{Spent: Spent{CPU: 500 * ms, Throttled: 25 * ms}}, {Spent: Spent{CPU: time.Second, Throttled: 50 * ms}}, {Spent: Spent{CPU: 500 * ms, Throttled: 25 * ms}}}
	if !slices.Equal(m.probe, want) {
		t.Errorf("got %+v", m.probe)
	}
	if m.machine.Wall != 2*time.Second || m.machine.Spent.CPU != 2*time.Second {
		t.Errorf("got %+v", m.machine)
	}
}

// The real probe ticks, ends with its context and leaves nothing behind.
func TestRunEndsWithItsContext(t *testing.T) {
	start := time.Now()
	m := New(func() int64 { return int64(time.Since(start)) }, Need{}, &Faults{}, idleNever)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- m.Run(ctx) }()
	for ticks := int64(0); ticks < 3; {
		m.mu.Lock()
		ticks = 0
		for _, s := range m.probe {
			ticks += s.Ticks
		}
		m.mu.Unlock()
		runtime.Gosched()
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if g := m.Generator(Seen{}); g.Seconds < 1 || g.CPU < 0 || g.CPU > 1 || g.Cores <= 0 || g.Memory.Used < 0 {
		t.Errorf("got %+v", g)
	}
}

func TestRunWithAnEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := New(func() int64 { return 0 }, Need{}, &Faults{}, idleNever).Run(ctx); err != nil {
		t.Error(err)
	}
}

func idleNever() time.Duration { return 0 }
