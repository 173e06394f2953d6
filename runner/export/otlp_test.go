package export

import (
	"compress/gzip"
	"context"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	otlpmetrics "go.opentelemetry.io/proto/otlp/metrics/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"runner/runner/metrics"
)

// collected is a collector that keeps the newest of what it is sent.
type collected struct {
	collector.UnimplementedMetricsServiceServer
	mu       sync.Mutex
	requests int
	newest   map[string]*otlpmetrics.Metric // by name and attributes
	resource map[string]string
}

func (c *collected) Export(_ context.Context, r *collector.ExportMetricsServiceRequest) (*collector.ExportMetricsServiceResponse, error) {
	c.take(r)
	return &collector.ExportMetricsServiceResponse{}, nil
}

func (c *collected) take(r *collector.ExportMetricsServiceRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests++
	if c.newest == nil {
		c.newest, c.resource = map[string]*otlpmetrics.Metric{}, map[string]string{}
	}
	for _, rm := range r.ResourceMetrics {
		for _, a := range rm.Resource.Attributes {
			c.resource[a.Key] = a.Value.GetStringValue()
		}
		for _, sm := range rm.ScopeMetrics {
			for _, m := range sm.Metrics {
				c.newest[m.Name+"/"+stepOf(m)] = m
			}
		}
	}
}

// stepOf is the step that a metric's point is of.
func stepOf(m *otlpmetrics.Metric) string {
	attributes := m.GetSum().GetDataPoints()[:min(1, len(m.GetSum().GetDataPoints()))]
	for _, p := range attributes {
		for _, a := range p.Attributes {
			if a.Key == "step" {
				return a.Value.GetStringValue()
			}
		}
	}
	for _, p := range m.GetExponentialHistogram().GetDataPoints() {
		for _, a := range p.Attributes {
			if a.Key == "step" {
				return a.Value.GetStringValue()
			}
		}
	}
	return ""
}

func (c *collected) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		zip, err := gzip.NewReader(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body = zip
	}
	text, err := io.ReadAll(body)
	var request collector.ExportMetricsServiceRequest
	if err == nil {
		err = proto.Unmarshal(text, &request)
	}
	if err != nil || r.URL.Path != "/v1/metrics" {
		http.Error(w, "wrong", http.StatusBadRequest)
		return
	}
	c.take(&request)
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// A collector has the result's numbers, over either protocol.
func TestOTLP(t *testing.T) {
	for name, start := range map[string]func(*testing.T, *collected) string{
		"grpc": func(t *testing.T, c *collected) string {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			s := grpc.NewServer()
			collector.RegisterMetricsServiceServer(s, c)
			go func() { _ = s.Serve(l) }()
			t.Cleanup(s.Stop)
			return "grpc://" + l.Addr().String()
		},
		"http": func(t *testing.T, c *collected) string {
			s := httptest.NewServer(c)
			t.Cleanup(s.Close)
			return s.URL
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := &collected{}
			s, err := openOTLP(start(t, c))
			if err != nil {
				t.Fatal(err)
			}
			list, totals := intervals(t, shop(), 8)
			if r := feed(t, s[0], infoOf(shop()), list); r.Delivered != 8 || r.Error != "" {
				t.Fatalf("%+v", r)
			}
			c.check(t, totals)
		})
	}
}

func (c *collected) check(t *testing.T, totals *metrics.Totals) {
	t.Helper()
	const step = `GET /"a",b`
	if c.requests != 8 || c.resource["service.name"] != "runner" || c.resource["runner.plan"] != "shop" {
		t.Errorf("%d requests of %v", c.requests, c.resource)
	}
	reqs := c.newest["http_reqs/"+step].GetSum()
	if !reqs.GetIsMonotonic() || reqs.GetAggregationTemporality() != otlpmetrics.AggregationTemporality_AGGREGATION_TEMPORALITY_CUMULATIVE || reqs.DataPoints[0].GetAsDouble() != 36 {
		t.Errorf("http_reqs: %v", reqs)
	}
	m := c.newest["http_req_duration/"+step]
	p := m.GetExponentialHistogram().GetDataPoints()[0]
	if m.Unit != "ms" || p.Count != 36 || p.GetMax() != 80 || p.GetMin() != 10 {
		t.Errorf("http_req_duration: %v", p)
	}
	want := of(t, totals, "http_req_duration", "step", step, "p95")
	if got := quantile(p, 0.95); math.Abs(got-want) > 0.025*want {
		t.Errorf("p95 is %v, want %v", got, want)
	}
	if v := c.newest["checks.passes/"+step].GetSum().GetDataPoints()[0].GetAsDouble(); v != 4 {
		t.Errorf("%v checks passed, want 4", v)
	}
	if v := c.newest["vus/"].GetGauge().GetDataPoints()[0].GetAsDouble(); v != 3 {
		t.Errorf("%v VUs, want 3", v)
	}
}

// quantile is the upper bound of the bucket that holds it.
func quantile(p *otlpmetrics.ExponentialHistogramDataPoint, q float64) float64 {
	left := int64(math.Ceil(q * float64(p.Count)))
	base := math.Exp2(math.Exp2(-float64(p.Scale)))
	for i, n := range p.Positive.BucketCounts {
		if left -= int64(n); left <= 0 {
			return math.Pow(base, float64(int(p.Positive.Offset)+i+1))
		}
	}
	return math.NaN()
}
