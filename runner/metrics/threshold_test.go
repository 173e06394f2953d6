package metrics

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"runner/spec"
)

// judged compiles thresholds over the shop, lets a run happen and judges it.
func judged(t *testing.T, sources []Source, tolerance spec.Ratio, run func(b *bench)) []ThresholdResult {
	t.Helper()
	l := shopLayout()
	c, problems := CompileThresholds(l, sources, tolerance)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	b := newBench(t, l, c)
	for i := range l.Scenarios {
		b.ScenarioStarted(ScenarioID(i), 0)
		b.ScenarioEnded(ScenarioID(i), 10_000*ms)
	}
	run(b)
	b.finish(10_000 * ms)
	return b.totals.Judge(true)
}

// shopping is a run with something of everything:
//
//	buy/list: 1,000 requests of 1..1,000 ms, stage warm for the first 500, then peak; 7 fail with 503
//	buy/order: 10 requests of 5 ms; one more times out after 2 s
//	browse/list: 20 requests of 50 ms
func shopping(b *bench) {
	s := b.Shard(0)
	for i := range int64(1000) {
		q := okRequest(0, 0, (i+1)*ms)
		q.Stage = int16(1 + i/500)
		if i%143 == 142 && i < 1001 {
			q.Status, q.Unexpected, q.Failed = 503, true, true
		}
		if i == 999 {
			q.Status, q.Unexpected, q.Failed = 503, true, true
		}
		s.Request(&q)
		s.Check(0, Moment{Stage: q.Stage}, q.Status == 200)
	}
	for range 10 {
		q := okRequest(1, 0, 5*ms)
		q.Stage = 2
		s.Request(&q)
		s.Check(1, Moment{Stage: 2}, true)
	}
	timeout := Request{Step: 1, Stage: 2, Class: classTimeout, Last: true, Failed: true, BytesOut: true, End: 2000 * ms}
	s.Request(&timeout)
	for range 20 {
		q := okRequest(2, 0, 50*ms)
		s.Request(&q)
	}
	for i := range int64(100) {
		it := Iteration{Open: true, Stage: int16(1 + i/50), Due: 0, Start: 0, End: 100 * ms}
		if i%10 == 0 {
			it.Cause = CauseValue
		}
		if i%10 == 1 {
			it.Cause = CauseCheck
		}
		s.Iteration(&it)
	}
	s.Group(0, Moment{Stage: 1}, 0, 30*ms)
	s.Group(0, Moment{Stage: 2}, 0, 60*ms)
	s.Emit(0, Moment{Stage: 1}, 30)
	s.Emit(0, Moment{Stage: 2}, 20)
	s.Emit(2, Moment{Stage: 2}, 4)
	s.Emit(7, Moment{}, 2048)
	b.Dropped(0, 1, 1, 0, "vus")
	b.Dropped(0, 1, 2, 0, "vus")
	b.Dropped(0, 1, 2, 0, "end")
	b.VUs(0, 4, 6)
	b.VUs(1, 3, 3)
	b.VUs(0, 1, 6)
}

