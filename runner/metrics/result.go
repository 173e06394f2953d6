package metrics

import "time"

//go:generate go run ./schemagen result.go ../../schemas/result.schema.json

// Result is a run's outcome: what every output shows and what --out json writes (schemas/result.schema.json is
// generated from these types).
type Result struct {
	Schema     string            `json:"schema"` // result/v1
	Tool       Tool              `json:"tool"`
	Plan       PlanInfo          `json:"plan"`
	Run        RunInfo           `json:"run"`
	Verdict    Verdict           `json:"verdict"`
	Metrics    []MetricResult    `json:"metrics"`
	Thresholds []ThresholdResult `json:"thresholds"`
	Checks     []CheckResult     `json:"checks"`
	Errors     []ErrorResult     `json:"errors"`
	Scenarios  []ScenarioResult  `json:"scenarios"`
	Setup      map[string]any    `json:"setup"` // requests, failed, duration_ms, values (secrets masked)
	Teardown   map[string]any    `json:"teardown"`
	Internal   *InternalResult   `json:"internal,omitempty"` // what no step asked for; absent: nothing
	Baseline   *BaselineResult   `json:"baseline"`
	Generator  Generator         `json:"generator"`
	Timeline   Timeline          `json:"timeline"`
	Outputs    []OutputResult    `json:"outputs,omitempty"` // those that were fed while the run went on
	// Interventions is what people changed while the run went, in order. A run with any is not the plan's: it is no
	// baseline, and its numbers compare with no other's.
	Interventions []Intervention `json:"interventions"`
}

// Intervention is one change by hand.
type Intervention struct {
	AtS      float64 `json:"at_s"`
	Action   string  `json:"action"`           // pause, resume, scale, stop
	Scenario string  `json:"scenario"`         // "": all
	Factor   float64 `json:"factor,omitempty"` // of scale: what was left became so many times what the plan says
	By       string  `json:"by"`               // page or api, and the address that it came from
}

// InternalResult is requests of the runner's own, such as those for OAuth 2.0 tokens. They are in no metric.
type InternalResult struct {
	Requests int64 `json:"requests"`
	Failed   int64 `json:"failed"`
}

// Tool is who measured.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// PlanInfo is what was run.
type PlanInfo struct {
	Name    string `json:"name"`
	File    string `json:"file"`
	Digest  string `json:"digest"` // sha256:… over the plan, its includes and data, and the tool's version; no secret
	Profile string `json:"profile"`
	Seed    uint64 `json:"seed"`
	// Tolerance is the plan's own, a ratio; absent: it has none.
	Tolerance float64 `json:"tolerance,omitempty"`
	// Text is the plan as it ran, as YAML: includes, profile and flags in it, secrets masked.
	Text string `json:"text,omitempty"`
	// Env is what the plan's environment variables were, secrets masked.
	Env map[string]string `json:"env,omitempty"`
}

// RunInfo is when and where.
type RunInfo struct {
	ID        string    `json:"id"`
	Start     time.Time `json:"start"`
	DurationS float64   `json:"duration_s"`
	Segments  int       `json:"segments"`
	PausedS   float64   `json:"paused_s"` // of duration_s, by hand: see interventions
	Host      HostInfo  `json:"host"`
}

// HostInfo is the machine that made the load.
type HostInfo struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
}

// Verdict is the run's outcome in one word, one number and its reasons.
type Verdict struct {
	Status   string   `json:"status"` // pass, fail, load_not_achieved, interrupted, aborted, error
	ExitCode int      `json:"exit_code"`
	Reasons  []string `json:"reasons"` // in order of precedence; empty on pass
	// LimitedBy says what kept the load from being achieved: generator or vus; absent if it was achieved.
	LimitedBy string `json:"limited_by,omitempty"`
}

// BaselineResult is the earlier run that this one was compared with; null without --baseline.
type BaselineResult struct {
	File   string    `json:"file"`
	RunID  string    `json:"run_id"`
	Start  time.Time `json:"start"`
	Tool   Tool      `json:"tool"`
	Digest string    `json:"digest"`
	// SamePlan tells whether its plan, data and tool version were the same, to the byte.
	SamePlan bool `json:"same_plan"`
	// Changes are the headline numbers of all requests and of each step, then and now.
	Changes []BaselineChange `json:"changes"`
}

