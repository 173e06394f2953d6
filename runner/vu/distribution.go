package vu

import (
	"math"
	"time"

	"runner/spec"
)

// distribution draws times to think.
type distribution struct {
	kind     string
	mean, sd float64 // ns; of a lognormal those of the logarithm
	least    time.Duration
	most     time.Duration
}

// redraws is how often a draw outside the limits is made again. With the mean inside them that is enough for all
// but absurd limits; then the nearest limit is taken.
const redraws = 100

// longest is the longest time that a plan can say.
const longest = 30 * 24 * time.Hour

func newDistribution(s *spec.Distribution) *distribution {
	d := &distribution{kind: s.Kind.Value, mean: float64(s.Mean.Value), sd: float64(s.SD.Value)}
	d.least, d.most = s.Min.Or(0), s.Max.Or(longest)
	if d.kind == "lognormal" { // the logarithm of a lognormal with mean m and deviation s is normal, with these two:
		ratio := d.sd / d.mean
		variance := math.Log1p(ratio * ratio)
		d.mean, d.sd = math.Log(d.mean)-variance/2, math.Sqrt(variance)
	}
	return d
}

func (d *distribution) draw(v *VU) time.Duration {
	if d.kind == "uniform" {
		return v.Between(d.least, d.most)
	}
	var ns float64
	for range redraws {
		if ns = d.once(v); ns >= float64(d.least) && ns <= float64(d.most) {
			return time.Duration(ns)
		}
	}
	return time.Duration(min(max(ns, float64(d.least)), float64(d.most)))
}

// once is one draw without limits, in ns.
func (d *distribution) once(v *VU) float64 {
	switch d.kind {
	case "exponential":
		return -d.mean * math.Log(fraction(v))
	case "normal":
		return d.mean + d.sd*bell(v)
	}
	return math.Exp(d.mean + d.sd*bell(v))
}

// bell draws from the standard normal distribution, by the method of Box and Muller.
func bell(v *VU) float64 {
	r := math.Sqrt(-2 * math.Log(fraction(v)))
	return r * math.Cos(2*math.Pi*fraction(v))
}

// fraction draws evenly from 0 (never) to 1.
func fraction(v *VU) float64 {
	const scale = 1.0 / (1 << 53)
	return float64(v.chance().Uint64()>>11+1) * scale
}
