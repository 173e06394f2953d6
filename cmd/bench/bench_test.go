package main

import (
	"bytes"
	"errors"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"runner/runner"
	"runner/spec"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		reason  string
		how     *regexp.Regexp
		printed string
		want    float64
		bad     bool
	}{
		{"runner", runnerCount, "PASS – 3 of 3 thresholds met in 4.00 s: 395,410 requests, 0 failed.\n", 395410, false},
		{"runner, of one", runnerCount, "PASS – 3 of 3 thresholds met in 5.49 ms: 1 request, 0 failed.\n", 1, false},
		{"failures are no work", runnerCount, "FAIL – stopped: 395,410 requests, 7 failed.\n", 0, true},
		{"wrk", wrkCount, "  Thread Stats   Avg\n  545920 requests in 4.01s, 80.82MB read\n", 545920, false},
		{"hey", heyCount, "Status code distribution:\n  [200]\t71234 responses\n", 71234, false},
		{"hey, all refused", heyCount, "Error distribution:\n  [64]\tdial tcp: refused\n", 0, true},
		{"k6", k6Count, "    http_req_waiting...: avg=1ms\n    http_reqs......................: 12345  4115.0/s\n", 12345, false},
		{"h2load", h2loadCount, "requests: 90 total, 96 started, 90 done, 88 succeeded, 2 failed, 2 errored, 0 timeout\n", 88, false},
		{"nothing was done", wrkCount, "  0 requests in 4.01s\n", 0, true},
		{"something else altogether", wrkCount, "usage: wrk <options> <url>\n", 0, true},
	} {
		got, err := found(c.how, c.printed)
		if got != c.want || (err != nil) != c.bad {
			t.Errorf("%s: %v, %v; want %v, an error %v", c.reason, got, err, c.want, c.bad)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 2, 100}, 3}} {
		if got := median(c.values); got != c.want {
			t.Errorf("median of %v: %v, want %v", c.values, got, c.want)
		}
	}
}

func TestRatiosAreTakenRoundByRound(t *testing.T) {
	got := ratios([]float64{2, 6, 1}, []float64{1, 2, 0, 4})
	if len(got) != 2 || got[0] != 2 || got[1] != 3 {
		t.Errorf("%v", got)
	}
}

func TestSlope(t *testing.T) {
	const mib, minute = 1 << 20, 120 // looks
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name string
		size func(i int) float64 // in MiB
		want float64             // MiB a minute
		off  float64
	}{
		{"a run that grows by 1 MiB a minute", func(i int) float64 { return 100 + float64(i)/minute }, 1, 1e-6},
		{"a step while it warms up is no growth", func(i int) float64 { return 100 + 20*float64(min(i, 90)/90) }, 0, 1e-6},
		{"a minute in which the heap finds its size", func(i int) float64 { return 100 + 5*float64(min(i, minute))/minute }, 0, 1e-6},
		{"memory that collections let rise and fall", func(i int) float64 { return 100 + float64(i%14) }, 0, 0.2},
		{"noise", func(int) float64 { return 100 + 4*random.Float64() }, 0, 0.2},
		{"growth under noise", func(i int) float64 { return 100 + 2*float64(i)/minute + 4*random.Float64() }, 2, 0.2},
		{"a peak of some seconds at the end", func(i int) float64 { return 100 + 30*float64(i/470) }, 0, 1e-6},
		{"memory that is given back", func(i int) float64 { return 100 - 3*float64(i)/minute }, -3, 1e-6},
	} {
		var sizes []float64
		for i := range 4 * minute {
			sizes = append(sizes, c.size(i)*mib)
		}
		if got := slope(sizes); math.Abs(got-c.want) > c.off {
			t.Errorf("%s: %v MiB a minute, want %v", c.name, got, c.want)
		}
	}
	for looks, want := range map[int]int{16: 8, 40: 20, 240: 120, 300: 120, 480: 120, 1200: 300} {
		if got := warming(looks); got != want {
			t.Errorf("of %d looks %d are left out, want %d", looks, got, want)
		}
	}
}

