package metrics

// Times in samples are nanoseconds since the run's start (monotonic); durations are nanoseconds.

// StepID is a position in Layout.Steps.
type StepID int32

// ScenarioID is a position in Layout.Scenarios.
type ScenarioID int32

// CheckID is a position in Layout.Checks.
type CheckID int32

// GroupID is a position in Layout.Groups.
type GroupID int32

// MetricID is a position in Layout.Custom.
type MetricID int32

// EmitID is a position in Layout.Emits.
type EmitID int32

// Moment is when an iteration was due: what stages and warm-ups go by, whenever its samples are taken.
type Moment struct {
	Due   int64
	Stage int16 // stages count from 1, 0: the executor has none
}

// Request is one request on the wire (or one that failed before it got there): every hop and attempt is one.
type Request struct {
	Step        StepID
	Stage       int16 // of the iteration's due time; stages count from 1, 0: the executor has none
	Status      int16 // 0 if there was no response
	Class       uint8 // protocol.Class as a number; 0: no failure
	Local       bool  // the class is this host's fault: never in http_req_failed
	Interrupted bool  // in flight at an interrupt: counts in http_reqs and request_errors only
	Unexpected  bool  // status outside expect (only meaningful on Last)
	Last        bool  // the step's last hop and attempt: http_req_failed is decided here
	First       bool  // the first request of an arrival's iteration: latency counts from Due
	Failed      bool  // Last, and: transport failure (not local) or unexpected status
	BytesOut    bool  // at least one byte of the request was sent: there is a duration

	Due, Start, End                                            int64 // of the iteration; of the request; Start includes waiting for a connection
	Blocked, DNS, Connecting, TLS, Sending, Waiting, Receiving int64
	Dialed                                                     bool
	Sent, Received                                             int64 // bytes
}

// Cause says why an iteration failed.
type Cause uint8

// The causes of iterations_failed.
const (
	CauseNone    Cause = iota
	CauseRequest       // on_failure after an unexpected status or transport error
	CauseCheck         // on_failure after a false check
	CauseValue         // a capture found nothing, an expression had an error
	CauseFail          // a fail step
	CauseData          // a feeder ran out with at_end: fail
	CauseError         // anything else, such as a barrier's timeout
	NumCauses
)

var causeNames = [NumCauses]string{"", "request", "check", "value", "fail", "data", "error"}

// String is the cause as tags write it.
func (c Cause) String() string { return causeNames[c] }

// Iteration is one iteration's end.
type Iteration struct {
	Scenario              ScenarioID
	Stage                 int16
	Flow                  int16 // of the scenario's Flows, from 1; 0: it has no mix
	Cause                 Cause // CauseNone: it did not fail
	Interrupted           bool
	Open                  bool  // an arrival: start lag and latency count from Due
	FirstOfVU             bool  // closed executors: the VU's first iteration (the only one that records lag)
	Due, Free, Start, End int64 // Free: when a VU was free to take it
	Ready                 int64 // when the VU's init steps had run; 0: it has none
	Think                 int64 // time spent in think steps
}
