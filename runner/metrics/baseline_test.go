package metrics

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestBaselines(t *testing.T) {
	earlier := func() *Baseline {
		return &Baseline{File: "base.json", Result: &Result{
			Plan: PlanInfo{Name: "shop"}, Verdict: Verdict{Status: "pass"},
			Metrics: []MetricResult{
				{Name: "http_req_latency", Tags: map[string]string{"step": "list"}, Values: map[string]float64{"med": 8, "p90": 9, "p99": 9}, Weak: []string{"p99"}},
			},
			Thresholds: []ThresholdResult{
				{Metric: "http_req_latency", Selector: map[string]string{"step": "list"}, WindowS: 2, Observed: map[string]float64{"max": 400}},
			},
		}}
	}
	for _, row := range []struct {
		why    string
		that   string
		window time.Duration
		base   *Baseline
		status string
		reason string
	}{
		{"within a fifth", "p90 < baseline.p90 * 1.2", 0, earlier(), Passed, ""},
		{"beyond", "p90 < baseline.p90", 0, earlier(), FailedStatus, ""},
		{"the median has two names", "p50 < baseline.p50 * 2", 0, earlier(), Passed, ""},
		{"without a baseline nobody knows", "p90 < baseline.p90", 0, nil, Skipped, "there is no --baseline"},
		{"the baseline's percentile stands on nothing", "p99 < baseline.p99", 0, earlier(), Skipped, "the baseline has too few samples"},
		{"ours does", "p(99.99) < 1s && p90 < baseline.p90", 0, earlier(), Skipped, "too few samples"},
		{"what the baseline does not have", "avg < baseline.avg", 0, earlier(), Skipped, "the baseline has no avg"},
		{"a window compares with the same window", "max < baseline.max", 2 * time.Second, earlier(), FailedStatus, "in the window 4 s"},
		{"and not with the run", "p90 < baseline.p90", 2 * time.Second, earlier(), Skipped, "the baseline has no p90"},
	} {
		source := threshold("http_req_latency", where("step=list"), row.that)
		if row.window > 0 {
			source.Threshold.Window = set(row.window)
		}
		r, _ := drive(t, source, row.base, 10, spike)
		if r.Status != row.status || !strings.HasPrefix(r.Reason, row.reason) {
			t.Errorf("%s: %s %q, observed %v, want %s %q", row.why, r.Status, r.Reason, r.Observed, row.status, row.reason)
		}
	}
}

func TestBaselinesThatDoNotFit(t *testing.T) {
	plan := PlanInfo{Name: "shop", Profile: "ci"}
	for _, row := range []struct {
		why  string
		base Result
		want string
	}{
		{"the same", Result{Plan: plan, Verdict: Verdict{Status: "fail"}}, ""},
		{"another plan", Result{Plan: PlanInfo{Name: "bank", Profile: "ci"}, Verdict: Verdict{Status: "pass"}}, `it is of the plan "bank"`},
		{"another profile", Result{Plan: PlanInfo{Name: "shop"}, Verdict: Verdict{Status: "pass"}}, `it was made with the profile ""`},
		{"half a run", Result{Plan: plan, Verdict: Verdict{Status: "interrupted"}}, "its run ended as interrupted"},
	} {
		got := ""
		if err := (&Baseline{Result: &row.base}).Fits(plan); err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, row.want) || row.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}

func TestResultsAreRead(t *testing.T) {
	for _, row := range []struct{ why, text, want string }{
		{"a result", `{"schema": "result/v1"}`, ""},
		{"later fields are passed over", `{"schema": "result/v1", "new": 1}`, ""},
		{"of a later form", `{"schema": "result/v2"}`, `its form is "result/v2"`},
		{"other JSON", `{}`, "not a result file: it has no schema"},
		{"no JSON", `<html>`, "not a result file: invalid character"},
		{"nothing", ``, "not a result file: EOF"},
	} {
		got := ""
		if _, err := ReadResult(strings.NewReader(row.text)); err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, row.want) || row.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}

// The headline numbers of all requests and of each step stand beside those of the baseline.
func TestBaselineChanges(t *testing.T) {
	series := func(p95 float64, tags map[string]string, weak ...string) MetricResult {
		return MetricResult{Name: "http_req_latency", Unit: "ms", Tags: tags, Values: map[string]float64{"p95": p95, "avg": 1}, Weak: weak}
	}
	step, pair := map[string]string{"step": "scan"}, map[string]string{"step": "scan", "scenario": "buy"}
	b := &Baseline{Result: &Result{Metrics: []MetricResult{series(100, map[string]string{}), series(50, step, "p95"), series(7, pair)}}}
	r := &Result{Baseline: &BaselineResult{}, Metrics: []MetricResult{series(110, map[string]string{}), series(60, step), series(8, pair), series(9, map[string]string{"step": "new"})}}
	b.compare(r)
	want := []BaselineChange{
		{Metric: "http_req_latency", Tags: map[string]string{}, Aggregate: "p95", Unit: "ms", Base: 100, Head: 110},
		{Metric: "http_req_latency", Tags: step, Aggregate: "p95", Unit: "ms", Base: 50, Head: 60, Weak: true},
	}
	if !reflect.DeepEqual(r.Baseline.Changes, want) {
		t.Errorf("%+v", r.Baseline.Changes)
	}
}
