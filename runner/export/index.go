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
	// Open makes the stream. It reaches nobody yet; the error says what is wrong with the target.
	Open func(target string) (Stream, error)
}

// Kinds lists the streams. A new one is one file and one line here.
func Kinds() []Kind {
	return []Kind{
		{"samples", "every request as it ends, NDJSON or CSV by the file's name, with gzip if it ends in .gz", "samples.ndjson.gz", true, openSamples},
		{"prometheus", "every second to a remote write receiver, with native histograms and k6's metric names", prometheusSample, false, openPrometheus},
		{"otlp", "every second to an OpenTelemetry collector, with exponential histograms", otlpSample, false, openOTLP},
		{"influxdb", "every second to InfluxDB 2 or later (the token comes from INFLUX_TOKEN)", influxSample, false, openInflux},
		{"statsd", "every second to StatsD by UDP, with DogStatsD's tags unless the target says ?tags=none", statsdSample, false, openStatsD},
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
