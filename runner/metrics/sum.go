package metrics

import (
	"math"
	"math/big"
	"math/bits"
)

// Sum adds up numbers exactly, in any order: a fixed-point number of 256 bits, two's complement, whose lowest bit is
// 2^-128. The zero Sum is 0.
type Sum struct{ words [4]uint64 }

// Add adds a number. Magnitudes under 2^-64 are 0; beyond 2^64 they count as 2^64.
func (s *Sum) Add(v float64) {
	exp, _ := locate(v)
	if exp < minExp {
		return
	}
	if exp >= maxExp {
		v, exp = math.Copysign(math.Ldexp(1, maxExp), v), maxExp
	}
	mantissa := math.Float64bits(v)&(1<<52-1) | 1<<52
	shift := uint(exp - 52 + 128)
	word, off := shift/64, shift%64
	var add [4]uint64
	add[word] = mantissa << off
	add[word+1] = mantissa >> (64 - off)
	if v < 0 {
		s.subtract(&add)
		return
	}
	s.add(&add)
}

func (s *Sum) add(o *[4]uint64) {
	var carry uint64
	for i := range s.words {
		s.words[i], carry = bits.Add64(s.words[i], o[i], carry)
	}
}

func (s *Sum) subtract(o *[4]uint64) {
	var borrow uint64
	for i := range s.words {
		s.words[i], borrow = bits.Sub64(s.words[i], o[i], borrow)
	}
}

// Merge adds another sum.
func (s *Sum) Merge(o *Sum) { s.add(&o.words) }

// Value is the sum as the nearest float64.
func (s *Sum) Value() float64 {
	words, negative := s.words, s.words[3]>>63 == 1
	if negative {
		var zero Sum
		zero.subtract(&words)
		words = zero.words
	}
	total := new(big.Int)
	for i := len(words) - 1; i >= 0; i-- {
		total.Lsh(total, 64).Or(total, new(big.Int).SetUint64(words[i]))
	}
	f, _ := new(big.Float).SetMantExp(new(big.Float).SetInt(total), -128).Float64()
	if negative {
		return -f
	}
	return f
}

// AddInt adds an integer, whatever its size.
func (s *Sum) AddInt(n int64) {
	add := [4]uint64{2: uint64(n)}
	if n < 0 {
		add[3] = ^uint64(0)
	}
	s.add(&add)
}
