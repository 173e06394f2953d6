package metrics

import (
	"math"
	"slices"
	"testing"
)

// What a heat map counts is what the curve counts, however long the run and however few points are asked for.
func TestCurvesAndBandsCountEveryRequest(t *testing.T) {
	l := shopLayout()
	totals := NewTotals(l, nil)
	const seconds = 2*maxCoarsePoints + 77
	for i := range int64(seconds) {
		totals.Add(interval(l, i, 0, 10, 20, 400))
	}
	step := l.Steps[0]
	scenario := l.Scenarios[step.Scenario].Name
	for _, c := range []struct {
		why, scenario, step string
		points              int
	}{
		{"the total, as it is kept", "", "", 10_000}, {"the total in few points", "", "", 50}, {"a scenario", scenario, "", 600},
		{"a step", scenario, step.Name, 600}, {"a step in one point", scenario, step.Name, 1},
	} {
		curve, ok := totals.Curve(c.scenario, c.step, c.points)
		if !ok || len(curve.Latencies.Maps) != 1 {
			t.Fatalf("%s: %v, %d maps", c.why, ok, len(curve.Latencies.Maps))
		}
		var sum float64
		for _, n := range curve.Series[0].Values {
			sum += n
		}
		var counted int64
		for _, at := range curve.Latencies.Maps[0].Counts {
			for i := 0; i < len(at); i += 2 {
				counted += at[i+1]
				if low, high := curve.Latencies.BoundsMs[at[i]], curve.Latencies.BoundsMs[at[i]+1]; at[i+1] > 0 && low >= high {
					t.Errorf("%s: band %d from %v to %v", c.why, at[i], low, high)
				}
			}
		}
		if n := len(curve.Series[0].Values); n > c.points || sum != 4*seconds || counted != 4*seconds {
			t.Errorf("%s: %d points, %v requests, %d in bands, want %d", c.why, n, sum, counted, 4*seconds)
		}
	}
	if _, ok := totals.Curve(scenario, "no such step", 10); ok {
		t.Error("found a step that there is not")
	}
}

func TestBandsHoldTheirLatencies(t *testing.T) {
	for _, ms := range []float64{0.003, 0.9, 1, 1.7, 12.34, 999, 65000} {
		h := histogramOf(ms * 1e6)
		first, _, _ := thin(h).next(0)
		b := band(first)
		if low, high := bound(b), bound(b+1); ms < low*0.996 || ms > high*1.004 || high > low*1.26 {
			t.Errorf("%v ms stands from %v to %v", ms, low, high)
		}
	}
}

func TestResultHasACurveForEachStep(t *testing.T) {
	l := shopLayout()
	totals := NewTotals(l, nil)
	totals.Add(interval(l, 0, 10, 20))
	r := totals.curves.result()
	i := slices.IndexFunc(r.Steps.Series, func(s TimelineSeries) bool {
		return s.Name == "http_req_latency" && s.Tags["step"] == l.Steps[0].Name && s.Tags["aggregate"] == "p99"
	})
	if i < 0 || math.Abs(r.Steps.Series[i].Values[0]-20) > 0.02 {
		t.Errorf("steps: %+v", r.Steps)
	}
	if n := len(r.Latencies.Maps); n != 3 { // the total, the scenario, the step
		t.Errorf("%d heat maps", n)
	}
}
