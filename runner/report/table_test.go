package report

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"runner/runner/metrics"
)

// cases are results as a person may get to see them.
func cases() map[string]*metrics.Result {
	setup := passing()
	setup.Verdict = metrics.Verdict{Status: "error", ExitCode: 107, Reasons: []string{"setup: step \"log in\" failed: 401 Unauthorized\nlast lines of its log:\n  no such user"}}
	setup.Metrics, setup.Thresholds, setup.Checks, setup.Scenarios, setup.Generator = nil, nil, nil, nil, metrics.Generator{}
	setup.Setup = map[string]any{"requests": 1, "failed": 1, "duration_ms": 12.0}

	interrupted := passing()
	interrupted.Run.DurationS = 4.2
	interrupted.Verdict = metrics.Verdict{Status: "interrupted", ExitCode: 105, Reasons: []string{"the run was interrupted: the numbers cover what happened until then", "threshold failed: " + passing().Thresholds[0].ID + " (p95 = 12.34 ms)"}}
	interrupted.Thresholds[0].Status = "fail"
	interrupted.Scenarios[0].Started, interrupted.Scenarios[0].Completed, interrupted.Scenarios[0].Interrupted = 21, 20, 1

	byHand := passing()
	byHand.Run.PausedS = 4
	byHand.Interventions = []metrics.Intervention{{AtS: 3, Action: "pause", By: "page"}, {AtS: 7, Action: "resume", By: "page"}, {AtS: 8.2, Action: "scale", Scenario: "burst", Factor: 1.5, By: "api"}}

	generator := passing()
	generator.Verdict = metrics.Verdict{Status: "load_not_achieved", ExitCode: 96, LimitedBy: metrics.LimitedByGenerator}
	generator.Generator = metrics.Generator{CPU: 0.998, StartLagP99Ms: 212, BadSeconds: 4, Seconds: 10, Limited: true,
		Causes: []string{"cpu_quota"}, Cores: 0.2, ThrottledS: 3.2, StallMaxMs: 81,
		Evidence: []string{"CPU quota: throttled 3.2 s of 10 s (cgroup cpu.max 20000/100000): raise the quota or lower the rate",
			"in 4 of 10 seconds iterations started late: 9 of their 20 arrivals over 50 ms after a VU was free"}}
	generator.Verdict.Reasons = append([]string{"the load was not achieved: this machine could not make it in time, so no threshold is judged"}, generator.Generator.Evidence...)
	generator.Verdict.Reasons = append(generator.Verdict.Reasons, "not judged, but would have failed: "+generator.Thresholds[0].ID+" (p95 = 512.3 ms)")
	for i := range generator.Thresholds {
		generator.Thresholds[i].Status = "not_trusted"
	}
	generator.Thresholds[0].Reason = "would have failed"

	users := passing()
	users.Generator.Warnings = []string{"CPU: this process used 95% of 2 cores: more VUs or a higher rate may not make more load"}
	users.Verdict = metrics.Verdict{Status: "load_not_achieved", ExitCode: 96, LimitedBy: metrics.LimitedByVUs, Reasons: []string{
		"the load was not achieved: too few VUs: dropped_iterations: count == 0 (count = 12)",
		`scenario "burst" dropped 12 of 50 iterations because all of its 3 VUs were busy; it would have taken about 8 (5 arrivals a second × 1.5 s an iteration): raise max_vus, or find out why iterations take so long`}}
	users.Scenarios[0].Started, users.Scenarios[0].Completed, users.Scenarios[0].Dropped = 38, 38, 12
	users.Thresholds[0].Status = "not_trusted"
	users.Thresholds[4].Status, users.Thresholds[4].Observed["count"] = "fail", 12

	dropped := passing()
	dropped.Verdict = metrics.Verdict{Status: "fail", ExitCode: 99}
	dropped.Scenarios[0].Dropped = 12
	dropped.Thresholds[4].Status, dropped.Thresholds[4].Observed["count"] = "fail", 12

	zero := passing()
	zero.Metrics = append(step{}.series(), step{tags: tags{"step": "deliver event"}}.series()...)
	zero.Checks[0].Passes, zero.Checks[1].Passes = 0, 0
	zero.Verdict = metrics.Verdict{Status: "fail", ExitCode: 99}
	zero.Thresholds[0] = threshold("http_req_latency", "{step=deliver event}", "p95 < 500ms", "fail", nil, "ms")
	zero.Thresholds[0].Reason = "no data"

	long := shop()
	name := strings.Repeat("a very long name ", 20) + "end"
	for i := range long.Metrics {
		if long.Metrics[i].Tags["step"] == "scan" {
			long.Metrics[i].Tags["step"] = name
		}
	}
	long.Thresholds[0] = threshold("http_req_latency", "{step="+name+"}", "p95 < 310ms", "fail", map[string]float64{"p95": 310.4}, "ms")
	long.Errors[0].Samples[0].Message = strings.Repeat("stack overflow ", 400)
	long.Scenarios[0].Name = strings.Repeat("x", 300)

	wide := shop()
	for i := range wide.Metrics {
		if wide.Metrics[i].Tags["step"] == "scan" {
			wide.Metrics[i].Tags["step"] = "チケットを読み取る 🎟️"
		}
	}
	wide.Plan.Name = "Büro für 負荷試験"

	aborted := passing()
	aborted.Verdict = metrics.Verdict{Status: "aborted", ExitCode: 108, Reasons: []string{"an abort step stopped the run; wrong tenant"}}

	checks := passing()
	checks.Verdict = metrics.Verdict{Status: "fail", ExitCode: 99, Reasons: []string{"threshold failed: checks: rate == 100% (rate = 99%)"}}
	checks.Checks[0].Passes, checks.Checks[0].Fails = 49, 1
	checks.Thresholds[2].Status, checks.Thresholds[2].Observed = "fail", map[string]float64{"rate": 0.99}

	bare := &metrics.Result{Plan: metrics.PlanInfo{Name: "nothing"}, Verdict: metrics.Verdict{Status: "pass"}}
	return map[string]*metrics.Result{
		"pass": passing(), "fail": shop(), "setup": setup, "interrupted": interrupted, "by-hand": byHand, "generator": generator, "users": users, "dropped": dropped,
		"zero": zero, "long": long, "wide": wide, "aborted": aborted, "checks": checks, "hostile": poisoned(), "bare": bare,
	}
}

