package schedule

import (
	"errors"
	"math"
	"math/big"
	"time"
)

// leg is one straight piece of a rate, as the integers of the comparison at newArrivals.
type leg struct {
	at    time.Duration // when it begins
	dur   uint64        // D, in ns
	first int64         // the first ticket n ≥ R(at)

	unit   wide // 2QD
	before wide // C·D
	gain   wide // what D·(2Qn − C) is at the leg's end: (A+B)·D²
	linear wide // 2AD
	square wide // |B−A|
	down   bool // B < A

	// For the guess, of the end from which it is well conditioned: its linear term, and the square one.
	guessLinear, guessSquare float64
}

// newLeg makes a leg and adds its gain to sum, which is C.
func newLeg(at, dur time.Duration, a, b, unit, sum *big.Int) (leg, error) {
	first, err := tickets(sum, unit)
	if err != nil {
		return leg{}, err
	}
	d := big.NewInt(int64(dur))
	twice := new(big.Int).Lsh(d, 1)
	area := new(big.Int).Add(a, b)
	area.Mul(area, d)
	diff := new(big.Int).Sub(b, a)
	fits := true
	make256 := func(x, y *big.Int) wide {
		w, ok := widen(new(big.Int).Mul(x, y))
		fits = fits && ok
		return w
	}
	l := leg{at: at, dur: uint64(dur), first: first, down: diff.Sign() < 0}
	l.unit = make256(unit, twice)
	l.before = make256(sum, d)
	l.gain = make256(area, d)
	l.linear = make256(a, twice)
	l.square = make256(diff.Abs(diff), big.NewInt(1))
	l.guessSquare = l.square.float()
	if l.guessLinear = l.linear.float(); l.down {
		end := make256(b, twice)
		l.guessLinear = end.float()
	}
	if sum.Add(sum, area); !fits {
		return leg{}, errors.New("a rate is too high for its duration")
	}
	return l, nil
}

// due is the largest x, in ns from the leg's begin, with R(at+x) ≤ n. The caller knows that R(at) ≤ n < R(at+D).
func (l *leg) due(n uint64) uint64 {
	need := l.unit.mul(n).sub(l.before)
	return l.settle(need, l.guess(need))
}

// guess solves the quadratic in floating point. It solves from the end where the rate is lower: there the root is a sum
// and loses no digits, while from the other end it would be a difference of nearly equal numbers.
func (l *leg) guess(need wide) uint64 {
	r := need
	if l.down {
		r = l.gain.sub(need)
	}
	rest := r.float()
	if rest == 0 {
		return 0
	}
	x := 2 * rest / (l.guessLinear + math.Sqrt(l.guessLinear*l.guessLinear+4*l.guessSquare*rest))
	if l.down {
		x = float64(l.dur) - x
	}
	if last := l.dur - 1; x < float64(last) {
		return uint64(max(x, 0))
	}
	return l.dur - 1
}

// settle finds the answer near a guess by exact comparison, in steps that double and then halve. A guess is mostly right
// or one off; it is further off only over months.
func (l *leg) settle(need wide, guess uint64) uint64 {
	var in, out uint64 // in is reached by the due time, out is not
	step := uint64(1)
	if l.reached(need, guess) {
		for in, out = guess, guess+1; out < l.dur && l.reached(need, out); out = in + min(step, l.dur-in) {
			in, step = out, step*2
		}
	} else {
		for in, out = guess-1, guess; in > 0 && !l.reached(need, in); in = out - min(step, out) {
			out, step = in, step*2
		}
	}
	for out-in > 1 {
		if mid := in + (out-in)/2; l.reached(need, mid) {
			in = mid
		} else {
			out = mid
		}
	}
	return in
}

// reached tells whether R(at+x) ≤ n.
func (l *leg) reached(need wide, x uint64) bool {
	linear := l.linear.mul(x)
	if l.guessSquare == 0 {
		return linear.atMost(need)
	}
	square := l.square.mul(x).mul(x)
	if l.down {
		return linear.atMost(need.add(square))
	}
	return linear.add(square).atMost(need)
}
