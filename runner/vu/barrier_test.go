package vu_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

// arrive lets VU id iterate after a while and returns, later, when that iteration ended.
func arrive(t *testing.T, w *vutest.World, wg *sync.WaitGroup, id int64, after time.Duration, iterations int64) *time.Time {
	v, end := w.VU(t, id), new(time.Time)
	wg.Go(func() {
		time.Sleep(after)
		for n := range iterations {
			v.Iterate(vu.Iteration{N: 10*id + n})
		}
		*end = time.Now()
	})
	return end
}

func TestBarrierOpensForAllAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := vutest.New(t, scenario("", "barrier: { vus: 3, timeout: 1m }"), vutest.Options{})
		begin := time.Now()
		var wg sync.WaitGroup
		ends := []*time.Time{
			arrive(t, w, &wg, 1, 0, 1), arrive(t, w, &wg, 2, time.Second, 1), arrive(t, w, &wg, 3, 5*time.Second, 1),
		}
		wg.Wait()
		for i, end := range ends {
			if d := end.Sub(begin); d != 5*time.Second {
				t.Errorf("VU %d went on after %s, want 5s: when the last came", i+1, d)
			}
		}
		if n := w.Value(w.Cut(), "iterations_failed", "", "", "passes"); n != 0 {
			t.Errorf("%v iterations failed", n)
		}
	})
}

func TestBarrierHoldsRoundAfterRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := vutest.New(t, scenario("", "think: ${vu.id * 1000}", "barrier: { vus: 2, timeout: 1m }"), vutest.Options{})
		begin := time.Now()
		var wg sync.WaitGroup
		a, b := arrive(t, w, &wg, 1, 0, 3), arrive(t, w, &wg, 2, 0, 3)
		wg.Wait()
		if !a.Equal(*b) || a.Sub(begin) != 6*time.Second {
			t.Errorf("three rounds ended after %s and %s, want 6s: the slower of the two makes each", a.Sub(begin), b.Sub(begin))
		}
	})
}

func TestBarrierGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := vutest.New(t, scenario("", "barrier: { vus: 2, timeout: 5s }", "log: through ${vu.id}"), vutest.Options{})
		begin := time.Now()
		var wg sync.WaitGroup
		late := arrive(t, w, &wg, 1, 0, 1)
		wg.Wait()
		if d := late.Sub(begin); d != 5*time.Second {
			t.Errorf("gave up after %s, want 5s", d)
		}
		if n := w.Value(w.Cut(), "iterations_failed", "cause", "error", "passes"); n != 1 {
			t.Errorf("%v iterations failed for an error, want 1", n)
		}
		// The one that gave up does not count for those who come later.
		arrive(t, w, &wg, 2, 0, 1)
		time.Sleep(time.Second)
		synctest.Wait()
		lines(t, w)
		arrive(t, w, &wg, 3, 0, 1)
		wg.Wait()
		if n := len(w.Lines()); n != 2 {
			t.Errorf("%d VUs came through, want 2", n)
		}
	})
}

func TestBarrierLetsAnInterruptedVUGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := vutest.New(t, scenario("", "barrier: { vus: 2, timeout: 1h }"), vutest.Options{})
		v := w.VU(t, 1)
		begin := time.Now()
		time.AfterFunc(2*time.Second, v.Interrupt)
		if v.Iterate(vu.Iteration{}) || time.Since(begin) != 2*time.Second {
			t.Errorf("held for %s, want the 2s until the interrupt", time.Since(begin))
		}
		var wg sync.WaitGroup
		end := arrive(t, w, &wg, 2, 0, 1)
		arrive(t, w, &wg, 3, time.Second, 1)
		wg.Wait()
		if d := end.Sub(begin); d != 3*time.Second {
			t.Errorf("opened after %s, want 3s: one who left does not count", d)
		}
	})
}

func TestBarrierOfOneThatIsAlone(t *testing.T) {
	w := vutest.New(t, scenario("", "barrier: { vus: 5, timeout: 1h }", "log: through"), vutest.Options{
		Change: func(r *vu.Run, _ *vu.Scenario) { r.Alone = true },
	})
	iterate(t, w, 1, 0, 1)
	lines(t, w, "through")
}
