package expr

import "math/bits"

// Source is a seeded random source: a permuted congruential generator with 128 bits of state (PCG-DXSM). It gives the
// same numbers on every architecture, and Reset starts it anew without allocating, so that each iteration can have its
// own sequence. The zero Source is the one of Reset(0, 0, 0) before its first number.
type Source struct{ hi, lo uint64 }

var _ Random = (*Source)(nil)

// The generator's multiplier and increment, from O'Neill's PCG paper.
const (
	pcgMulHi, pcgMulLo = 2549297995355413924, 4865540595714422341
	pcgIncHi, pcgIncLo = 6364136223846793005, 1442695040888963407
	dxsmMul            = 0xda942042e4dd58b5
)

// Reset starts the sequence of iteration n of the scenario with that hash, in a run with that seed.
func (s *Source) Reset(seed, scenarioHash, n uint64) {
	// Neighbouring iterations differ in one bit of n: each word goes through a full avalanche before it meets the next,
	// so that their sequences have nothing in common.
	a := mix(seed + 0x9e3779b97f4a7c15)
	b := mix(a ^ mix(scenarioHash+0x6a09e667f3bcc909))
	s.hi = mix(b ^ mix(n+0xbb67ae8584caa73b))
	s.lo = mix(s.hi + a + 0x3c6ef372fe94f82b)
}

// Uint64 is the next 64 random bits.
func (s *Source) Uint64() uint64 {
	hi, lo := bits.Mul64(s.lo, pcgMulLo)
	hi += s.hi*pcgMulLo + s.lo*pcgMulHi
	lo, carry := bits.Add64(lo, pcgIncLo, 0)
	hi, _ = bits.Add64(hi, pcgIncHi, carry)
	s.hi, s.lo = hi, lo

	hi ^= hi >> 32
	hi *= dxsmMul
	hi ^= hi >> 48
	hi *= lo | 1
	return hi
}

// mix spreads each bit over the whole word (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below is uniform in [0, n), n > 0. Multiply and reject (Lemire): no division in the common case, no bias.
func below(r Random, n uint64) uint64 {
	hi, lo := bits.Mul64(r.Uint64(), n)
	if lo < n {
		for least := -n % n; lo < least; {
			hi, lo = bits.Mul64(r.Uint64(), n)
		}
	}
	return hi
}

// unit is uniform in [0, 1) with 53 bits.
func unit(r Random) float64 { return float64(r.Uint64()>>11) / (1 << 53) }