func TestResident(t *testing.T) {
	if got, err := parseResident("Name:\trunner\nVmHWM:\t  999 kB\nVmRSS:\t  278256 kB\n"); got != 278256*1024 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := parseResident("Name:\trunner\nState:\tZ (zombie)\n"); err == nil {
		t.Error("a process that has ended has no memory")
	}
}

func TestPercentile(t *testing.T) {
	var none times
	if got := none.percentile(0.99); got != 0 {
		t.Errorf("of none: %d", got)
	}
	var all times
	for i := range 100 {
		all[i+1].Add(1)
	}
	all.add(1 << 62) // beyond the range: the last place
	for q, want := range map[float64]int{0.5: 51, 0.99: 100, 1: len(all) - 1} {
		if got := all.percentile(q); got != want {
			t.Errorf("p%v is %d, want %d", 100*q, got, want)
		}
	}
}

func TestValuesOfAResult(t *testing.T) {
	var r result
	r.Metrics = append(r.Metrics, struct {
		Name   string
		Tags   map[string]string
		Values map[string]float64
	}{"start_lag", map[string]string{"scenario": "arrivals"}, map[string]float64{"p99": 7}})
	if got := r.p99("start_lag", "arrivals"); got != 7 {
		t.Errorf("%v, want 7", got)
	}
	f := finding{who: "x"}
	if f.note(r.p99("start_lag", ""), nil); f.missing == "" {
		t.Error("a number that is not there was taken")
	}
	if f.note(1, errors.New("no")); f.missing != "no" || len(f.values) > 0 {
		t.Errorf("%+v", f)
	}
}

// What is met, missed and not measured is told apart, and counted.
func TestReport(t *testing.T) {
	s := section{
		title: "One GET", how: "How it was done.", unit: "µs",
		findings: []finding{
			{who: "runner", values: []float64{5.5, 6.5, 6}}, {who: "wrk", values: []float64{6, 6.2, 123.4}}, {who: "k6", missing: "k6 is missing"},
		},
		targets: []target{
			{what: "runner / wrk", values: []float64{0.9, 1.1, 1}, limit: 1.05, unit: "×"},
			{what: "hey / runner", values: []float64{2.9}, least: true, limit: 3, unit: "×"},
			{what: "k6 / runner", least: true, limit: 9, unit: "×", missing: "k6 is missing"},
			{what: "dropped", values: []float64{0, 0}, limit: 0},
		},
	}
	r := report{machine: []string{"a machine"}, rounds: 3, seconds: 2, sections: []section{s}}
	var b bytes.Buffer
	r.print(&b)
	golden := filepath.Join("testdata", "report.md")
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || b.String() != string(want) {
		t.Errorf("%v; with -update it becomes\n%s", err, b.String())
	}
}

func TestFlags(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"-rows", "plain,tsl"}, `there is no row "tsl" (rows: plain, `},
		{[]string{"-rounds", "0"}, "at least 1"},
		{[]string{"plain"}, `"plain" is no flag`},
		{[]string{"-rows", "plain,tls", "-rounds", "5"}, ""},
	} {
		_, err := parseFlags(c.args, new(bytes.Buffer))
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%v: %v, want %q", c.args, err, c.says)
		}
	}
}

// The plans that are measured are valid.
func TestPlans(t *testing.T) {
	long := filepath.Join(t.TempDir(), "long.yaml")
	text := longPlan()
	if n := strings.Count(text, "\n"); n != 5000 {
		t.Errorf("the long plan has %d lines", n)
	}
	if err := os.WriteFile(long, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BASE", "http://127.0.0.1:1")
	plans, err := filepath.Glob("load/*.yaml")
	if err != nil || len(plans) < 8 {
		t.Fatalf("%d plans, %v", len(plans), err)
	}
	for _, path := range append(plans, long) {
		plan, problems := spec.Load(path, spec.Options{})
		if _, problems = runner.Compile(plan, problems, runner.Options{Env: os.LookupEnv}); len(problems) > 0 {
			t.Errorf("%s: %v", path, problems)
		}
	}
}