// BaselineChange is one aggregate of one series, then and now. It judges nothing: how much two runs differ without any
// reason, only several runs can tell.
type BaselineChange struct {
	Metric    string            `json:"metric"`
	Tags      map[string]string `json:"tags"` // {}: the total
	Aggregate string            `json:"aggregate"`
	Unit      string            `json:"unit"`
	Base      float64           `json:"base"`
	Head      float64           `json:"head"`
	Weak      bool              `json:"weak,omitempty"` // a percentile with too few samples beyond it, then or now
}

// MetricResult is one series. Values by aggregate name: count, min, avg, med, p90, …; counter: count, rate; rate: rate,
// passes, fails; gauge: value, min, max.
type MetricResult struct {
	Name   string             `json:"name"`
	Type   string             `json:"type"` // counter, gauge, rate, trend
	Unit   string             `json:"unit"` // ms, bytes, "" …
	Tags   map[string]string  `json:"tags"` // {}: the total
	Values map[string]float64 `json:"values"`
	// Weak names the percentiles with fewer than ten samples beyond them: tables mark them with ~.
	Weak []string `json:"weak,omitempty"`
}

// ThresholdResult is one condition's outcome.
type ThresholdResult struct {
	ID        string             `json:"id"`
	Metric    string             `json:"metric"`
	Selector  map[string]string  `json:"selector"` // tag to value; !=value and =~regex keep their operator
	Stage     string             `json:"stage"`
	Condition string             `json:"condition"`
	Observed  map[string]float64 `json:"observed"`
	Unit      string             `json:"unit"`   // of what is observed; %: a ratio from 0 to 1, to be shown as a percentage
	Status    string             `json:"status"` // pass, fail, skipped, not_applicable, not_trusted
	Reason    string             `json:"reason,omitempty"`
	Default   bool               `json:"default"`
	Aborted   bool               `json:"aborted"`
	// WindowS is the length of the windows that were judged, in seconds; absent: the whole run was.
	WindowS float64 `json:"window_s,omitempty"`
	// WarmupS is how many seconds of its scenario's start were left out; absent: none.
	WarmupS float64 `json:"exclude_warmup_s,omitempty"`
	// MinSamples is how many samples it takes to be judged; absent: any number.
	MinSamples int64 `json:"min_samples,omitempty"`

	// Weak names the percentiles with fewer than ten samples beyond them.
	Weak []string `json:"weak,omitempty"`

	lacking bool // it failed because there was too little to judge
}

// CheckResult is how often a check held.
type CheckResult struct {
	Name     string `json:"name"`
	Scenario string `json:"scenario"`
	Step     string `json:"step"`
	Passes   int64  `json:"passes"`
	Fails    int64  `json:"fails"`
}

// ErrorResult is a class of failure at a step (or an iteration's failure by cause), with a few samples.
type ErrorResult struct {
	Class    string        `json:"class"` // a request_errors class, "status" for an unexpected status, or a cause of iterations_failed
	Scenario string        `json:"scenario"`
	Step     string        `json:"step"`
	Count    int64         `json:"count"`
	Samples  []ErrorSample `json:"samples"`
}

// ErrorSample is one occurrence, for a person to look at.
type ErrorSample struct {
	AtS     float64 `json:"at_s"`
	URL     string  `json:"url"`
	Message string  `json:"message"`
}

// ScenarioResult is the accounting of a scenario's iterations.
type ScenarioResult struct {
	Name        string  `json:"name"`
	Executor    string  `json:"executor"`
	StartS      float64 `json:"start_s"`
	DurationS   float64 `json:"duration_s"`
	Planned     int64   `json:"planned"` // -1: the executor plans no number
	Started     int64   `json:"started"`
	Completed   int64   `json:"completed"`
	Failed      int64   `json:"failed"`
	Interrupted int64   `json:"interrupted"`
	Dropped     int64   `json:"dropped"`
	VUsMax      int64   `json:"vus_max"`
	// Unseen is there if a closed scenario met stalls that its times cannot show in full.
	Unseen *Unseen `json:"unseen,omitempty"`
}

