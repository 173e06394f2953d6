package metrics

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
)

// A run remembers its seconds in little memory: a plan of one scenario and one step grows by less than 3 KiB a second,
// also where points are merged: curves of the same requests go on sharing what they keep.
func TestSecondsTakeLittleMemory(t *testing.T) {
	l := &Layout{Scenarios: []Scenario{{Name: "all"}}, Steps: []Step{{Name: "one"}}}
	totals := NewTotals(l, nil)
	random := rand.New(rand.NewPCG(1, 2))
	seconds := int64(0)
	run := func(n int) uint64 {
		for range n {
			latencies := make([]float64, 5_000)
			for i := range latencies {
				latencies[i] = 2 * math.Exp(random.NormFloat64()/2) // ms
			}
			totals.Add(interval(l, seconds, latencies...))
			seconds++
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := run(10)
	for _, c := range []struct {
		why     string
		seconds int
		limit   float64 // bytes a second
	}{
		{"a point for each second", 60, 3 << 10},
		{"the coarse timeline is full, and its points are merged", maxCoarsePoints, 4 << 10},
		{"coarse points of two seconds", 60, 3 << 10},
	} {
		after := run(c.seconds)
		grown := (float64(after) - float64(before)) / float64(c.seconds)
		t.Logf("%s: %.0f bytes a second", c.why, grown)
		if grown > c.limit {
			t.Errorf("%s: a second takes %.0f bytes, over %.0f", c.why, grown, c.limit)
		}
		before = after
	}
	runtime.KeepAlive(totals)
}
