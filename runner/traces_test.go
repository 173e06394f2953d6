package runner_test

import (
	"context"
	"encoding/hex"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"runner/runner"
	"runner/runner/export"
	"runner/runner/metrics"
)

// spans is a collector of traces.
type spans struct {
	mu   sync.Mutex
	list []*tracepb.Span
}

func (s *spans) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var got collector.ExportTraceServiceRequest
	body, err := io.ReadAll(r.Body)
	if err == nil && r.URL.Path == "/v1/traces" {
		err = proto.Unmarshal(body, &got)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, resource := range got.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			s.list = append(s.list, scope.Spans...)
		}
	}
}

func attribute(s *tracepb.Span, key string) (text string, number int64) {
	for _, a := range s.Attributes {
		if a.Key == key {
			return a.Value.GetStringValue(), a.Value.GetIntValue()
		}
	}
	return "", 0
}

// traced runs a plan with a sample of traces: what the target was told, and what the collector.
func traced(t *testing.T, plan, option string) (headers map[string]string, got *spans, r *metrics.Result) {
	t.Helper()
	var mu sync.Mutex
	headers = map[string]string{}
	s := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		headers[r.URL.Path] = strings.Join(r.Header.Values("traceparent"), ",")
		switch {
		case strings.HasPrefix(r.URL.Path, "/hop/"):
			http.Redirect(w, r, strings.Replace(r.URL.Path, "/hop/", "/end/", 1), http.StatusFound)
		case strings.HasPrefix(r.URL.Path, "/bad/"):
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	got = &spans{}
	receiver := httptest.NewServer(got)
	t.Cleanup(receiver.Close)
	var streams export.Streams
	for _, k := range export.Kinds() {
		if k.Name == "otlp" {
			var err error
			if streams, err = k.Open(receiver.URL + option); err != nil {
				t.Fatal(err)
			}
		}
	}
	r, err := compile(t, write(t, whole(plan), nil), environment(s)).Run(context.Background(), runner.RunOptions{Streams: streams})
	if err != nil {
		t.Fatal(err)
	}
	return headers, got, r
}

const tracedPlan = `
setup: [{ get: /setup }]
scenarios:
  one:
    executor: { type: shared-iterations, vus: 4, iterations: 100 }
    steps:
      - get: /hop/${iteration.n}
        name: hop
      - parallel: [{ get: "/p/${iteration.n}" }, { get: "/bad/${iteration.n}" }]
      - get: /own/${iteration.n}
        headers: { Traceparent: mine }
`

// TestTheTargetSeesTheTraceOfTheSpan: what the collector is told of a request is what the request itself carried.
func TestTheTargetSeesTheTraceOfTheSpan(t *testing.T) {
	headers, got, r := traced(t, tracedPlan, "?traces=25%")
	iterations := map[string]string{} // by trace: the span of the iteration
	var numbers []int64
	for _, s := range got.list {
		if s.ParentSpanId == nil {
			iterations[string(s.TraceId)] = string(s.SpanId)
			_, n := attribute(s, "runner.iteration.n")
			numbers = append(numbers, n)
		}
	}
	if len(iterations) < 10 || len(iterations) > 45 || len(got.list) != 6*len(iterations) {
		t.Fatalf("%d of 100 iterations and %d spans, want about 25 and six of each", len(iterations), len(got.list))
	}
	ids := map[string]bool{}
	for _, s := range got.list {
		ids[string(s.SpanId)] = true
		if s.ParentSpanId == nil {
			continue
		}
		url, _ := attribute(s, "url.full")
		path := "/" + strings.SplitN(url, "/", 4)[3]
		carried := "00-" + hex.EncodeToString(s.TraceId) + "-" + hex.EncodeToString(s.SpanId) + "-01"
		own := strings.HasPrefix(path, "/own/")
		if told := headers[path]; !own && told != carried || own && told != "mine" {
			t.Errorf("%s carried %q, its span is %s", path, told, carried)
		}
		if iterations[string(s.TraceId)] != string(s.ParentSpanId) {
			t.Errorf("%s is not below the span of its iteration", path)
		}
		cause, _ := attribute(s, "error.type")
		if bad := strings.HasPrefix(path, "/bad/"); bad != (cause == "500") || bad != (s.Status.Code == tracepb.Status_STATUS_CODE_ERROR) {
			t.Errorf("%s: error %q, status %v", path, cause, s.Status)
		}
		if _, resent := attribute(s, "http.request.resend_count"); (resent == 1) != strings.HasPrefix(path, "/end/") {
			t.Errorf("%s was sent again %d times", path, resent)
		}
		if s.EndTimeUnixNano < s.StartTimeUnixNano || s.Kind != tracepb.Span_SPAN_KIND_CLIENT {
			t.Errorf("%s: %v", path, s)
		}
	}
	if len(ids) != len(got.list) {
		t.Errorf("%d spans have %d names", len(got.list), len(ids))
	}
	told := slices.DeleteFunc(slices.Collect(maps.Values(headers)), func(h string) bool { return h == "" || h == "mine" })
	if len(told) != 4*len(iterations) || headers["/setup"] != "" {
		t.Errorf("%d requests carried a trace, want four of each sampled iteration", len(told))
	}
	if len(r.Outputs) != 2 || r.Outputs[1].Unit != "spans" || r.Outputs[1].Delivered != int64(len(got.list)) || r.Outputs[1].Missed != 0 {
		t.Errorf("%+v", r.Outputs)
	}
	_, again, _ := traced(t, tracedPlan, "?traces=25%")
	var repeated []int64
	for _, s := range again.list {
		if _, n := attribute(s, "runner.iteration.n"); s.ParentSpanId == nil {
			repeated = append(repeated, n)
			if iterations[string(s.TraceId)] != "" {
				t.Error("two runs share a trace")
			}
		}
	}
	slices.Sort(numbers)
	if slices.Sort(repeated); !slices.Equal(numbers, repeated) {
		t.Errorf("a seed's sample differs: %v and %v", numbers, repeated)
	}
}

func TestNoTracesUnasked(t *testing.T) {
	headers, got, r := traced(t, tracedPlan, "")
	for path, h := range headers {
		if h != "" && h != "mine" {
			t.Errorf("%s carried %q", path, h)
		}
	}
	if len(got.list) != 0 || len(r.Outputs) != 1 {
		t.Errorf("%d spans, outputs %+v", len(got.list), r.Outputs)
	}
}
