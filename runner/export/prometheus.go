package export

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	prompb "buf.build/gen/go/prometheus/prometheus/protocolbuffers/go"
	"github.com/prometheus/client_golang/exp/api/remote"

	"runner/runner/metrics"
)

const prometheusSample = "http://127.0.0.1:9090/api/v1/write"

// prometheus writes to a remote write receiver (protocol 1.0, which has native histograms and which every receiver takes).
// Series are named and labelled as k6's are, so that its dashboards work: k6_http_reqs_total,
// k6_http_req_duration_seconds as a native histogram, k6_http_req_duration_p95 and the like as gauges.
// https://grafana.com/docs/k6/latest/results-output/real-time/prometheus-remote-write/
type prometheus struct {
	api    *remote.API
	layout *metrics.Layout
	begin  time.Time
	common []*prompb.Label
}

// perWrite is how many series go in one request.
const perWrite = 2000

// trendStats are the aggregates that go beside a native histogram, for receivers and dashboards without them.
var trendStats = []string{"avg", "min", "med", "max", "p90", "p95", "p99"}

func openPrometheus(target string) (Stream, error) {
	u, err := parseURL(target, prometheusSample, "http", "https")
	if err != nil {
		return nil, err
	}
	base, path := *u, u.Path
	base.Path = ""
	if path == "" || path == "/" {
		path = "/api/v1/write"
	}
	api, err := remote.NewAPI(base.String(), remote.WithAPIPath(path), remote.WithAPINoRetryOnRateLimit(),
		remote.WithAPIHTTPClient(&http.Client{}), remote.WithAPIBackoff(remote.BackoffConfig{Min: 200 * time.Millisecond, Max: time.Second, MaxRetries: 2}))
	if err != nil {
		return nil, err
	}
	return newMailbox("prometheus="+u.Redacted(), true, &prometheus{api: api}), nil
}

func (p *prometheus) open(info Info) error {
	p.layout, p.begin = info.Layout, info.Begin
	p.common = []*prompb.Label{{Name: "testid", Value: info.RunID}, {Name: "plan", Value: strings.ToValidUTF8(info.Plan, "�")}}
	return nil
}

func (p *prometheus) deliver(ctx context.Context, s *metrics.Snapshot) error {
	series := p.series(s)
	for chunk := range slices.Chunk(series, perWrite) {
		if _, err := p.api.Write(ctx, remote.WriteV1MessageType, &prompb.WriteRequest{Timeseries: chunk}); err != nil {
			return err
		}
	}
	return nil
}

func (p *prometheus) close(context.Context) error { return nil }

// series are all series of what was measured since the run's start.
func (p *prometheus) series(s *metrics.Snapshot) []*prompb.TimeSeries {
	var list []*prompb.TimeSeries
	at := p.begin.Add(time.Duration(s.To)).UnixMilli()
	s.Each(p.layout, func(m *metrics.Measured) {
		name := "k6_" + m.Name
		value := func(suffix, aggregate string, unit float64) {
			if v, ok := m.Aggregate(aggregate); ok {
				list = append(list, &prompb.TimeSeries{Labels: p.labels(name+suffix, m.Tags), Samples: []*prompb.Sample{{Value: v / unit, Timestamp: at}}})
			}
		}
		switch m.Type {
		case metrics.Counter:
			value("_total", "count", 1)
		case metrics.Rate:
			value("_rate", "rate", 1)
		case metrics.Gauge:
			value("", "value", 1)
		case metrics.Trend:
			unit, suffix := 1.0, ""
			if m.Unit == "ms" { // Prometheus counts in seconds
				unit, suffix = 1000, "_seconds"
			}
			list = append(list, &prompb.TimeSeries{Labels: p.labels(name+suffix, m.Tags), Histograms: []*prompb.Histogram{native(m.Exponential(unit), at)}})
			for _, stat := range trendStats {
				value("_"+stat, stat, unit)
			}
		}
	})
	return list
}

// k6Labels are what k6 calls some tags.
var k6Labels = map[string]string{"step": "name", "expected": "expected_response"}

// labels are a series' labels, sorted, as remote write wants them.
func (p *prometheus) labels(name string, tags map[string]string) []*prompb.Label {
	labels := append([]*prompb.Label{{Name: "__name__", Value: labelName(name)}}, p.common...)
	for tag, value := range tags {
		label := &prompb.Label{Name: labelName(cmp.Or(k6Labels[tag], tag)), Value: strings.ToValidUTF8(value, "�")}
		if at := slices.IndexFunc(labels, func(l *prompb.Label) bool { return l.Name == label.Name }); at >= 0 {
			labels[at] = label // the plan's own testid, say
			continue
		}
		labels = append(labels, label)
	}
	slices.SortFunc(labels, func(a, b *prompb.Label) int { return strings.Compare(a.Name, b.Name) })
	return labels
}

// labelName makes a name out of letters, digits and underscores.
func labelName(s string) string {
	name := strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, s)
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return "_" + name
	}
	return name
}

// native is a histogram in Prometheus' form, whose buckets are named by their upper bound: one more than OpenTelemetry's.
func native(e metrics.Exponential, at int64) *prompb.Histogram {
	h := &prompb.Histogram{
		Count: &prompb.Histogram_CountInt{CountInt: uint64(e.Count)}, Sum: e.Sum, Schema: int32(e.Scale),
		ZeroCount: &prompb.Histogram_ZeroCountInt{ZeroCountInt: uint64(e.Zeros)}, ZeroThreshold: 1e-12, Timestamp: at,
	}
	h.PositiveSpans, h.PositiveDeltas = spans(e.Positive)
	h.NegativeSpans, h.NegativeDeltas = spans(e.Negative)
	return h
}

// longestGap is how many empty buckets a span may hold before a new one costs less.
const longestGap = 2

// spans writes buckets as runs of neighbours, and each count as what it differs from the one before.
func spans(b metrics.Buckets) (list []*prompb.BucketSpan, deltas []int64) {
	end, last := 0, int64(0) // after the last bucket written; its count
	for i, n := range b.Counts {
		if n == 0 {
			continue
		}
		gap := i - end
		switch {
		case len(list) == 0:
			list = append(list, &prompb.BucketSpan{Offset: int32(b.Offset + 1 + i), Length: 1})
		case gap > longestGap:
			list = append(list, &prompb.BucketSpan{Offset: int32(gap), Length: 1})
		default:
			for range gap {
				deltas, last = append(deltas, -last), 0
			}
			list[len(list)-1].Length += uint32(gap) + 1
		}
		deltas, last, end = append(deltas, n-last), n, i+1
	}
	return list, deltas
}
