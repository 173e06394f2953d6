package metrics

import (
	"math"
	"slices"
	"strings"
)

// recentSeconds is how many of the last intervals tell how things are now: one alone flickers where there are few requests.
const recentSeconds = 3

// Recent is what happened lately, and over how many seconds: in total (scenario < 0) or in one scenario.
func (t *Totals) Recent(scenario ScenarioID) (p Point, seconds int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := t.curves.place(scenario)
	for i := range t.curves.recent {
		p.merge(&t.curves.recent[i][at], mergedLists{})
	}
	return p, len(t.curves.recent)
}

// Levels is how many VUs a scenario had at most in each interval, and how many seconds long that is.
func (t *Totals) Levels(scenario ScenarioID) (vus []int64, interval int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	points := t.curves.fine.series[t.curves.place(scenario)]
	vus = make([]int64, len(points))
	for i := range points {
		vus[i] = points[i].VUs
	}
	return vus, t.curves.fine.interval
}

// ClassCount is how often requests failed in one way.
type ClassCount struct {
	Class string `json:"class"` // as in ErrorResult
	Count int64  `json:"count"`
}

// Failures counts what failed so far by class, the most first, in total (scenario < 0) or in one scenario.
func (t *Totals) Failures(scenario ScenarioID) []ClassCount {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := builder{layout: t.layout, all: t.all}
	counts := make([]int64, maxClasses)
	for id := range t.layout.Steps {
		if s := t.layout.Steps[id].Scenario; s < 0 || scenario >= 0 && s != scenario {
			continue
		}
		for class := range counts {
			counts[class] += b.failures(id, class)
		}
	}
	var list []ClassCount
	for class, n := range counts {
		name := statusClass
		if class > 0 {
			name = t.layout.className(uint8(class))
		}
		if n > 0 {
			list = append(list, ClassCount{name, n})
		}
	}
	slices.SortStableFunc(list, func(a, b ClassCount) int { return int(min(max(b.Count-a.Count, -1), 1)) })
	return list
}

// Metrics lists the series of some metrics so far, as the result will.
func (t *Totals) Metrics(names ...string) []MetricResult {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := builder{layout: t.layout, all: t.all}
	list := []MetricResult{}
	for _, m := range t.layout.metrics() {
		if slices.Contains(names, m.name) {
			list = b.series(list, m, t.conditions)
		}
	}
	return list
}

// Limit is where condition i, in the order of Judge, turns: the value that what it reads may reach, or has to, given what
// was observed. ok is false if it reads several aggregates, or nothing turns it.
func (t *Totals) Limit(i int, observed map[string]float64) (limit float64, ok bool) {
	c := &t.conditions.list[i]
	own := slices.DeleteFunc(slices.Clone(c.reads), func(name string) bool { return strings.HasPrefix(name, ofBaseline) })
	now, seen := observed[c.reads[0]]
	if len(own) != 1 || c.reads[0] != own[0] || !seen {
		return 0, false
	}
	holds := func(v float64) bool {
		held, err := c.test.Eval(func(name string) float64 {
			if name == own[0] {
				return v
			}
			return observed[name]
		})
		return held && err == nil
	}
	return turn(now, holds)
}

// turn finds the nearest value above or below v where holds becomes another, by doubling and then halving a step.
func turn(v float64, holds func(float64) bool) (limit float64, ok bool) {
	was := holds(v)
	best := math.Inf(1)
	for _, sign := range [...]float64{1, -1} {
		for step := max(math.Abs(v), 1e-3) / 1024; step < 1e12; step *= 2 {
			far := v + sign*step
			if far < 0 {
				far = 0 // nothing that is measured is below
			}
			if holds(far) != was {
				if at := narrow(v, far, was, holds); math.Abs(at-v) < best {
					limit, best = at, math.Abs(at-v)
				}
				break
			}
			if far == 0 {
				break
			}
		}
	}
	return limit, !math.IsInf(best, 1)
}

// narrow halves the way from a value that is as was to one that is not, and rounds what it finds.
func narrow(from, to float64, was bool, holds func(float64) bool) float64 {
	for range 60 {
		if middle := (from + to) / 2; holds(middle) == was {
			from = middle
		} else {
			to = middle
		}
	}
	if rounded := math.Round(to*1e6) / 1e6; math.Abs(rounded-to) < 1e-9*max(1, math.Abs(to)) {
		return rounded
	}
	return to
}
