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

func TestTicksAreCountedWhereTheyWereDue(t *testing.T) {
	for _, row := range []struct {
		why   string
		first time.Duration
		steps []step
		want  []Second
	}{
		{"on time", 0, []step{{1, 10 * time.Millisecond}, {1, 20 * time.Millisecond}}, []Second{{Ticks: 2}}},
		{"50 ms is not late", 0, []step{{1, 60 * time.Millisecond}}, []Second{{Ticks: 1}}},
		{"51 ms is", 0, []step{{1, 61 * time.Millisecond}}, []Second{{Ticks: 1, LateTicks: 1}}},
		{"a stop of 100 ms: of ten ticks those are late that were due in its first half", 0, []step{{10, 110 * time.Millisecond}}, []Second{{Ticks: 10, LateTicks: 5}}},
		{"a stop over a second's end counts in both", 900 * time.Millisecond, []step{{20, 1105 * time.Millisecond}}, []Second{{Ticks: 9, LateTicks: 9}, {Ticks: 11, LateTicks: 6}}},
		{"the run's clock may begin before zero", -50 * time.Millisecond, []step{{2, -30 * time.Millisecond}}, []Second{{Ticks: 2}}},
	} {
		var now atomic.Int64
		m := New(now.Load)
		m.watch(t.Context(), &script{row.steps, &now}, int64(row.first), func() {})
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
	n := 0
	New(now.Load).watch(t.Context(), s, 0, func() { n++ })
	if n != 2 {
		t.Errorf("%d samples in 10 s", n)
	}
}

// The real probe ticks, ends with its context and leaves nothing behind.
func TestRunEndsWithItsContext(t *testing.T) {
	start := time.Now()
	m := New(func() int64 { return int64(time.Since(start)) })
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
	if g := m.Generator(nil, 0); g.Seconds < 1 {
		t.Errorf("got %+v", g)
	}
}

func TestRunWithAnEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := New(func() int64 { return 0 }).Run(ctx); err != nil {
		t.Error(err)
	}
}

func TestMachineIsMeasured(t *testing.T) {
	m := New(func() int64 { return 0 })
	before := usage{}
	m.sample(before, time.Now().Add(-time.Hour))
	got := m.Machine()
	if got.CPU < 0 || got.CPU > 1 || got.Cores < 1 {
		t.Errorf("got %+v", got)
	}
}
