package vu_test

import (
	"testing"
	"testing/synctest"
	"time"

	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

func TestThink(t *testing.T) {
	for _, c := range []struct {
		step        string
		least, most time.Duration
		why         string
	}{
		{"think: 2s", 2 * time.Second, 2 * time.Second, "a fixed time is exact"},
		{"think: 1s..3s", time.Second, 3 * time.Second, "a range holds both its ends"},
		{"think: ${vars.pause}", 1500 * time.Millisecond, 1500 * time.Millisecond, "text that a variable holds"},
		{"think: ${vars.range}", time.Second, 2 * time.Second, "a range that a variable holds"},
		{"think: ${250 * 2}", 500 * time.Millisecond, 500 * time.Millisecond, "a number is milliseconds"},
		{"think: ${1s + 500ms}", 1500 * time.Millisecond, 1500 * time.Millisecond, "durations are milliseconds, too"},
		{"think: 0s", 0, 0, "no time is no wait"},
	} {
		t.Run(c.step, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := vutest.New(t, scenario("vars: { pause: 1500ms, range: 1s..2s }", c.step), vutest.Options{})
				begin := time.Now()
				iterate(t, w, 1, 0, 1)
				if took := time.Since(begin); took < c.least || took > c.most {
					t.Errorf("took %s, want %s to %s: %s", took, c.least, c.most, c.why)
				}
				s := w.Cut()
				if latency := w.Value(s, "iteration_latency", "", "", "max"); latency > 0.001 {
					t.Errorf("iteration_latency %v ms: the time to think is no part of it", latency)
				}
				if d := w.Value(s, "iteration_duration", "", "", "max"); d < c.least.Seconds()*1e3 {
					t.Errorf("iteration_duration %v ms: the time to think is part of it", d)
				}
			})
		})
	}
}

func TestThinkDrawsAcrossItsRange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := vutest.New(t, scenario("", "think: 1s..2s"), vutest.Options{})
		v := w.VU(t, 1)
		seen := map[time.Duration]bool{}
		var low, high bool
		for n := range int64(100) {
			begin := time.Now()
			v.Iterate(vu.Iteration{N: n})
			took := time.Since(begin)
			seen[took] = true
			low, high = low || took < 1250*time.Millisecond, high || took > 1750*time.Millisecond
		}
		if len(seen) < 90 || !low || !high {
			t.Errorf("%d different times of 100, low %v, high %v: want them spread over the range", len(seen), low, high)
		}
	})
}

func TestThinkThatHasNoTime(t *testing.T) {
	for _, step := range []string{"think: ${vars.word}", "think: ${vars.negative}", "think: ${vars.list}"} {
		t.Run(step, func(t *testing.T) {
			w := vutest.New(t, scenario("vars: { word: soon, negative: -1, list: [1] }", step), vutest.Options{})
			iterate(t, w, 1, 0, 1)
			if n := w.Value(w.Cut(), "iterations_failed", "cause", "value", "passes"); n != 1 {
				t.Errorf("%v iterations failed for their value, want 1", n)
			}
		})
	}
}

func TestInterruptedThought(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := vutest.New(t, scenario("", "think: 1h", "log: never"), vutest.Options{})
		v := w.VU(t, 1)
		begin := time.Now()
		time.AfterFunc(3*time.Second, v.Interrupt)
		if v.Iterate(vu.Iteration{}) {
			t.Error("the VU goes on after an interrupt")
		}
		if took := time.Since(begin); took != 3*time.Second {
			t.Errorf("took %s, want the 3 s until the interrupt", took)
		}
		if v.Iterate(vu.Iteration{N: 1}) || time.Since(begin) != 3*time.Second {
			t.Error("an interrupted VU waits in its next iteration")
		}
		lines(t, w)
		if n := w.Value(w.Cut(), "iterations_interrupted", "", "", "count"); n != 2 {
			t.Errorf("%v interrupted iterations, want 2", n)
		}
	})
}