func render(t *testing.T, r *metrics.Result, o Options) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := WriteTable(&buf, r, o); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestTableShowsWhatHappened(t *testing.T) {
	for name, r := range cases() {
		t.Run(name, func(t *testing.T) { golden(t, "table-"+name+".txt", render(t, r, Options{})) })
	}
}

func TestTableColoursAndNarrowScreens(t *testing.T) {
	golden(t, "table-color.txt", render(t, shop(), Options{Color: true}))
	golden(t, "table-80.txt", render(t, shop(), Options{Width: 80}))
}

var ansiCodes = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestColourNeverMeansSomethingAlone(t *testing.T) {
	for name, r := range cases() {
		plain, colored := render(t, r, Options{}), render(t, r, Options{Color: true})
		if got := ansiCodes.ReplaceAll(colored, nil); !bytes.Equal(trimLines(got), trimLines(plain)) {
			t.Errorf("%s: without its colours the text is another one\n%s\n%s", name, got, plain)
		}
	}
}

func trimLines(text []byte) []byte {
	var out []byte
	for line := range bytes.Lines(text) {
		out = append(append(out, bytes.TrimRight(line, " \n")...), '\n')
	}
	return out
}

func TestTablesFitTheScreen(t *testing.T) {
	for name, r := range cases() {
		for _, limit := range []int{80, 100, 120, 200} {
			for i, line := range strings.Split(string(render(t, r, Options{Width: limit})), "\n") {
				sentence := strings.Contains(line, " – ") || strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "Generator") || i < 2
				if width(line) > limit && !sentence {
					t.Errorf("%s at %d: line %d is %d columns wide: %s", name, limit, i+1, width(line), line)
				}
			}
		}
	}
}

func TestNothingHostileReachesTheTerminal(t *testing.T) {
	for _, text := range []string{string(render(t, poisoned(), Options{})), Sentence(poisoned()), suite(t, poisoned(), passing())} {
		for _, r := range text {
			if r != '\n' && !unicode.IsPrint(r) {
				t.Fatalf("%U reached the terminal in\n%s", r, text)
			}
		}
	}
}

func TestTheSameStepInTwoScenariosIsTwoRows(t *testing.T) {
	r := shop()
	got := stepSeries(r)
	if len(got) != 4 {
		t.Errorf("series: %v, want the four by scenario and step", got)
	}
	// A threshold that selects one scenario's scan adds a series that does not stand for the whole step.
	r.Metrics = slices.DeleteFunc(r.Metrics, func(m metrics.MetricResult) bool { return m.Tags["scenario"] == "buy" })
	for _, tags := range stepSeries(r) {
		if len(tags) != 1 {
			t.Errorf("series %v shown although it is only a part", tags)
		}
	}
}

func TestASelectorIsNoStep(t *testing.T) {
	r := shop()
	before := stepSeries(r)
	for _, tags := range []map[string]string{{"step": "=~^GET"}, {"step": "!=scan"}, {"scenario": "!=buy", "step": "scan"}, {"scenario": "buy", "step": "=~."}} {
		r.Metrics = append(r.Metrics, metrics.MetricResult{Name: "http_reqs", Type: "counter", Tags: tags, Values: map[string]float64{"count": 7}})
	}
	if got := stepSeries(r); len(got) != len(before) {
		t.Errorf("rows for %v, want %v", got, before)
	}
}

