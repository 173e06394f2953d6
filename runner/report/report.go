// Package report shows what a run does and what it found: a live view, the final tables, and one file per machine-read
// output. It sees results only: it knows no plan, starts no load and judges nothing itself.
//
// Every text that can come from a target or a plan passes Clean before it reaches a terminal.
package report

import (
	"errors"
	"time"

	"runner/runner/metrics"
)

// Output is told how a run goes. Calls come from one goroutine, in the order Start, Interval…, Finish; Finish comes
// also after a failed Start of another output. Interval has to return at once: a slow medium drops frames.
type Output interface {
	// Start comes before any load. An error ends the run, so say what to do.
	Start(Info) error
	// Interval hands over the state of now, several times a second. The caller does not touch it afterwards; an output
	// may keep it but not change it, because all outputs get the same.
	Interval(*Live)
	// Finish comes once, when everything has been measured. It may take its time.
	Finish(*metrics.Result) error
}

// Info is what is known of a run before it starts.
type Info struct {
	Plan      string // its name
	File      string
	Profile   string // "": none
	Seed      uint64
	Planned   time.Duration // from the first start to the last planned end; 0: nobody knows
	Limit     bool          // Planned is the most that it may take, not what it will
	Scenarios []ScenarioInfo
	Warnings  []string // limits of this machine that the plan may run into
	// Control changes the run while it goes; nil: nobody may.
	Control Control
}

// Control is what people may do to a run while it goes. Any goroutine may call it. by says who asked, for the result. An
// error says why it can't be, for who asked; what can be is done when the call returns, or soon after, where a scenario has
// yet to begin or its schedule waits for a VU.
type Control interface {
	Pause(by string) error
	Resume(by string) error
	Scale(scenario string, s Scale, by string) error
	Stop(by string) error
}

// Scale is how much of its load a scenario is to have from now on: one of these.
type Scale struct {
	Factor float64 `json:"factor,omitempty"` // times what the plan says
	VUs    int64   `json:"vus,omitempty"`    // of constant-vus
	Rate   string  `json:"rate,omitempty"`   // of constant-arrival-rate, as in 50/s
}

// ScenarioInfo is what a scenario is about to do.
type ScenarioInfo struct {
	Name     string        `json:"name"`
	Executor string        `json:"executor"` // for people: "constant-arrival-rate, 5/s for 10s"
	Planned  time.Duration `json:"-"`        // 0: nobody knows
	VUs      int64         `json:"vus"`      // at the start
	MaxVUs   int64         `json:"max_vus"`
}

// Phase is what a run is busy with.
type Phase string

// The phases, in order.
const (
	PhaseServices Phase = "services"
	PhaseSetup    Phase = "setup"
	PhaseRunning  Phase = "running"
	PhaseGraceful Phase = "graceful stop"
	PhaseTeardown Phase = "teardown"
)

// Live is the state of a run at one moment.
type Live struct {
	Phase      Phase           `json:"phase"`
	Elapsed    time.Duration   `json:"-"` // since the run's start; in services and setup: since they began
	Scenarios  []LiveScenario  `json:"scenarios"`
	Thresholds []LiveThreshold `json:"thresholds"`
	Paused     bool            `json:"paused"`
	// Interventions is what people have changed so far.
	Interventions []metrics.Intervention `json:"interventions"`
	Errors        []metrics.ClassCount   `json:"errors"` // failed requests so far, the most frequent first
	Generator     metrics.Generator      `json:"generator"`
	// Totals has everything else that was seen so far; nil: nothing yet. It is of now, not of this moment.
	Totals *metrics.Totals `json:"-"`
	// Limited says why this machine cannot make the load; "": it can.
	Limited string `json:"limited"`
}

// State is how far a scenario is.
type State string

// The states, in order.
const (
	StateWaiting  State = "waiting" // for its start time or the scenarios it comes after
	StateRunning  State = "running"
	StateStopping State = "stopping" // in its graceful stop
	StateDone     State = "done"
)

// LiveScenario is one scenario at one moment. Rates and times are of the last interval or so, the counts of the run.
type LiveScenario struct {
	Name        string               `json:"name"`
	State       State                `json:"state"`
	Progress    float64              `json:"progress"` // 0..1, negative: nobody knows
	Done        int64                `json:"done"`     // iterations that ended
	Planned     int64                `json:"planned"`  // iterations; -1: the executor plans no number
	End         time.Duration        `json:"-"`        // planned, on Live.Elapsed's clock; 0: nobody knows
	VUs         int64                `json:"vus"`      // active now
	MaxVUs      int64                `json:"max_vus"`
	IterationsS float64              `json:"iterations_s"` // per second
	RequestsS   float64              `json:"requests_s"`   // per second
	P50Ms       float64              `json:"p50_ms"`       // of http_req_latency in milliseconds; 0: no request ended
	P95Ms       float64              `json:"p95_ms"`
	P99Ms       float64              `json:"p99_ms"`
	Errors      int64                `json:"errors"` // failed requests
	Classes     []metrics.ClassCount `json:"classes"`
	Dropped     int64                `json:"dropped"` // iterations

	Unit    string    `json:"unit"`    // of what the schedule plans: "it/s", "VUs", or "": it plans none
	Target  float64   `json:"target"`  // what it plans now
	Factor  float64   `json:"factor"`  // 1: as the plan has it
	Curve   []float64 `json:"curve"`   // what it plans in equal parts of its duration; nil: nothing
	Reached []float64 `json:"reached"` // what was reached in each, up to now: iterations started per second, or VUs
}

// ThresholdState is how a threshold stands so far.
type ThresholdState string

// The states.
const (
	ThresholdOK      ThresholdState = "ok"
	ThresholdFailing ThresholdState = "failing"
	ThresholdNoData  ThresholdState = "no data"
	ThresholdPending ThresholdState = "not yet" // does not hold now, but may in the end: count == 50 at 30
)

// LiveThreshold is one threshold at one moment. Observed and Unit are as in metrics.ThresholdResult.
type LiveThreshold struct {
	ID        string             `json:"id"` // metric{selector}: condition
	Condition string             `json:"condition"`
	Observed  map[string]float64 `json:"observed"`
	Unit      string             `json:"unit"`
	State     ThresholdState     `json:"state"`
	Limit     *float64           `json:"limit"` // where the condition turns; nil: there is no single place
}

// Outputs is several outputs as one. All of them are finished, whatever the others return.
type Outputs []Output

var _ Output = Outputs(nil)

// Start starts them in order, up to the first error.
func (o Outputs) Start(info Info) error {
	for _, out := range o {
		if err := out.Start(info); err != nil {
			return err
		}
	}
	return nil
}

// Interval tells all.
func (o Outputs) Interval(l *Live) {
	for _, out := range o {
		out.Interval(l)
	}
}

// Finish finishes all and joins their errors.
func (o Outputs) Finish(r *metrics.Result) error {
	var errs []error
	for _, out := range o {
		errs = append(errs, out.Finish(r))
	}
	return errors.Join(errs...)
}
