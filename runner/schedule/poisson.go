package schedule

import (
	"errors"
	"math/bits"
)

// poisson is arrivals by chance: ticket n is due when R reaches E₀ + … + Eₙ, where E are independent draws from the
// exponential distribution with mean 1. So arrivals are a Poisson process whose rate is the schedule's. All of it is
// arithmetic of integers: a seed gives the same due times on every machine, in every segment.
type poisson struct {
	fine  *Arrivals // the schedule with 2³² of its tickets for one of ours: sums are fixed-point numbers
	seed  uint64
	marks []uint64 // the sum of the draws before every stride-th
	first []int64  // by leg: the first ticket that is due in it
	logs  [256]uint64
}

const (
	fraction = 32         // bits of a sum behind the point
	stride   = 8          // draws between marks: a due time costs about half as many draws
	mostDraw = 20_000_000 // tickets: every draw is made once to lay the marks, 50 ms a million
)

// Poisson is the same schedule with arrivals by chance. How many tickets there are follows from the seed: those whose due
// time is before the end.
func (a *Arrivals) Poisson(seed uint64) (*Arrivals, error) {
	if a.total > mostDraw {
		return nil, errors.New("arrivals: poisson makes at most 20,000,000 iterations: lower a rate, shorten a duration, or use uniform")
	}
	fine, err := newArrivals(a.pieces, a.staged, fraction)
	if err != nil {
		return nil, err
	}
	p := &poisson{fine: fine, seed: seed, first: make([]int64, len(a.legs))}
	p.layLogs()
	b := *a
	b.chance, b.total = p, p.layMarks()
	return &b, nil
}

// layMarks makes every draw once, and tells how many tickets there are.
func (p *poisson) layMarks() int64 {
	var sum uint64
	leg := 0
	for n := int64(0); ; n++ {
		if n%stride == 0 {
			p.marks = append(p.marks, sum)
		}
		sum += p.draw(n)
		over := sum >= uint64(p.fine.total)
		for leg < len(p.first) && (over || sum >= uint64(p.fine.legs[leg].first)) {
			p.first[leg] = n
			leg++
		}
		if over {
			return n
		}
	}
}

// sum is E₀ + … + Eₙ in fine tickets.
func (p *poisson) sum(n int64) int64 {
	sum := p.marks[n/stride]
	for k := n - n%stride; k <= n; k++ {
		sum += p.draw(k)
	}
	return int64(sum)
}

// draw is Eₙ = −ln U, where U = (x+1)/2⁶⁴ and x are 64 random bits made of the seed and n.
func (p *poisson) draw(n int64) uint64 {
	x := mix64(mix64(p.seed)+uint64(n+1)*0x9e3779b97f4a7c15) + 1
	if x == 0 {
		return 0 // U is 1
	}
	return p.minusLog(x)
}

// mix64 is the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
func mix64(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// ln2 is the natural logarithm of 2, times 2⁶⁴.
const ln2 = 0xb17217f7d1cf79ab

// minusLog is −ln(x/2⁶⁴) as a fixed-point number, x > 0, with an error below 2⁻³¹.
//
// x/2⁶⁴ is f/2ᵏ with 1 ≤ f < 2. With c the first of 256 steps that f has reached, ln f = ln c + ln(1+r), where
// r = (f−c)/c < 1/256, and four terms of the series of ln(1+r) leave r⁵/5 < 2⁻⁴².
func (p *poisson) minusLog(x uint64) uint64 {
	zeros := bits.LeadingZeros64(x)
	f := x << zeros               // 2⁶³ stands for 1
	j := f >> 55 & 0xff           // the step
	c := (256 + j) << 55          // as f
	r, _ := bits.Div64(f-c, 0, c) // 2⁶⁴ stands for 1
	r2, _ := bits.Mul64(r, r)
	r3, _ := bits.Mul64(r2, r)
	r4, _ := bits.Mul64(r3, r)
	log := p.logs[j] + (r-r2/2+r3/3-r4/4)>>7
	const one = 57 // bits behind the point that leave room for 64·ln 2
	whole := uint64(zeros+1) * (ln2 >> (64 - one))
	if log >= whole {
		return 0 // U is within an error of 1
	}
	return (whole - log) >> (one - fraction)
}

// layLogs computes ln(1 + j/256) = 2·atanh(z), z = j/(512+j), by its series z + z³/3 + z⁵/5 + …, with 57 bits behind the
// point.
func (p *poisson) layLogs() {
	for j := range uint64(256) {
		z, _ := bits.Div64(j, 0, 512+j) // 2⁶⁴ stands for 1
		square, _ := bits.Mul64(z, z)
		power, sum := z, uint64(0)
		for k := uint64(1); power > 0; k += 2 {
			sum += power / k
			power, _ = bits.Mul64(power, square)
		}
		p.logs[j] = sum >> 6 // twice the sum, 2⁵⁷ for 1
	}
}
