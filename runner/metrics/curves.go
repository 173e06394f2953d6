package metrics

import "slices"

// curves is what happened over time: a fine timeline of each scenario and the total, and a coarse one that has a curve for
// each step as well.
type curves struct {
	layout *Layout
	fine   timeline  // by scenario, the total in the last place
	coarse timeline  // the same, and then by step
	recent [][]Point // the last intervals of the fine one
	steps  []stepKey
	step   []int // of each of the layout's steps, its place in steps; -1: not of a scenario
}

// stepKey is a step as results show it: steps of one name in a scenario are one.
type stepKey struct {
	scenario ScenarioID
	name     string
}

func newCurves(l *Layout) curves {
	c := curves{layout: l, step: make([]int, len(l.Steps))}
	for i, s := range l.Steps {
		if c.step[i] = -1; s.Scenario < 0 {
			continue
		}
		key := stepKey{s.Scenario, s.Name}
		if c.step[i] = slices.Index(c.steps, key); c.step[i] < 0 {
			c.step[i] = len(c.steps)
			c.steps = append(c.steps, key)
		}
	}
	base := len(l.Scenarios) + 1
	most := min(maxCoarsePoints, max(minCoarsePoints, coarseBudget/max(1, len(c.steps)))) &^ 1
	c.fine, c.coarse = newTimeline(base, maxPoints), newTimeline(base+len(c.steps), most)
	return c
}

// total is the place of the total's curve.
func (c *curves) total() int { return len(c.layout.Scenarios) }

// place is where a scenario's curve is; negative: the total.
func (c *curves) place(scenario ScenarioID) int {
	if scenario < 0 {
		return c.total()
	}
	return int(scenario)
}

// add takes in an interval.
func (c *curves) add(s *Snapshot) {
	if s.To <= s.From {
		return
	}
	points := c.points(s)
	if s.To-s.From < int64(Interval) && points[c.total()].idle() {
		return // the end of a run rarely falls on a full second
	}
	c.recent = append(c.recent[max(0, len(c.recent)+1-recentSeconds):], points[:c.total()+1])
	c.fine.add(points[:c.total()+1])
	c.coarse.add(points)
}

// points makes the interval's point of each curve.
func (c *curves) points(s *Snapshot) []Point {
	points := make([]Point, len(c.coarse.series))
	hists := make([]Histogram, len(points))
	all := c.total()
	for i, r := range s.Requests {
		scenario := c.layout.Steps[i/2].Scenario
		if r == nil || scenario < 0 {
			continue
		}
		for _, at := range [...]int{int(scenario), all, all + 1 + c.step[i/2]} {
			points[at].requests(r)
			hists[at].Merge(&r.Trends[trendLatency])
		}
	}
	for i, r := range s.Iterations {
		if r != nil {
			points[i].iterations(r)
			points[all].iterations(r)
		}
	}
	for i := range s.VUs {
		points[i].VUs = int64(s.VUs[i].Active.Max)
	}
	points[all].latency(&hists[all])
	for i := range points {
		if hists[i].Count() == hists[all].Count() { // nobody else asked for anything
			points[i].sameLatency(&points[all])
			continue
		}
		points[i].latency(&hists[i])
	}
	return points
}

// find is the place of a curve in the coarse timeline: of the total, a scenario, or a step of one.
func (c *curves) find(scenario, step string) (at int, ok bool) {
	if scenario == "" {
		return c.total(), step == ""
	}
	s := slices.IndexFunc(c.layout.Scenarios, func(s Scenario) bool { return s.Name == scenario })
	if s < 0 || step == "" {
		return s, s >= 0
	}
	k := slices.Index(c.steps, stepKey{ScenarioID(s), step})
	return c.total() + 1 + k, k >= 0
}
