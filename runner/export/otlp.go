package export

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"

	"runner/runner/metrics"
)

const otlpSample = "grpc://127.0.0.1:4317 or http://127.0.0.1:4318"

// otlp exports metrics with the SDK's own exporters: cumulative, trends as exponential histograms. What the environment
// says for them (OTEL_EXPORTER_OTLP_HEADERS, …_CERTIFICATE) holds.
type otlp struct {
	exporter interface {
		Export(context.Context, *metricdata.ResourceMetrics) error
		Shutdown(context.Context) error
	}
	make     func() error // makes the exporter
	layout   *metrics.Layout
	begin    time.Time
	resource *resource.Resource
	scope    instrumentation.Scope
}

// perExport is how many series go in one request: gRPC takes 4 MiB.
const perExport = 2000

// openOTLP makes the stream of metrics and, where the target has ?traces=1%, that of spans.
func openOTLP(target string) (Streams, error) {
	u, err := parseURL(target, otlpSample, "grpc", "grpcs", "http", "https")
	if err != nil {
		return nil, err
	}
	traced, err := cutTraces(u)
	if err != nil {
		return nil, err
	}
	if http := strings.HasPrefix(u.Scheme, "http"); http && traced > 0 && signalURL(u, "metrics") == signalURL(u, "traces") {
		return nil, errors.New("traces need a target without a path, or with one that ends in /v1/metrics: they go to /v1/traces")
	}
	name := "otlp=" + u.Redacted()
	o := &otlp{}
	if strings.HasPrefix(u.Scheme, "grpc") {
		options := []otlpmetricgrpc.Option{otlpmetricgrpc.WithEndpoint(u.Host), otlpmetricgrpc.WithRetry(otlpmetricgrpc.RetryConfig{})}
		if u.Scheme == "grpc" {
			options = append(options, otlpmetricgrpc.WithInsecure())
		}
		o.make = func() (err error) {
			o.exporter, err = otlpmetricgrpc.New(context.Background(), options...)
			return err
		}
	} else {
		options := []otlpmetrichttp.Option{otlpmetrichttp.WithEndpointURL(signalURL(u, "metrics")), otlpmetrichttp.WithRetry(otlpmetrichttp.RetryConfig{})}
		o.make = func() (err error) {
			o.exporter, err = otlpmetrichttp.New(context.Background(), options...)
			return err
		}
	}
	streams := Streams{newMailbox(name, true, o)}
	if traced > 0 {
		streams = append(streams, newTraces(name+" (traces)", traced, traceClient(u)))
	}
	return streams, nil
}

// cutTraces takes ?traces=1% off a target, and gives the share; 0: no traces. It is no query of the collector's, and its
// percent sign needs no escape.
func cutTraces(u *url.URL) (share float64, err error) {
	var kept []string
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		value, ok := strings.CutPrefix(part, "traces=")
		switch {
		case ok:
			if share, err = parseShare(strings.ReplaceAll(value, "%25", "%")); err != nil {
				return 0, err
			}
		case part != "" && strings.HasPrefix(u.Scheme, "grpc"):
			return 0, fmt.Errorf("the option %q is not known here (have: traces=1%%)", part)
		case part != "":
			kept = append(kept, part)
		}
	}
	u.RawQuery = strings.Join(kept, "&")
	return share, nil
}

// signalURL is where a collector takes metrics or traces over HTTP: /v1/metrics and /v1/traces, below the path of the
// target. A target that names one of them means its neighbour, too.
func signalURL(u *url.URL, signal string) string {
	endpoint := *u
	endpoint.User = nil
	base := strings.TrimSuffix(endpoint.Path, "/")
	if base == "" || strings.HasSuffix(base, "/v1/metrics") || strings.HasSuffix(base, "/v1/traces") {
		base = strings.TrimSuffix(strings.TrimSuffix(base, "/v1/metrics"), "/v1/traces")
		endpoint.Path = base + "/v1/" + signal
	}
	return endpoint.String()
}

func traceClient(u *url.URL) spanReceiver {
	if strings.HasPrefix(u.Scheme, "grpc") {
		options := []otlptracegrpc.Option{otlptracegrpc.WithEndpoint(u.Host), otlptracegrpc.WithRetry(otlptracegrpc.RetryConfig{})}
		if u.Scheme == "grpc" {
			options = append(options, otlptracegrpc.WithInsecure())
		}
		return otlptracegrpc.NewClient(options...)
	}
	return otlptracehttp.NewClient(otlptracehttp.WithEndpointURL(signalURL(u, "traces")), otlptracehttp.WithRetry(otlptracehttp.RetryConfig{}))
}

