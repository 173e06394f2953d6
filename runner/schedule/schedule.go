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

// Segment owns tickets n ≡ Index mod Count, and VU k belongs to segment (k−1) mod Count. A local run is {0, 1}.
type Segment struct {
	Index, Count int64
}
