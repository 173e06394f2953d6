package compare

import (
	"math/rand/v2"
	"slices"
)

// resamplings of the runs for an interval.
const resamplings = 1000

// interval holds the change in 95 of 100 resamplings of the runs of both sides (the percentile bootstrap of Efron, 1979).
// It shows how sure the size of a change is; whether there is one, permute tells.
func interval(s *series) (low, high float64) {
	random := rand.New(rand.NewPCG(1, 2)) // the same interval for the same runs
	changes := make([]float64, resamplings)
	base, head := make([]float64, len(s.base)), make([]float64, len(s.head))
	for i := range changes {
		resample(random, base, s.base)
		resample(random, head, s.head)
		changes[i] = s.change(middle(base), middle(head))
	}
	slices.Sort(changes)
	return changes[resamplings/40], changes[resamplings-1-resamplings/40]
}

func resample(random *rand.Rand, to, from []float64) {
	for i := range to {
		to[i] = from[random.IntN(len(from))]
	}
}
