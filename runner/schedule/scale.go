package schedule

import (
	"errors"
	"math"
	"time"
)

// Factor multiplies what is left of a schedule: 1.5 is {3, 2}. Both parts are above 0.
type Factor struct{ Num, Den int64 }

// Value is the factor as a number.
func (f Factor) Value() float64 { return float64(f.Num) / float64(f.Den) }

// piece is a straight piece of a rate, in the author's terms.
type piece struct {
	dur      time.Duration
	from, to Rate
	stage    int
}

// Scaled is the schedule as it is until a time, and from then on the one that was written, times a factor. R goes on from
// where it was, so the numbers of tickets that were due before at, and their due times, stay as they are (if the cut goes
// through a ramp, to a nanoticket a second). Scaling again replaces the factor: it does not multiply.
func (a *Arrivals) Scaled(at time.Duration, f Factor) (*Arrivals, error) {
	if f.Num <= 0 || f.Den <= 0 {
		return nil, errors.New("the factor must be more than 0")
	}
	if at >= a.end {
		return nil, errors.New("the schedule is over")
	}
	before, _ := split(a.pieces, max(at, 0))
	_, after := split(a.plan, max(at, 0))
	for i := range after {
		var errs [2]error
		after[i].from, errs[0] = after[i].from.times(f)
		after[i].to, errs[1] = after[i].to.times(f)
		if err := errors.Join(errs[:]...); err != nil {
			return nil, err
		}
	}
	scaled, err := newArrivals(append(before, after...), a.staged, 0)
	if err != nil {
		return nil, err
	}
	scaled.plan = a.plan
	if a.chance != nil {
		return scaled.Poisson(a.chance.seed)
	}
	return scaled, nil
}

// split cuts a list of pieces at a time. A piece that is over goes before, also one that took no time.
func split(pieces []piece, at time.Duration) (before, after []piece) {
	for _, p := range pieces {
		switch {
		case p.dur <= at && len(after) == 0:
			before = append(before, p)
			at -= p.dur
		case at > 0:
			head, tail := p, p
			head.dur, tail.dur = at, p.dur-at
			head.to = p.at(at)
			tail.from = head.to
			before, after, at = append(before, head), append(after, tail), 0
		default:
			after = append(after, p)
		}
	}
	return before, after
}

// nanotickets is how finely the rate in the midst of a ramp is known: exact fractions of nanoseconds have denominators
// that nobody could calculate with.
const nanotickets = 1_000_000_000

// at is the rate at a time within the piece.
func (p piece) at(t time.Duration) Rate {
	if p.from == p.to {
		return p.from
	}
	from, to := p.from.PerSecond(), p.to.PerSecond()
	v := from + (to-from)*float64(t)/float64(p.dur)
	return Rate{Num: int64(math.Round(v * nanotickets)), Den: nanotickets, Per: time.Second}
}

// times is the rate times a factor.
func (r Rate) times(f Factor) (Rate, error) {
	num, den := r.Num*f.Num, r.Den*f.Den
	if r.Num != 0 && num/r.Num != f.Num || den/r.Den != f.Den {
		return r, errors.New("the factor has too many digits for this rate")
	}
	return Rate{Num: num, Den: den, Per: r.Per}, nil
}

// Scaled is the schedule as it is until a time, and from then on the one that was written, times a factor, rounded; where
// there were VUs there is at least one. Scaling again replaces the factor: it does not multiply. A ramp that is cut goes on
// evenly from the number that it had reached.
func (v *VUs) Scaled(at time.Duration, f Factor) (*VUs, error) {
	if f.Num <= 0 || f.Den <= 0 {
		return nil, errors.New("the factor must be more than 0")
	}
	if at >= v.end {
		return nil, errors.New("the schedule is over")
	}
	at = max(at, 0)
	before, _ := splitVUs(v.legs, at)
	_, after := splitVUs(v.plan, at)
	for i := range after {
		after[i].from, after[i].to = scaled(after[i].from, f), scaled(after[i].to, f)
	}
	reached := after[0].from
	if n := len(before); n > 0 {
		reached = before[n-1].to
	}
	legs := append(before, vuLeg{at: at, from: reached, to: after[0].from, stage: after[0].stage})
	out := &VUs{legs: append(legs, after...), plan: v.plan, staged: v.staged, end: v.end}
	for _, l := range out.legs {
		out.max = max(out.max, l.from, l.to)
	}
	return out, nil
}

func splitVUs(legs []vuLeg, at time.Duration) (before, after []vuLeg) {
	for _, l := range legs {
		switch {
		case l.at+l.dur <= at && len(after) == 0:
			before = append(before, l)
		case l.at < at:
			head, tail := l, l
			head.dur, head.to = at-l.at, l.number(at)
			tail.at, tail.dur, tail.from = at, l.at+l.dur-at, head.to
			before, after = append(before, head), append(after, tail)
		default:
			after = append(after, l)
		}
	}
	return before, after
}

func scaled(n int64, f Factor) int64 {
	if n == 0 {
		return 0
	}
	return max(1, int64(math.Round(float64(n)*f.Value())))
}
