package compare

import (
	"fmt"
	"math"
)

// A run has gone astray if it is this many times as far from its side's median as the others typically are, and this far at
// all (of a logarithm).
const (
	farOut  = 6
	farEver = 0.1
)

// strays notes the runs that stand apart from the others of their side: one of them, such as a first run against a cold
// system, hides any change.
func strays(list []series, base, head []Run) []string {
	var notes []string
	for i := range list {
		s := &list[i]
		if s.share || len(s.tags) > 0 {
			continue
		}
		for _, side := range []struct {
			values []float64
			runs   []Run
		}{{s.base, base}, {s.head, head}} {
			for _, at := range astray(s, side.values) {
				notes = append(notes, fmt.Sprintf("%s stands apart from the other runs of its side in %s %s (%.4g %s, their median is %.4g): a cold start? Leave it out, or make more runs",
					side.runs[at].File, s.metric, s.aggregate, side.values[at], s.unit, median(side.values)))
			}
		}
	}
	return notes
}

// astray lists the runs that have gone astray. Of fewer than four nobody can tell which it is.
func astray(s *series, values []float64) []int {
	if len(values) < 4 {
		return nil
	}
	centre := s.scale(median(values))
	far := make([]float64, len(values))
	for i, v := range values {
		far[i] = math.Abs(s.scale(v) - centre)
	}
	var list []int
	for i, d := range far {
		if d > farOut*median(far) && d > farEver {
			list = append(list, i)
		}
	}
	return list
}
