package schedule

import (
	"errors"
	"fmt"
	"math/big"
	"sort"
	"time"
)

// Rate is a number of tickets per unit of time, exactly as written: 0.1/s is {1, 10, time.Second}.
type Rate struct {
	Num int64
	Den int64         // > 0
	Per time.Duration // > 0
}

// PerSecond is the rate for display.
func (r Rate) PerSecond() float64 {
	return float64(r.Num) / float64(r.Den) * (float64(time.Second) / float64(r.Per))
}

// RateStage is one leg of a ramp: the rate goes to Target in a straight line over Duration. A Duration of 0 is a jump.
type RateStage struct {
	Duration time.Duration
	Target   Rate
}

// Arrivals is a piecewise linear rate. With R(t) the integral of the rate, ticket n is due at inf{t : R(t) > n}, rounded
// down to the nanosecond, if R(end) > n: there are exactly ⌈R(end)⌉ tickets, and none while the rate is 0. Every answer
// is exact.
type Arrivals struct {
	legs   []leg
	pieces []piece  // the legs as rates
	plan   []piece  // as the author wrote them, before any scaling
	chance *poisson // nil: tickets are evenly spaced along R
	staged bool     // false for a constant rate, which has no stages
	total  int64
	end    time.Duration
}

var _ Schedule = (*Arrivals)(nil)

// Constant is a rate that does not change. Its tickets have stage 0.
func Constant(rate Rate, d time.Duration) (*Arrivals, error) {
	return newArrivals([]piece{{dur: d, from: rate, to: rate, stage: 1}}, false, 0)
}

// Ramping starts at a rate and goes through stages, which count from 1.
func Ramping(start Rate, stages []RateStage) (*Arrivals, error) {
	if len(stages) == 0 {
		return nil, errors.New("there are no stages")
	}
	pieces := make([]piece, len(stages))
	for i, s := range stages {
		pieces[i] = piece{dur: s.Duration, from: start, to: s.Target, stage: i + 1}
		start = s.Target
	}
	return newArrivals(pieces, true, 0)
}

// Total is ⌈R(end)⌉, or what chance makes of it.
func (a *Arrivals) Total() int64 { return a.total }

// Duration is the sum of the stages' durations.
func (a *Arrivals) Duration() time.Duration { return a.end }

// At is when ticket n is due. It allocates nothing.
func (a *Arrivals) At(n int64) (due time.Duration, ok bool) {
	if n < 0 || n >= a.total {
		return 0, false
	}
	if a.chance != nil {
		return a.chance.fine.At(a.chance.sum(n))
	}
	// The last leg that begins with R ≤ n. The next begins with R > n, so this one is not flat at 0 and not a jump.
	lo, hi := 0, len(a.legs)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; a.legs[mid].first <= n {
			lo = mid
		} else {
			hi = mid
		}
	}
	l := &a.legs[lo]
	return l.at + time.Duration(l.due(uint64(n))), true
}

// Stages is how many stages there are, 0 for a constant rate.
func (a *Arrivals) Stages() int {
	if !a.staged {
		return 0
	}
	return a.pieces[len(a.pieces)-1].stage
}

// StageAt is the stage, from 1, of a due time: the last that has begun by then. It is 0 for a constant rate.
func (a *Arrivals) StageAt(due time.Duration) int16 {
	if !a.staged {
		return 0
	}
	next := sort.Search(len(a.legs), func(i int) bool { return a.legs[i].at > due })
	return clampInt16(a.pieces[max(next, 1)-1].stage)
}

// Range is the tickets from … to−1 that are due in a stage; of a constant rate all tickets are in stage 0.
func (a *Arrivals) Range(stage int) (from, to int64) {
	stage = max(stage, 1)
	return a.firstOf(stage), a.firstOf(stage + 1)
}

// firstOf is the first ticket of a stage, or of a later one.
func (a *Arrivals) firstOf(stage int) int64 {
	i := sort.Search(len(a.pieces), func(i int) bool { return a.pieces[i].stage >= stage })
	switch {
	case i == len(a.legs):
		return a.total
	case a.chance != nil:
		return a.chance.first[i]
	}
	return a.legs[i].first
}

// RateAt is the rate at a time, in tickets a second; at a jump it is the rate after it, and 0 outside the schedule.
func (a *Arrivals) RateAt(t time.Duration) float64 {
	if t < 0 || t >= a.end {
		return 0
	}
	i := sort.Search(len(a.legs), func(i int) bool { return a.legs[i].at > t }) - 1
	l, from, to := &a.legs[i], a.pieces[i].from.PerSecond(), a.pieces[i].to.PerSecond()
	return from + (to-from)*float64(t-l.at)/float64(l.dur)
}