func (o *otlp) open(info Info) error {
	o.layout, o.begin = info.Layout, info.Begin
	o.scope = instrumentation.Scope{Name: info.Tool.Name, Version: info.Tool.Version}
	o.resource = resource.NewSchemaless(attribute.String("service.name", info.Tool.Name), attribute.String("service.version", info.Tool.Version),
		attribute.String("runner.plan", strings.ToValidUTF8(info.Plan, "�")), attribute.String("runner.run.id", info.RunID))
	return o.make()
}

func (o *otlp) deliver(ctx context.Context, s *metrics.Snapshot) error {
	for chunk := range slices.Chunk(o.metrics(s), perExport) {
		err := o.exporter.Export(ctx, &metricdata.ResourceMetrics{
			Resource: o.resource, ScopeMetrics: []metricdata.ScopeMetrics{{Scope: o.scope, Metrics: chunk}},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *otlp) close(ctx context.Context) error {
	if err := o.exporter.Shutdown(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// metrics are all series of what was measured since the run's start, each as a metric of one point.
func (o *otlp) metrics(s *metrics.Snapshot) []metricdata.Metrics {
	var list []metricdata.Metrics
	at := o.begin.Add(time.Duration(s.To))
	s.Each(o.layout, func(m *metrics.Measured) {
		attributes := attributesOf(m.Tags)
		sum := func(name string, value float64) {
			list = append(list, metricdata.Metrics{Name: name, Unit: unitOf(m), Data: metricdata.Sum[float64]{
				Temporality: metricdata.CumulativeTemporality, IsMonotonic: true,
				DataPoints: []metricdata.DataPoint[float64]{{Attributes: attributes, StartTime: o.begin, Time: at, Value: value}}}})
		}
		switch m.Type {
		case metrics.Counter:
			sum(m.Name, m.Total.Value())
		case metrics.Rate:
			sum(m.Name+".passes", float64(m.Tally.Passes))
			sum(m.Name+".fails", float64(m.Tally.Fails))
			list = append(list, gauge(m, "rate", attributes, at))
		case metrics.Gauge:
			list = append(list, gauge(m, "value", attributes, at))
		case metrics.Trend:
			list = append(list, metricdata.Metrics{Name: m.Name, Unit: unitOf(m), Data: metricdata.ExponentialHistogram[float64]{
				Temporality: metricdata.CumulativeTemporality,
				DataPoints:  []metricdata.ExponentialHistogramDataPoint[float64]{o.point(m, attributes, at)}}})
		}
	})
	return list
}

func gauge(m *metrics.Measured, aggregate string, attributes attribute.Set, at time.Time) metricdata.Metrics {
	v, _ := m.Aggregate(aggregate)
	return metricdata.Metrics{Name: m.Name, Unit: unitOf(m), Data: metricdata.Gauge[float64]{
		DataPoints: []metricdata.DataPoint[float64]{{Attributes: attributes, Time: at, Value: v}}}}
}

func (o *otlp) point(m *metrics.Measured, attributes attribute.Set, at time.Time) metricdata.ExponentialHistogramDataPoint[float64] {
	e := m.Exponential(1)
	return metricdata.ExponentialHistogramDataPoint[float64]{
		Attributes: attributes, StartTime: o.begin, Time: at, Count: uint64(e.Count), Sum: e.Sum, Scale: int32(e.Scale), ZeroCount: uint64(e.Zeros),
		Min: metricdata.NewExtrema(e.Min), Max: metricdata.NewExtrema(e.Max),
		PositiveBucket: exponentialBucket(e.Positive), NegativeBucket: exponentialBucket(e.Negative),
	}
}

func exponentialBucket(b metrics.Buckets) metricdata.ExponentialBucket {
	out := metricdata.ExponentialBucket{Offset: int32(b.Offset), Counts: make([]uint64, len(b.Counts))}
	for i, n := range b.Counts {
		out.Counts[i] = uint64(n)
	}
	return out
}

// unitOf is the unit in UCUM, as OpenTelemetry wants it.
func unitOf(m *metrics.Measured) string {
	switch m.Unit {
	case "bytes":
		return "By"
	case "":
		return "1"
	}
	return m.Unit
}

func attributesOf(tags map[string]string) attribute.Set {
	list := make([]attribute.KeyValue, 0, len(tags))
	for k, v := range tags {
		list = append(list, attribute.String(k, strings.ToValidUTF8(v, "�")))
	}
	return attribute.NewSet(list...)
}
