package export

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
	"github.com/influxdata/influxdb-client-go/v2/api"
	"github.com/influxdata/influxdb-client-go/v2/api/write"

	"runner/runner/metrics"
)

const influxSample = "http://127.0.0.1:8086?org=ORG&bucket=BUCKET"

// influx writes a point a series and interval: what was measured in that interval, so that sums over time are right.
type influx struct {
	client influxdb2.Client
	writer api.WriteAPIBlocking
	layout *metrics.Layout
	begin  time.Time
	run    string
}

func openInflux(target string) (Stream, error) {
	u, err := parseURL(target, influxSample, "http", "https")
	if err != nil {
		return nil, err
	}
	query := u.Query()
	org, bucket := query.Get("org"), query.Get("bucket")
	if bucket == "" {
		return nil, errors.New("name the bucket, as in " + influxSample)
	}
	shown := u.Redacted()
	u.RawQuery = ""
	client := influxdb2.NewClientWithOptions(u.String(), os.Getenv("INFLUX_TOKEN"),
		influxdb2.DefaultOptions().SetHTTPRequestTimeout(uint(patience/time.Second)).SetMaxRetries(0).SetLogLevel(0).SetPrecision(time.Millisecond))
	return newMailbox("influxdb="+shown, false, &influx{client: client, writer: client.WriteAPIBlocking(org, bucket)}), nil
}

func (x *influx) open(info Info) error {
	x.layout, x.begin, x.run = info.Layout, info.Begin, info.RunID
	return nil
}

func (x *influx) deliver(ctx context.Context, s *metrics.Snapshot) error {
	points := x.points(s)
	if len(points) == 0 {
		return nil
	}
	return x.writer.WritePoint(ctx, points...)
}

func (x *influx) close(context.Context) error {
	x.client.Close()
	return nil
}

// fieldsOf are the aggregates of a type that a series over time is made of.
var fieldsOf = map[metrics.Type][]string{
	metrics.Counter: {"count"}, metrics.Rate: {"rate", "passes", "fails"}, metrics.Gauge: {"value", "min", "max"},
	metrics.Trend: {"count", "min", "avg", "med", "p90", "p95", "p99", "max"},
}

func (x *influx) points(s *metrics.Snapshot) []*write.Point {
	var points []*write.Point
	at := x.begin.Add(time.Duration(s.To))
	s.Each(x.layout, func(m *metrics.Measured) {
		tags := map[string]string{"run": x.run}
		for k, v := range m.Tags {
			tags[k] = lineText(v)
		}
		fields := map[string]any{}
		for _, name := range fieldsOf[m.Type] {
			if v, ok := m.Aggregate(name); ok {
				fields[name] = v
			}
		}
		points = append(points, write.NewPoint(m.Name, tags, fields, at))
	})
	return points
}

// lineText is a tag's value without what ends a line, and without a backslash at the end: line protocol can't escape it.
func lineText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	if strings.HasSuffix(s, `\`) {
		s += " "
	}
	return s
}
