package compare

import (
	"math"
	"math/rand/v2"
	"testing"
)

var p95 = Track{Metric: "http_req_latency", Tags: map[string]string{}, Aggregate: "p95"}

func TestChangesAreMarked(t *testing.T) {
	w := &world{random: rand.New(rand.NewPCG(1, 0)), common: 0.02, own: 0.01}
	var runs []Run
	for i := range 40 {
		factor := 1.0
		if i >= 15 {
			factor = 1.15
		}
		if i >= 28 {
			factor = 0.9
		}
		runs = append(runs, w.run(i, factor))
	}
	h := Follow(runs, p95)
	marked := map[int]float64{}
	for i, p := range h.Points {
		if p.Changed {
			marked[i] = p.Change
		}
	}
	if len(marked) != 2 || math.Abs(marked[15]-0.15) > 0.03 || math.Abs(marked[28]+0.22) > 0.03 {
		t.Errorf("marked %v", marked)
	}
}

func TestLevelHistoriesHaveNoMarks(t *testing.T) {
	w := &world{random: rand.New(rand.NewPCG(2, 0)), common: 0.03, own: 0.02}
	alarms := 0
	for range 100 {
		for _, p := range Follow(w.side(20, 1), p95).Points {
			if p.Changed {
				alarms++
				break
			}
		}
	}
	if alarms > 11 { // 5 expected
		t.Errorf("%d of 100 histories without a change have one", alarms)
	}
}

func TestHistoriesLeaveOutBrokenRuns(t *testing.T) {
	w := &world{random: rand.New(rand.NewPCG(3, 0)), common: 0.01, own: 0.01}
	runs := w.side(5, 1)
	runs[1].Result.Verdict.Status = "interrupted"
	runs[2].Result.Metrics = nil
	runs[0], runs[4] = runs[4], runs[0] // files come in any order
	h := Follow(runs, p95)
	if len(h.Points) != 3 || h.Left != 2 || h.Points[0].File != "run-0.json" || h.Points[2].File != "run-4.json" {
		t.Errorf("%+v", h)
	}
	for _, p := range h.Points {
		if p.Changed {
			t.Error("three runs show no change")
		}
	}
}