// Conditions over the run of shopping. No observed values: not compared; empty ones: there was no data.
var conditionRows = []struct {
	why      string
	metric   string
	selector []spec.Matcher
	that     string
	status   string
	observed map[string]float64
}{
	{"a trend of a step: rank 950 of 1,000", "http_req_latency", where("step=list", "scenario=buy"), "p95 <= 951ms", Passed, nil},
	{"and fails", "http_req_latency", where("step=list", "scenario=buy"), "p95 < 949ms", FailedStatus, nil},
	{"several aggregates in one condition", "http_req_duration", where("scenario=browse"), "max == 50ms && avg == 50ms && min == 50ms && count == 20", Passed,
		map[string]float64{"max": 50, "avg": 50, "min": 50, "count": 20}},
	{"7 of 1,000 meets 0.7 % exactly", "http_req_failed", where("step=list", "scenario=buy"), "rate <= 0.7%", Passed, map[string]float64{"rate": 7.0 / 1000}},
	{"and not less", "http_req_failed", where("step=list", "scenario=buy"), "rate < 0.7%", FailedStatus, nil},
	{"passes of a rate: how often it was true", "http_req_failed", where("step=list", "scenario=buy"), "passes == 7 && fails == 993", Passed, nil},
	{"checks by name", "checks", where("check=ordered"), "rate == 100%", Passed, nil},
	{"checks by step", "checks", where("step=list"), "fails == 7", Passed, nil},
	{"a counter", "http_reqs", nil, "count == 1031", Passed, nil},
	{"its rate divides by the scenarios' time, to the planned end", "http_reqs", where("scenario=browse"), "rate == 2/s", Passed, map[string]float64{"rate": 2}},
	{"bytes", "data_received", where("scenario=browse"), "count == 2000B", Passed, nil},
	{"errors by class", "request_errors", where("class=timeout"), "count == 1", Passed, nil},
	{"a counter with no samples is 0 and judged", "request_errors", where("class=reset"), "count == 0", Passed, map[string]float64{"count": 0}},
	{"errors of other classes", "request_errors", where("class!=timeout"), "count == 0", Passed, nil},
	{"a status, which only samples know", "http_reqs", where("status=503"), "count == 7", Passed, nil},
	{"statuses are open: one that never came", "http_reqs", where("status=418"), "count == 0", Passed, nil},
	{"statuses by pattern", "http_reqs", where("status=~^5"), "count == 7", Passed, nil},
	{"a trend by stage", "http_req_latency", where("stage=peak", "step=list"), "min == 501ms && count == 500", Passed, nil},
	{"a trend without a stage", "http_req_latency", where("stage!=warm", "step=list"), "count == 520", Passed, nil},
	{"a trend of one class", "http_req_latency", where("class=timeout"), "max == 2000ms && count == 1", Passed, nil},
	{"a trend of expected ones", "http_req_latency", where("expected=false"), "count == 8", Passed, nil},
	{"by method", "http_reqs", where("method=POST"), "count == 11", Passed, nil},
	{"by group", "http_reqs", where("group=checkout"), "count == 11", Passed, nil},
	{"by a tag of the step", "http_reqs", where("kind=write"), "count == 11", Passed, nil},
	{"by a tag of the scenario", "http_reqs", where("team=blue"), "count == 20", Passed, nil},
	{"not a tag", "http_reqs", where("team!=blue"), "count == 1011", Passed, nil},
	{"errors by class and stage", "request_errors", where("class=timeout", "stage=peak"), "count == 1", Passed, nil},
	{"and in another stage", "request_errors", where("class=timeout", "stage=warm"), "count == 0", Passed, nil},
	{"iterations by stage", "iterations", where("stage=peak"), "count == 50", Passed, nil},
	{"a cause's share of all iterations", "iterations_failed", where("cause=value"), "rate == 10%", Passed, map[string]float64{"rate": 0.1}},
	{"any cause", "iterations_failed", nil, "rate == 20%", Passed, nil},
	{"a cause in a stage, of the stage's iterations", "iterations_failed", where("cause=value", "stage=warm"), "rate == 10% && passes == 5", Passed, nil},
	{"iterations of one cause", "iteration_duration", where("cause=check"), "count == 10", Passed, nil},
	{"drops by cause", "dropped_iterations", where("cause=end"), "count == 1", Passed, nil},
	{"drops by stage", "dropped_iterations", where("stage=peak"), "count == 2", Passed, nil},
	{"checks by stage", "checks", where("stage=warm"), "passes + fails == 500", Passed, nil},
	{"a group", "group_duration", where("group=checkout"), "max == 60ms", Passed, nil},
	{"a group by stage", "group_duration", where("stage=warm"), "max == 30ms", Passed, nil},
	{"a counter of the plan's own", "carts", nil, "count == 50 && rate == 5/s", Passed, nil},
	{"by stage", "carts", where("stage=peak"), "count == 20", Passed, nil},
	{"by a named stage's number", "carts", where("stage=2"), "count == 20", Passed, nil},
	{"a number left out", "carts", where("stage!=2"), "count == 30", Passed, nil},
	{"by what numbers look like", "carts", where("stage=~^[12]$"), "count == 50", Passed, nil},
	{"a gauge", "depth", nil, "value == 4 && min == 4 && max == 4", Passed, nil},
	{"a trend in bytes", "size", nil, "p50 == 2KiB", Passed, nil},
	{"VUs of one scenario", "vus", where("scenario=buy"), "value == 1 && max == 4", Passed, nil},
	{"VUs of all: the most at one time", "vus", nil, "value == 4 && max == 7", Passed, nil},
	{"and made", "vus_max", nil, "value == 9", Passed, nil},
	{"a rate without samples fails", "cached", nil, "rate == 0%", FailedStatus, map[string]float64{}},
	{"a trend without samples fails", "http_req_dns", nil, "p95 < 1s", FailedStatus, map[string]float64{}},
	{"a percentile at the edge", "http_req_latency", where("scenario=browse"), "p(99.9) == 50ms", Passed, map[string]float64{"p99.9": 50}},
}

