package metrics

import (
	"testing"

	"runner/spec"
)

// What a rate divides by: the time of its scenarios, whoever notices when that it is over.
func TestTimeOfScenarios(t *testing.T) {
	for _, row := range []struct {
		why      string
		happened func(*bench)
		want     float64 // iterations a second
	}{
		{"ended before its plan's end: as planned", func(b *bench) { b.end(0, 900*ms, 1000*ms) }, 10},
		{"ended after it", func(b *bench) { b.end(0, 2000*ms, 1000*ms) }, 5},
		{"without a plan: the last iteration, not when that was noticed", func(b *bench) { b.end(0, 500*ms, 0) }, 20},
		{"scenarios together, with the gap between them", func(b *bench) { b.end(0, 500*ms, 1000*ms); b.end(3000*ms, 3500*ms, 4000*ms) }, 5},
		{"a pause is nobody's time", func(b *bench) { b.Paused(400 * ms); b.Resumed(1400 * ms); b.end(0, 1900*ms, 2000*ms) }, 10},
		{"nor is one that goes on", func(b *bench) { b.end(0, 900*ms, 2000*ms); b.Paused(1000 * ms) }, 10},
		{"a pause after its end changes nothing", func(b *bench) { b.end(0, 900*ms, 1000*ms); b.Paused(2000 * ms); b.Resumed(3000 * ms) }, 10},
	} {
		b := newBench(t, shopLayout(), nil)
		b.now.Store(9999 * ms) // the clock is long past all that
		row.happened(b)
		b.finish(4000 * ms)
		if got := b.aggregate(t, "iterations", "", "", "rate"); got != row.want {
			t.Errorf("%s: %v/s, want %v/s", row.why, got, row.want)
		}
	}
}

// end is ten iterations of the next scenario, of which the last ends at last.
func (b *bench) end(start, last, planned int64) {
	id := ScenarioID(0)
	if b.times[0].Started {
		id = 1
	}
	b.ScenarioStarted(id, start)
	for i := range int64(10) {
		b.Shard(i).Iteration(&Iteration{Scenario: id, Due: start, Free: start, Start: start, End: last - i*ms})
	}
	b.ScenarioEnded(id, planned)
}

// A queue that was not worked off in time is a want of VUs; one that a stop ended is not.
func TestShortfallOfAQueue(t *testing.T) {
	l := shopLayout()
	l.Scenarios[0].Queue = true
	for _, row := range []struct {
		why   string
		early bool
		want  int
	}{{"worked until its end", false, 1}, {"stopped before", true, 0}} {
		c, _ := CompileThresholds(l, nil, spec.Ratio{Den: 1})
		b := newBench(t, l, c)
		b.ScenarioStarted(0, 0)
		for range 10 {
			b.Shard(0).Iteration(&Iteration{Scenario: 0, Open: true, Start: 0, End: 1000 * ms})
		}
		b.VUs(0, 5, 5)
		b.Dropped(0, 30, 1, 1000*ms, "end")
		b.ScenarioEnded(0, 2000*ms)
		b.finish(2000 * ms)
		list := b.totals.Shortfalls(b.Starts(), row.early)
		if len(list) != row.want {
			t.Fatalf("%s: %v", row.why, list)
		}
		if row.want > 0 && (list[0].Dropped != 30 || list[0].Planned != 40 || list[0].Needed != 20) {
			t.Errorf("%s: 40 in 2 s of 1 s each take 20 VUs: %+v", row.why, list[0])
		}
	}
}
