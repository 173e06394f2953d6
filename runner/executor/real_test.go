package executor_test

import (
	"context"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"runner/runner/executor"
	"runner/spec"
)

// leap is a clock that leaps to whatever is waited for: as many iterations as the machine can do.
type leap struct {
	now   atomic.Int64
	woken atomic.Bool
}

func (l *leap) Until(t int64) bool {
	if l.woken.Load() {
		return false
	}
	l.now.Store(max(l.now.Load(), t))
	return true
}

func (l *leap) Wake()  { l.woken.Store(true) }
func (l *leap) Close() {}

// quick is a user, and all of them: an iteration is counted.
type quick struct{ ran, dropped atomic.Int64 }

func (q *quick) New(context.Context, int64) (executor.User, error) { return q, nil }
func (q *quick) Iterate(executor.Ticket) bool                      { q.ran.Add(1); runtime.Gosched(); return true }
func (q *quick) Pace() time.Duration                               { return 0 }
func (q *quick) Interrupt()                                        {}
func (q *quick) Close()                                            {}
func (q *quick) Active(int64, int64)                               {}
func (q *quick) GaveUp(int64)                                      {}

func (q *quick) Dropped(_, count int64, _ int16, _ int64, _ string) {
	q.dropped.Add(count)
}

func (q *quick) run(tb testing.TB, e spec.Executor) {
	tb.Helper()
	l := &leap{}
	err := build(tb, e).Run(tb.Context(), executor.Plan{
		Users: q, Recorder: q, Clock: l.now.Load, Graceful: time.Second,
		Waiter: func() (executor.Waiter, error) { return l, nil },
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func TestIterationsAllocateNothing(t *testing.T) {
	const n = 200_000
	for _, c := range []struct {
		why string
		e   spec.Executor
	}{
		{"free VUs queue for the lead", &spec.ConstantArrivalRate{Rate: perSecond(n), Duration: lasting(s), VUs: count(20)}},
		{"the warden leads", &spec.ConstantArrivalRate{Rate: perSecond(n), Duration: lasting(s), VUs: count(1)}},
		{"a ramp", &spec.RampingArrivalRate{Stages: []spec.Stage[spec.RateOf]{toRate(s, n), toRate(s, 0)}, VUs: count(20)}},
		{"closed", &spec.SharedIterations{VUs: count(20), Iterations: count(n)}},
	} {
		t.Run(c.why, func(t *testing.T) {
			q := &quick{}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			q.run(t, c.e)
			runtime.ReadMemStats(&after)
			if all := q.ran.Load() + q.dropped.Load(); all != n {
				t.Errorf("%d started + %d dropped", q.ran.Load(), q.dropped.Load())
			}
			// The VUs and what the runtime does meanwhile allocate a little, whatever the number of iterations.
			if mallocs := after.Mallocs - before.Mallocs; mallocs > n/50 {
				t.Errorf("%d allocations for %d iterations", mallocs, n)
			}
		})
	}
}

func TestAHundredThousandVUs(t *testing.T) {
	const n = 100_000
	for _, e := range []spec.Executor{
		&spec.PerVUIterations{VUs: count(n)},
		&spec.ConstantArrivalRate{Rate: perSecond(n), Duration: lasting(s), VUs: count(n)},
	} {
		t.Run(e.Kind(), func(t *testing.T) {
			p := (&play{takes: always(5 * s), grace: 10 * s}).run(t, build(t, e))
			if len(p.ran) != n || p.made != n || p.lost("") != 0 || p.interrupted() != 0 {
				t.Errorf("%d started on %d VUs, %d dropped, %d interrupted", len(p.ran), p.made, p.lost(""), p.interrupted())
			}
		})
	}
}

// The platform's own waiter is never early, and a call of Wake ends the present and every later wait.
func TestWaiter(t *testing.T) {
	epoch := time.Now()
	clock := func() int64 { return int64(time.Since(epoch)) }
	best, err := executor.NewWaiter(clock, new(executor.Spin))
	if err != nil {
		t.Fatal(err)
	}
	asleep, err := executor.NewWaiter(clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, w := range map[string]executor.Waiter{
		"the platform's": best, "the same without leave to spin": asleep, "package time's": executor.NewTimeWaiter(clock),
	} {
		t.Run(name, func(t *testing.T) {
			defer w.Close()
			for _, d := range []time.Duration{-time.Second, 0, time.Microsecond, 100 * time.Microsecond, 3 * time.Millisecond, 1} {
				at := clock() + int64(d)
				if !w.Until(at) || clock() < at {
					t.Errorf("a wait of %v was ended early", d)
				}
			}
			done := make(chan bool)
			go func() { done <- w.Until(clock() + int64(time.Hour)) }()
			w.Wake()
			if <-done || w.Until(clock()-1) || w.Until(clock()+1) {
				t.Error("a wait after Wake reached its time")
			}
			w.Wake()
		})
	}
}

func TestWaitingAllocatesNothing(t *testing.T) {
	epoch := time.Now()
	clock := func() int64 { return int64(time.Since(epoch)) }
	w, err := executor.NewWaiter(clock, new(executor.Spin))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if n := testing.AllocsPerRun(200, func() { w.Until(clock() + 20_000) }); n > 0 {
		t.Errorf("%v allocations a wait", n)
	}
}

// BenchmarkWaiter is the machine's own share in the lag of BenchmarkStartLag: a wait every 50 µs, and nothing else.
func BenchmarkWaiter(b *testing.B) {
	epoch := time.Now()
	clock := func() int64 { return int64(time.Since(epoch)) }
	w, err := executor.NewWaiter(clock, new(executor.Spin))
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	lags := make([]int64, b.N)
	t := clock() + int64(time.Millisecond)
	for i := range lags {
		w.Until(t)
		lags[i] = clock() - t
		t += 50_000
	}
	reportLags(b, lags)
}

// pacer is a user that notes how late its iterations start, and then works for a few µs.
type pacer struct {
	quick
	clock func() int64
	lags  []int64
}

type paced struct{ *pacer }

func (p *pacer) New(context.Context, int64) (executor.User, error) { return paced{p}, nil }

func (p paced) Iterate(t executor.Ticket) bool {
	now := p.clock()
	p.lags[t.N] = now - t.Due
	time.Sleep(100 * time.Microsecond)
	return true
}

// BenchmarkStartLag starts 20,000 iterations a second in real time. An operation is an iteration; 20,000 of them and more
// (-benchtime 100000x) say how late iterations start.
func BenchmarkStartLag(b *testing.B) {
	const rate = 20_000
	epoch := time.Now()
	p := &pacer{clock: func() int64 { return int64(time.Since(epoch)) }}
	p.lags = make([]int64, b.N+1)
	d := time.Duration(b.N) * time.Second / rate
	x := build(b, &spec.ConstantArrivalRate{Rate: perSecond(rate), Duration: lasting(d), VUs: count(200), MaxVUs: count(1000)})
	b.ReportAllocs()
	b.ResetTimer()
	if err := x.Run(b.Context(), executor.Plan{Users: p, Recorder: p, Clock: p.clock, Graceful: time.Second}); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	reportLags(b, p.lags[:b.N])
	b.ReportMetric(float64(p.dropped.Load()), "dropped")
}

func reportLags(b *testing.B, lags []int64) {
	slices.Sort(lags)
	for _, q := range []struct {
		name string
		of   int
	}{{"p50-µs", 500}, {"p99-µs", 990}, {"p99.9-µs", 999}} {
		b.ReportMetric(float64(lags[len(lags)*q.of/1000])/1e3, q.name)
	}
}
