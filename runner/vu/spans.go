package vu

import (
	"encoding/binary"
	"encoding/hex"

	"runner/runner/metrics"
)

// Spans takes the spans of sampled iterations. Its methods return at once.
type Spans interface {
	// Sampled is the trace of iteration n of a scenario; false: it is not one of the sample.
	Sampled(scenario metrics.ScenarioID, n int64) (metrics.TraceID, bool)
	// Span may not keep what it is shown.
	Span(*metrics.Span)
}

// traced is what an iteration knows of its trace.
type traced struct {
	trace metrics.TraceID
	on    bool
}

// Traced tells whether the iteration is one of the sample.
func (v *VU) Traced() bool { return v.it.traced.on }

// NextSpan is the name of another span of the iteration.
func (v *VU) NextSpan() metrics.SpanID { return spanID(v.it.traced.trace, v.it.spans.Add(1)) }

// spanID is the n-th of a trace, made of the trace's own chance: the steps of splitmix64 are different for different n.
func spanID(trace metrics.TraceID, n uint64) (id metrics.SpanID) {
	x := binary.BigEndian.Uint64(trace[8:]) + n*0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	binary.BigEndian.PutUint64(id[:], max(1, x^x>>31)) // a span can't be all zeros
	return id
}

// AppendTraceparent appends the header by which a target learns of a span (W3C Trace Context, level 1).
func (v *VU) AppendTraceparent(dst []byte, span metrics.SpanID) []byte {
	dst = append(dst, "00-"...)
	dst = hex.AppendEncode(dst, v.it.traced.trace[:])
	dst = append(dst, '-')
	dst = hex.AppendEncode(dst, span[:])
	return append(dst, "-01"...)
}

// Span hands over a span of a request: s has everything but what the VU knows itself.
func (v *VU) Span(s *metrics.Span) {
	s.Trace, s.Parent, s.Scenario, s.VU, s.N = v.it.traced.trace, spanID(v.it.traced.trace, 0), v.Scenario.ID, v.ID, v.it.n
	v.Run.Spans.Span(s)
}

// iterationSpan hands over the span of an iteration that has ended.
func (v *VU) iterationSpan(i *metrics.Iteration) {
	s := metrics.Span{
		Trace: v.it.traced.trace, ID: spanID(v.it.traced.trace, 0), Scenario: i.Scenario, VU: v.ID, N: v.it.n,
		Start: i.Start, End: i.End, Error: i.Cause.String(),
	}
	if i.Interrupted {
		s.Error = "interrupted"
	}
	v.Run.Spans.Span(&s)
}
