// Package schedule says when things happen: when iteration n is due, how many VUs there are, which tickets a segment
// owns. It is pure arithmetic over integers and rationals: no clock, no goroutine, nothing but the standard library.
package schedule

import "time"

// Schedule says when tickets are due. It is pure: the same n has the same answer, in any order, from any goroutine.
type Schedule interface {
	// At is when ticket n (0, 1, …) is due, from the scenario's T0, rounded down to the nanosecond; ok is false if the
	// schedule has no ticket n. It is monotonic, and computed from n alone.
	At(n int64) (due time.Duration, ok bool)
	// Total is how many tickets there are.
	Total() int64
	// Duration is when the schedule is over: no iteration starts after it.
	Duration() time.Duration
}

// Point is a corner of a rate or VU curve, for drawing: straight lines lie between points, and a jump is two points at
// the same time.
type Point struct {
	At    time.Duration
	Value float64 // tickets a second, or VUs
}

// clampInt16 keeps a stage number in the type that samples carry.
func clampInt16(n int) int16 { return int16(min(n, 1<<15-1)) }
