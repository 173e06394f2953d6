package metrics

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
)

// A run remembers its seconds in little memory: a plan of one scenario and one step grows by less than 3 KiB a second.
func TestSecondsTakeLittleMemory(t *testing.T) {
	l := &Layout{Scenarios: []Scenario{{Name: "all"}}, Steps: []Step{{Name: "one"}}}
	totals := NewTotals(l, nil)
	random := rand.New(rand.NewPCG(1, 2))
	seconds := int64(0)
	run := func(n int) uint64 {
		for range n {
			latencies := make([]float64, 20_000)
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
	grown := float64(run(60)-before) / 60
	t.Logf("%.0f bytes a second", grown)
	if grown > 3<<10 {
		t.Errorf("a second takes %.0f bytes", grown)
	}
	runtime.KeepAlive(totals)
}
