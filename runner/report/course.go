package report

import (
	"fmt"
	"math"
	"strings"
)

// courseWidth is how long a course would like to be.
const courseWidth = 24

// levels draw a height, from nothing to all.
var levels = []rune(" ▁▂▃▄▅▆▇█")

// course is how far a scenario is: what was reached up to now, a mark, and what the schedule plans from here on. Where no
// curve is planned, or the terminal takes the blocks for wide characters, it is a plain bar.
func course(s LiveScenario) cell {
	look := green
	switch {
	case s.State == StateWaiting || s.State == StateDone:
		look = dim
	case lags(s):
		look = yellow
	}
	if len(s.Curve) == 0 || s.State == StateWaiting || width("█│") != 2 {
		return cell{style: look, most: courseWidth, draw: func(w int) string { return bar(s.Progress, w) }}
	}
	now := func(w int) int { return reachedColumns(s.Progress, w) }
	draw := func(w int) string {
		most := math.SmallestNonzeroFloat64
		for _, list := range [][]float64{s.Curve, s.Reached} {
			for _, v := range list {
				most = max(most, v)
			}
		}
		line := make([]rune, w)
		for i := range line {
			v := at(s.Curve, len(s.Curve), i, w)
			if i < now(w) {
				v = at(s.Reached, len(s.Curve), i, w)
			}
			line[i] = height(v / most)
		}
		if i := now(w); i < w {
			line[i] = '│'
		}
		return string(line)
	}
	return cell{style: look, most: courseWidth, draw: draw, ahead: now}
}

// at is the mean of what a column of w stands for, of a list of so many parts; one that ends early goes on as it ended.
func at(list []float64, parts, column, w int) float64 {
	if len(list) == 0 || w <= 0 {
		return 0
	}
	first, end := column*parts/w, max((column+1)*parts/w, column*parts/w+1)
	sum := 0.0
	for k := first; k < end; k++ {
		sum += list[min(k, len(list)-1)]
	}
	return sum / float64(end-first)
}

// height is the block of a share 0..1: something is never drawn as nothing.
func height(share float64) rune {
	if !(share > 0) {
		return levels[0]
	}
	return levels[max(1, min(len(levels)-1, int(math.Round(share*float64(len(levels)-1)))))]
}

// lags tells whether the last part that was reached is under 90 % of what was planned for it.
func lags(s LiveScenario) bool {
	n := len(s.Reached)
	return n > 1 && n <= len(s.Curve) && s.Reached[n-1] < 0.9*s.Curve[n-1]
}

// reachedColumns is how many of w columns are behind us.
func reachedColumns(progress float64, w int) int {
	if !(progress > 0) {
		return 0
	}
	return int(min(1, progress) * float64(w))
}

func bar(progress float64, w int) string {
	full, empty := "█", "░"
	if width(full) != 1 || width(empty) != 1 {
		full, empty = "#", "-"
	}
	done := reachedColumns(progress, w)
	return strings.Repeat(full, done) + strings.Repeat(empty, w-done)
}

// distance says how far a threshold is from where it turns.
func distance(t LiveThreshold) string {
	if t.Limit == nil || len(t.Observed) != 1 {
		return ""
	}
	limit, v := *t.Limit, 0.0
	for _, seen := range t.Observed {
		v = seen
	}
	bound := quantity(limit, t.Unit, digits)
	switch failing := t.State == ThresholdFailing; {
	case limit == 0 || math.Abs(v-limit) <= 1e-9*math.Abs(limit):
		return ""
	case failing && v > limit:
		return fmt.Sprintf("%s over %s", percent(v/limit-1, digits), bound)
	case failing:
		return fmt.Sprintf("%s under %s", percent(1-v/limit, digits), bound)
	case v > limit:
		return fmt.Sprintf("%s above %s", percent(1-limit/v, digits), bound)
	}
	return fmt.Sprintf("%s of %s", percent(v/limit, digits), bound)
}