func suite(t *testing.T, results ...*metrics.Result) string {
	t.Helper()
	exit := 0
	for _, r := range results {
		exit = max(exit, r.Verdict.ExitCode)
	}
	var buf bytes.Buffer
	if err := WriteSuite(&buf, results, exit, Options{}); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestSuite(t *testing.T) {
	c := cases()
	golden(t, "suite-fail.txt", []byte(suite(t, c["pass"], c["fail"], c["setup"], c["users"], c["interrupted"], c["long"])))
	golden(t, "suite-pass.txt", []byte(suite(t, c["pass"], c["bare"])))
}

func TestManyChecksAndErrorsAreSummarised(t *testing.T) {
	r := passing()
	for i := range 30 {
		r.Checks = append(r.Checks, metrics.CheckResult{Name: fmt.Sprintf("c%02d", i), Step: "s", Passes: 5, Fails: int64(i % 29 / 28)})
		r.Errors = append(r.Errors, metrics.ErrorResult{Class: "dial", Step: fmt.Sprintf("s%02d", i), Count: int64(i)})
	}
	text := string(render(t, r, Options{}))
	for _, want := range []string{"c28", "31 other checks never failed", "s29", "and 10 rarer kinds"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, not := range []string{"c01", "s09 "} {
		if strings.Contains(text, not) {
			t.Errorf("%q should be left out of\n%s", not, text)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("pipe closed") }

func TestAWritersErrorIsTold(t *testing.T) {
	if err := NewTable(broken{}, Options{}).Finish(passing()); err == nil || !strings.Contains(err.Error(), "pipe closed") {
		t.Errorf("err = %v", err)
	}
	if err := WriteSuite(broken{}, nil, 0, Options{}); err == nil {
		t.Error("no error of the suite")
	}
}

func TestAQuietRunSaysItsVerdict(t *testing.T) {
	var buf bytes.Buffer
	c := cases()
	for _, name := range []string{"pass", "fail", "generator", "users", "interrupted", "aborted", "setup", "dropped", "checks"} {
		out := NewBrief(&buf, Options{})
		if err := errors.Join(out.Start(Info{}), out.Finish(c[name])); err != nil {
			t.Fatal(err)
		}
		buf.WriteByte('\n')
	}
	golden(t, "verdicts.txt", buf.Bytes())
	if err := NewBrief(broken{}, Options{}).Finish(passing()); err == nil {
		t.Error("no error of the writer")
	}
}

func TestVerdictsThatLackTheirReasons(t *testing.T) {
	for status, want := range map[string]string{
		"fail": "FAIL – no threshold failed, and no reason was given.", "error": "ERROR – no reason was given; no load was measured.",
		"load_not_achieved": "LOAD NOT ACHIEVED – too few VUs: more VUs are needed than max_vus allows.", "odd\x1b": `ODD\x1B`,
	} {
		if got := Sentence(&metrics.Result{Verdict: metrics.Verdict{Status: status}}); !strings.HasPrefix(strings.ToLower(got), strings.ToLower(want)) {
			t.Errorf("%s: %s, want %s", status, got, want)
		}
	}
	limited := &metrics.Result{Verdict: metrics.Verdict{Status: "load_not_achieved", LimitedBy: metrics.LimitedByGenerator}}
	if got := Sentence(limited); !strings.Contains(got, "use more cores") {
		t.Errorf("no remedy: %s", got)
	}
	many := passing()
	many.Verdict = metrics.Verdict{Status: "fail", Reasons: strings.Split(strings.Repeat("reason ", 39)+"last", " ")}
	if text := string(render(t, many, Options{})); !strings.Contains(text, "  and 28 more reasons\n") {
		t.Errorf("reasons are not cut short:\n%s", text)
	}
}

func TestTheSentenceIsAboutTheFirstReason(t *testing.T) {
	r := shop() // with too few VUs as well: a failed condition on drops is no reason to blame the target
	r.Thresholds = append([]metrics.ThresholdResult{byDefault(threshold("dropped_iterations", "", "count == 0", "fail", map[string]float64{"count": 12}, ""))}, r.Thresholds...)
	if got := Sentence(r); !strings.HasPrefix(got, "FAIL – p95 < 310ms on http_req_latency{step=scan}: observed 310.4 ms, and 3 more failed thresholds") {
		t.Error(got)
	}
}

func TestSentencesEndOnce(t *testing.T) {
	log := &metrics.Result{Verdict: metrics.Verdict{Status: "error", Reasons: []string{"service box: not ready; the last lines of its log:\n  | bye"}}}
	if got, want := Sentence(log), "ERROR – service box: not ready; no load was measured."; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	down := cases()["fail"]
	down.Thresholds = []metrics.ThresholdResult{threshold("http_req_failed", "", "rate == 0%", "fail", map[string]float64{"rate": 1}, "")}
	down.Errors = []metrics.ErrorResult{{Class: "dial", Scenario: "s", Step: "GET /", Count: 1}}
	if got := Sentence(down); !strings.HasSuffix(got, "?") {
		t.Error(got)
	}
}
