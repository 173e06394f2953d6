package metrics

// domain says what a metric's leaf series are: the finest series that a snapshot always holds. Everything coarser is
// merged from them.
type domain uint8

const (
	perRequest   domain = iota // leaf: 2·step + 1 if expected
	perClass                   // leaf of perRequest · maxClasses + class
	perIteration               // leaf: scenario
	perCause                   // scenario · NumCauses + cause
	perDrop                    // scenario · numDrops + why
	perCheck                   // leaf: check
	perGroup                   // leaf: group
	perCustom                  // leaf: emit
	perVUs                     // leaf: scenario
)

// The reasons for which an iteration is not started: values of dropped_iterations{cause=…}.
const (
	dropVUs = iota // every VU was busy
	dropEnd        // it had not started at the end
	numDrops
)

var dropNames = [numDrops]string{"vus", "end"}

// The trends of a request, an iteration.
const (
	trendLatency = iota
	trendDuration
	trendBlocked
	trendDNS
	trendConnecting
	trendTLS
	trendSending
	trendWaiting
	trendReceiving
	numRequestTrends
)

const (
	trendIterationLatency = iota
	trendIterationDuration
	trendStartLag
	trendVUWait
	numIterationTrends
)

// metric is one entry of the catalog.
type metric struct {
	name   string
	typ    Type
	unit   string
	domain domain
	index  int     // a trend's, or a custom metric's number
	scale  float64 // what one shown unit is in recorded units: 1e6 for ns shown as ms
}

// builtin lists the metrics that every run has, in the order in which results show them.
var builtin = []metric{
	trend("http_req_latency", perRequest, trendLatency),
	trend("http_req_duration", perRequest, trendDuration),
	trend("http_req_blocked", perRequest, trendBlocked),
	trend("http_req_dns", perRequest, trendDNS),
	trend("http_req_connecting", perRequest, trendConnecting),
	trend("http_req_tls_handshaking", perRequest, trendTLS),
	trend("http_req_sending", perRequest, trendSending),
	trend("http_req_waiting", perRequest, trendWaiting),
	trend("http_req_receiving", perRequest, trendReceiving),
	{name: "http_reqs", domain: perRequest},
	{name: "http_req_failed", typ: Rate, domain: perRequest},
	{name: "request_errors", domain: perClass},
	{name: "data_sent", unit: "bytes", domain: perRequest},
	{name: "data_received", unit: "bytes", domain: perRequest},
	trend("iteration_latency", perIteration, trendIterationLatency),
	trend("iteration_duration", perIteration, trendIterationDuration),
	{name: "iterations", domain: perIteration},
	{name: "iterations_failed", typ: Rate, domain: perCause},
	{name: "iterations_interrupted", domain: perIteration},
	{name: "dropped_iterations", domain: perDrop},
	trend("start_lag", perIteration, trendStartLag),
	trend("vu_wait", perIteration, trendVUWait),
	{name: "checks", typ: Rate, domain: perCheck},
	trend("group_duration", perGroup, 0),
	{name: "vus", typ: Gauge, domain: perVUs},
	{name: "vus_max", typ: Gauge, domain: perVUs},
}

func trend(name string, d domain, index int) metric {
	return metric{name: name, typ: Trend, unit: "ms", domain: d, index: index, scale: 1e6}
}

// metrics is the whole catalog of a run: the built-in ones and the plan's own.
func (l *Layout) metrics() []metric {
	list := append([]metric(nil), builtin...)
	for i, c := range l.Custom {
		list = append(list, metric{name: c.Name, typ: c.Type, unit: c.Unit, domain: perCustom, index: i, scale: 1})
	}
	return list
}

func (l *Layout) metric(name string) (metric, bool) {
	for _, m := range l.metrics() {
		if m.name == name {
			return m, true
		}
	}
	return metric{}, false
}

// MetricNames lists every metric that a threshold of this plan may name.
func (l *Layout) MetricNames() []string {
	var names []string
	for _, m := range l.metrics() {
		names = append(names, m.name)
	}
	return names
}

var typeNames = [...]string{Counter: "counter", Gauge: "gauge", Rate: "rate", Trend: "trend"}

// String is the type as plans and results write it.
func (t Type) String() string { return typeNames[t] }

// leaves is how many leaf series a domain has in this layout.
func (l *Layout) leaves(d domain) int {
	switch d {
	case perRequest:
		return 2 * len(l.Steps)
	case perClass:
		return 2 * len(l.Steps) * maxClasses
	case perCause:
		return len(l.Scenarios) * int(NumCauses)
	case perDrop:
		return len(l.Scenarios) * numDrops
	case perCheck:
		return len(l.Checks)
	case perGroup:
		return len(l.Groups)
	case perCustom:
		return len(l.Emits)
	default:
		return len(l.Scenarios)
	}
}

// scenarioOf is the scenario that a leaf belongs to; negative: setup or teardown.
func (l *Layout) scenarioOf(d domain, leaf int) ScenarioID {
	switch d {
	case perRequest:
		return l.Steps[leaf/2].Scenario
	case perClass:
		return l.Steps[leaf/maxClasses/2].Scenario
	case perCause:
		return ScenarioID(leaf / int(NumCauses))
	case perDrop:
		return ScenarioID(leaf / numDrops)
	case perCheck:
		return l.Checks[leaf].Scenario
	case perGroup:
		return l.Groups[leaf].Scenario
	case perCustom:
		return l.Emits[leaf].Scenario
	default:
		return ScenarioID(leaf)
	}
}

// possible tells whether a leaf can ever have a sample of a metric.
func (l *Layout) possible(m *metric, leaf int) bool {
	d := m.domain
	s := l.scenarioOf(d, leaf)
	switch {
	case s < 0:
		return false
	case d == perDrop:
		return l.Scenarios[s].Drops
	case d == perClass:
		return leaf%maxClasses > 0 && leaf%maxClasses < max(len(l.Classes), 2)
	case d == perCause:
		return leaf%int(NumCauses) > 0
	case d == perCustom:
		return int(l.Emits[leaf].Metric) == m.index
	}
	return true
}
