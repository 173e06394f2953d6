package metrics

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Every combination of what can happen to a run has the exit code of the first in the order of precedence.
func TestVerdictPrecedence(t *testing.T) {
	causes := []struct {
		code   int
		limit  string
		status string
		set    func(*Findings, []ThresholdResult)
	}{
		{ExitInvalidPlan, "", "error", func(f *Findings, _ []ThresholdResult) { f.InvalidPlan = "plan" }},
		{ExitRunError, "", "error", func(f *Findings, _ []ThresholdResult) { f.RunError = "setup failed" }},
		{ExitInterrupted, "", "interrupted", func(f *Findings, _ []ThresholdResult) { f.Interrupted = true }},
		{ExitInterrupted, "", "interrupted", func(f *Findings, _ []ThresholdResult) { f.Stopped = "page, 127.0.0.1" }},
		{ExitAborted, "", "aborted", func(f *Findings, _ []ThresholdResult) { f.Aborted = true }},
		{ExitLoadNotAchieved, LimitedByGenerator, "load_not_achieved", func(f *Findings, _ []ThresholdResult) { f.Generator.Limited = true }},
		{ExitThresholds, "", "fail", func(_ *Findings, r []ThresholdResult) { r[0].Status = FailedStatus }},
		{ExitLoadNotAchieved, LimitedByVUs, "load_not_achieved", func(f *Findings, r []ThresholdResult) {
			r[1].Status, f.Shortfalls = FailedStatus, []Shortfall{{Scenario: "buy", Dropped: 5, Planned: 10}}
		}},
	}
	for set := range 1 << len(causes) {
		f, judged := Findings{}, []ThresholdResult{
			{ID: "checks: rate == 100%", Metric: "checks", Status: Passed}, {ID: "dropped_iterations: count == 0", Metric: "dropped_iterations", Status: Passed},
		}
		code, status, reasons := ExitPass, "pass", 0
		for i := len(causes) - 1; i >= 0; i-- {
			if set>>i&1 == 1 {
				causes[i].set(&f, judged)
				code, status = causes[i].code, causes[i].status
				reasons++
			}
		}
		v, _ := Decide(f, judged)
		if v.ExitCode != code || v.Status != status {
			t.Errorf("%07b: %d %s, want %d %s", set, v.ExitCode, v.Status, code, status)
		}
		if len(v.Reasons) < reasons || (reasons == 0) != (len(v.Reasons) == 0) || v.Reasons == nil {
			t.Errorf("%07b: reasons %q for %d causes", set, v.Reasons, reasons)
		}
	}
}