func TestConditionsOverEveryType(t *testing.T) {
	for _, row := range conditionRows {
		results := judged(t, []Source{threshold(row.metric, row.selector, row.that)}, spec.Ratio{Den: 1}, shopping)
		r := results[0]
		if r.Status != row.status {
			t.Errorf("%s: %s is %s %s, observed %v", row.why, r.ID, r.Status, r.Reason, r.Observed)
		}
		if row.observed != nil && !maps.Equal(r.Observed, row.observed) {
			t.Errorf("%s: observed %v, want %v", row.why, r.Observed, row.observed)
		}
		if noSamples := row.observed != nil && len(row.observed) == 0; noSamples != (r.Reason == noData) {
			t.Errorf("%s: reason %q", row.why, r.Reason)
		}
	}
}

func TestResultOfACondition(t *testing.T) {
	r := judged(t, []Source{threshold("http_req_failed", where("stage=peak", "team!=blue"), "rate <= 5%")}, spec.Ratio{Den: 1}, shopping)[0]
	if r.ID != "http_req_failed{stage=peak,team!=blue}: rate <= 5%" || r.Stage != "peak" || r.Unit != "%" || r.Default || r.Aborted {
		t.Errorf("got %+v", r)
	}
	if want := map[string]string{"stage": "peak", "team": "!=blue"}; !maps.Equal(r.Selector, want) {
		t.Errorf("selector %v", r.Selector)
	}
}

func TestInlineThresholds(t *testing.T) {
	s := threshold("", nil, "p95 < 6ms", "max < 3s")
	s.Where = where("scenario=buy", "step=order")
	results := judged(t, []Source{s}, spec.Ratio{Den: 1}, shopping)
	if results[0].ID != "http_req_latency{scenario=buy,step=order}: p95 < 6ms" || results[0].Status != FailedStatus || results[1].Status != Passed {
		t.Errorf("got %+v", results[:2])
	}
}

func TestSameConditionTwice(t *testing.T) {
	s := threshold("http_reqs", nil, "count > 1")
	results := judged(t, []Source{s, s}, spec.Ratio{Den: 1}, shopping)
	if results[0].ID == results[1].ID {
		t.Errorf("both are %q", results[0].ID)
	}
}

