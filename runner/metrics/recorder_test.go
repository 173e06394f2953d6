package metrics

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"go.uber.org/goleak"

	"runner/spec"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Everything that many VUs record while the owner cuts intervals comes out once.
func TestCountsInAreCountsOut(t *testing.T) {
	const vus, each = 16, 3000
	b := newBench(t, shopLayout(), nil)
	stop := runUntilCancelled(t, b.Recorder, func(s *Snapshot) { b.totals.Add(s) })
	var wg sync.WaitGroup
	for id := range int64(vus) {
		wg.Go(func() {
			s := b.Shard(id)
			for i := range int64(each) {
				q := okRequest(StepID(i%3), i*ms, ms)
				s.Request(&q)
				s.Check(CheckID(i%3), Moment{}, i%2 == 0)
				it := Iteration{Scenario: ScenarioID(i % 2), Start: i * ms, End: (i + 1) * ms}
				s.Iteration(&it)
				s.Emit(0, Moment{}, 1)
				s.Group(0, Moment{}, 0, ms)
				b.now.Add(int64(time.Microsecond))
			}
		})
	}
	wg.Wait()
	stop()
	checkAggregates(t, b, "concurrent", map[string]float64{
		"http_reqs/count": vus * each, "checks/passes": vus * each / 2, "checks/fails": vus * each / 2, "iterations/count": vus * each,
		"carts/count": vus * each, "group_duration/count": vus * each, "http_req_latency/count": vus * each,
	})
}

// Where nobody drains, those who record do: nothing is lost, and memory stays bounded.
func TestNothingIsLostWithoutAnOwner(t *testing.T) {
	b := newBench(t, shopLayout(), nil)
	const n = bufferSize * (maxFilled + 5)
	for range n {
		b.Shard(0).Check(0, Moment{}, true)
	}
	if len(b.filled) > maxFilled {
		t.Errorf("%d buffers wait", len(b.filled))
	}
	b.finish(ms)
	if got := b.aggregate(t, "checks", "", "", "passes"); got != n {
		t.Errorf("%v of %d", got, n)
	}
}

func TestRecordingAllocatesNothing(t *testing.T) {
	b := newBench(t, shopLayout(), nil)
	s := b.Shard(1)
	q, it := okRequest(0, 0, ms), Iteration{Open: true, End: ms}
	record := func() {
		for range bufferSize { // so that a buffer is handed over in every run
			s.Request(&q)
			s.Iteration(&it)
			s.Check(0, Moment{Stage: 1}, true)
			s.Emit(0, Moment{Stage: 1}, 1)
			s.Group(0, Moment{Stage: 1}, 0, ms)
			s.WantError(0, classTimeout)
		}
		b.help()
	}
	record()
	if n := testing.AllocsPerRun(100, record); n > 0 {
		t.Errorf("%v allocations for %d samples of each kind", n, bufferSize)
	}
}

// A sample belongs to the interval in which it ended, also if it is counted before or after that interval is cut.
func TestSamplesBelongWhereTheyEnded(t *testing.T) {
	b := newBench(t, shopLayout(), nil)
	for _, end := range []int64{999 * ms, 1000 * ms, 1999 * ms} {
		q := okRequest(0, end-ms, ms)
		b.Shard(0).Request(&q)
	}
	first := b.Cut(0)
	late := okRequest(0, 500*ms, ms)
	b.Shard(0).Request(&late)
	second := b.Cut(0)
	if n := first.Requests[1].Count; n != 1 {
		t.Errorf("first second: %d", n)
	}
	if n := second.Requests[1].Count; n != 3 {
		t.Errorf("second second, with one that came too late for the first: %d", n)
	}
	if second.From != 1000*ms || second.To != 2000*ms {
		t.Errorf("second interval is %d to %d", second.From, second.To)
	}
}

func TestRunCutsEverySecondAndOnceMoreInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		r := NewRecorder(shopLayout(), nil, func() int64 { return int64(time.Since(start)) })
		ctx, cancel := context.WithCancel(t.Context())
		var cuts [][2]int64
		done := make(chan struct{})
		go func() {
			defer close(done)
			r.Run(ctx, func(s *Snapshot) { cuts = append(cuts, [2]int64{s.From, s.To}) })
		}()
		time.Sleep(2500 * time.Millisecond)
		cancel()
		<-done
		want := [][2]int64{{0, 1000 * ms}, {1000 * ms, 2000 * ms}, {2000 * ms, 2500 * ms}}
		if len(cuts) != 3 || cuts[0] != want[0] || cuts[1] != want[1] || cuts[2] != want[2] {
			t.Errorf("got %v, want %v", cuts, want)
		}
	})
}