func TestVerdictAndTrust(t *testing.T) {
	short := []Shortfall{{Scenario: "buy", Dropped: 5, Planned: 10, VUs: 2, Needed: 4, PerSecond: 2, Duration: 2}}
	for _, row := range []struct {
		why      string
		findings Findings
		judged   []ThresholdResult
		code     int
		limited  string
		statuses []string
		reason   string // part of one
	}{
		{"a generator that was limited judges nothing", Findings{Generator: Generator{Limited: true, Evidence: []string{"in 5 of 10 seconds …"}}},
			[]ThresholdResult{{ID: "a", Status: FailedStatus, Unit: "ms", Observed: map[string]float64{"p95": 812.5}}, {ID: "b", Status: Passed}, {ID: "c", Status: Skipped}},
			ExitLoadNotAchieved, LimitedByGenerator, []string{NotTrusted, NotTrusted, Skipped}, "would have failed: a (p95 = 812.5 ms)"},
		{"its evidence is among the reasons", Findings{Generator: Generator{Limited: true, Evidence: []string{"in 5 of 10 seconds …"}}}, nil,
			ExitLoadNotAchieved, LimitedByGenerator, nil, "in 5 of 10 seconds …"},
		{"one local error is enough", Findings{LocalErrors: 1}, []ThresholdResult{{ID: "a", Status: Passed}},
			ExitLoadNotAchieved, LimitedByGenerator, []string{NotTrusted}, "this host's fault"},
		{"too few VUs: what failed stays failed, what passed is not trusted", Findings{Shortfalls: short},
			[]ThresholdResult{{ID: "a", Status: FailedStatus}, {ID: "b", Status: Passed}, {ID: "d", Metric: "dropped_iterations", Status: FailedStatus, Observed: map[string]float64{"count": 5}}},
			ExitThresholds, LimitedByVUs, []string{FailedStatus, NotTrusted, FailedStatus}, "it would have taken about 4 (2 arrivals a second × 2 s an iteration)"},
		{"drops alone are load that was not achieved, and no failed threshold", Findings{Shortfalls: short},
			[]ThresholdResult{{ID: "b", Status: Passed}, {ID: "d: count == 0", Metric: "dropped_iterations", Status: FailedStatus, Observed: map[string]float64{"count": 5}}},
			ExitLoadNotAchieved, LimitedByVUs, []string{NotTrusted, FailedStatus}, "too few VUs: d: count == 0 (count = 5)"},
		{"drops that the plan allows", Findings{Shortfalls: short}, []ThresholdResult{{ID: "d", Metric: "dropped_iterations", Status: Passed}, {ID: "b", Status: Passed}},
			ExitPass, "", []string{Passed, Passed}, ""},
		{"a condition on drops that fails without any is one like others", Findings{}, []ThresholdResult{{ID: "d", Metric: "dropped_iterations", Status: FailedStatus}},
			ExitThresholds, "", []string{FailedStatus}, "threshold failed: d"},
		{"what an interrupt left unstarted is no failure", Findings{Interrupted: true}, []ThresholdResult{{ID: "d", Metric: "dropped_iterations", Default: true, Status: FailedStatus}},
			ExitInterrupted, "", []string{NotApplicable}, "interrupted"},
		{"nor is it after a threshold that stopped the run", Findings{}, []ThresholdResult{{ID: "a", Aborted: true, Status: FailedStatus}, {ID: "d", Metric: "dropped_iterations", Default: true, Status: FailedStatus}},
			ExitThresholds, "", []string{FailedStatus, NotApplicable}, "threshold failed: a"},
		{"what the plan itself says about drops is judged all the same", Findings{Interrupted: true}, []ThresholdResult{{ID: "d", Metric: "dropped_iterations", Status: FailedStatus}},
			ExitInterrupted, "", []string{FailedStatus}, "threshold failed: d"},
		{"drops for want of VUs are judged all the same", Findings{Interrupted: true, Shortfalls: short}, []ThresholdResult{{ID: "d", Metric: "dropped_iterations", Default: true, Status: FailedStatus}},
			ExitInterrupted, LimitedByVUs, []string{FailedStatus}, "too few VUs"},
		{"no data is explained", Findings{}, []ThresholdResult{{ID: "a", Status: FailedStatus, Reason: noData}},
			ExitThresholds, "", []string{FailedStatus}, "no data is not a pass"},
		{"no data after a failed setup is no news", Findings{RunError: "setup: log in: 500"}, []ThresholdResult{{ID: "a", Status: FailedStatus, Reason: noData, lacking: true}},
			ExitRunError, "", []string{NotApplicable}, "setup: log in: 500"},
		{"an abort step says why", Findings{Aborted: true, AbortMessage: "the shop is closed"}, nil, ExitAborted, "", nil, "the shop is closed"},
		{"what does not apply is no reason", Findings{}, []ThresholdResult{{ID: "a", Status: NotApplicable}, {ID: "b", Status: Skipped}},
			ExitPass, "", []string{NotApplicable, Skipped}, ""},
	} {
		before := slices.Clone(row.judged)
		v, thresholds := Decide(row.findings, row.judged)
		if v.ExitCode != row.code || v.LimitedBy != row.limited {
			t.Errorf("%s: %d by %q, want %d by %q", row.why, v.ExitCode, v.LimitedBy, row.code, row.limited)
		}
		for i, want := range row.statuses {
			if thresholds[i].Status != want {
				t.Errorf("%s: threshold %s is %s, want %s", row.why, thresholds[i].ID, thresholds[i].Status, want)
			}
		}
		if !strings.Contains(strings.Join(v.Reasons, "\n"), row.reason) {
			t.Errorf("%s: reasons %q lack %q", row.why, v.Reasons, row.reason)
		}
		if !reflect.DeepEqual(before, row.judged) {
			t.Errorf("%s: what was judged has changed", row.why)
		}
	}
}

