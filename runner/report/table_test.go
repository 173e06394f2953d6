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
	interrupted.Verdict = metrics.Verdict{Status: "interrupted", ExitCode: 105, Reasons: []string{"interrupted by a signal", "1 threshold failed"}}
	interrupted.Thresholds[0].Status = "fail"
	interrupted.Scenarios[0].Started, interrupted.Scenarios[0].Completed, interrupted.Scenarios[0].Interrupted = 21, 20, 1

	generator := passing()
	generator.Verdict = metrics.Verdict{Status: "load_not_achieved", ExitCode: 96, Reasons: []string{"generator-limited: 4 of 10 seconds were late"}}
	generator.Generator = metrics.Generator{CPU: 0.998, StartLagP99Ms: 212, BadSeconds: 4, Seconds: 10, Limited: true,
		Evidence: []string{"in 4 of 10 seconds more than 5% of the arrivals started over 50 ms late (worst: 212 ms)", "second 7: 9 of 100 timer ticks late"}}
	for i := range generator.Thresholds {
		generator.Thresholds[i].Status = "not_trusted"
	}
	generator.Thresholds[0].Reason = "would have failed"

	users := passing()
	users.Verdict = metrics.Verdict{Status: "load_not_achieved", ExitCode: 96, Reasons: []string{"VU-limited: max_vus 3 was too few, 8 would have done"}}
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
	aborted.Verdict = metrics.Verdict{Status: "aborted", ExitCode: 108, Reasons: []string{"step \"guard\" aborted the run: wrong tenant"}}

	bare := &metrics.Result{Plan: metrics.PlanInfo{Name: "nothing"}, Verdict: metrics.Verdict{Status: "pass"}}
	return map[string]*metrics.Result{
		"pass": passing(), "fail": shop(), "setup": setup, "interrupted": interrupted, "generator": generator, "users": users, "dropped": dropped,
		"zero": zero, "long": long, "wide": wide, "aborted": aborted, "hostile": poisoned(), "bare": bare,
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