// A process that was stopped for a while catches up, interval by interval.
func TestRunCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		r := NewRecorder(shopLayout(), nil, func() int64 { return int64(time.Since(start)) })
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		done := make(chan struct{})
		go func() {
			defer close(done)
			r.Run(ctx, func(*Snapshot) {
				if n++; n == 1 {
					time.Sleep(3 * time.Second)
				}
			})
		}()
		time.Sleep(4500 * time.Millisecond)
		cancel()
		<-done
		if n != 5 {
			t.Errorf("%d intervals in 4.5 s", n)
		}
	})
}

func TestVUsAreCarriedOver(t *testing.T) {
	b := newBench(t, shopLayout(), nil)
	b.VUs(0, 5, 5)
	b.Cut(0)
	if s := b.Cut(0); s.VUs[0].Active.Value != 5 || s.VUs[2].Active.Max != 5 {
		t.Errorf("nothing changed, and still: %+v", s.VUs)
	}
}

// Segments of one interval add up; intervals of one segment follow each other.
func TestMergeOfLevels(t *testing.T) {
	l := shopLayout()
	one, two := newBench(t, l, nil), newBench(t, l, nil)
	one.VUs(0, 3, 3)
	two.VUs(0, 4, 4)
	s := one.Cut(0)
	s.Merge(two.Cut(0))
	if got := s.VUs[0].Active.Value; got != 7 {
		t.Errorf("two machines: %v", got)
	}
	one.now.Store(1500 * ms)
	one.VUs(0, 1, 3)
	s.Merge(one.Cut(0))
	if got := s.VUs[0].Active; got.Value != 1 || got.Max != 7 {
		t.Errorf("and a second later: %+v", got)
	}
}

// VUs that a condition selects of two scenarios add up over machines also in a second in which only one of them changed.
func TestMergeOfSelectedLevels(t *testing.T) {
	l := shopLayout()
	c, problems := CompileThresholds(l, []Source{threshold("vus", nil, "max < 100")}, spec.Ratio{Den: 1})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	one, two := newBench(t, l, c), newBench(t, l, c)
	one.VUs(0, 3, 3)
	one.Cut(0)
	two.Cut(0)
	two.now.Store(1500 * ms)
	two.VUs(1, 4, 4)
	s := one.Cut(0)
	s.Merge(two.Cut(0))
	if got := s.selected[c.list[0].selection.slot].vus.Active.Value; got != 7 {
		t.Errorf("got %v", got)
	}
}

func TestTheNewestLevelCounts(t *testing.T) {
	var g Level
	g.set(5, 20)
	g.set(9, 10) // counted later, but older
	if g.Value != 5 || g.Max != 9 || g.N != 2 {
		t.Errorf("got %+v", g)
	}
	g.merge(&Level{N: 1, Value: 1, Min: 1, Max: 1, At: 5})
	if g.Value != 5 || g.Min != 1 {
		t.Errorf("merged with an older one: %+v", g)
	}
}

// The time of several scenarios or segments is from the first start to the last end.
func TestScenarioTimes(t *testing.T) {
	var hull ScenarioTime
	hull.merge(ScenarioTime{Skipped: true})
	hull.merge(ScenarioTime{Started: true, Ended: true, Start: 5, End: 20, Planned: 30})
	hull.merge(ScenarioTime{Started: true, Start: 2, End: 40, Planned: 10})
	if want := (ScenarioTime{Started: true, Ended: true, Start: 2, End: 40, Planned: 30}); hull != want {
		t.Errorf("got %+v, want %+v", hull, want)
	}
}

// While a scenario runs, a rate divides by the time so far.
func TestRatesOfARunThatGoesOn(t *testing.T) {
	b := newBench(t, shopLayout(), nil)
	b.ScenarioStarted(0, 1000*ms)
	b.totals.Add(b.Cut(0))
	for range 30 {
		q := okRequest(0, 1500*ms, ms)
		b.Shard(0).Request(&q)
	}
	b.totals.Add(b.Cut(0))
	b.totals.Add(b.Cut(0))
	if got := b.aggregate(t, "http_reqs", "", "", "rate"); got != 15 {
		t.Errorf("30 in 2 s: %v a second", got)
	}
	if got := b.totals.Now(); got != 3000*ms {
		t.Errorf("now is %d", got)
	}
}

