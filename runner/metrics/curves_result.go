package metrics

// timelineColumns are the series of a timeline. Steps have only those of requests.
var timelineColumns = []struct {
	name, aggregate string
	request         bool
	value           func(*Point) float64
}{
	{"http_reqs", "", true, func(p *Point) float64 { return float64(p.Requests) }},
	{"http_req_failed", "", true, func(p *Point) float64 { return float64(p.Failed) }},
	{"request_errors", "", true, func(p *Point) float64 { return float64(p.Errors) }},
	{"http_req_latency", "p50", true, func(p *Point) float64 { return p.P50 }},
	{"http_req_latency", "p95", true, func(p *Point) float64 { return p.P95 }},
	{"http_req_latency", "p99", true, func(p *Point) float64 { return p.P99 }},
	{"iterations", "", false, func(p *Point) float64 { return float64(p.Iterations) }},
	{"dropped_iterations", "", false, func(p *Point) float64 { return float64(p.Dropped) }},
	{"vus", "", false, func(p *Point) float64 { return float64(p.VUs) }},
}

// result is what results show: the total, each scenario, and in fewer points each step.
func (c *curves) result() Timeline {
	out := Timeline{
		IntervalS: float64(c.fine.interval), Series: []TimelineSeries{},
		Steps: StepTimeline{IntervalS: float64(c.coarse.interval), Series: []TimelineSeries{}},
	}
	all := c.total()
	out.Series = c.columns(out.Series, all, c.fine.series[all])
	for i := range all {
		out.Series = c.columns(out.Series, i, c.fine.series[i])
	}
	places := []int{all}
	for i := range all {
		places = append(places, i)
	}
	for i := all + 1; i < len(c.coarse.series); i++ {
		out.Steps.Series = c.columns(out.Steps.Series, i, c.coarse.series[i])
		places = append(places, i)
	}
	out.Latencies = c.bands(c.coarse.interval, places, func(at int) []Point { return c.coarse.series[at] })
	return out
}

// one is a single curve, in at most most points.
func (c *curves) one(at, most int) Timeline {
	from := c.coarse
	if at <= c.total() {
		from = c.fine
	}
	points := from.series[at]
	for len(points) > max(1, most) {
		points, from.interval = halves(points, mergedLists{}), 2*from.interval
	}
	return Timeline{
		IntervalS: float64(from.interval), Series: c.columns([]TimelineSeries{}, at, points),
		Latencies: c.bands(from.interval, []int{at}, func(int) []Point { return points }),
	}
}

// columns appends the series of one curve.
func (c *curves) columns(list []TimelineSeries, at int, points []Point) []TimelineSeries {
	for _, column := range timelineColumns {
		if at > c.total() && !column.request {
			continue
		}
		list = append(list, c.column(at, points, column.name, "aggregate", column.aggregate, column.value))
	}
	for class, happened := range classesIn(points) {
		if happened {
			list = append(list, c.column(at, points, "request_errors", "class", c.layout.className(uint8(class)), func(p *Point) float64 { return float64(p.Classes[class]) }))
		}
	}
	return list
}

// classesIn tells which classes of errors there were.
func classesIn(points []Point) (happened [maxClasses]bool) {
	for i := range points {
		for class, n := range points[i].Classes {
			happened[class] = happened[class] || n > 0
		}
	}
	return happened
}

func (c *curves) column(at int, points []Point, name, tag, tagValue string, value func(*Point) float64) TimelineSeries {
	s := TimelineSeries{Name: name, Tags: c.tags(at), Values: make([]float64, len(points))}
	if tagValue != "" {
		s.Tags[tag] = tagValue
	}
	for i := range points {
		s.Values[i] = value(&points[i])
	}
	return s
}

// tags name a curve.
func (c *curves) tags(at int) map[string]string {
	tags := map[string]string{}
	switch step := at - c.total() - 1; {
	case step >= 0:
		tags["scenario"], tags["step"] = c.layout.Scenarios[c.steps[step].scenario].Name, c.steps[step].name
	case at < c.total():
		tags["scenario"] = c.layout.Scenarios[at].Name
	}
	return tags
}
