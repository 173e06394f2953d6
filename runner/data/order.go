package data

import (
	"hash/fnv"
	"math/bits"
)

// permutation is a shuffle that needs no memory: the row at any position follows from the seed, so that no VU waits while
// a pass is shuffled and the same position has the same row on every machine. It is the swap-or-not shuffle of Hoang,
// Morris and Rogaway (2012), with a key of its own in every pass: each round pairs the rows by a random reflection and
// swaps a pair or not by a random bit.
type permutation struct{ key uint64 }

// rounds of the shuffle: about six for each bit of the number of rows leave no trace of the order before.
const rounds = 96

func newPermutation(name string, seed uint64) permutation {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash does not fail
	return permutation{mix(seed ^ mix(h.Sum64()))}
}

// row is the row at a position; passes over the n rows are laid end to end.
func (p permutation) row(position, n int64) int64 {
	pass, x := uint64(position/n), uint64(position%n)
	key := mix(p.key ^ mix(pass+1))
	for range rounds {
		key += 0x9e37_79b9_7f4a_7c15 // the golden ratio, as SplitMix64 steps
		reflected, _ := bits.Mul64(mix(key), uint64(n))
		if reflected += uint64(n) - x; reflected >= uint64(n) {
			reflected -= uint64(n)
		}
		if mix(key^mix(max(x, reflected)))>>63 == 1 {
			x = reflected
		}
	}
	return int64(x)
}

// mix is the finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit of the result depends on every bit of z.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58_476d_1ce4_e5b9
	z = (z ^ z>>27) * 0x94d0_49bb_1331_11eb
	return z ^ z>>31
}

// below is a uniform number in [0, n), n > 0, the same on every architecture and in every version of Go. It is the
// multiply-and-reject method of Lemire, "Fast Random Integer Generation in an Interval" (2019).
func below(r Random, n uint64) uint64 {
	hi, lo := bits.Mul64(r.Uint64(), n)
	if lo < n {
		for reject := -n % n; lo < reject; {
			hi, lo = bits.Mul64(r.Uint64(), n)
		}
	}
	return hi
}
