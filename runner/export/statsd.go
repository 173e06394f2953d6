package export

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/DataDog/datadog-go/v5/statsd"

	"runner/runner/metrics"
)

const statsdSample = "127.0.0.1:8125"

// statsD sends what was measured in each interval: counts as counters, everything else as gauges. UDP tells nobody what
// arrives.
type statsD struct {
	address string
	plain   bool // no tags: one series a metric
	client  *statsd.Client
	layout  *metrics.Layout
	run     string
}

func openStatsD(target string) (Stream, error) {
	address, query, _ := strings.Cut(target, "?")
	if query != "" && query != "tags=none" && query != "tags=datadog" {
		return nil, fmt.Errorf("after the ? stands tags=datadog (the default) or tags=none, not %q", query)
	}
	if _, port, err := net.SplitHostPort(address); err != nil || port == "" {
		return nil, fmt.Errorf("the target must be HOST:PORT, such as %s", statsdSample)
	}
	return newMailbox("statsd="+target, false, &statsD{address: address, plain: query == "tags=none"}), nil
}

func (d *statsD) open(info Info) (err error) {
	d.layout, d.run = info.Layout, info.RunID
	// One interval is many packets: without aggregation and telemetry they are exactly what deliver says.
	d.client, err = statsd.New(d.address, statsd.WithNamespace("runner."), statsd.WithoutTelemetry(), statsd.WithoutClientSideAggregation(),
		statsd.WithoutOriginDetection(), statsd.WithWorkersCount(1), statsd.WithSenderQueueSize(1<<14))
	return err
}

func (d *statsD) deliver(_ context.Context, s *metrics.Snapshot) error {
	var first error
	send := func(m *metrics.Measured, name, aggregate string) {
		value, ok := m.Aggregate(aggregate)
		if !ok || first != nil {
			return
		}
		if aggregate == "count" || aggregate == "passes" || aggregate == "fails" {
			first = d.client.Count(name, int64(value), d.tags(m.Tags), 1)
			return
		}
		first = d.client.Gauge(name, value, d.tags(m.Tags), 1)
	}
	d.each(s, func(m *metrics.Measured) {
		name := statsdText(m.Name)
		for _, aggregate := range fieldsOf[m.Type] {
			switch {
			case m.Type == metrics.Counter, m.Type == metrics.Gauge && aggregate == "value":
				send(m, name, aggregate)
			default:
				send(m, name+"."+aggregate, aggregate)
			}
		}
	})
	if first != nil {
		return first
	}
	return d.client.Flush()
}

// each shows the series by their tags, or without tags one a metric.
func (d *statsD) each(s *metrics.Snapshot, visit func(*metrics.Measured)) {
	if !d.plain {
		s.Each(d.layout, visit)
		return
	}
	for _, name := range d.layout.MetricNames() {
		if series, ok := s.Series(d.layout, name, "", ""); ok && !series.Empty() {
			visit(&metrics.Measured{Name: name, Type: series.Type, Series: series})
		}
	}
}

func (d *statsD) close(context.Context) error { return d.client.Close() }

func (d *statsD) tags(tags map[string]string) []string {
	if d.plain {
		return nil
	}
	list := []string{"run:" + d.run}
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, statsdText(k)+":"+statsdText(tags[k]))
	}
	return list
}

// statsdText is a name or value without the protocol's own characters.
func statsdText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune("|,#@:\x7f", r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(s, "_"))
}
