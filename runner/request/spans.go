package request

import (
	"strconv"

	"runner/runner/metrics"
	"runner/runner/protocol"
	"runner/runner/vu"
)

const traceparent = "traceparent"

// spanned is the span of an exchange of a sampled iteration.
type spanned struct {
	id     metrics.SpanID
	header []byte
	resent int
}

// propagate gives the exchange a span and tells the target of it. A header of the plan's own stays what it is.
func (s *Step) propagate(v *vu.VU, x *scratch) {
	if !v.Traced() {
		return
	}
	x.span.id = v.NextSpan()
	if s.ownTrace {
		return
	}
	x.span.header = v.AppendTraceparent(x.span.header[:0], x.span.id)
	for i := range x.req.Fields { // a redirect keeps that of the hop before
		if x.req.Fields[i].Name == traceparent {
			x.req.Fields[i].Value = x.span.header
			return
		}
	}
	x.req.Fields = append(x.req.Fields, protocol.Field{Name: traceparent, Value: x.span.header})
}

// span shows an exchange that is over.
func (s *Step) span(v *vu.VU, x *scratch, e *exchanged, m *metrics.Request, unexpected bool) {
	one := metrics.Span{
		ID: x.span.id, Step: s.id, Start: m.Start, End: m.End, Status: m.Status, Resent: x.span.resent,
		Method: x.req.Method, URL: v.Run.Hide(string(x.req.AppendURL(nil))), Host: x.req.Target.Host, Port: x.req.Target.Port,
	}
	switch {
	case e.failure.Class != protocol.ClassNone:
		one.Error = e.failure.Class.String()
	case unexpected, m.Status >= 400 && !s.expected(int(m.Status)):
		one.Error = strconv.Itoa(int(m.Status))
	}
	if m.Status != 0 {
		one.Proto = v.Response.Response.Proto
	}
	x.span.resent++
	v.Span(&one)
}
