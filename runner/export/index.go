package export

import (
	"fmt"
	"net/url"
	"strings"
)

// Kind is a way to send measurements away: --out NAME=TARGET.
type Kind struct {
	Name   string
	Help   string
	Sample string // of a target
	// File tells that the target is a file.
	File bool
	// Open makes the stream, or several for one target. It reaches nobody yet; the error says what is wrong with the target.
	Open func(target string) (Streams, error)
}

// Kinds lists the streams. A new one is one file and one line here.
func Kinds() []Kind {
	return []Kind{
		{"samples", "every request as it ends, NDJSON or CSV by the file's name, with gzip if it ends in .gz", "samples.ndjson.gz", true, one(openSamples)},
		{"prometheus", "every second to a remote write receiver, with native histograms and k6's metric names", prometheusSample, false, one(openPrometheus)},
		{"otlp", "every second to an OpenTelemetry collector, with exponential histograms; ?traces=1% adds spans of so many iterations", otlpSample, false, openOTLP},
		{"influxdb", "every second to InfluxDB 2 or later (the token comes from INFLUX_TOKEN)", influxSample, false, one(openInflux)},
		{"statsd", "every second to StatsD by UDP, with DogStatsD's tags unless the target says ?tags=none", statsdSample, false, one(openStatsD)},
	}
}

// one is for kinds of one stream.
func one(open func(target string) (Stream, error)) func(string) (Streams, error) {
	return func(target string) (Streams, error) {
		s, err := open(target)
		if err != nil {
			return nil, err
		}
		return Streams{s}, nil
	}
}

// parseURL reads a target that has to be a URL of one of some schemes.
func parseURL(target, sample string, schemes ...string) (*url.URL, error) {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("the target must be a URL, such as %s", sample)
	}
	for _, s := range schemes {
		if u.Scheme == s {
			return u, nil
		}
	}
	return nil, fmt.Errorf("the scheme %s: is not known here: want %s, as in %s", u.Scheme, strings.Join(schemes, " or "), sample)
}
