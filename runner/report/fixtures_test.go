package report

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"go.uber.org/goleak"

	"runner/runner/metrics"
)

var update = flag.Bool("update", false, "write the golden files")

// TestMain fixes the width of ambiguous characters, which otherwise depends on the tester's locale.
func TestMain(m *testing.M) {
	twwidth.SetOptions(twwidth.Options{})
	goleak.VerifyTestMain(m)
}

// golden compares with a file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run go test -update once)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update if it is meant to)\n--- got\n%s\n--- want\n%s", path, got, want)
	}
}

type tags = map[string]string

// step is what one series of requests measured; a negative p95 has no samples.
type step struct {
	tags   tags
	n      float64
	failed float64
	p95    float64
	weak   []string
}

// series are the metrics that a step has.
func (s step) series() []metrics.MetricResult {
	share := 0.0
	if s.n > 0 {
		share = s.failed / s.n
	}
	trend := func(name string, scale float64) metrics.MetricResult {
		values := map[string]float64{"count": s.n}
		if s.n > 0 {
			p := s.p95 * scale
			values = map[string]float64{"count": s.n, "min": p / 40, "avg": p / 2.2, "med": p / 2, "p90": p / 1.1, "p95": p, "p99": p * 1.3, "p99.9": p * 2, "max": p * 2.5}
		}
		return metrics.MetricResult{Name: name, Type: "trend", Unit: "ms", Tags: s.tags, Values: values, Weak: s.weak}
	}
	return []metrics.MetricResult{
		{Name: "http_reqs", Type: "counter", Tags: s.tags, Values: map[string]float64{"count": s.n, "rate": s.n / 10}},
		{Name: "http_req_failed", Type: "rate", Tags: s.tags, Values: map[string]float64{"rate": share, "passes": s.failed, "fails": s.n - s.failed}},
		trend("http_req_latency", 1), trend("http_req_duration", 0.99), trend("http_req_blocked", 0.01),
		trend("http_req_sending", 0.001), trend("http_req_waiting", 0.95), trend("http_req_receiving", 0.03),
	}
}

func threshold(metric, selector, condition, status string, seen map[string]float64, unit string) metrics.ThresholdResult {
	t := metrics.ThresholdResult{ID: metric + selector + ": " + condition, Metric: metric, Condition: condition, Status: status, Observed: seen, Unit: unit}
	if selector != "" {
		t.Selector = tags{"step": selector[len("{step=") : len(selector)-1]}
	}
	return t
}

func byDefault(t metrics.ThresholdResult) metrics.ThresholdResult {
	t.Default = true
	return t
}

// passing is a small run in which all went well.
func passing() *metrics.Result {
	r := &metrics.Result{
		Schema: "result/v1", Tool: metrics.Tool{Name: "runner", Version: "1.0.0"},
		Plan: metrics.PlanInfo{Name: "webhook-burst", File: "plans/webhook-burst.yaml", Digest: "sha256:abc", Profile: "quick", Seed: 42},
		Run: metrics.RunInfo{ID: "r1", Start: time.Date(2026, 3, 4, 5, 6, 7, 0, time.FixedZone("CET", 3600)), DurationS: 10.04, Segments: 1,
			Host: metrics.HostInfo{OS: "linux", Arch: "amd64", CPUs: 2}},
		Verdict: metrics.Verdict{Status: "pass"},
		Thresholds: []metrics.ThresholdResult{
			threshold("http_req_latency", "{step=deliver event}", "p95 < 500ms", "pass", map[string]float64{"p95": 12.34}, "ms"),
			threshold("http_req_duration", "", "p95 < 1s && p99 < 2s", "pass", map[string]float64{"p95": 12.2, "p99": 15.9}, "ms"),
			byDefault(threshold("checks", "", "rate == 100%", "pass", map[string]float64{"rate": 1}, "%")),
			byDefault(threshold("http_req_failed", "", "rate == 0%", "pass", map[string]float64{"rate": 0}, "%")),
			byDefault(threshold("dropped_iterations", "", "count == 0", "pass", map[string]float64{"count": 0}, "")),
			threshold("http_req_duration", "", "p95 < baseline.p95 * 1.1", "skipped", nil, "ms"),
		},
		Checks:    []metrics.CheckResult{{Name: "accepted", Scenario: "burst", Step: "deliver event", Passes: 50}, {Name: "acknowledged", Scenario: "burst", Step: "deliver event", Passes: 50}},
		Scenarios: []metrics.ScenarioResult{{Name: "burst", Executor: "constant-arrival-rate, 5/s for 10s", DurationS: 10, Planned: 50, Started: 50, Completed: 50, VUsMax: 3}},
		Generator: metrics.Generator{CPU: 0.0412, StartLagP99Ms: 0.082, Seconds: 10},
	}
	r.Thresholds[5].Reason = "no --baseline"
	all := step{n: 50, p95: 12.34, weak: []string{"p90", "p95", "p99", "p99.9"}}
	r.Metrics = append(all.series(), step{tags: tags{"step": "deliver event"}, n: 50, p95: 12.34, weak: all.weak}.series()...)
	return r
}

