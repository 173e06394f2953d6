package metrics

import (
	"strings"
	"testing"
	"time"

	"runner/spec"
)

func set[T any](v T) spec.Opt[T] { return spec.Opt[T]{Value: v, Set: true} }

// drive lets a run of so many seconds happen, second by second: each says what is recorded in second n. It returns when the
// run was stopped by a condition, in seconds; 0: never.
func drive(t *testing.T, source Source, baseline *Baseline, seconds int64, each func(s *Shard, n int64)) (ThresholdResult, float64) {
	t.Helper()
	l := shopLayout()
	c, problems := CompileThresholds(l, []Source{source}, spec.Ratio{Den: 1})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	b := newBench(t, l, c)
	b.totals.Compare(baseline)
	b.ScenarioStarted(0, 3*ms)
	b.ScenarioStarted(1, 3*ms)
	stopped := 0.0
	for n := range seconds {
		b.now.Store(n * 1000 * ms)
		each(b.Shard(0), n)
		b.totals.Add(b.Cut(0))
		if _, ok := b.totals.Abort(); ok && stopped == 0 {
			stopped = float64(n + 1)
		}
	}
	return b.totals.Judge(true)[0], stopped
}

// requests records count requests of buy/list that take so many ms, all of which end in second n.
func requests(s *Shard, n, count, took int64) {
	for range count {
		q := okRequest(0, n*1000*ms, took*ms)
		q.Due, q.Start, q.End = n*1000*ms, n*1000*ms, n*1000*ms+took*ms
		s.Request(&q)
	}
}

// spike has 100 fast requests a second, but for second 5, whose requests are slow.
func spike(s *Shard, n int64) {
	took := int64(10)
	if n == 5 {
		took = 500
	}
	requests(s, n, 100, took)
}

func TestWindows(t *testing.T) {
	for _, row := range []struct {
		why    string
		that   string
		long   spec.Threshold
		each   func(s *Shard, n int64)
		status string
		value  float64
		reason string
	}{
		{"over the whole run a spike is a tenth", "p90 < 100ms", spec.Threshold{}, spike, Passed, 10, ""},
		{"in a window of two seconds it is half", "p90 < 100ms", spec.Threshold{Window: set(2 * time.Second)}, spike, FailedStatus, 500, "in the window 4 s to 6 s"},
		{"in one of a second it is all", "p(1) < 100ms", spec.Threshold{Window: set(time.Second)}, spike, FailedStatus, 500, "in the window 5 s to 6 s"},
		{"what passes shows the window that came nearest: an upper limit", "max < 1s", spec.Threshold{Window: set(3 * time.Second)}, spike, Passed, 500, ""},
		{"and a lower one", "min > 1ms", spec.Threshold{Window: set(3 * time.Second)}, spike, Passed, 10, ""},
		{"a run that is shorter than the window has none", "p90 < 100ms", spec.Threshold{Window: set(11 * time.Second)}, spike, FailedStatus, 0, "no full window of 11s had data"},
		{"windows with too few samples are passed over", "max < 100ms", spec.Threshold{Window: set(2 * time.Second), MinSamples: set(int64(50))},
			func(s *Shard, n int64) {
				if n == 4 {
					requests(s, n, 10, 500)
					return
				}
				requests(s, n, 30, 10)
			}, Passed, 10, ""},
		{"and if all are, that is no pass", "max < 100ms", spec.Threshold{Window: set(2 * time.Second), MinSamples: set(int64(1000))}, spike, FailedStatus, 0, "no full window of 2s had 1000 samples"},
		{"a second without requests is no failure of a trend", "max < 100ms", spec.Threshold{Window: set(time.Second)},
			func(s *Shard, n int64) {
				if n%2 == 0 {
					requests(s, n, 1, 10)
				}
			}, Passed, 10, ""},
		{"enough samples", "max < 1s", spec.Threshold{MinSamples: set(int64(1000))}, spike, Passed, 500, ""},
		{"one too few", "max < 1s", spec.Threshold{MinSamples: set(int64(1001))}, spike, FailedStatus, 500, "1000 of the 1001 samples that it wants"},
		{"a warm-up follows the due time, from the scenario's start", "max < 100ms", spec.Threshold{ExcludeWarmup: set(6*time.Second - 3*time.Millisecond)}, spike, Passed, 10, ""},
		{"and ends with it", "max < 100ms", spec.Threshold{ExcludeWarmup: set(5*time.Second - 3*time.Millisecond)}, spike, FailedStatus, 500, ""},
		{"both", "p(1) < 100ms", spec.Threshold{ExcludeWarmup: set(6*time.Second - 3*time.Millisecond), Window: set(time.Second)}, spike, Passed, 10, ""},
	} {
		source := threshold("http_req_latency", where("step=list"), row.that)
		of := source.Threshold
		of.Window, of.MinSamples, of.ExcludeWarmup = row.long.Window, row.long.MinSamples, row.long.ExcludeWarmup
		r, _ := drive(t, source, nil, 10, row.each)
		if r.Status != row.status || !strings.HasPrefix(r.Reason, row.reason) || row.reason == "" && r.Reason != "" {
			t.Errorf("%s: %s %q, want %s %q", row.why, r.Status, r.Reason, row.status, row.reason)
		}
		for name, v := range r.Observed {
			if diff := v/row.value - 1; diff > 0.001 || diff < -0.001 {
				t.Errorf("%s: observed %s = %v, want %v", row.why, name, v, row.value)
			}
		}
		if row.value > 0 && len(r.Observed) == 0 {
			t.Errorf("%s: nothing observed", row.why)
		}
	}
}

