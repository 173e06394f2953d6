package metrics

import (
	"maps"
	"testing"
)

// record makes a little of everything.
func record(b *bench) {
	s := b.Shard(0)
	for i := range int64(20) {
		q := okRequest(StepID(i%3), i*ms, 5*ms)
		switch {
		case i%5 == 0:
			q.Class, q.Status, q.Failed = classReset, 0, true
		case i%7 == 0:
			q.Status, q.Unexpected, q.Failed = 503, true, true
		}
		s.Request(&q)
		s.Check(CheckID(i%3), Moment{}, i%4 > 0)
	}
	s.Iteration(&Iteration{Scenario: 0, Cause: CauseCheck, Open: true, End: 9 * ms})
	s.Iteration(&Iteration{Scenario: 0, End: 9 * ms})
	s.Iteration(&Iteration{Scenario: 1, Cause: CauseValue, End: 9 * ms})
	s.Emit(1, Moment{}, 2.5)
	s.Group(0, Moment{}, 0, 3*ms)
	b.Dropped(0, 3, 0, 0, "vus")
	b.VUs(0, 2, 3)
}

// What Each shows adds up to the totals, so that whoever sums up over all tags finds the result's numbers.
func TestEachAddsUpToTheTotals(t *testing.T) {
	l := shopLayout()
	b := newBench(t, l, nil)
	record(b)
	snapshot := b.Cut(0)
	b.totals.Add(snapshot)
	counts, tallies, trends := map[string]float64{}, map[string]Tally{}, map[string]*Histogram{}
	snapshot.Each(l, func(m *Measured) {
		if m.Tags["scenario"] == "" {
			t.Errorf("%s %v is of no scenario", m.Name, m.Tags)
		}
		switch m.Type {
		case Counter:
			counts[m.Name] += m.Total.Value()
		case Rate:
			sum := tallies[m.Name]
			sum.merge(m.Tally)
			tallies[m.Name] = sum
		case Trend:
			if trends[m.Name] == nil {
				trends[m.Name] = &Histogram{}
			}
			trends[m.Name].Merge(&m.Hist)
		}
	})
	seen := 0
	for _, name := range l.MetricNames() {
		total, _ := b.totals.Series(name, "", "")
		if total.Empty() || total.Type == Gauge {
			continue
		}
		seen++
		switch total.Type {
		case Counter:
			if counts[name] != total.Total.Value() {
				t.Errorf("%s: %v, want %v", name, counts[name], total.Total.Value())
			}
		case Rate:
			if tallies[name] != total.Tally {
				t.Errorf("%s: %v, want %v", name, tallies[name], total.Tally)
			}
		case Trend:
			if trends[name] == nil || trends[name].Count() != total.Hist.Count() || trends[name].Percentile(p95) != total.Hist.Percentile(p95) {
				t.Errorf("%s differs", name)
			}
		}
	}
	if seen < 15 {
		t.Errorf("only %d metrics had data", seen)
	}
}

func TestEachTellsStatusesApart(t *testing.T) {
	l := shopLayout()
	b := newBench(t, l, nil)
	record(b)
	got := map[string]float64{}
	b.Cut(0).Each(l, func(m *Measured) {
		if m.Name == "http_reqs" {
			got[m.Tags["status"]] += m.Total.Value()
		}
	})
	if want := map[string]float64{"0": 4, "200": 14, "503": 2}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestMergedChangesNeither(t *testing.T) {
	l := shopLayout()
	a, b := interval(l, 0, 10), interval(l, 1, 20, 30)
	sum := Merged(a, b)
	if a.Requests[1].Count != 1 || b.Requests[1].Count != 2 || sum.Requests[1].Count != 3 || sum.From != 0 || sum.To != 2*int64(Interval) {
		t.Errorf("%d and %d give %d", a.Requests[1].Count, b.Requests[1].Count, sum.Requests[1].Count)
	}
	if Merged(nil, a) != a || Merged(a, nil) != a {
		t.Error("a nil is no snapshot")
	}
}

// A tap sees every request once.
func TestTapSeesEveryRequest(t *testing.T) {
	b := newBench(t, shopLayout(), nil)
	n := 0
	b.Tap(func(batch []Request) { n += len(batch) })
	for i := range int64(1000) {
		q := okRequest(0, i, 5*ms)
		b.Shard(i).Request(&q)
	}
	b.Cut(0)
	if n != 1000 {
		t.Errorf("%d of 1,000", n)
	}
}
