package schedule

import (
	"math/big"
	"math/bits"
)

// wide is an unsigned integer of 256 bits, least significant word first. It holds what a due time is compared by,
// exactly and without allocating; why 256 bits are enough stands at newArrivals.
type wide [4]uint64

// widen converts a non-negative integer; ok is false if it does not fit.
func widen(b *big.Int) (w wide, ok bool) {
	if b.Sign() < 0 || b.BitLen() > 256 {
		return wide{}, false
	}
	var buf [32]byte
	b.FillBytes(buf[:])
	for i, c := range buf {
		bit := (31 - i) * 8
		w[bit/64] |= uint64(c) << (bit % 64)
	}
	return w, true
}

func (a wide) mul(x uint64) (w wide) {
	h0, l0 := bits.Mul64(a[0], x)
	h1, l1 := bits.Mul64(a[1], x)
	h2, l2 := bits.Mul64(a[2], x)
	var c uint64
	w[0] = l0
	w[1], c = bits.Add64(l1, h0, 0)
	w[2], c = bits.Add64(l2, h1, c)
	w[3] = a[3]*x + h2 + c
	return w
}

func (a wide) add(b wide) (w wide) {
	var c uint64
	w[0], c = bits.Add64(a[0], b[0], 0)
	w[1], c = bits.Add64(a[1], b[1], c)
	w[2], c = bits.Add64(a[2], b[2], c)
	w[3], _ = bits.Add64(a[3], b[3], c)
	return w
}

// sub is a − b, for b ≤ a.
func (a wide) sub(b wide) (w wide) {
	var c uint64
	w[0], c = bits.Sub64(a[0], b[0], 0)
	w[1], c = bits.Sub64(a[1], b[1], c)
	w[2], c = bits.Sub64(a[2], b[2], c)
	w[3], _ = bits.Sub64(a[3], b[3], c)
	return w
}

// atMost tells whether a ≤ b.
func (a wide) atMost(b wide) bool {
	for i := 3; i > 0; i-- {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return a[0] <= b[0]
}

// float is the nearest value that a guess may start from; relative error below 2⁻⁵⁰.
func (a wide) float() float64 {
	const word = 1 << 64
	return ((float64(a[3])*word+float64(a[2]))*word+float64(a[1]))*word + float64(a[0])
}
