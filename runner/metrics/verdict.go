package metrics

import (
	"fmt"
	"slices"
	"strings"
)

// The exit codes of a run.
const (
	ExitPass            = 0
	ExitLoadNotAchieved = 96
	ExitThresholds      = 99
	ExitInvalidPlan     = 104
	ExitInterrupted     = 105
	ExitRunError        = 107
	ExitAborted         = 108
)

// What can keep a load from being achieved: values of Verdict.LimitedBy.
const (
	LimitedByGenerator = "generator"
	LimitedByVUs       = "vus"
)

// Findings is what happened to a run besides its measurements.
type Findings struct {
	InvalidPlan  string // what is wrong with the plan; "" if nothing is
	RunError     string // why setup, teardown, a service or the run itself failed; "" if none did
	Interrupted  bool   // by a signal
	Stopped      string // by hand, and by whom
	Aborted      bool   // by an abort step
	AbortMessage string
	Generator    Generator   // with evidence, if it was limited
	LocalErrors  int64       // requests that failed through this host's fault
	Shortfalls   []Shortfall // scenarios that dropped iterations
}

// Decide is the outcome of a run: the verdict, and the thresholds as far as they can be trusted. It changes neither
// argument. Where several outcomes hold, the exit code is that of the first in Worst's order; the reasons list all.
func Decide(f Findings, judged []ThresholdResult) (Verdict, []ThresholdResult) {
	thresholds := slices.Clone(judged)
	limit := limitedBy(f, judged)
	d := decision{}
	if f.InvalidPlan != "" {
		d.add(ExitInvalidPlan, f.InvalidPlan)
	}
	if f.RunError != "" {
		d.add(ExitRunError, f.RunError)
	}
	if f.Interrupted {
		d.add(ExitInterrupted, "the run was interrupted: the numbers cover what happened until then")
	}
	if f.Stopped != "" {
		d.add(ExitInterrupted, "the run was stopped by hand ("+f.Stopped+"): the numbers cover what happened until then")
	}
	if f.Aborted {
		d.add(ExitAborted, join("an abort step stopped the run", f.AbortMessage))
	}
	if f.early(judged) {
		excuse(thresholds, f)
	}
	switch limit {
	case LimitedByGenerator:
		d.generator(f, thresholds)
	case LimitedByVUs:
		d.thresholds(thresholds, true)
		d.vus(f, thresholds)
	default:
		d.thresholds(thresholds, false)
	}
	return Verdict{Status: statusOf(d.code), ExitCode: d.code, Reasons: append([]string{}, d.reasons...), LimitedBy: limit}, thresholds
}

// early tells whether the run ended before its time.
func (f *Findings) early(judged []ThresholdResult) bool {
	cut := f.InvalidPlan+f.RunError+f.Stopped != "" || f.Interrupted || f.Aborted
	return cut || slices.ContainsFunc(judged, func(t ThresholdResult) bool { return t.Aborted })
}

// excuse takes "no data", and iterations that were not started though there were VUs for them, for what they are where the
// run ended before its time. What the plan itself says about drops stays judged.
func excuse(thresholds []ThresholdResult, f Findings) {
	for i := range thresholds {
		t := &thresholds[i]
		switch {
		case t.Status == FailedStatus && t.lacking:
			t.Status, t.Reason = NotApplicable, t.Reason+": the run ended before there was any"
		case t.Default && failedDrops(*t) && len(f.Shortfalls) == 0:
			t.Status, t.Reason = NotApplicable, "the run ended before they were due"
		}
	}
}

// limitedBy tells whether the load was not achieved, and why. Drops that the conditions on them allow are no reason.
func limitedBy(f Findings, judged []ThresholdResult) string {
	if f.Generator.Limited || f.LocalErrors > 0 {
		return LimitedByGenerator
	}
	if len(f.Shortfalls) > 0 && slices.ContainsFunc(judged, failedDrops) {
		return LimitedByVUs
	}
	return ""
}

// failedDrops tells whether a condition on drops failed.
func failedDrops(r ThresholdResult) bool {
	return r.Metric == "dropped_iterations" && r.Status == FailedStatus
}