// Unseen is what the times of a closed scenario leave out. Its VUs ask again only after an answer, so while one waits for
// long, requests that would have come meanwhile are not made, and no percentile knows of them ("coordinated omission", Gil
// Tene). An arrival rate makes them, and measures them from when they were due.
type Unseen struct {
	Iterations int64   `json:"iterations"` // about how many more its VUs would have begun at their usual pace
	Stalls     int64   `json:"stalls"`     // iterations that took 100 ms and 10 times the median, or longer
	LongestMs  float64 `json:"longest_ms"`
	UsualMs    float64 `json:"usual_ms"` // the median, without think time
}

// Generator is the state of the machine that made the load, while it did. What the system does not tell is 0.
type Generator struct {
	CPU           float64 `json:"cpu"` // share of all cores, 0..1, without what was burnt waiting
	StartLagP99Ms float64 `json:"start_lag_p99_ms"`
	BadSeconds    int     `json:"bad_seconds"`
	Seconds       int     `json:"seconds"`
	Limited       bool    `json:"limited"`
	// Causes are words for programs: cpu_quota, cpu, busy_machine, stolen, stopped, gc, memory, descriptors, files, ports,
	// firewall, address, local, unknown. Absent if the generator was not limited.
	Causes   []string `json:"causes,omitempty"`
	Evidence []string `json:"evidence,omitempty"` // for people: each cause with its numbers and remedy, then how it showed
	// Warnings are what to know though it convicts nobody: limits that the plan may run into, throttling, a busy process.
	Warnings     []string `json:"warnings,omitempty"`
	Cores        float64  `json:"cores"`       // that the process may keep busy; fewer than the machine's under a quota
	RunDelayS    float64  `json:"run_delay_s"` // its threads waited for a core, added up
	ThrottledS   float64  `json:"throttled_s"` // by a CPU quota, added up over the cores
	StolenS      float64  `json:"stolen_s"`    // by the hypervisor, from all cores
	StallMaxMs   float64  `json:"stall_max_ms"`
	GCPauseMaxMs float64  `json:"gc_pause_max_ms"`
	GCCPU        float64  `json:"gc_cpu"`      // share of the process's CPU time
	Descriptors  Budget   `json:"descriptors"` // open
	Ports        Budget   `json:"ports"`       // used: TCP sockets in the network namespace; predicted: towards one address
	Memory       Budget   `json:"memory"`      // bytes
}

// Budget is how much of something limited was used.
type Budget struct {
	Used      int64 `json:"used"`      // at most
	Limit     int64 `json:"limit"`     // 0: none, or unknown
	Predicted int64 `json:"predicted"` // before the load began; 0: unknown
}

// OutputResult is how an output fared that was fed while the run went on. What it missed says nothing about the run: the
// numbers of the result are complete.
type OutputResult struct {
	Name      string `json:"name"` // KIND=TARGET, without credentials
	Unit      string `json:"unit"` // what is counted: seconds, requests
	Delivered int64  `json:"delivered"`
	Missed    int64  `json:"missed"`
	Error     string `json:"error,omitempty"` // the last one
}

// Timeline is what happened over time: of the total and of each scenario.
type Timeline struct {
	IntervalS float64          `json:"interval_s"`
	Series    []TimelineSeries `json:"series"`
	Steps     StepTimeline     `json:"steps"`
	Latencies LatencyBands     `json:"latencies"`
}

// StepTimeline is the same of each step, tagged with scenario and step. Its interval may be longer.
type StepTimeline struct {
	IntervalS float64          `json:"interval_s"`
	Series    []TimelineSeries `json:"series"`
}

// TimelineSeries is one metric over time, a value an interval: of a counter (and of http_req_failed) how many in it, of vus
// the most, of a trend an aggregate, named in Tags["aggregate"], which is 0 where there was no request. request_errors is
// there as a whole and, of those that happened, by class.
type TimelineSeries struct {
	Name   string            `json:"name"`
	Tags   map[string]string `json:"tags"`
	Values []float64         `json:"values"`
}

// LatencyBands counts requests by http_req_latency over time: what a heat map shows. Band i is from BoundsMs[i] up to
// BoundsMs[i+1], in milliseconds.
type LatencyBands struct {
	IntervalS float64      `json:"interval_s"`
	BoundsMs  []float64    `json:"bounds_ms"`
	Maps      []LatencyMap `json:"maps"` // the total, each scenario, each step; without those that had no request
}

// LatencyMap is one heat map: for each interval a list of band, count, band, count…; empty without requests.
type LatencyMap struct {
	Tags   map[string]string `json:"tags"`
	Counts [][]int64         `json:"counts"`
}
