package data

import (
	"hash/fnv"
	"math/bits"
	"math/rand/v2"
	"sync"
	"sync/atomic"
)

// order says which row comes next. Any goroutine may ask.
type order interface {
	// take is the number of the next row; ok is false if there is none and never will be.
	take(r Random) (row int, ok bool)
}

// deal is the share of one segment. Passes over the n rows are laid end to end, which gives every row in every pass a
// position; the segment owns positions first, first+step, first+2·step, … So the segments together take every row of a
// pass exactly once, also where their number does not divide n.
type deal struct {
	n, first, step int64
	once           bool // one pass only
}

// position is where the segment's k-th draw stands; ok is false behind the end.
func (d *deal) position(k int64) (position int64, ok bool) {
	position = k*d.step + d.first
	return position, !d.once || position < d.n
}

// sequence is the order of the file.
type sequence struct {
	deal
	taken atomic.Int64
}

func (s *sequence) take(Random) (int, bool) {
	position, ok := s.position(s.taken.Add(1) - 1)
	return int(position % s.n), ok
}

// shuffle is a new permutation in every pass, the same on every machine. It is a Fisher-Yates shuffle that settles one
// position at a time, as far as somebody has drawn, so that no VU waits while a whole pass is shuffled. A pass starts from
// the arrangement that the last one left: a uniform shuffle of any arrangement is uniform.
type shuffle struct {
	deal
	mu      sync.Mutex
	taken   int64
	settled int64    // positions below it are
	rows    []uint32 // the arrangement of the pass that settled is in
	source  *rand.PCG
}

func newShuffle(d deal, name string, seed uint64) *shuffle {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash does not fail
	s := &shuffle{deal: d, rows: make([]uint32, d.n), source: rand.NewPCG(seed, h.Sum64())}
	for i := range s.rows {
		s.rows[i] = uint32(i)
	}
	return s
}

func (s *shuffle) take(Random) (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	position, ok := s.position(s.taken)
	if !ok {
		return 0, false
	}
	s.taken++
	for ; s.settled <= position; s.settled++ {
		i := s.settled % s.n
		j := i + int64(below(s.source, uint64(s.n-i)))
		s.rows[i], s.rows[j] = s.rows[j], s.rows[i]
	}
	return int(s.rows[position%s.n]), true
}

// random takes any row at any time, with replacement: it has no positions and comes to no end.
type random uint64

func (n random) take(r Random) (int, bool) { return int(below(r, uint64(n))), true }

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
