package export

import (
	"hash/fnv"
	"strconv"
	"strings"

	common "go.opentelemetry.io/proto/otlp/common/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"runner/runner/metrics"
)

// spanShape is what a run's spans have in common.
type spanShape struct {
	layout *metrics.Layout
	begin  int64    // of the run's clock, in Unix ns
	seeds  []uint64 // by scenario
	source *resourcepb.Resource
	scope  *common.InstrumentationScope
}

func newSpanShape(info Info) spanShape {
	s := spanShape{
		layout: info.Layout, begin: info.Begin.UnixNano(),
		source: &resourcepb.Resource{Attributes: []*common.KeyValue{
			word("service.name", info.Tool.Name), word("service.version", info.Tool.Version), word("runner.plan", info.Plan), word("runner.run.id", info.RunID)}},
		scope: &common.InstrumentationScope{Name: info.Tool.Name, Version: info.Tool.Version},
	}
	for _, scenario := range info.Layout.Scenarios {
		h := fnv.New64a()
		h.Write([]byte(scenario.Name)) // never fails
		s.seeds = append(s.seeds, info.Seed^h.Sum64())
	}
	return s
}

// resource is a batch as a collector takes it.
func (s *spanShape) resource(batch []metrics.Span) []*tracepb.ResourceSpans {
	spans := make([]*tracepb.Span, len(batch))
	for i := range batch {
		spans[i] = s.span(&batch[i])
	}
	return []*tracepb.ResourceSpans{{Resource: s.source, ScopeSpans: []*tracepb.ScopeSpans{{Scope: s.scope, Spans: spans}}}}
}

// span is one in OpenTelemetry's words: an iteration, or below it a request with the attributes of HTTP clients (semantic
// conventions 1.23 and later).
func (s *spanShape) span(m *metrics.Span) *tracepb.Span {
	scenario := s.layout.Scenarios[m.Scenario].Name
	out := &tracepb.Span{
		TraceId: m.Trace[:], SpanId: m.ID[:], Name: valid(scenario), Kind: tracepb.Span_SPAN_KIND_INTERNAL, Flags: 1,
		StartTimeUnixNano: uint64(s.begin + m.Start), EndTimeUnixNano: uint64(s.begin + m.End), Status: &tracepb.Status{},
		Attributes: []*common.KeyValue{word("runner.scenario", scenario), number("runner.vu.id", m.VU), number("runner.iteration.n", m.N)},
	}
	if m.Parent != (metrics.SpanID{}) {
		s.request(out, m)
	}
	if m.Error != "" {
		out.Status.Code = tracepb.Status_STATUS_CODE_ERROR
		out.Attributes = append(out.Attributes, word("error.type", m.Error))
	}
	return out
}

func (s *spanShape) request(out *tracepb.Span, m *metrics.Span) {
	step := s.layout.Steps[m.Step].Name
	out.Name, out.Kind, out.ParentSpanId = valid(step), tracepb.Span_SPAN_KIND_CLIENT, m.Parent[:]
	out.Attributes = append(out.Attributes, word("runner.step", step), word("http.request.method", m.Method), word("url.full", m.URL), word("server.address", m.Host))
	if port, err := strconv.ParseInt(m.Port, 10, 64); err == nil {
		out.Attributes = append(out.Attributes, number("server.port", port))
	}
	if m.Status != 0 {
		version := strings.TrimSuffix(strings.TrimPrefix(m.Proto, "HTTP/"), ".0")
		out.Attributes = append(out.Attributes, number("http.response.status_code", int64(m.Status)), word("network.protocol.version", version))
	}
	if m.Resent > 0 {
		out.Attributes = append(out.Attributes, number("http.request.resend_count", int64(m.Resent)))
	}
}

func valid(text string) string { return strings.ToValidUTF8(text, "�") }

func word(key, value string) *common.KeyValue {
	return &common.KeyValue{Key: key, Value: &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: valid(value)}}}
}

func number(key string, value int64) *common.KeyValue {
	return &common.KeyValue{Key: key, Value: &common.AnyValue{Value: &common.AnyValue_IntValue{IntValue: value}}}
}