func TestMistakesInThresholds(t *testing.T) {
	for _, row := range []struct {
		why     string
		source  Source
		message string // part of it
		hint    string
	}{
		{"a metric that is near another", threshold("http_req_latncy", nil, "p95 < 1s"), `unknown metric "http_req_latncy"`, `did you mean "http_req_latency"?`},
		{"a metric near none", threshold("zzzzzz", nil, "p95 < 1s"), `unknown metric "zzzzzz"`, "have: http_req_latency, http_req_duration"},
		{"a scenario that is not there", threshold("http_reqs", where("scenario=bye"), "count > 0"), `no scenario "bye"`, "have: buy, browse"},
		{"a step that is not there", threshold("http_reqs", where("step!=lst"), "count > 0"), `no step "lst"`, `did you mean "list"?`},
		{"a step of setup has no samples", threshold("http_reqs", where("step=log in"), "count > 0"), `no step "log in"`, ""},
		{"a group", threshold("http_reqs", where("group=pay"), "count > 0"), `no group "pay"`, "have: checkout"},
		{"a check", threshold("checks", where("check=okay"), "rate > 1%"), `no check "okay"`, "have: ok, ordered"},
		{"a method", threshold("http_reqs", where("method=PUT"), "count > 0"), `no method "PUT"`, ""},
		{"a class", threshold("request_errors", where("class=timeoot"), "count < 1"), `no class "timeoot"`, `did you mean "timeout"?`},
		{"a cause", threshold("iterations_failed", where("cause=checks"), "rate < 1%"), `no cause "checks"`, `did you mean "check"?`},
		{"a cause of drops is another thing", threshold("dropped_iterations", where("cause=value"), "count < 1"), `no cause "value"`, "have: vus, end"},
		{"a stage", threshold("http_reqs", where("stage=peek"), "count > 0"), `no stage "peek"`, `did you mean "peak"?`},
		{"true or false", threshold("http_reqs", where("expected=yes"), "count > 0"), `no expected "yes"`, "have: true, false"},
		{"a tag that the metric does not have", threshold("iterations", where("step=list"), "count > 0"), `metric iterations has no tag "step"`, "have: scenario, stage"},
		{"a tag that nobody has", threshold("http_reqs", where("tema=red"), "count > 0"), `no tag "tema"`, `did you mean "team"?`},
		{"a pattern that is none", threshold("http_reqs", where("status=~("), "count > 0"), "error parsing regexp", ""},
		{"nothing has both", threshold("http_reqs", where("scenario=browse", "step=order"), "count > 0"), "no http_reqs of the plan has scenario=browse,step=order", ""},
		{"drops of a closed scenario", threshold("dropped_iterations", where("scenario=browse"), "count == 0"), `no scenario "browse"`, "have: buy"},
		{"a condition without its unit", threshold("http_req_latency", nil, "p95 < 500"), "", ""},
		{"an aggregate of another type", threshold("http_reqs", nil, "p95 < 500ms"), "", ""},
		{"a percentile that nobody can name", threshold("http_req_latency", nil, "p(0.00012345678901234567) < 1s"), "can't be computed", ""},
	} {
		_, problems := CompileThresholds(shopLayout(), []Source{row.source}, spec.Ratio{Den: 1})
		if len(problems) != 1 {
			t.Errorf("%s: %d problems: %v", row.why, len(problems), problems)
			continue
		}
		p := problems[0]
		if !strings.Contains(p.Message, row.message) || !strings.HasPrefix(p.Hint, row.hint) {
			t.Errorf("%s: %q (%q), want %q (%q)", row.why, p.Message, p.Hint, row.message, row.hint)
		}
		if p.Pos.IsZero() || p.Width < 1 {
			t.Errorf("%s: at %v, %d wide", row.why, p.Pos, p.Width)
		}
	}
}

// Several mistakes are told at once: in the selector and in the condition.
func TestAllMistakesAtOnce(t *testing.T) {
	_, problems := CompileThresholds(shopLayout(), []Source{
		threshold("http_reqs", where("scenario=bye", "step=lst"), "p95 < 1s", "count > 0"), threshold("nope", nil, "x"),
	}, spec.Ratio{Den: 1})
	if len(problems) != 4 {
		t.Errorf("%d problems: %v", len(problems), problems)
	}
}

