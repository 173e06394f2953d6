package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const (
	arrivals = 20_000 // a second
	paced    = 5      // seconds
)

// result is the part of a result file that is read here.
type result struct {
	Metrics []struct {
		Name   string
		Tags   map[string]string
		Values map[string]float64
	}
	Scenarios []struct {
		Name    string
		Dropped float64
	}
}

func (r *result) dropped(scenario string) float64 {
	for _, s := range r.Scenarios {
		if s.Name == scenario {
			return s.Dropped
		}
	}
	return math.NaN()
}

func (r *result) p99(metric, scenario string) float64 {
	for _, m := range r.Metrics {
		if m.Name == metric && m.Tags["scenario"] == scenario && len(m.Tags) <= 1 {
			return m.Values["p99"]
		}
	}
	return math.NaN()
}

// openModel paces 20,000 requests a second on one core, and so do a bare timer loop and vegeta.
func openModel(b *bench) section {
	s := section{
		title: "Open model, 20,000 requests a second on one core",
		how: "5 s a round. The bare loop waits for a timerfd and does nothing. The server is the benchmark's own, and measures the time from the " +
			"end of its read to the end of its write; nearer is |vegeta's p99 − the server's| / |ours − the server's|.",
		unit: "p99 in µs",
	}
	var lag, bare, own, ownServer, vegeta, vegetaServer, dropped, near finding
	dropped.who = "runner, dropped"
	bare.who, lag.who, own.who, ownServer.who = "bare timerfd loop, lateness", "runner, start_lag", "runner, http_req_latency", "the server's own time, under runner"
	vegeta.who, vegetaServer.who = "vegeta, latency", "the server's own time, under vegeta"
	for range b.rounds {
		bare.note(timed(b))
		r, server, err := paceRunner(b, "open.yaml")
		lag.note(r.p99("start_lag", "")*1e3, err)
		own.note(r.p99("http_req_latency", "")*1e3, err)
		ownServer.note(server, err)
		dropped.note(r.dropped("arrivals"), err)
		p99, under, err := paceVegeta(b)
		vegeta.note(p99, err)
		vegetaServer.note(under, err)
	}
	for i := range min(len(vegeta.values), len(own.values)) {
		near.note(math.Abs(vegeta.values[i]-vegetaServer.values[i])/math.Abs(own.values[i]-ownServer.values[i]), nil)
	}
	s.findings = []finding{bare, lag, ownServer, own, vegetaServer, vegeta}
	s.targets = []target{
		{what: "start_lag / bare loop", values: ratios(lag.values, bare.values), limit: 5, unit: "×", missing: firstLine(lag.missing, bare.missing)},
		{what: "dropped", values: dropped.values, limit: 0, missing: dropped.missing},
		{what: "nearer than vegeta", values: near.values, least: true, limit: 5, unit: "×", missing: firstLine(own.missing, vegeta.missing)},
	}
	return s
}

// besideBusy is the same with 64 VUs of another scenario that never rest.
func besideBusy(b *bench) section {
	s := section{
		title: "Open model, 20,000 requests a second, beside 64 busy VUs of another scenario, all on one core",
		how:   "5 s a round.",
		unit:  "p99 of start_lag in µs",
	}
	lag, dropped := finding{who: "runner"}, finding{who: "runner, dropped"}
	for range b.rounds {
		r, _, err := paceRunner(b, "beside.yaml")
		lag.note(r.p99("start_lag", "arrivals")*1e3, err)
		dropped.note(r.dropped("arrivals"), err)
	}
	s.findings = []finding{lag}
	s.targets = []target{
		{what: "start_lag", values: lag.values, limit: 1000, unit: "µs", missing: lag.missing},
		{what: "dropped", values: dropped.values, limit: 0, missing: dropped.missing},
	}
	return s
}

func (f *finding) note(v float64, err error) {
	if err == nil && math.IsNaN(v) {
		err = fmt.Errorf("%s: no such number", f.who)
	}
	if err != nil {
		f.missing = err.Error()
		return
	}
	f.values = append(f.values, v)
}

// timed is the lateness of a bare loop, in µs.
func timed(b *bench) (float64, error) {
	o := finish(b.client, "", b.self, "timer")
	if o.failed != nil {
		return 0, o.failed
	}
	return strconv.ParseFloat(strings.TrimSpace(o.out), 64)
}

func paceRunner(b *bench, plan string) (r result, server float64, err error) {
	server, err = served(b, func(base string) error {
		to := filepath.Join(b.dir, "open.json")
		// Dropped arrivals fail a run; they are a number here, and no reason to have none.
		o := finish(b.client, base, b.runner, "-q", "--out", "json="+to, b.file(plan))
		text, err := os.ReadFile(to)
		if err != nil {
			return fmt.Errorf("%w (%w)", err, o.failed)
		}
		return json.Unmarshal(text, &r)
	})
	return r, server, err
}

func paceVegeta(b *bench) (p99, server float64, err error) {
	path := b.peers["vegeta"].path
	if path == "" {
		return 0, 0, fmt.Errorf("vegeta is missing")
	}
	server, err = served(b, func(base string) error {
		target, hits := filepath.Join(b.dir, "target"), filepath.Join(b.dir, "hits")
		if err := os.WriteFile(target, []byte("GET "+base+"/items\n"), 0o600); err != nil {
			return err
		}
		o := finish(b.client, base, path, "attack", "-targets", target, "-rate", fmt.Sprint(arrivals), "-duration", fmt.Sprintf("%ds", paced), "-output", hits)
		if o.failed != nil {
			return o.failed
		}
		report := finish(-1, base, path, "report", "-type", "json", hits)
		if report.failed != nil {
			return report.failed
		}
		var r struct {
			Latencies map[string]float64
		}
		err := json.Unmarshal([]byte(report.out), &r)
		p99 = r.Latencies["99th"] / 1e3
		return err
	})
	return p99, server, err
}

// served starts the benchmark's own server for a client, and gives the p99 of its time in µs.
func served(b *bench, client func(base string) error) (float64, error) {
	cmd := exec.Command(b.self, "serve")
	var said bytes.Buffer
	cmd.Stdout = &said
	address := filepath.Join(b.dir, "address")
	cmd.Env = append(os.Environ(), "BENCH_ADDRESS="+address)
	if err := startOn(b.server, cmd); err != nil {
		return 0, err
	}
	base, err := waitFor(address)
	if err == nil {
		err = client(base)
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if waited := cmd.Wait(); err == nil {
		err = waited
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSpace(said.String()), 64)
}