func TestStartsBySecond(t *testing.T) {
	b := newBench(t, shopLayout(), nil)
	for _, it := range []Iteration{
		{Open: true, Due: 100 * ms, Start: 100 * ms, End: 9000 * ms},
		{Open: true, Due: 900 * ms, Start: 951 * ms, End: 9000 * ms},   // 51 ms
		{Open: true, Due: 1000 * ms, Start: 1050 * ms, End: 1100 * ms}, // 50 ms is not late
		{Open: true, Due: 0, Free: 1200 * ms, Start: 1210 * ms, End: 1300 * ms, Interrupted: true},
		{Open: true, Due: 1300 * ms, Ready: 1800 * ms, Start: 1801 * ms, End: 1900 * ms}, // its VU was made for it, and init took its time
		{Open: true, Due: 1300 * ms, Ready: 1700 * ms, Start: 1751 * ms, End: 1900 * ms},
		{Scenario: 1, FirstOfVU: true, Start: 1500 * ms, End: 1600 * ms}, // closed: no arrival
	} {
		b.Shard(0).Iteration(&it)
	}
	b.Dropped(0, 1, 0, 1700*ms, "vus")
	b.Drain()
	got := b.Starts()
	if got[0][0] != (StartSecond{Arrivals: 2, Late: 1}) || got[0][1] != (StartSecond{Arrivals: 4, Late: 1, Dropped: 1}) || len(got[1]) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestErrorSamplesAreFewAndMadeOnlyWhenKept(t *testing.T) {
	b := newBench(t, shopLayout(), nil)
	s := b.Shard(0)
	kept := 0
	for i := range 10 {
		if s.WantError(1, classTimeout) {
			s.Error(1, classTimeout, int64(i)*ms, "http://shop/order", "no answer")
			kept++
		}
		s.Failed(0, CauseValue, int64(i)*ms, errors.New("token: nothing found"))
	}
	if kept != samplesPerKind {
		t.Errorf("%d messages were made", kept)
	}
	if got := b.samples.of(b.samples.iteration(0, CauseValue)); len(got) != samplesPerKind || got[0].Message != "token: nothing found" {
		t.Errorf("iteration's samples: %+v", got)
	}
	if s.WantError(-1, 1) || s.WantError(99, 1) {
		t.Error("a step that is not there wants a sample")
	}
	long := make([]rune, 3000)
	for i := range long {
		long[i] = '€' // three bytes: 1,000 is in the middle of one
	}
	s.Error(0, 200, 0, "", string(long))
	if got := b.samples.of(b.samples.request(0, 200)); len(got) != 1 || len(got[0].Message) > maxMessageLength+8 || !utf8.ValidString(got[0].Message) {
		t.Errorf("long message: %+v", got)
	}
}

// A nil shard is how setup and teardown stay out of the numbers.
func TestNilShardRecordsNothing(t *testing.T) {
	var s *Shard
	s.Request(&Request{})
	s.Iteration(&Iteration{})
	s.Check(0, Moment{}, true)
	s.Emit(0, Moment{}, 1)
	s.Group(0, Moment{}, 0, 1)
	s.Error(0, 0, 0, "", "")
	s.Failed(0, CauseValue, 0, errors.New("x"))
	if s.WantError(0, 1) {
		t.Error("a nil shard wants a sample")
	}
}

func TestSamplesOfNothingAreDropped(t *testing.T) {
	b := newBench(t, shopLayout(), nil)
	s := b.Shard(-3)
	s.Request(&Request{Step: 99})
	s.Request(&Request{Step: -1})
	s.Iteration(&Iteration{Scenario: -1})
	s.Check(-1, Moment{}, true)
	s.Emit(99, Moment{}, 1)
	s.Emit(-1, Moment{}, 1)
	s.Group(-1, Moment{}, 0, 1)
	b.finish(ms)
	if got := b.aggregate(t, "http_reqs", "", "", "count"); got != 0 {
		t.Errorf("got %v", got)
	}
}

func BenchmarkShardRequest(b *testing.B) {
	r := newBench(b, shopLayout(), nil)
	s, q := r.Shard(0), okRequest(0, 0, ms)
	for b.Loop() {
		s.Request(&q)
	}
}
