package schedule_test

import (
	"testing"

	"pgregory.net/rapid"

	"runner/runner/schedule"
)

// The stripes of all segments are the whole: every number once, each owned by n mod C.
func TestStripesAreTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.Int64Range(0, 9).Draw(t, "count")
		vus := rapid.Int64Range(1, 12).Draw(t, "vus")
		total := rapid.Int64Range(0, 100).Draw(t, "total")
		seen := make([]int, total)
		for index := range max(count, 1) {
			s := schedule.Segment{Index: index, Count: count}.Of(vus)
			share := s.Share(total)
			if s.Empty() && share != 0 {
				t.Fatalf("segment %v owns nothing, and %d", s, share)
			}
			for k := range share {
				n := s.Nth(k)
				if n%s.Count != s.Index || s.VU(k) != n+1 {
					t.Fatalf("segment %v has ticket %d and VU %d", s, n, s.VU(k))
				}
				seen[n]++
			}
		}
		for n, times := range seen {
			if times != 1 {
				t.Fatalf("ticket %d is owned %d times", n, times)
			}
		}
	})
}

func TestSegments(t *testing.T) {
	for _, c := range []struct {
		why   string
		s     schedule.Segment
		vus   int64
		total int64
		share int64
	}{
		{"the zero segment is a local run", schedule.Segment{}, 5, 7, 7},
		{"a local run", schedule.Segment{Count: 1}, 5, 7, 7},
		{"the first of three gets the odd one", schedule.Segment{Index: 0, Count: 3}, 5, 7, 3},
		{"the last of three does not", schedule.Segment{Index: 2, Count: 3}, 5, 7, 2},
		{"more segments than VUs: the first run all", schedule.Segment{Index: 0, Count: 3}, 1, 7, 7},
		{"and the others nothing", schedule.Segment{Index: 2, Count: 3}, 1, 7, 0},
		{"fewer tickets than segments", schedule.Segment{Index: 2, Count: 3}, 5, 2, 0},
	} {
		if got := c.s.Of(c.vus).Share(c.total); got != c.share {
			t.Errorf("%s: %d, want %d", c.why, got, c.share)
		}
	}
}
