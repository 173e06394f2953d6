package metrics

// The most points that timelines keep; then neighbours are merged and the interval doubles.
const (
	maxPoints       = 3600 // of the total and of each scenario
	maxCoarsePoints = 300  // where there is one for each step, too, and where latencies are spread into bands
	minCoarsePoints = 60
	coarseBudget    = 30_000 // points of all steps together
)

// Point is one interval of the timeline.
type Point struct {
	Requests, Failed, Judged, Errors int64
	Iterations, Dropped              int64
	VUs                              int64             // the most in the interval
	P50, P95, P99                    float64           // of http_req_latency, ms; 0 without requests
	Classes                          [maxClasses]int32 // Errors by class
	latencies                        packed
}

// timeline keeps a point a second for each of its curves, in bounded memory: when there are too many, neighbours are
// merged. Percentiles are exact to the histogram while a point is one interval, and within 0.4 % once merged.
type timeline struct {
	series   [][]Point // by curve
	most     int       // points of a curve, an even number
	interval int       // seconds in a point
	pending  int       // seconds in the last point
}

func newTimeline(curves, most int) timeline {
	return timeline{series: make([][]Point, curves), most: most, interval: 1}
}

// last is the newest point of a curve.
func (t *timeline) last(curve int) Point {
	if n := len(t.series[curve]); n > 0 {
		return t.series[curve][n-1]
	}
	return Point{}
}

// add appends an interval's points, or merges them into the last ones while those are shorter than the timeline's interval.
func (t *timeline) add(points []Point) {
	merge := t.pending > 0 && t.pending < t.interval
	lists := mergedLists{}
	for i := range t.series {
		if merge {
			t.series[i][len(t.series[i])-1].merge(&points[i], lists)
			continue
		}
		t.series[i] = append(t.series[i], points[i])
	}
	if !merge {
		t.pending = 0
	}
	t.pending++
	if len(t.series[0]) > t.most {
		t.halve()
	}
}

// halve merges neighbours, so that the interval doubles. It is called with most + 1 points, an odd number: the last one
// stays as long as it was.
func (t *timeline) halve() {
	lists := mergedLists{}
	for i, points := range t.series {
		halved := halves(points, lists)
		clear(points[copy(points, halved):])
		t.series[i] = points[:len(halved)]
	}
	t.interval *= 2
}

// halves is points with neighbours merged; of an odd number the last one stays as long as it was.
func halves(points []Point, lists mergedLists) []Point {
	out := make([]Point, 0, (len(points)+1)/2)
	for j := 0; j < len(points); j += 2 {
		p := points[j]
		if j+1 < len(points) {
			p.merge(&points[j+1], lists)
		}
		out = append(out, p)
	}
	return out
}

// merge takes in the next interval. lists has what was merged for curves of the same requests.
func (p *Point) merge(o *Point, lists mergedLists) {
	p.Requests += o.Requests
	p.Failed += o.Failed
	p.Judged += o.Judged
	p.Errors += o.Errors
	for class, n := range o.Classes {
		p.Classes[class] += n
	}
	p.Iterations += o.Iterations
	p.Dropped += o.Dropped
	p.VUs = max(p.VUs, o.VUs)
	p.latencies = lists.merge(p.latencies, o.latencies)
	p.P50, p.P95, p.P99 = sparsePercentile(p.latencies, p50), sparsePercentile(p.latencies, p95), sparsePercentile(p.latencies, p99)
}

func (p *Point) idle() bool { return p.Requests+p.Iterations+p.Dropped == 0 }

func (p *Point) requests(r *RequestLeaf) {
	p.Requests += r.Count
	p.Failed += r.Failed
	p.Judged += r.Judged
	for class, n := range r.Errors {
		p.Errors += n
		p.Classes[class] += int32(n)
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

// sameLatency takes over the latencies of a point of the same requests.
func (p *Point) sameLatency(o *Point) {
	p.P50, p.P95, p.P99, p.latencies = o.P50, o.P95, o.P99, o.latencies
}
