package metrics

// RequestLeaf is what a snapshot knows of the requests of one step, expected and unexpected ones apart.
type RequestLeaf struct {
	Count          int64
	Failed, Judged int64             // http_req_failed: failed of judged
	Unexpected     int64             // answered with a status outside expect
	Errors         [maxClasses]int64 // by class
	Local          int64             // through this host's fault
	Statuses       Statuses
	Sent, Received int64                       // bytes
	Trends         [numRequestTrends]Histogram // ns
}

// add counts one request, as MEASUREMENT defines what it contributes to.
func (r *RequestLeaf) add(q *Request) {
	r.Count++
	r.Sent += q.Sent
	r.Received += q.Received
	if q.Class != 0 {
		r.Errors[classIndex(q.Class)]++
	}
	if q.Local {
		r.Local++
	}
	if q.Status != 0 {
		r.Statuses.add(q.Status, 1)
	}
	if q.Interrupted {
		return
	}
	if q.Last && !q.Local {
		r.Judged++
		if q.Failed {
			r.Failed++
		}
		if q.Unexpected && q.Class == 0 {
			r.Unexpected++
		}
	}
	r.times(q)
}

// Times are http_req_latency and http_req_duration, in ns. Without a byte sent there is no duration (sent is false).
func (q *Request) Times() (latency, duration int64, sent bool) {
	duration = q.Sending + q.Waiting + q.Receiving
	if q.Class != 0 {
		duration = q.End - q.Start - q.Blocked // until it gave up
	}
	latency = q.Blocked + duration
	if q.First {
		latency = q.End - q.Due
	}
	return latency, duration, q.BytesOut
}

// times records the trends. The parts of an exchange are there only if they happened.
func (r *RequestLeaf) times(q *Request) {
	latency, duration, sent := q.Times()
	r.Trends[trendLatency].nanoseconds(latency)
	r.Trends[trendBlocked].nanoseconds(q.Blocked)
	r.happened(trendDNS, q.DNS)
	r.happened(trendConnecting, q.Connecting)
	r.happened(trendTLS, q.TLS)
	if !sent {
		return
	}
	r.Trends[trendDuration].nanoseconds(duration)
	if q.Class != 0 {
		r.happened(trendSending, q.Sending)
		r.happened(trendWaiting, q.Waiting)
		r.happened(trendReceiving, q.Receiving)
		return
	}
	r.Trends[trendSending].nanoseconds(q.Sending)
	r.Trends[trendWaiting].nanoseconds(q.Waiting)
	r.Trends[trendReceiving].nanoseconds(q.Receiving)
}

func (r *RequestLeaf) happened(trend int, ns int64) {
	if ns > 0 {
		r.Trends[trend].nanoseconds(ns)
	}
}

// nanoseconds records a time; clocks that were read in another order than things happened must not make it negative.
func (h *Histogram) nanoseconds(ns int64) { h.Record(float64(max(ns, 0))) }

func (r *RequestLeaf) merge(o *RequestLeaf) {
	r.Count += o.Count
	r.Failed += o.Failed
	r.Judged += o.Judged
	r.Unexpected += o.Unexpected
	r.Local += o.Local
	r.Sent += o.Sent
	r.Received += o.Received
	for i, n := range o.Errors {
		r.Errors[i] += n
	}
	r.Statuses.merge(&o.Statuses)
	for i := range o.Trends {
		r.Trends[i].Merge(&o.Trends[i])
	}
}

const maxStatuses = 16

// Statuses counts responses by status: the first 16 that come up, then Other. The total stays exact.
type Statuses struct {
	Codes  [maxStatuses]int16
	Counts [maxStatuses]int64
	Used   int
	Other  int64
}

func (s *Statuses) add(code int16, n int64) {
	for i := range s.Used {
		if s.Codes[i] == code {
			s.Counts[i] += n
			return
		}
	}
	if s.Used == maxStatuses {
		s.Other += n
		return
	}
	s.Codes[s.Used], s.Counts[s.Used] = code, n
	s.Used++
}

func (s *Statuses) merge(o *Statuses) {
	for i := range o.Used {
		s.add(o.Codes[i], o.Counts[i])
	}
	s.Other += o.Other
}
