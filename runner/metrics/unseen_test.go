package metrics

import (
	"testing"
	"time"
)

// TestWhatAClosedModelCannotSee holds when a scenario's times need a word of warning, and how many iterations it speaks of.
func TestWhatAClosedModelCannotSee(t *testing.T) {
	const ms = int64(time.Millisecond)
	many := func(n int, took int64) []int64 {
		all := make([]int64, n)
		for i := range all {
			all[i] = took
		}
		return all
	}
	for _, c := range []struct {
		why         string
		took        []int64 // ns, by iteration
		think       int64
		interrupted int // of the last ones
		want        int64
	}{
		{why: "64 VUs that take 1 ms hang for a second: each leaves out 999", took: append(many(64_000, ms), many(64, 1000*ms)...), want: 64 * 999},
		{why: "with a second of thinking each leaves out about one, which is less than p99.9 would notice", took: append(many(64_000, ms), many(32, 1000*ms)...), think: 1000 * ms},
		{why: "all took the same", took: many(1000, 500*ms)},
		{why: "what is slow now and then, but not out of proportion", took: append(many(1000, 50*ms), many(10, 400*ms)...)},
		{why: "a hiccup of this machine", took: append(many(1000, ms/10), many(5, 50*ms)...)},
		{why: "one in ten is slow: that is what the plan does", took: append(many(900, 10*ms), many(100, 500*ms)...)},
		{why: "a hang that the end of the run cut off", took: append(many(1000, 10*ms), 5000*ms), interrupted: 1, want: 499},
		{why: "nothing ran", took: nil},
	} {
		var leaf IterationLeaf
		for i, d := range c.took {
			leaf.add(&Iteration{End: d + c.think, Think: c.think, Interrupted: i >= len(c.took)-c.interrupted})
		}
		var got int64
		if u := leaf.unseen(); u != nil {
			got = u.Iterations
		}
		if off := got - c.want; off*100 > c.want || off*100 < -c.want {
			t.Errorf("%s: %d iterations, want %d", c.why, got, c.want)
		}
	}
}
