package metrics

const maxPoints = 3600 // then neighbours are merged and the interval doubles

// Point is one interval of the timeline.
type Point struct {
	Requests, Failed, Judged, Errors int64
	Iterations, Dropped              int64
	VUs                              int64   // the most in the interval
	P50, P95, P99                    float64 // of http_req_latency, ms; 0 without requests
	latencies                        []sparse
}

// timeline keeps a point a second for the total and each scenario, in bounded memory: when there are too many, neighbours
// are merged. Percentiles are exact to the histogram while a point is one interval, and within 0.4 % once merged.
type timeline struct {
	series   [][]Point // by scenario, the total in the last place
	interval int       // seconds in a point
	pending  int       // seconds in the last point
}

func newTimeline(scenarios int) timeline {
	return timeline{series: make([][]Point, scenarios+1), interval: 1}
}

func (t *timeline) last(scenario ScenarioID) Point {
	i := int(scenario)
	if i < 0 {
		i = len(t.series) - 1
	}
	if n := len(t.series[i]); n > 0 {
		return t.series[i][n-1]
	}
	return Point{}
}

// add appends an interval, or merges it into the last point while that is shorter than the timeline's interval.
func (t *timeline) add(l *Layout, s *Snapshot) {
	if s.To <= s.From {
		return
	}
	points := t.points(l, s)
	if total := &points[len(points)-1]; s.To-s.From < int64(Interval) && total.idle() {
		return // the end of a run rarely falls on a full second
	}
	merge := t.pending > 0 && t.pending < t.interval
	for i := range t.series {
		if merge {
			t.series[i][len(t.series[i])-1].merge(&points[i])
			continue
		}
		t.series[i] = append(t.series[i], points[i])
	}
	if !merge {
		t.pending = 0
	}
	t.pending++
	if len(t.series[0]) > maxPoints {
		t.halve()
	}
}

// points makes the interval's point of each scenario and of the total.
func (t *timeline) points(l *Layout, s *Snapshot) []Point {
	points := make([]Point, len(t.series))
	hists := make([]Histogram, len(t.series))
	all := len(points) - 1
	for i, r := range s.Requests {
		if scenario := l.Steps[i/2].Scenario; r != nil && scenario >= 0 {
			points[scenario].requests(r)
			points[all].requests(r)
			hists[scenario].Merge(&r.Trends[trendLatency])
			hists[all].Merge(&r.Trends[trendLatency])
		}
	}
	for i, r := range s.Iterations {
		if r != nil {
			points[i].iterations(r)
			points[all].iterations(r)
		}
	}
	for i := range points {
		points[i].VUs = int64(s.VUs[i].Active.Max)
		points[i].latency(&hists[i])
	}
	return points
}

func (p *Point) idle() bool { return p.Requests+p.Iterations+p.Dropped == 0 }

func (p *Point) requests(r *RequestLeaf) {
	p.Requests += r.Count
	p.Failed += r.Failed
	p.Judged += r.Judged
	for _, n := range r.Errors {
		p.Errors += n
	}
}

func (p *Point) iterations(r *IterationLeaf) {
	p.Iterations += r.Completed
	for _, n := range r.Dropped {
		p.Dropped += n
	}
}

func (p *Point) latency(h *Histogram) {
	if h.Count() == 0 {
		return
	}
	p.P50, p.P95, p.P99 = h.Percentile(p50)/1e6, h.Percentile(p95)/1e6, h.Percentile(p99)/1e6
	p.latencies = thin(h)
}

// merge takes in the next interval.
func (p *Point) merge(o *Point) {
	p.Requests += o.Requests
	p.Failed += o.Failed
	p.Judged += o.Judged
	p.Errors += o.Errors
	p.Iterations += o.Iterations
	p.Dropped += o.Dropped
	p.VUs = max(p.VUs, o.VUs)
	p.latencies = mergeSparse(p.latencies, o.latencies)
	p.P50, p.P95, p.P99 = sparsePercentile(p.latencies, p50), sparsePercentile(p.latencies, p95), sparsePercentile(p.latencies, p99)
}

// halve merges neighbours, so that the interval doubles. It is called with maxPoints + 1 points, an odd number: the last one
// stays as long as it was.
func (t *timeline) halve() {
	for i, points := range t.series {
		n := 0
		for j := 0; j < len(points); j += 2 {
			p := points[j]
			if j+1 < len(points) {
				p.merge(&points[j+1])
			}
			points[n] = p
			n++
		}
		clear(points[n:])
		t.series[i] = points[:n]
	}
	t.interval *= 2
}
