package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"runner/runner/metrics"
)

// world makes runs of a system: a common level that differs from run to run (the machine's day), and a little for each
// step by itself.
type world struct {
	random *rand.Rand
	steps  int
	common float64 // deviation of the logarithm, from run to run
	own    float64
}

var epoch = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// run is one run in which everything takes factor times as long.
func (w *world) run(i int, factor float64) Run {
	r := &metrics.Result{
		Tool: metrics.Tool{Name: "runner", Version: "1"}, Plan: metrics.PlanInfo{Name: "shop", Digest: "sha256:1"},
		Run: metrics.RunInfo{Start: epoch.Add(time.Duration(i) * time.Hour)}, Verdict: metrics.Verdict{Status: "pass"},
	}
	day := math.Exp(w.random.NormFloat64() * w.common)
	latency := func(tags map[string]string, base float64) {
		v := base * day * factor * math.Exp(w.random.NormFloat64()*w.own)
		r.Metrics = append(r.Metrics, metrics.MetricResult{Name: "http_req_latency", Type: "trend", Unit: "ms", Tags: tags,
			Values: map[string]float64{"med": v, "p95": 3 * v * math.Exp(w.random.NormFloat64()*w.own)}})
	}
	latency(map[string]string{}, 20)
	for i := range w.steps {
		latency(map[string]string{"step": fmt.Sprint("step ", i)}, float64(10+i))
	}
	failed := 0.002 + 0.0005*w.random.Float64()
	r.Metrics = append(r.Metrics,
		metrics.MetricResult{Name: "http_req_failed", Type: "rate", Tags: map[string]string{}, Values: map[string]float64{"rate": failed}},
		metrics.MetricResult{Name: "http_reqs", Type: "counter", Tags: map[string]string{}, Values: map[string]float64{"rate": 100 + 1e-6*w.random.Float64()}})
	return Run{File: fmt.Sprintf("run-%d.json", i), Result: r}
}

func (w *world) side(n int, factor float64) []Run {
	var runs []Run
	for i := range n {
		runs = append(runs, w.run(i, factor))
	}
	return runs
}

