package vu_test

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

// thoughts are the times that iterations 0, 1, … spend in a think step, in seconds.
func thoughts(t *testing.T, seed uint64, step string, n int64) []float64 {
	t.Helper()
	var all []float64
	synctest.Test(t, func(t *testing.T) {
		w := vutest.New(t, scenario("", "think: "+step), vutest.Options{Seed: seed})
		v := w.VU(t, 1)
		for i := range n {
			begin := time.Now()
			v.Iterate(vu.Iteration{N: i})
			all = append(all, time.Since(begin).Seconds())
		}
	})
	return all
}

func moments(all []float64) (mean, sd, least, most float64) {
	least = math.Inf(1)
	for _, x := range all {
		mean += x / float64(len(all))
		least, most = min(least, x), max(most, x)
	}
	for _, x := range all {
		sd += (x - mean) * (x - mean) / float64(len(all))
	}
	return mean, math.Sqrt(sd), least, most
}

func TestDistributions(t *testing.T) {
	const n = 4000
	for _, c := range []struct {
		step        string
		mean, sd    float64
		least, most float64
		why         string
	}{
		{"{ distribution: uniform, min: 1s, max: 3s }", 2, 2 / math.Sqrt(12), 1, 3, "even between its limits"},
		{"{ distribution: exponential, mean: 2s }", 2, 2, 0, 40, "its deviation is its mean"},
		{"{ distribution: normal, mean: 10s, sd: 2s }", 10, 2, 0, 30, "a bell"},
		{"{ distribution: lognormal, mean: 4s, sd: 2s }", 4, 2, 0, 60, "mean and deviation are those of the times, not of their logarithms"},
		{"{ distribution: normal, mean: 10s, sd: 2s, min: 9s, max: 11s }", 10, 0.5686, 9, 11, "limits cut the bell and heap nothing up at them"},
		{"{ distribution: exponential, mean: 2s, max: 2s }", 2 * (1 - 1/(math.E-1)), 0.5544, 0, 2, "the same of a tail"},
	} {
		t.Run(c.step, func(t *testing.T) {
			mean, sd, least, most := moments(thoughts(t, 1, c.step, n))
			if math.Abs(mean-c.mean) > 5*c.sd/math.Sqrt(n) || math.Abs(sd/c.sd-1) > 0.15 || least < c.least || most > c.most {
				t.Errorf("mean %.3f, deviation %.3f, %.3f to %.3f; want %.3f, %.3f, %v to %v: %s", mean, sd, least, most, c.mean, c.sd, c.least, c.most, c.why)
			}
		})
	}
}

func TestDrawnThoughtsRepeat(t *testing.T) {
	const step = "{ distribution: lognormal, mean: 4s, sd: 2s }"
	first, again, other := thoughts(t, 1, step, 20), thoughts(t, 1, step, 20), thoughts(t, 2, step, 20)
	for i := range first {
		if first[i] != again[i] {
			t.Errorf("iteration %d thought for %vs, and with the same seed for %vs", i, first[i], again[i])
		}
		if first[i] == other[i] || i > 0 && first[i] == first[i-1] {
			t.Errorf("iteration %d thought for %vs, as another did", i, first[i])
		}
	}
}
