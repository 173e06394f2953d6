package schedule

// Segment owns tickets n ≡ Index mod Count, and VU k belongs to segment (k−1) mod Count. A local run is {0, 1}.
type Segment struct {
	Index, Count int64
}

// Of is the segment as it deals a scenario of so many VUs: C = min(Count, vus), because a segment without VUs could not
// run its tickets. The zero Segment is a local run. A segment that is left out owns nothing.
func (s Segment) Of(vus int64) Segment {
	return Segment{Index: s.Index, Count: max(1, min(s.Count, vus))}
}

// Empty tells whether the segment owns nothing, whatever the total.
func (s Segment) Empty() bool { return s.Index >= s.Count }

// Nth is the number of the segment's k-th ticket, k = 0, 1, …
func (s Segment) Nth(k int64) int64 { return s.Index + k*s.Count }

// Share is how many of the tickets 0 … total−1 the segment owns; of VUs 1 … total likewise.
func (s Segment) Share(total int64) int64 {
	if s.Empty() || total <= s.Index {
		return 0
	}
	return (total-s.Index-1)/s.Count + 1
}

// VU is the global number of the segment's k-th VU, k = 0, 1, …
func (s Segment) VU(k int64) int64 { return s.Nth(k) + 1 }