func compared(t *testing.T, base, head []Run, o Options) *Comparison {
	t.Helper()
	c, err := Compare(base, head, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Comparisons of a system with itself raise an alarm (of any kind, in any series) in at most Alpha of the cases, however
// many series there are, also where no change is tolerated.
func TestFalseAlarms(t *testing.T) {
	const comparisons = 400
	none := 0.0
	for _, steps := range []int{0, 6} {
		w := &world{random: rand.New(rand.NewPCG(1, uint64(steps))), steps: steps, common: 0.03, own: 0.02}
		alarms := 0
		for range comparisons {
			switch compared(t, w.side(5, 1), w.side(5, 1), Options{Tolerance: &none}).Verdict {
			case Regression, Improvement:
				alarms++
			}
		}
		t.Logf("%d steps: %d false alarms in %d comparisons", steps, alarms, comparisons)
		if alarms > comparisons*7/100 {
			t.Errorf("%d steps: %d false alarms in %d comparisons: more than 7 %%", steps, alarms, comparisons)
		}
	}
}

// What is 10 % slower is found by five runs against five.
func TestPower(t *testing.T) {
	const comparisons = 200
	for _, steps := range []int{0, 6} {
		w := &world{random: rand.New(rand.NewPCG(2, uint64(steps))), steps: steps, common: 0.02, own: 0.015}
		found := 0
		for range comparisons {
			c := compared(t, w.side(5, 1), w.side(5, 1.1), Options{})
			if c.Verdict == Regression && c.ExitCode == 99 && len(c.Reasons) > 0 {
				found++
			}
		}
		t.Logf("%d steps: found %d of %d", steps, found, comparisons)
		if found < comparisons*90/100 {
			t.Errorf("%d steps: found %d of %d: less than 90 %%", steps, found, comparisons)
		}
	}
}

func TestVerdicts(t *testing.T) {
	quiet := func(seed uint64) *world {
		return &world{random: rand.New(rand.NewPCG(seed, 0)), steps: 2, common: 0.01, own: 0.005}
	}
	tenth := 0.1
	for _, row := range []struct {
		why    string
		base   int
		head   int
		factor float64
		o      Options
		want   string
	}{
		{"slower", 5, 5, 1.2, Options{}, Regression},
		{"faster", 5, 5, 0.8, Options{}, Improvement},
		{"as ever", 5, 5, 1, Options{}, Same},
		{"slower, and tolerated", 5, 5, 1.05, Options{Tolerance: &tenth}, Same},
		{"one against one", 1, 1, 2, Options{}, TooFew},
		{"three against three: chance alone separates one in ten", 3, 3, 2, Options{}, TooFew},
		{"four against four is enough for a large change", 4, 4, 1.5, Options{}, Regression},
		{"and so is one against many", 1, 24, 1.5, Options{}, Regression},
		{"many runs are sampled", 12, 12, 1.1, Options{}, Regression},
	} {
		w := quiet(7)
		c := compared(t, w.side(row.base, 1), w.side(row.head, row.factor), row.o)
		if c.Verdict != row.want || (c.ExitCode != 0) != (row.want == Regression) {
			t.Errorf("%s: %s, exit %d: %v", row.why, c.Verdict, c.ExitCode, c.Reasons)
		}
		if row.want == TooFew && !strings.Contains(c.Reasons[0], "at least 4 on each side") {
			t.Errorf("%s: %q", row.why, c.Reasons)
		}
	}
}

// On a noisy machine no change is shown, and none is excluded.
func TestNoiseIsUnclear(t *testing.T) {
	w := &world{random: rand.New(rand.NewPCG(3, 0)), common: 0.3, own: 0.1}
	if c := compared(t, w.side(5, 1), w.side(5, 1.05), Options{}); c.Verdict != Unclear {
		t.Errorf("%s %v", c.Verdict, c.Reasons)
	}
}

func TestChangesHaveADirection(t *testing.T) {
	w := &world{random: rand.New(rand.NewPCG(4, 0)), common: 0.001, own: 0.001}
	base, head := w.side(5, 1), w.side(5, 1)
	for i := range head { // half the throughput, and one in ten fails
		for j := range head[i].Result.Metrics {
			switch m := &head[i].Result.Metrics[j]; m.Name {
			case "http_reqs":
				m.Values["rate"] = 50 + float64(i)/100
			case "http_req_failed":
				m.Values["rate"] = 0.1 + float64(i)/1000
			}
		}
	}
	found := map[string]float64{}
	for _, k := range compared(t, base, head, Options{}).Changes {
		if k.Verdict == Regression {
			found[k.Name()] = k.Change
		}
	}
	if len(found) != 2 || math.Abs(found["http_reqs rate"]+0.5) > 0.01 || math.Abs(found["http_req_failed rate"]-0.1) > 0.01 {
		t.Errorf("found %v", found)
	}
}

func TestWeakPercentilesAreNotCompared(t *testing.T) {
	w := &world{random: rand.New(rand.NewPCG(5, 0)), common: 0.01, own: 0.01}
	base, head := w.side(5, 1), w.side(5, 2)
	head[3].Result.Metrics[0].Weak = []string{"p95"}
	for _, k := range compared(t, base, head, Options{}).Changes {
		if k.Aggregate == "p95" {
			t.Errorf("compared %s", k.Name())
		}
	}
}

func TestRunsThatWentAstrayAreNamed(t *testing.T) {
	w := &world{random: rand.New(rand.NewPCG(8, 0)), common: 0.01, own: 0.001}
	base, head := w.side(5, 1), w.side(5, 1.1)
	base[0] = w.run(0, 1.5)
	notes := strings.Join(compared(t, base, head, Options{}).Notes, "\n")
	if !strings.Contains(notes, "run-0.json stands apart") || strings.Contains(notes, "run-1") {
		t.Errorf("notes: %s", notes)
	}
	if notes := compared(t, head, head, Options{}).Notes; len(notes) > 0 {
		t.Errorf("notes of quiet runs: %q", notes)
	}
}

func TestRunsThatDoNotFit(t *testing.T) {
	for _, row := range []struct {
		why    string
		change func(*metrics.Result)
		force  bool
		err    string
		note   string
	}{
		{"another plan", func(r *metrics.Result) { r.Plan.Name = "bank" }, false, `it is of the plan "bank", not "shop"`, ""},
		{"another profile", func(r *metrics.Result) { r.Plan.Profile = "ci" }, false, `its profile is "ci", not ""`, ""},
		{"by force", func(r *metrics.Result) { r.Plan.Name = "bank" }, true, "", `it is of the plan "bank"`},
		{"another tool", func(r *metrics.Result) { r.Tool.Name = "k6" }, false, "it was measured by k6", ""},
		{"another version is marked", func(r *metrics.Result) { r.Tool.Version = "2" }, false, "", "the tool's version was not the same in all runs of a side"},
		{"another digest too", func(r *metrics.Result) { r.Plan.Digest = "sha256:2" }, false, "", "the plan, its data or its flags was not"},
		{"half a run", func(r *metrics.Result) { r.Verdict.Status = "interrupted" }, true, "ended as interrupted", ""},
		{"a tired machine", func(r *metrics.Result) {
			r.Verdict.Status, r.Verdict.LimitedBy = "load_not_achieved", metrics.LimitedByGenerator
		}, false, "load was not achieved", ""},
		{"failed thresholds are a whole run", func(r *metrics.Result) { r.Verdict.Status = "fail" }, false, "", ""},
	} {
		w := &world{random: rand.New(rand.NewPCG(6, 0)), common: 0.01, own: 0.01}
		base, head := w.side(4, 1), w.side(4, 1)
		row.change(head[2].Result)
		c, err := Compare(base, head, Options{Force: row.force})
		switch {
		case row.err == "" && err != nil, row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)):
			t.Errorf("%s: error %v, want %q", row.why, err, row.err)
		case row.err != "":
		case !strings.Contains(strings.Join(c.Notes, "\n"), row.note):
			t.Errorf("%s: notes %q lack %q", row.why, c.Notes, row.note)
		}
	}
	if _, err := Compare(nil, nil, Options{}); err == nil {
		t.Error("nothing was compared")
	}
}

// The test on small sides is exact: its p are those that counting by hand gives.
func TestPermutationsAreExact(t *testing.T) {
	s := []series{{base: []float64{1, 2, 3, 4}, head: []float64{5, 6, 7, 8}}}
	if c := permute(s, 4, 4); c.p[0] != 2.0/70 || c.least != 2.0/70 {
		t.Errorf("complete separation of 4 and 4: p = %v, least %v, want 2/70", c.p[0], c.least)
	}
	s = []series{{base: []float64{1, 1, 1, 1}, head: []float64{1, 1, 1, 1}}}
	if c := permute(s, 4, 4); c.p[0] != 1 {
		t.Errorf("nothing differs: p = %v", c.p[0])
	}
	ways := 0
	each(3, 4, func([]bool) { ways++ })
	if ways != 35 {
		t.Errorf("%d ways to choose 3 of 7", ways)
	}
}
