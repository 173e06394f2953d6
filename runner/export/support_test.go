package export

import (
	"testing"

	"runner/runner/metrics"
)

// intervals are n seconds of a run: the k-th has k requests of 10, 20, … ms, one that timed out, a check and an iteration.
func intervals(t *testing.T, l *metrics.Layout, n int) (list []*metrics.Snapshot, totals *metrics.Totals) {
	t.Helper()
	var now int64
	r := metrics.NewRecorder(l, nil, func() int64 { return now })
	totals = metrics.NewTotals(l, nil)
	r.VUs(0, 3, 5)
	for second := range int64(n) {
		now = second * 1000 * ms
		for i := range second + 1 {
			took := (i + 1) * 10 * ms
			r.Shard(1).Request(&metrics.Request{Step: 0, Status: 200, Last: true, BytesOut: true, Start: now, End: now + took, Waiting: took, Sent: 10, Received: 100})
		}
		r.Shard(1).Request(&metrics.Request{Step: 1, Class: 1, Last: true, Failed: true, BytesOut: true, Start: now, End: now + 500*ms})
		r.Shard(1).Check(0, metrics.Moment{}, second%2 == 0)
		r.Shard(1).Iteration(&metrics.Iteration{Scenario: 0, Start: now, End: now + 600*ms})
		now += 999 * ms
		s := r.Cut(0)
		totals.Add(s)
		list = append(list, s)
	}
	return list, totals
}

// feed runs a stream over intervals.
func feed(t *testing.T, s Stream, info Info, list []*metrics.Snapshot) metrics.OutputResult {
	t.Helper()
	if err := s.Start(info); err != nil {
		t.Fatal(err)
	}
	for _, one := range list {
		s.Second(one)
	}
	return s.Close(t.Context())
}

// of is an aggregate of the whole run.
func of(t *testing.T, totals *metrics.Totals, metric, tag, value, aggregate string) float64 {
	t.Helper()
	s, ok := totals.Series(metric, tag, value)
	if !ok {
		t.Fatalf("no %s", metric)
	}
	v, _ := s.Aggregate(aggregate)
	return v
}
