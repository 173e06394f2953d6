package metrics

import (
	"math"
	"testing"
)

func TestWhereAConditionTurns(t *testing.T) {
	for _, c := range []struct {
		why   string
		now   float64
		holds func(float64) bool
		limit float64
		ok    bool
	}{
		{"room above", 12, func(v float64) bool { return v < 500 }, 500, true},
		{"beyond it", 612, func(v float64) bool { return v < 500 }, 500, true},
		{"nothing so far", 0, func(v float64) bool { return v < 500 }, 500, true},
		{"a share that must be all", 1, func(v float64) bool { return v == 1 }, 1, true},
		{"a share that must be nothing, and is not", 0.04, func(v float64) bool { return v <= 0 }, 0, true},
		{"a small share is allowed", 0, func(v float64) bool { return v <= 0.01 }, 0.01, true},
		{"a rate that must be reached", 30, func(v float64) bool { return v >= 50 }, 50, true},
		{"the nearer of two bounds", 90, func(v float64) bool { return v > 10 && v < 100 }, 100, true},
		{"nothing turns it", 5, func(float64) bool { return true }, 0, false},
	} {
		if limit, ok := turn(c.now, c.holds); ok != c.ok || math.Abs(limit-c.limit) > 1e-6 {
			t.Errorf("%s: %v, %v; want %v, %v", c.why, limit, ok, c.limit, c.ok)
		}
	}
}

func TestRecentIsTheLastSeconds(t *testing.T) {
	l := shopLayout()
	totals := NewTotals(l, nil)
	for i := range int64(10) {
		totals.Add(interval(l, i, float64(i+1)*10, 5))
	}
	p, seconds := totals.Recent(-1)
	if seconds != 3 || p.Requests != 6 || math.Abs(p.P99-100) > 0.5 || math.Abs(p.P50-5) > 0.05 {
		t.Errorf("in %d s: %+v", seconds, p)
	}
}
