package compare

import (
	"math"
	"math/rand/v2"
)

// exact is how many ways to share out the runs are gone through one by one; of more, so many are drawn.
const exact = 20_000

// chance is how likely differences are that mean nothing.
type chance struct {
	p     []float64 // by series, adjusted for all of them
	least float64   // the smallest p that so many runs can have
}

// permute is the permutation test of Westfall and Young (1993): if nothing has changed, every way to call some of the runs
// base and the others head is as likely as the real one. A series' p is the share of these ways in which any series
// differs at least as much as it really does: so all of them together raise a false alarm in Alpha of the cases, however
// many there are and however much they go together.
func permute(list []series, base, head int) chance {
	scaled := make([][]float64, len(list))
	actual := make([]float64, len(list))
	for i := range list {
		scaled[i] = standard(&list[i])
		actual[i] = difference(scaled[i], func(run int) bool { return run < base })
	}
	beyond := make([]float64, len(list))
	ways := 0.0
	each(base, head, func(isBase []bool) {
		most := 0.0
		for i := range scaled {
			most = max(most, difference(scaled[i], func(run int) bool { return isBase[run] }))
		}
		for i := range actual {
			if most >= actual[i]-1e-9 {
				beyond[i]++
			}
		}
		ways++
	})
	c := chance{p: make([]float64, len(list)), least: 2 / ways}
	if base != head {
		c.least = 1 / ways // no way is the mirror image of another
	}
	for i := range beyond {
		c.p[i] = beyond[i] / ways
		if actual[i] == 0 {
			c.p[i] = 1
		}
	}
	return c
}

// standard is a series' values over all runs with mean 0 and deviation 1, so that series can be told against each other.
// Where nothing differs it is all 0.
func standard(s *series) []float64 {
	var values []float64
	for _, v := range s.base {
		values = append(values, s.scale(v))
	}
	for _, v := range s.head {
		values = append(values, s.scale(v))
	}
	mean, square := 0.0, 0.0
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for i := range values {
		values[i] -= mean
		square += values[i] * values[i]
	}
	deviation := math.Sqrt(square / float64(len(values)))
	for i := range values {
		if deviation < 1e-12 {
			values[i] = 0
			continue
		}
		values[i] /= deviation
	}
	return values
}

// difference is how far the means of the two sides are apart.
func difference(values []float64, isBase func(run int) bool) float64 {
	var sums [2]float64
	var counts [2]float64
	for run, v := range values {
		side := 0
		if isBase(run) {
			side = 1
		}
		sums[side] += v
		counts[side]++
	}
	return math.Abs(sums[0]/counts[0] - sums[1]/counts[1])
}

// each goes through the ways to call base of the runs base: all of them if they are few, else a sample that begins with
// the real one. The slice is the callee's for the call only.
func each(base, head int, visit func(isBase []bool)) {
	n := base + head
	isBase := make([]bool, n)
	if binomial(n, base) <= exact {
		choose(isBase, 0, base, visit)
		return
	}
	random := rand.New(rand.NewPCG(uint64(base), uint64(head))) // the same result for the same runs
	order := make([]int, n)
	for i := range order {
		order[i] = i
		isBase[i] = i < base
	}
	visit(isBase)
	for range exact - 1 {
		random.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
		for i, run := range order {
			isBase[run] = i < base
		}
		visit(isBase)
	}
}

// choose visits every way to set left of isBase[from:].
func choose(isBase []bool, from, left int, visit func([]bool)) {
	if left == 0 {
		visit(isBase)
		return
	}
	for i := from; i <= len(isBase)-left; i++ {
		isBase[i] = true
		choose(isBase, i+1, left-1, visit)
		isBase[i] = false
	}
}

// binomial is n over k, as far as it matters: never less than exact+1 where it is more.
func binomial(n, k int) float64 {
	ways := 1.0
	for i := range k {
		ways = ways * float64(n-i) / float64(i+1)
	}
	return math.Round(ways)
}
