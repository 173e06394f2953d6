package main

import (
	"math"
	"sync/atomic"
	"time"
)

// faults decides how slow and how unreliable the backend is. Request n of the process (since the last reset) always
// meets the same fate for the same seed; which request comes as number n is up to the callers.
type faults struct {
	seed    uint64
	latency time.Duration // mean
	rate    float64
	n       atomic.Uint64
}

// fate is what happens to one request before it is looked at.
type fate struct {
	delay time.Duration
	fail  bool
}

// next deals the next fate.
func (f *faults) next() fate {
	if f.latency == 0 && f.rate == 0 {
		return fate{}
	}
	return f.at(f.n.Add(1) - 1)
}

// at is fate n. The delay is half fixed and half exponential: the mean is exact, and there is a tail (p99 is 2.8 times
// the mean), which is what makes percentiles worth looking at.
func (f *faults) at(n uint64) fate {
	tail := -math.Log(1 - unit(f.seed, 2*n))
	return fate{
		delay: time.Duration(float64(f.latency) * (1 + tail) / 2),
		fail:  unit(f.seed, 2*n+1) < f.rate,
	}
}

func (f *faults) reset() { f.n.Store(0) }

// unit is number n of a sequence of uniform numbers in [0, 1): SplitMix64 (Steele, Lea, Flood 2014), whose n-th value
// can be computed without the ones before.
func unit(seed, n uint64) float64 {
	z := seed + (n+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}