func TestDefaultThresholds(t *testing.T) {
	onePercent, none := spec.Ratio{Num: 1, Den: 100}, spec.Ratio{Den: 1}
	all := []string{"checks: rate == 100%", "http_req_failed: rate == 0%", "iterations_failed{cause!=request,cause!=check}: rate == 0%", "dropped_iterations: count == 0"}
	for _, row := range []struct {
		why       string
		layout    *Layout
		sources   []Source
		tolerance spec.Ratio
		want      []string
	}{
		{"a plan that says nothing has all four", shopLayout(), nil, none, all},
		{"tolerance relaxes the first two", shopLayout(), nil, onePercent, []string{"checks: rate >= 99%", "http_req_failed: rate <= 1%", all[2], all[3]}},
		{"exactly", shopLayout(), nil, spec.Ratio{Num: 7, Den: 1000}, []string{"checks: rate >= 99.3%", "http_req_failed: rate <= 0.7%", all[2], all[3]}},
		{"a condition without a selector leaves nothing to a default", shopLayout(), []Source{threshold("checks", nil, "rate > 90%")}, none, all[1:]},
		{"one with a selector leaves the rest", shopLayout(), []Source{threshold("checks", where("check=ok"), "rate > 90%")}, none, all},
		{"unless that is all there is", shopLayout(), []Source{threshold("checks", where("check=ok"), "rate > 90%"), threshold("checks", where("check=ordered"), "rate > 90%")}, none, all[1:]},
		{"a condition over a stage leaves the others", shopLayout(), []Source{threshold("http_req_failed", where("stage=peak"), "rate < 5%")}, none, all},
		{"a plan without checks can't fail one", &Layout{Scenarios: []Scenario{{Name: "a", Drops: true}}, Steps: []Step{{Name: "x", Group: -1}}}, nil, none, all[1:]},
		{"one that can start all of its iterations drops none", &Layout{Scenarios: []Scenario{{Name: "a"}}, Steps: []Step{{Name: "x", Group: -1}}}, nil, none, all[1:3]},
		{"one without requests has none that fail", &Layout{Scenarios: []Scenario{{Name: "a"}}}, nil, none, all[2:3]},
		{"a step of setup is no request of the run", &Layout{Scenarios: []Scenario{{Name: "a"}}, Steps: []Step{{Name: "x", Scenario: -1, Group: -1}}}, nil, none, all[2:3]},
	} {
		_, problems := CompileThresholds(row.layout, row.sources, row.tolerance)
		if len(problems) > 0 {
			t.Errorf("%s: %v", row.why, problems)
		}
		var got []string
		for _, th := range row.layout.Thresholds {
			if th.Default {
				got = append(got, th.ID)
			}
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}

// A default judges what no condition of the plan selects, down to single samples.
func TestDefaultsJudgeTheRest(t *testing.T) {
	for _, row := range []struct {
		why      string
		source   Source
		metric   string
		status   string
		observed float64
	}{
		{"everything: 8 of 1,031 failed", threshold("http_reqs", nil, "count > 0"), "http_req_failed", FailedStatus, 8.0 / 1031},
		{"without the step that fails most", threshold("http_req_failed", where("step=list"), "rate < 5%"), "http_req_failed", FailedStatus, 1.0 / 11},
		{"without a status: the timeout is left", threshold("http_req_failed", where("status=503"), "rate <= 100%"), "http_req_failed", FailedStatus, 1.0 / 1024},
		{"without a stage: 3 of 520", threshold("http_req_failed", where("stage=peak"), "rate < 5%"), "http_req_failed", FailedStatus, 3.0 / 520},
		{"iterations that failed for another cause than request or check", threshold("http_reqs", nil, "count > 0"), "iterations_failed", FailedStatus, 0.1},
		{"of which the plan allows one", threshold("iterations_failed", where("cause=value"), "rate <= 10%"), "iterations_failed", Passed, 0},
		{"or all, in one stage", threshold("iterations_failed", where("stage=warm"), "rate <= 100%"), "iterations_failed", FailedStatus, 0.1},
		{"drops", threshold("dropped_iterations", where("cause=vus"), "count <= 2"), "dropped_iterations", FailedStatus, 1},
	} {
		for _, r := range judged(t, []Source{row.source}, spec.Ratio{Den: 1}, shopping) {
			if !r.Default || r.Metric != row.metric {
				continue
			}
			observed := r.Observed["rate"]
			if row.metric == "dropped_iterations" {
				observed = r.Observed["count"]
			}
			if r.Status != row.status || observed != row.observed {
				t.Errorf("%s: %s, observed %v, want %s and %v", row.why, r.Status, r.Observed, row.status, row.observed)
			}
		}
	}
}

func TestDefaultsWithoutData(t *testing.T) {
	for _, r := range judged(t, nil, spec.Ratio{Den: 1}, func(*bench) {}) {
		want := FailedStatus
		if r.Metric == "dropped_iterations" {
			want = Passed
		}
		if r.Status != want {
			t.Errorf("%s: %s", r.ID, r.Status)
		}
	}
}

// A scenario whose if: says no has nothing to be judged by.
func TestConditionsOfASkippedScenario(t *testing.T) {
	l := shopLayout()
	c, problems := CompileThresholds(l, []Source{
		threshold("http_req_latency", where("scenario=browse"), "p95 < 1s"), threshold("http_req_latency", nil, "p95 < 1s"),
	}, spec.Ratio{Den: 1})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	b := newBench(t, l, c)
	b.ScenarioSkipped(1)
	b.finish(ms)
	results := b.totals.Judge(true)
	if results[0].Status != NotApplicable || results[1].Status != FailedStatus {
		t.Errorf("got %s and %s", results[0].Status, results[1].Status)
	}
}

func TestLiveJudgement(t *testing.T) {
	l := shopLayout()
	sources := []Source{
		threshold("http_req_latency", where("scenario=browse"), "p95 < 10ms"), threshold("http_req_failed", nil, "rate < 50%"), threshold("checks", nil, "rate == 100%"),
	}
	sources[0].Threshold.Abort = spec.Bool{Value: true, Set: true}
	sources[1].Threshold.Abort = spec.Bool{Value: true, Set: true}
	c, problems := CompileThresholds(l, sources, spec.Ratio{Den: 1})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	b := newBench(t, l, c)
	second := func() {
		b.totals.Add(b.Cut(0))
	}
	second()
	if r := b.totals.Judge(false); r[1].Status != NotApplicable {
		t.Errorf("no data yet: %s", r[1].Status)
	}
	for range 100 {
		q := okRequest(2, 1000*ms, 50*ms)
		b.Shard(0).Request(&q)
	}
	second()
	if r := b.totals.Judge(false); r[0].Status != FailedStatus {
		t.Errorf("a weak percentile fails for the display: %s", r[0].Status)
	}
	if id, ok := b.totals.Abort(); ok {
		t.Errorf("but does not stop the run: %s", id)
	}
	for range 101 {
		q := okRequest(2, 2000*ms, 50*ms)
		q.Failed, q.Unexpected = true, true
		b.Shard(0).Request(&q)
	}
	second()
	id, ok := b.totals.Abort()
	if !ok || id != "http_req_latency{scenario=browse}: p95 < 10ms" {
		t.Errorf("with ten samples beyond it does: %q", id)
	}
	for range 100_000 {
		q := okRequest(2, 3000*ms, ms)
		b.Shard(0).Request(&q)
	}
	second()
	r := b.totals.Judge(true)
	if r[0].Status != FailedStatus || !r[0].Aborted || !strings.Contains(r[0].Reason, "stopped the run at 3.0s") {
		t.Errorf("what stopped the run stays failed: %+v", r[0])
	}
}

// The reference and the decoder list the same metrics as this package.
func TestCatalogIsThePlanLanguages(t *testing.T) {
	want := map[string]string{}
	for _, m := range spec.BuiltinMetrics() {
		want[m.Name] = m.Type + " " + m.Unit
	}
	got := map[string]string{}
	for _, m := range builtin {
		got[m.name] = m.typ.String() + " " + m.unit
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

func TestACounterMayStillHold(t *testing.T) {
	for _, c := range []struct {
		reason, condition string
		count             float64
		want              string
	}{
		{"it can still come to 50", "count == 50", 49, NotApplicable},
		{"it is there", "count == 50", 50, Passed},
		{"it is past it and never comes back", "count == 50", 51, FailedStatus},
		{"one more will do", "count > 0", 0, NotApplicable},
		{"a limit that was passed stays passed", "count < 1", 1, FailedStatus},
		{"a rate can go both ways, so it is shown as it stands", "rate > 1000/s", 1, FailedStatus},
	} {
		l := &Layout{Scenarios: []Scenario{{Name: "one"}}, Custom: []Custom{{Name: "hits", Type: Counter}}, Emits: []Emit{{Group: -1}}}
		source := Source{Threshold: &spec.Threshold{Metric: spec.Text{Value: "hits"}, That: []spec.Expr{{Source: c.condition}}}}
		conditions, problems := CompileThresholds(l, []Source{source}, spec.Ratio{})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		r := NewRecorder(l, conditions, func() int64 { return 0 })
		r.ScenarioStarted(0, 0)
		r.Shard(0).Emit(0, Moment{}, c.count)
		totals := NewTotals(l, conditions)
		totals.Add(r.Cut(int64(Interval)))
		if got := totals.Judge(false)[0].Status; got != c.want {
			t.Errorf("%s: %s at %v is %q, want %q", c.reason, c.condition, c.count, got, c.want)
		}
		if got := totals.Judge(true)[0].Status; got == NotApplicable {
			t.Errorf("%s: %s is not judged in the end", c.reason, c.condition)
		}
	}
}