// The rate of a counter divides by the window, not by the run.
func TestRatesInWindows(t *testing.T) {
	source := threshold("http_reqs", nil, "rate >= 100/s")
	source.Threshold.Window = set(2 * time.Second)
	r, _ := drive(t, source, nil, 6, func(s *Shard, n int64) {
		if n != 3 {
			requests(s, n, 100, 10)
		}
	})
	if r.Status != FailedStatus || r.Observed["rate"] != 50 {
		t.Errorf("%s, observed %v: want a failure at 50/s", r.Status, r.Observed)
	}
}

func TestWhatAbortsWaits(t *testing.T) {
	for _, row := range []struct {
		why     string
		delay   time.Duration
		window  time.Duration
		slow    int64 // requests in second 1, all slow
		stopped float64
	}{
		{"at once", 0, 0, 100, 2},
		{"not before the delay is over; then what happened before counts", 4 * time.Second, 0, 100, 5},
		{"a window that breaches", 0, 2 * time.Second, 100, 2},
		{"after the delay too", 5 * time.Second, 2 * time.Second, 100, 6},
		{"few samples beyond a percentile stop nothing", 0, time.Second, 1, 0},
	} {
		source := threshold("http_req_latency", nil, "p95 < 100ms")
		source.Threshold.Abort, source.Threshold.Delay = set(true), set(row.delay)
		if row.window > 0 {
			source.Threshold.Window = set(row.window)
		}
		_, stopped := drive(t, source, nil, 8, func(s *Shard, n int64) {
			if n == 1 {
				requests(s, n, row.slow, 500)
				requests(s, n, 100, 500)
				return
			}
			requests(s, n, 3, 10)
		})
		if row.slow == 1 {
			_, stopped = drive(t, source, nil, 8, func(s *Shard, n int64) { requests(s, n, 3, 500) })
		}
		if stopped != row.stopped {
			t.Errorf("%s: stopped at %v s, want %v", row.why, stopped, row.stopped)
		}
	}
}

func TestSelectorsWithSeveralValues(t *testing.T) {
	matcher := func(op string, values ...string) []spec.Matcher {
		return []spec.Matcher{{Tag: "step", Op: op, Value: values[0], More: values[1:]}}
	}
	for _, row := range []struct {
		why   string
		where []spec.Matcher
		count float64
	}{
		{"any of two", matcher("=", "list", "order"), 12},
		{"one of them", matcher("=", "list"), 10},
		{"none of two", matcher("!=", "order"), 10},
		{"statuses, which only samples know", []spec.Matcher{{Tag: "status", Op: "=", Value: "503", More: []string{"200"}}}, 12},
		{"none of the statuses", []spec.Matcher{{Tag: "status", Op: "!=", Value: "503", More: []string{"200"}}}, 0},
	} {
		r, _ := drive(t, threshold("http_reqs", row.where, "count >= 0"), nil, 1, func(s *Shard, n int64) {
			requests(s, n, 10, 5)
			for range 2 {
				q := okRequest(1, 0, 5*ms)
				s.Request(&q)
			}
		})
		if r.Observed["count"] != row.count {
			t.Errorf("%s: %s counts %v, want %v", row.why, r.ID, r.Observed["count"], row.count)
		}
	}
}
