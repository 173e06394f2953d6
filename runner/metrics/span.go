package metrics

// TraceID names a trace: one iteration with its requests (W3C Trace Context).
type TraceID [16]byte

// SpanID names a span of a trace.
type SpanID [8]byte

// Span is a request of a sampled iteration, or the iteration itself. Texts are without secrets.
type Span struct {
	Trace      TraceID
	ID         SpanID
	Parent     SpanID // zero: this is the iteration
	Scenario   ScenarioID
	VU, N      int64  // who ran, and the iteration's number
	Start, End int64  // ns on the run's clock; a request begins when it waits for a connection
	Error      string // class, status or cause of a failure; "": none

	// Of a request.
	Step                           StepID
	Method, URL, Host, Port, Proto string
	Status                         int16 // 0: no response
	Resent                         int   // how many exchanges of the step came before: hops, attempts, polls
}