// shop is a larger run: two scenarios that share a step, groups, custom metrics, failures of several kinds.
func shop() *metrics.Result {
	r := passing()
	r.Plan = metrics.PlanInfo{Name: "shop", File: "plans/shop.yaml", Seed: 7}
	r.Run.DurationS, r.Run.Segments = 600.2, 3
	r.Verdict = metrics.Verdict{Status: "fail", ExitCode: 99, Reasons: []string{
		"threshold failed: http_req_latency{step=scan}: p95 < 310ms (p95 = 310.4 ms)", "threshold failed: checks: rate == 100% (rate = 99.99995%)",
		"threshold failed: http_req_latency{step=GET /}: p99 < 10ms (no data: nothing that it measures happened, and no data is not a pass)"}}
	r.Scenarios = []metrics.ScenarioResult{
		{Name: "browse", Executor: "ramping-vus, 0 to 200 over 10m", Planned: -1, Started: 61234, Completed: 61200, Failed: 30, Interrupted: 4, VUsMax: 200},
		{Name: "buy", Executor: "constant-arrival-rate, 100/s for 10m", Planned: 60000, Started: 59988, Completed: 59988, Dropped: 12, VUsMax: 50},
	}
	r.Metrics = nil
	for _, s := range []step{
		{n: 1234567, failed: 321, p95: 310.4}, {tags: tags{"step": "scan"}, n: 1000000, failed: 300, p95: 310.4},
		{tags: tags{"step": "GET /"}, n: 234567, failed: 21, p95: 0.85},
		{tags: tags{"scenario": "browse", "step": "GET /"}, n: 200000, p95: 0.85}, {tags: tags{"scenario": "browse", "step": "scan"}, n: 400000, failed: 300, p95: 1310.4},
		{tags: tags{"scenario": "buy", "step": "GET /"}, n: 34567, failed: 21, p95: 0.91}, {tags: tags{"scenario": "buy", "step": "scan"}, n: 600000, p95: 99.96},
		{tags: tags{"scenario": "browse"}, n: 600000, failed: 300, p95: 1200}, {tags: tags{"scenario": "buy"}, n: 634567, failed: 21, p95: 99},
	} {
		r.Metrics = append(r.Metrics, s.series()...)
	}
	r.Metrics = append(r.Metrics,
		metrics.MetricResult{Name: "group_duration", Type: "trend", Unit: "ms", Tags: tags{}, Values: map[string]float64{"count": 9, "p95": 1}},
		metrics.MetricResult{Name: "group_duration", Type: "trend", Unit: "ms", Tags: tags{"group": "check out/pay"}, Values: map[string]float64{"count": 9, "avg": 1500, "med": 1400, "p90": 1600, "p95": 1700, "p99": 1800, "max": 125000}, Weak: []string{"p99"}},
		metrics.MetricResult{Name: "basket_size", Type: "trend", Unit: "items", Values: map[string]float64{"count": 9, "avg": 3.456, "med": 3, "p90": 5, "p95": 6, "p99": 7, "max": 12}},
		metrics.MetricResult{Name: "data_received", Type: "counter", Unit: "bytes", Values: map[string]float64{"count": 3.2e9, "rate": 5.4e6}},
		metrics.MetricResult{Name: "duplicates", Type: "counter", Values: map[string]float64{"count": 12, "rate": 0.02}},
		metrics.MetricResult{Name: "stock", Type: "gauge", Values: map[string]float64{"value": 12, "min": 0.5, "max": 1000}},
		metrics.MetricResult{Name: "from_cache", Type: "rate", Values: map[string]float64{"rate": 0.25, "passes": 1, "fails": 3}},
	)
	r.Thresholds = []metrics.ThresholdResult{
		threshold("http_req_latency", "{step=scan}", "p95 < 310ms", "fail", map[string]float64{"p95": 310.4}, "ms"),
		byDefault(threshold("checks", "", "rate == 100%", "fail", map[string]float64{"rate": 0.9999995}, "%")),
		threshold("http_req_latency", "{step=GET /}", "p99 < 10ms", "fail", nil, "ms"),
		threshold("http_reqs", "", "rate > 1000/s", "pass", map[string]float64{"rate": 2057.6}, "/s"),
		threshold("data_received", "", "count < 4GiB", "not_applicable", nil, "bytes"),
	}
	r.Thresholds[0].Aborted, r.Thresholds[0].Stage = true, "spike"
	r.Thresholds[2].Reason = "no data"
	r.Checks = append(r.Checks, metrics.CheckResult{Name: "signed", Scenario: "buy", Step: "scan", Passes: 1999999, Fails: 1}, metrics.CheckResult{Name: "never reached", Scenario: "buy", Step: "refund"})
	r.Errors = []metrics.ErrorResult{
		{Class: "timeout", Scenario: "browse", Step: "scan", Count: 21, Samples: []metrics.ErrorSample{{AtS: 61.25, URL: "http://127.0.0.1:8080/scan?ticket=123", Message: "no response within 10s"}}},
		{Class: "status", Scenario: "browse", Step: "scan", Count: 300, Samples: []metrics.ErrorSample{{AtS: 5.5, URL: "http://127.0.0.1:8080/scan", Message: "503 Service Unavailable"}}},
		{Class: "data", Scenario: "buy", Count: 1},
	}
	r.Setup = map[string]any{"requests": 3, "failed": 0, "duration_ms": 123.4}
	r.Teardown = map[string]any{"requests": int64(1), "failed": float64(1), "duration_ms": 5.0}
	return r
}