// Points is the curve of the rate in tickets a second.
func (a *Arrivals) Points() []Point {
	points := make([]Point, 0, len(a.legs)+1)
	for i := range a.legs {
		l := &a.legs[i]
		points = appendPoint(points, Point{l.at, a.pieces[i].from.PerSecond()})
		points = appendPoint(points, Point{l.at + time.Duration(l.dur), a.pieces[i].to.PerSecond()})
	}
	return points
}

// appendPoint leaves out a point that repeats the last one.
func appendPoint(points []Point, p Point) []Point {
	if len(points) > 0 && points[len(points)-1] == p {
		return points
	}
	return append(points, p)
}

// maxTotal and maxUnit bound what 256 bits can compare; see newArrivals.
const (
	maxTotal = int64(1) << 62
	maxUnit  = 128 // bits
)

// newArrivals lays the legs out.
//
// With Q a common denominator of all rates in tickets per nanosecond, a leg that goes from A/Q to B/Q over D and begins at
// T has R(T+x) = R(T) + (A/Q)·x + (B−A)/(2DQ)·x². Let C = 2Q·R(T), an integer. Then R(T+x) ≤ n if and only if
//
//	(B−A)·x² + 2AD·x ≤ D·(2Qn − C)
//
// which is a comparison of integers. R is continuous and never falls, so the due time of n, rounded down, is the largest
// integer x for which it holds. With Q < 2¹²⁸, n ≤ R(end) < 2⁶² and D < 2⁶³ every term is below 2²⁵⁵: 2QDn < 2²⁵⁴, and
// as R gains (A+B)·D/2Q in the leg, A·D and B·D are at most 2Q·2⁶², so that 2AD·x and |B−A|·x² are below 2²⁵⁵ as well.
//
// With a scale there are 2^scale tickets for each.
func newArrivals(pieces []piece, staged bool, scale uint) (*Arrivals, error) {
	unit := big.NewInt(1)
	per := make([]*big.Rat, 0, 2*len(pieces)) // tickets per nanosecond
	for _, p := range pieces {
		for _, r := range [...]Rate{p.from, p.to} {
			v, err := r.perNanosecond()
			if err != nil {
				return nil, err
			}
			v.SetFrac(new(big.Int).Lsh(v.Num(), scale), v.Denom())
			per = append(per, v)
			unit = lcm(unit, v.Denom())
		}
	}
	if unit.BitLen() > maxUnit {
		return nil, errors.New("the rates have no common denominator of a sensible size: write them with fewer digits")
	}
	a := &Arrivals{staged: staged, pieces: pieces, plan: pieces}
	sum := new(big.Int) // C
	for i, p := range pieces {
		if p.dur < 0 || a.end+p.dur < a.end {
			return nil, fmt.Errorf("stage %d: the duration is negative, or the sum of the durations exceeds 292 years", p.stage)
		}
		l, err := newLeg(a.end, p.dur, over(per[2*i], unit), over(per[2*i+1], unit), unit, sum)
		if err != nil {
			return nil, err
		}
		a.legs = append(a.legs, l)
		a.end += p.dur
	}
	total, err := tickets(sum, unit)
	a.total = total
	return a, err
}

// perNanosecond is the rate in tickets per nanosecond.
func (r Rate) perNanosecond() (*big.Rat, error) {
	if r.Num < 0 || r.Den <= 0 || r.Per <= 0 {
		return nil, fmt.Errorf("a rate of %d/%d per %v is not a rate: it must not be negative", r.Num, r.Den, r.Per)
	}
	den := new(big.Int).Mul(big.NewInt(r.Den), big.NewInt(int64(r.Per)))
	return new(big.Rat).SetFrac(big.NewInt(r.Num), den), nil
}

// tickets is ⌈sum/2Q⌉.
func tickets(sum, unit *big.Int) (int64, error) {
	q := new(big.Int).Lsh(unit, 1)
	n := new(big.Int).Add(sum, q)
	n.Sub(n, big.NewInt(1)).Div(n, q)
	if !n.IsInt64() || n.Int64() >= maxTotal {
		return 0, errors.New("the rates make more iterations than can be numbered (4.6 × 10¹⁸): lower a rate or shorten a duration")
	}
	return n.Int64(), nil
}

// over is r·unit, for a unit that is a multiple of r's denominator.
func over(r *big.Rat, unit *big.Int) *big.Int {
	v := new(big.Int).Div(unit, r.Denom())
	return v.Mul(v, r.Num())
}

func lcm(a, b *big.Int) *big.Int {
	g := new(big.Int).GCD(nil, nil, a, b)
	return g.Mul(new(big.Int).Div(a, g), b)
}
