package metrics

import (
	"maps"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func interval(l *Layout, second int64, latencies ...float64) *Snapshot {
	s := newSnapshot(l, 0, second*int64(Interval), (second+1)*int64(Interval))
	for _, ms := range latencies {
		r := leaf(&s.Requests[1])
		r.Count++
		r.Trends[trendLatency].Record(ms * 1e6)
	}
	return s
}

// A run of any length has a bounded timeline, whose counts are exact and whose percentiles are near.
func TestTimelineIsBounded(t *testing.T) {
	l := shopLayout()
	c := newCurves(l)
	const seconds = 4*maxPoints + 123
	for i := range int64(seconds) {
		c.add(interval(l, i, 10, 20, 400))
	}
	tl := c.fine
	points := tl.series[c.total()]
	if len(points) > maxPoints || tl.interval != 8 {
		t.Fatalf("%d points of %d s", len(points), tl.interval)
	}
	var requests int64
	for i, p := range points {
		requests += p.Requests
		if i < len(points)-1 && p.Requests != 3*8 {
			t.Fatalf("point %d of %d has %d requests", i, len(points), p.Requests)
		}
		if math.Abs(p.P50-20) > 0.1 || math.Abs(p.P99-400) > 2 {
			t.Fatalf("point %d: p50 %v, p99 %v", i, p.P50, p.P99)
		}
	}
	if requests != 3*seconds {
		t.Errorf("%d requests of %d", requests, 3*seconds)
	}
}

func TestThinHistogramsKeepPercentiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) []float64 {
			return rapid.SliceOfN(rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(1, 1e11)), 1, 50).Draw(t, name)
		}
		a, b := draw("a"), draw("b")
		merged := mergeSparse(thin(histogramOf(a...)), thin(histogramOf(b...)))
		all := slices.Concat(a, b)
		slices.Sort(all)
		for _, q := range []Quantile{p50, p95, p99} {
			want, got := exactRank(all, q.Num, q.Den), sparsePercentile(merged, q)*1e6
			if math.Abs(got-want) > want*0.004 {
				t.Fatalf("%d/%d of %v: %v, want %v", q.Num, q.Den, all, got, want)
			}
		}
	})
}

func TestTimelineOfAShortRun(t *testing.T) {
	l := shopLayout()
	b := newBench(t, l, nil)
	for i := range int64(10) {
		q := okRequest(0, i*200*ms, 50*ms)
		q.Failed = i == 7
		b.Shard(0).Request(&q)
	}
	b.VUs(0, 2, 2)
	b.totals.Add(b.Cut(0))
	b.totals.Add(b.Cut(0))
	b.totals.Add(b.Cut(2003 * ms)) // nothing happened in the last 3 ms
	tl := b.totals.curves.result()
	if tl.IntervalS != 1 {
		t.Errorf("interval %v", tl.IntervalS)
	}
	for _, row := range []struct {
		name, aggregate, scenario string
		want                      []float64
	}{
		{"http_reqs", "", "", []float64{5, 5}}, {"http_reqs", "", "buy", []float64{5, 5}}, {"http_reqs", "", "browse", []float64{0, 0}},
		{"http_req_failed", "", "", []float64{0, 1}}, {"vus", "", "", []float64{2, 2}}, {"http_req_latency", "p99", "browse", []float64{0, 0}},
	} {
		i := slices.IndexFunc(tl.Series, func(s TimelineSeries) bool {
			return s.Name == row.name && s.Tags["aggregate"] == row.aggregate && s.Tags["scenario"] == row.scenario
		})
		if i < 0 || !slices.Equal(tl.Series[i].Values, row.want) {
			t.Errorf("%s %s %s: %v", row.name, row.aggregate, row.scenario, tl.Series[max(i, 0)].Values)
		}
	}
	if p := b.totals.Point(-1); p.Requests != 5 || math.Abs(p.P95-50) > 0.05 {
		t.Errorf("last point %+v", p)
	}
	if p := b.totals.Point(1); p.Requests != 0 {
		t.Errorf("last point of the other scenario %+v", p)
	}
}

// The classes of errors that happened have curves of their own, which add up to the whole.
func TestTimelineOfErrorsByClass(t *testing.T) {
	l := shopLayout()
	b := newBench(t, l, nil)
	for i, class := range []uint8{classReset, classReset, 0, classTimeout} {
		q := okRequest(StepID(i%2), int64(i)*100*ms, 50*ms)
		q.Class = class
		b.Shard(0).Request(&q)
	}
	b.totals.Add(b.Cut(0))
	got := map[string]float64{}
	result := b.totals.curves.result()
	for _, s := range slices.Concat(result.Series, result.Steps.Series) {
		if s.Name == "request_errors" {
			got[s.Tags["class"]+"/"+s.Tags["scenario"]+"/"+s.Tags["step"]] = s.Values[0]
		}
	}
	want := map[string]float64{
		"//": 3, "reset//": 2, "timeout//": 1, "/buy/": 3, "reset/buy/": 2, "timeout/buy/": 1, "/browse/": 0,
		"/buy/list": 1, "reset/buy/list": 1, "/buy/order": 2, "reset/buy/order": 1, "timeout/buy/order": 1, "/browse/list": 0,
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
