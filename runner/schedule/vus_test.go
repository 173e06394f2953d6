package schedule_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"runner/runner/schedule"
)

func rampVUs(t testing.TB, start int64, stages ...schedule.VUStage) *schedule.VUs {
	t.Helper()
	v, err := schedule.RampingVUs(start, stages)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVUIntervals(t *testing.T) {
	const s = time.Second
	type stage = schedule.VUStage
	type span = schedule.Interval
	hill := rampVUs(t, 1, stage{9 * s, 10}, stage{10 * s, 10}, stage{10 * s, 0})
	valley := rampVUs(t, 4, stage{4 * s, 0}, stage{4 * s, 4}, stage{2 * s, 4})
	uneven := rampVUs(t, 0, stage{10 * s, 3}, stage{s, 3})
	jumps := rampVUs(t, 1, stage{0, 5}, stage{s, 5}, stage{0, 2}, stage{s, 2})
	blink := rampVUs(t, 5, stage{s, 5}, stage{0, 0}, stage{0, 5}, stage{s, 5})
	for _, c := range []struct {
		why  string
		v    *schedule.VUs
		vu   int64
		want []span
	}{
		{"the first VU is there from the start, and the last to go", hill, 1, []span{{0, 29 * s}}},
		{"one more a second", hill, 2, []span{{s, 28 * s}}},
		{"the last VU comes at the end of the ramp, and is the first to go", hill, 10, []span{{9 * s, 20 * s}}},
		{"there is no VU 11", hill, 11, nil},
		{"gone and back: 1 falls to 0 at the bottom and returns a second later", valley, 1, []span{{0, 4 * s}, {5 * s, 10 * s}}},
		{"VU 4 goes first and returns last", valley, 4, []span{{0, s}, {8 * s, 10 * s}}},
		{"10 s over 3 VUs, rounded down", uneven, 1, []span{{3_333_333_333, 11 * s}}},
		{"and not accumulated", uneven, 2, []span{{6_666_666_666, 11 * s}}},
		{"a jump up is at once", jumps, 5, []span{{0, s}}},
		{"a jump down keeps the low numbers", jumps, 2, []span{{0, 2 * s}}},
		{"who is stopped and started in one instant goes on", blink, 3, []span{{0, 2 * s}}},
	} {
		t.Run(c.why, func(t *testing.T) {
			if got := c.v.Intervals(c.vu); !slices.Equal(got, c.want) {
				t.Errorf("VU %d runs %v, want %v", c.vu, got, c.want)
			}
		})
	}
	if len(rampVUs(t, 0, stage{10 * s, 10}).Intervals(10)) != 0 {
		t.Error("a VU that starts at the very end runs")
	}
}

func TestVUCounts(t *testing.T) {
	const s = time.Second
	v := rampVUs(t, 5, schedule.VUStage{Duration: 10 * s, Target: 15}, schedule.VUStage{Duration: 5 * s, Target: 15},
		schedule.VUStage{Duration: 0, Target: 3}, schedule.VUStage{Duration: 3 * s, Target: 0})
	for _, c := range []struct {
		why   string
		at    time.Duration
		want  int64
		stage int16
	}{
		{"before", -1, 0, 1},
		{"the start", 0, 5, 1},
		{"just before a VU more", s - 1, 5, 1},
		{"a VU more", s, 6, 1},
		{"the top", 10 * s, 15, 2},
		{"the jump", 15 * s, 3, 4},
		{"one down", 16 * s, 2, 4},
		{"the last", 18*s - 1, 1, 4},
		{"over", 18 * s, 0, 4},
	} {
		if got := v.At(c.at); got != c.want {
			t.Errorf("%s: %d VUs, want %d", c.why, got, c.want)
		}
		if got := v.StageAt(c.at); got != c.stage {
			t.Errorf("%s: stage %d, want %d", c.why, got, c.stage)
		}
	}
	if v.Max() != 15 || v.Duration() != 18*s || v.Stages() != 4 {
		t.Errorf("max %d, duration %v, %d stages", v.Max(), v.Duration(), v.Stages())
	}
	points := []schedule.Point{{0, 5}, {10 * s, 15}, {15 * s, 15}, {15 * s, 3}, {18 * s, 0}}
	if got := v.Points(); !slices.Equal(got, points) {
		t.Errorf("points %v, want %v", got, points)
	}
}

func TestFixedVUsHaveNoStages(t *testing.T) {
	v, err := schedule.FixedVUs(7, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if v.Stages() != 0 || v.StageAt(time.Second) != 0 || v.At(0) != 7 || v.At(time.Minute) != 0 {
		t.Errorf("%d stages, stage %d, %d VUs at first and %d at last", v.Stages(), v.StageAt(time.Second), v.At(0), v.At(time.Minute))
	}
}

func TestImpossibleVUs(t *testing.T) {
	for _, c := range []struct {
		why    string
		start  int64
		stages []schedule.VUStage
	}{
		{"a negative start", -1, []schedule.VUStage{{time.Second, 1}}},
		{"a negative target", 1, []schedule.VUStage{{time.Second, -1}}},
		{"a negative duration", 1, []schedule.VUStage{{-time.Second, 1}}},
		{"durations that overflow", 1, []schedule.VUStage{{math.MaxInt64, 1}, {1, 1}}},
		{"no stages", 1, nil},
	} {
		if _, err := schedule.RampingVUs(c.start, c.stages); err == nil {
			t.Errorf("%s: accepted", c.why)
		}
	}
	if _, err := schedule.FixedVUs(-1, time.Second); err == nil {
		t.Error("a negative number: accepted")
	}
}

// The number of VUs at a time is the number of intervals that hold the time.
func TestCountsAgreeWithIntervals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.Int64Range(0, 20).Draw(t, "start")
		stages := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) schedule.VUStage {
			d := rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(1, 40), rapid.Int64Range(1, int64(day))).Draw(t, "duration")
			return schedule.VUStage{Duration: time.Duration(d), Target: rapid.Int64Range(0, 20).Draw(t, "target")}
		}), 1, 6).Draw(t, "stages")
		v, err := schedule.RampingVUs(start, stages)
		if err != nil {
			t.Fatal(err)
		}
		times := []time.Duration{0, v.Duration()}
		var all [][]schedule.Interval
		for k := int64(1); k <= v.Max(); k++ {
			intervals := v.Intervals(k)
			all = append(all, intervals)
			last := time.Duration(-1)
			for _, i := range intervals {
				if i.Start <= last || i.Stop <= i.Start || i.Stop > v.Duration() {
					t.Fatalf("VU %d runs %v", k, intervals)
				}
				last = i.Stop
				times = append(times, i.Start-1, i.Start, i.Stop-1, i.Stop)
			}
		}
		for _, at := range times {
			var want int64
			for _, intervals := range all {
				for _, i := range intervals {
					if i.Start <= at && at < i.Stop {
						want++
					}
				}
			}
			if got := v.At(at); got != want {
				t.Fatalf("%d VUs at %d, but %d intervals hold it", got, at, want)
			}
		}
	})
}

func TestVUCurveOfADay(t *testing.T) {
	v := rampVUs(t, 0, schedule.VUStage{Duration: 30 * day, Target: 10_000_000}, schedule.VUStage{Duration: day, Target: 0})
	if got := v.Intervals(5_000_000)[0].Start; got != 15*day {
		t.Errorf("VU 5,000,000 of 10,000,000 starts after %v, want half of 30 days", got)
	}
	if got := v.At(15 * day); got != 5_000_000 {
		t.Errorf("%d VUs half way", got)
	}
}
