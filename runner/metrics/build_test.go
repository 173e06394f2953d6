package metrics

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"runner/spec"
)

// shopResult is the result of a run in the shop.
func shopResult(t *testing.T, run func(*bench), sources ...Source) *Result {
	t.Helper()
	l := shopLayout()
	c, problems := CompileThresholds(l, sources, spec.Ratio{Den: 1})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	b := newBench(t, l, c)
	b.ScenarioStarted(0, 0)
	b.ScenarioEnded(0, 10_000*ms)
	run(b)
	b.finish(10_000 * ms)
	return Build(b.Recorder, b.totals, Context{
		Tool: Tool{Name: "runner", Version: "1"}, Plan: PlanInfo{Name: "shop", File: "shop.yaml", Digest: "sha256:0", Seed: math.MaxUint64},
		Run:       RunInfo{ID: "1", Start: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), DurationS: 10, Segments: 1},
		Scenarios: []ScenarioInfo{{Executor: "constant-arrival-rate", Planned: 103}, {Executor: "constant-vus", Planned: -1}},
	})
}

func TestResultsFollowTheSchema(t *testing.T) {
	file, err := os.Open("../../schemas/result.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	doc, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("result.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("result.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why string
		run func(*bench)
	}{
		{"something of everything", shopping},
		{"nothing at all", func(*bench) {}},
		{"numbers that JSON does not have", func(b *bench) {
			for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64} {
				for m := range b.layout.Custom {
					b.Shard(0).Emit(EmitID(2*m), Moment{Stage: 1}, v)
				}
			}
		}},
	} {
		text, err := json.Marshal(shopResult(t, row.run, threshold("size", nil, "p95 < 1MiB || avg > 0B")))
		if err != nil {
			t.Fatalf("%s: %v", row.why, err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", row.why, err)
		}
		if row.why == "nothing at all" {
			value.(map[string]any)["verdict"] = nil
			if schema.Validate(value) == nil {
				t.Error("the schema accepts a result without a verdict")
			}
		}
	}
}

func TestResultLists(t *testing.T) {
	r := shopResult(t, shopping, threshold("http_req_latency", where("stage=peak"), "p95 < 5s"), threshold("http_reqs", where("status=418"), "count == 0"), threshold("http_reqs", where("step=list"), "count > 0"))
	for _, row := range []struct {
		metric string
		tags   map[string]string
		name   string
		want   float64
	}{
		{"http_reqs", map[string]string{}, "count", 1031},
		{"http_reqs", map[string]string{}, "rate", 103.1},
		{"http_reqs", map[string]string{"scenario": "browse"}, "count", 20},
		{"http_reqs", map[string]string{"step": "list"}, "count", 1020},
		{"http_reqs", map[string]string{"group": "checkout"}, "count", 11},
		{"http_reqs", map[string]string{"status": "418"}, "count", 0},
		{"http_req_latency", map[string]string{"stage": "peak"}, "max", 2000},
		{"http_req_failed", map[string]string{"step": "order"}, "passes", 1},
		{"dropped_iterations", map[string]string{}, "count", 3},
		{"iterations_interrupted", map[string]string{}, "count", 0},
		{"checks", map[string]string{"step": "order"}, "rate", 1},
		{"vus", map[string]string{}, "max", 7},
	} {
		i := slices.IndexFunc(r.Metrics, func(m MetricResult) bool { return m.Name == row.metric && maps.Equal(m.Tags, row.tags) })
		if i < 0 || r.Metrics[i].Values[row.name] != row.want {
			t.Errorf("%s%v: %s is %v, want %v", row.metric, row.tags, row.name, r.Metrics[max(i, 0)].Values[row.name], row.want)
		}
	}
	seen := map[string]bool{}
	for _, m := range r.Metrics {
		text, _ := json.Marshal(m.Tags)
		if key := m.Name + string(text); seen[key] {
			t.Errorf("%s is there twice", key)
		} else {
			seen[key] = true
		}
	}
}

func TestResultCountsFailures(t *testing.T) {
	r := shopResult(t, func(b *bench) {
		shopping(b)
		b.Shard(0).Error(1, classTimeout, 2000*ms, "http://shop/order", "no answer for 2 s")
		b.Shard(0).Error(0, 0, 10*ms, "http://shop/list", "503")
		b.Shard(0).Failed(0, CauseValue, 100*ms, errors.New("token: nothing found"))
	})
	wantErrors := []ErrorResult{
		{Class: "status", Scenario: "buy", Step: "list", Count: 7, Samples: []ErrorSample{{0.01, "http://shop/list", "503"}}},
		{Class: "timeout", Scenario: "buy", Step: "order", Count: 1, Samples: []ErrorSample{{2, "http://shop/order", "no answer for 2 s"}}},
		{Class: "check", Scenario: "buy", Count: 10, Samples: []ErrorSample{}},
		{Class: "value", Scenario: "buy", Count: 10, Samples: []ErrorSample{{0.1, "", "token: nothing found"}}},
	}
	if !reflect.DeepEqual(r.Errors, wantErrors) {
		t.Errorf("errors %+v", r.Errors)
	}
	if want := []CheckResult{{"ok", "buy", "list", 993, 7}, {"ordered", "buy", "order", 10, 0}, {"ok", "browse", "list", 0, 0}}; !slices.Equal(r.Checks, want) {
		t.Errorf("checks %+v", r.Checks)
	}
	want := ScenarioResult{Name: "buy", Executor: "constant-arrival-rate", DurationS: 10, Planned: 103, Started: 100, Completed: 100, Failed: 20, Dropped: 3, VUsMax: 6}
	if r.Scenarios[0] != want {
		t.Errorf("scenario %+v", r.Scenarios[0])
	}
}

// A host that runs out of something is in the verdict, however well the rest went.
func TestLocalErrorsAreFound(t *testing.T) {
	if v := shopResult(t, shopping).Verdict; v.LimitedBy != LimitedByVUs {
		t.Errorf("without: %+v", v)
	}
	v := shopResult(t, func(b *bench) {
		shopping(b)
		b.Shard(0).Request(&Request{Class: classLocal, Local: true, Last: true, End: ms})
	}).Verdict
	if v.LimitedBy != LimitedByGenerator || v.ExitCode != ExitLoadNotAchieved {
		t.Errorf("with one: %+v", v)
	}
}

// Equal runs give equal bytes: nothing depends on the order of a map.
func TestResultsAreStable(t *testing.T) {
	first, err := json.Marshal(shopResult(t, shopping))
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := json.Marshal(shopResult(t, shopping))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatal("two equal runs differ")
		}
	}
}

func TestWeakPercentilesAreNamed(t *testing.T) {
	r := shopResult(t, shopping)
	for _, m := range r.Metrics {
		if m.Name == "http_req_latency" && m.Tags["scenario"] == "browse" && !slices.Equal(m.Weak, []string{"p90", "p95", "p99", "p99.9"}) {
			t.Errorf("of 20 samples: %v", m.Weak)
		}
	}
}
