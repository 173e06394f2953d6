package spec

import (
	"reflect"
	"strings"
	"time"
)

// Think waits, as a user who reads: a fixed time (2s), a time drawn evenly between two (1s..3s), or one drawn from a
// distribution ({ distribution: lognormal, mean: 5s, sd: 3s, max: 30s }). Draws come from the run's seed.
type Think struct {
	StepHead
	Min, Max time.Duration
	// The time, two with .. between them, or a map of a distribution; a template is evaluated at each use.
	Text  Text          `plan:",verb" example:"1s..3s"` // a template (Pos set, Min = Max = 0) is evaluated at each use
	Drawn *Distribution // in place of the others
}

// Distribution is how times to think are spread. A draw below min or above max is made again, so that no time is more
// likely for being a limit.
type Distribution struct {
	Pos Pos
	// uniform spreads evenly from min to max. exponential is what is left of a wait without memory. normal is a bell around
	// mean. lognormal is the bell of human times: none below zero, a long tail above.
	Kind Word `plan:"distribution,required" enum:"uniform,exponential,normal,lognormal" example:"lognormal"`
	// The mean of what is drawn before limits; not for uniform.
	Mean Duration `plan:"mean" example:"5s"`
	// The standard deviation of what is drawn before limits, for normal and lognormal.
	SD Duration `plan:"sd" example:"3s"`
	// No time is below this.
	Min Duration `plan:"min" default:"0s" example:"1s"`
	// No time is above this; required of uniform.
	Max Duration `plan:"max" example:"30s"`
}

// think decodes a time, a range or a distribution; a template stays one.
func (d *decoder) think(e pair, t *Think) {
	if _, trap := colonMap(e.val); e.val.kind == mapNode && !trap {
		t.Drawn = new(Distribution)
		d.words(e, reflect.ValueOf(t.Drawn).Elem(), place{"think", "think"}, nil)
		return
	}
	if e.val.kind != scalarNode {
		d.wrongKind(e, "think", "a time, a range of times or a distribution")
		return
	}
	t.Text = d.text(e)
	if HasTemplate(e.val.text) {
		return
	}
	var err error
	if t.Min, t.Max, err = ParseThink(e.val.text); err != nil {
		d.add(scalarProblem(e.val.pos, e.val.width, "think", "a time or a range of times", e.val.text, "1s..3s", err))
	}
}

// think judges a time or a distribution.
func (v *validator) think(t *Think) {
	v.bounded("think", Duration{Value: t.Max, Set: true, Pos: t.Text.Pos}, t.Pos)
	if t.Drawn != nil && t.Drawn.Kind.Set {
		v.distribution(t.Drawn)
	}
}

// distribution judges the numbers of a distribution: what it needs, what it can't use, and whether its limits leave
// enough of it.
func (v *validator) distribution(t *Distribution) {
	kind := t.Kind.Value
	for _, w := range []struct {
		word string
		is   Duration
		of   string // the distributions that need it
		may  string // those that can use it
	}{
		{"mean", t.Mean, "exponential normal lognormal", "exponential normal lognormal"}, {"sd", t.SD, "normal lognormal", "normal lognormal"},
		{"max", t.Max, "uniform", "uniform exponential normal lognormal"}, {"min", t.Min, "", "uniform exponential normal lognormal"},
	} {
		written := w.is.Set || !w.is.Pos.IsZero()
		switch {
		case !written && hasWord(w.of, kind):
			v.add(Problemf(t.Pos, len("think"), "%s is missing: %s needs it", w.word, kind).WithHint("write %s: 5s", w.word))
		case written && !hasWord(w.may, kind):
			v.at(w.is.Pos, t.Pos, "%s has no %s", kind, w.word)
		case w.word == "mean" || w.word == "sd":
			v.positive(w.word, w.is, t.Pos)
		default:
			v.bounded(w.word, w.is, t.Pos)
		}
	}
	v.limits(t)
}

func hasWord(list, word string) bool {
	for _, w := range strings.Fields(list) {
		if w == word {
			return true
		}
	}
	return false
}

// limits judges min and max: a mean outside them would have nearly all draws made again.
func (v *validator) limits(t *Distribution) {
	switch {
	case t.Min.Set && t.Max.Set && t.Min.Value >= t.Max.Value:
		v.at(t.Min.Pos, t.Pos, "min is %s, want less than max, which is %s", FormatDuration(t.Min.Value), FormatDuration(t.Max.Value))
	case t.Mean.Set && t.Max.Set && t.Mean.Value > t.Max.Value:
		v.at(t.Mean.Pos, t.Pos, "mean is %s, want at most max, which is %s", FormatDuration(t.Mean.Value), FormatDuration(t.Max.Value))
	case t.Mean.Set && t.Min.Set && t.Mean.Value < t.Min.Value:
		v.at(t.Mean.Pos, t.Pos, "mean is %s, want at least min, which is %s", FormatDuration(t.Mean.Value), FormatDuration(t.Min.Value))
	}
}