// decision collects reasons in order of precedence; the first decides.
type decision struct {
	code    int
	reasons []string
}

func (d *decision) add(code int, reason string) {
	if d.code == ExitPass {
		d.code = code
	}
	d.reasons = append(d.reasons, reason)
}

// generator trusts no threshold: numbers of a generator that could not keep up say nothing about the target.
func (d *decision) generator(f Findings, thresholds []ThresholdResult) {
	d.add(ExitLoadNotAchieved, "the load was not achieved: this machine could not make it in time, so no threshold is judged")
	if f.LocalErrors > 0 && len(f.Generator.Evidence) == 0 {
		d.reasons = append(d.reasons, fmt.Sprintf("%d requests failed through this host's fault: see request_errors{class=local} for which limit was hit (descriptors, ports, memory), and raise it", f.LocalErrors))
	}
	d.reasons = append(d.reasons, f.Generator.Evidence...)
	for i := range thresholds {
		t := &thresholds[i]
		switch t.Status {
		case FailedStatus:
			t.Reason = join("would have failed", t.Reason)
			d.reasons = append(d.reasons, "not judged, but would have failed: "+describe(t))
			t.Status = NotTrusted
		case Passed:
			t.Status, t.Reason = NotTrusted, join(t.Reason, "the generator was limited")
		}
	}
}

// thresholds lists what failed. With too few VUs, what passed is not trusted, since the load that it passed under was less
// than asked for; and failed conditions on drops say just that.
func (d *decision) thresholds(thresholds []ThresholdResult, vuLimited bool) {
	for i := range thresholds {
		t := &thresholds[i]
		switch {
		case t.Status == FailedStatus && vuLimited && failedDrops(*t):
		case t.Status == FailedStatus:
			d.add(ExitThresholds, "threshold failed: "+describe(t))
		case t.Status == Passed && vuLimited:
			t.Status, t.Reason = NotTrusted, "passed, but under less load than planned"
		}
	}
}

func (d *decision) vus(f Findings, thresholds []ThresholdResult) {
	var failed []string
	for i := range thresholds {
		if failedDrops(thresholds[i]) {
			failed = append(failed, describe(&thresholds[i]))
		}
	}
	d.add(ExitLoadNotAchieved, "the load was not achieved: too few VUs: "+strings.Join(failed, "; "))
	for _, s := range f.Shortfalls {
		d.reasons = append(d.reasons, s.String())
	}
	d.reasons = append(d.reasons, f.Generator.Warnings...)
}

func statusOf(code int) string {
	switch code {
	case ExitPass:
		return "pass"
	case ExitLoadNotAchieved:
		return "load_not_achieved"
	case ExitThresholds:
		return "fail"
	case ExitInterrupted:
		return "interrupted"
	case ExitAborted:
		return "aborted"
	}
	return "error"
}

// severity lists outcomes from the worst: what Worst goes by.
var severity = []struct {
	code    int
	limited string
}{
	{ExitInvalidPlan, ""}, {ExitRunError, ""}, {ExitInterrupted, ""}, {ExitAborted, ""},
	{ExitLoadNotAchieved, LimitedByGenerator}, {ExitThresholds, ""}, {ExitLoadNotAchieved, LimitedByVUs}, {ExitPass, ""},
}

// Worst is the worst of several runs' verdicts: 104 > 107 > 105 > 108 > 96 (generator) > 99 > 96 (VUs) > 0. Any other
// exit code is worse than these. Of none it is a pass.
func Worst(verdicts ...Verdict) Verdict {
	worst, rank := Verdict{Status: statusOf(ExitPass), Reasons: []string{}}, len(severity)
	for _, v := range verdicts {
		if r := v.severity(); r < rank {
			worst, rank = v, r
		}
	}
	return worst
}

func (v Verdict) severity() int {
	for i, s := range severity {
		if s.code == v.ExitCode && (s.code != ExitLoadNotAchieved || s.limited == v.LimitedBy) {
			return i
		}
	}
	return -1
}