// hostile is text that a target could send to take over a terminal, forge a line or blow up a table.
const hostile = "\x1b[2J\x1b]0;owned\x07\r\nPASS\tok \u202egnp.exe\u200b \u009b31m \xff\xfe z\u0301\u0301\u0301\u0301\u0301\u0301 \x00\x7f"

// poisoned is a run whose every text is hostile.
func poisoned() *metrics.Result {
	r := shop()
	r.Plan.Name, r.Plan.File, r.Plan.Profile = hostile, hostile+".yaml", hostile
	r.Verdict.Reasons = []string{hostile}
	for i := range r.Thresholds {
		t := &r.Thresholds[i]
		t.ID, t.Metric, t.Condition, t.Reason, t.Stage, t.Unit = hostile+": "+hostile, hostile, hostile, hostile, hostile, hostile
	}
	for i := range r.Metrics {
		m := &r.Metrics[i]
		if m.Name == "basket_size" || m.Name == "stock" {
			m.Unit = hostile
		}
		for k := range m.Tags {
			if k == "step" {
				m.Tags = tags{"step": hostile}
			}
		}
	}
	for i := range r.Checks {
		r.Checks[i] = metrics.CheckResult{Name: hostile, Step: hostile, Scenario: hostile, Fails: 3}
	}
	for i := range r.Errors {
		r.Errors[i] = metrics.ErrorResult{Class: hostile, Step: hostile, Scenario: hostile, Count: 3, Samples: []metrics.ErrorSample{{URL: hostile, Message: hostile}}}
	}
	for i := range r.Scenarios {
		r.Scenarios[i].Name, r.Scenarios[i].Executor = hostile, hostile
	}
	r.Generator = metrics.Generator{Limited: true, Evidence: []string{hostile}, CPU: math.NaN()}
	return r
}