func TestWorst(t *testing.T) {
	order := []Verdict{
		{ExitCode: 1}, {ExitCode: 104}, {ExitCode: 107}, {ExitCode: 105}, {ExitCode: 108}, {ExitCode: 96, LimitedBy: LimitedByGenerator}, {ExitCode: 99},
		{ExitCode: 96, LimitedBy: LimitedByVUs}, {ExitCode: 0},
	}
	for i, a := range order {
		for j, b := range order {
			if got := Worst(a, b); !reflect.DeepEqual(got, order[min(i, j)]) {
				t.Errorf("%v and %v: %v", a, b, got)
			}
		}
	}
	if got := Worst(); got.ExitCode != 0 || got.Status != "pass" {
		t.Errorf("of none: %v", got)
	}
}

// How many VUs it would have taken follows from how densely iterations arrive in the time that one takes.
func TestShortfallEstimate(t *testing.T) {
	steady := func(perSecond int32, seconds int) []StartSecond {
		list := make([]StartSecond, seconds)
		for i := range list {
			list[i] = StartSecond{Arrivals: perSecond / 2, Dropped: perSecond - perSecond/2}
		}
		return list
	}
	slow := make([]StartSecond, 100) // one in ten seconds
	for i := 0; i < 100; i += 10 {
		slow[i].Arrivals = 1
	}
	for _, row := range []struct {
		why      string
		duration float64
		vus      int64
		starts   []StartSecond
		want     int64
		lasted   float64
	}{
		{"100 a second × 0.25 s", 0.25, 10, steady(100, 10), 25, 0},
		{"100 a second × 2.5 s, over full seconds", 2.5, 50, steady(100, 10), 250, 0},
		{"one in 10 s × 30 s is 3, whatever the densest second", 30, 2, slow, 3, 0},
		{"a ramp: its densest second counts", 0.5, 10, append(steady(10, 5), steady(80, 1)...), 40, 0},
		{"some were dropped, so what there was is too few", 0.01, 10, steady(100, 10), 11, 0},
		{"half a second with 10 arrivals × 0.2 s", 0.2, 1, steady(10, 1), 4, 0.5},
		{"no iteration ended: unknown", 0, 10, steady(100, 10), 0, 0},
	} {
		s := Shortfall{VUs: row.vus, Duration: row.duration}
		s.estimate(row.starts, row.lasted)
		if s.Needed != row.want {
			t.Errorf("%s: %d, want %d", row.why, s.Needed, row.want)
		}
	}
	if text := fmt.Sprint(Shortfall{Scenario: "buy", Dropped: 1, Planned: 9, VUs: 2}); !strings.Contains(text, "no iteration ended") {
		t.Error(text)
	}
}

func TestShownValues(t *testing.T) {
	for _, row := range []struct {
		v    float64
		unit string
		want string
	}{
		{0.007, "%", "0.7%"}, {1, "%", "100%"}, {0.9999999, "%", "99.99999%"}, {812.4567891, "ms", "812.457 ms"}, {3, "", "3"}, {12.5, "/s", "12.5/s"},
	} {
		if got := shown(row.v, row.unit); got != row.want {
			t.Errorf("%v %s: %q, want %q", row.v, row.unit, got, row.want)
		}
	}
}
