package metrics

import "maps"

// SchemaVersion names the form of the result file.
const SchemaVersion = "result/v1"

// Context is what a result says besides measurements.
type Context struct {
	Tool          Tool
	Plan          PlanInfo
	Run           RunInfo
	Scenarios     []ScenarioInfo // by scenario
	Setup         map[string]any
	Teardown      map[string]any
	Internal      *InternalResult
	Baseline      *Baseline
	Findings      Findings // LocalErrors and Shortfalls are filled in by Build
	Outputs       []OutputResult
	Interventions []Intervention
}

// ScenarioInfo is what a result says of a scenario's executor.
type ScenarioInfo struct {
	Executor string
	Planned  int64 // iterations; -1: the executor plans no number
	Open     bool  // an arrival executor
}

// Build makes the result of a run that is over: it judges the thresholds, decides the verdict and lists every series.
func Build(r *Recorder, t *Totals, c Context) *Result {
	judged := t.Judge(true)
	c.Findings.Shortfalls = t.Shortfalls(r.Starts(), c.Findings.early(judged))
	c.Findings.LocalErrors = t.LocalErrors()
	if lag, ok := t.Series("start_lag", "", ""); ok {
		c.Findings.Generator.StartLagP99Ms, _ = lag.Aggregate("p99")
	}
	verdict, thresholds := Decide(c.Findings, judged)
	t.mu.Lock()
	defer t.mu.Unlock()
	b := builder{layout: t.layout, all: t.all}
	result := &Result{
		Schema: SchemaVersion, Tool: c.Tool, Plan: c.Plan, Run: c.Run,
		Verdict:    verdict,
		Metrics:    b.metrics(t.conditions),
		Thresholds: append([]ThresholdResult{}, thresholds...),
		Checks:     b.checks(),
		Errors:     b.errors(r.samples),
		Scenarios:  b.scenarios(c.Scenarios),
		Setup:      present(c.Setup), Teardown: present(c.Teardown), Internal: c.Internal, Baseline: c.Baseline.result(c.Plan),
		Generator:     c.Findings.Generator,
		Timeline:      t.curves.result(),
		Outputs:       c.Outputs,
		Interventions: append([]Intervention{}, c.Interventions...),
	}
	c.Baseline.compare(result)
	return result
}

// LocalErrors is how many requests failed through this host's fault so far.
func (t *Totals) LocalErrors() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	var n int64
	for i := range t.all.Requests {
		if r := t.all.Requests[i]; r != nil {
			n += r.Local
		}
	}
	return n
}

func present(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return maps.Clone(m)
}

// builder reads the parts of a result from the totals.
type builder struct {
	layout *Layout
	all    *Snapshot
}

// checks lists how often each check held, in the plan's order; equal names at a step are one check.
func (b *builder) checks() []CheckResult {
	type key struct{ name, scenario, step string }
	list, index := []CheckResult{}, map[key]int{}
	for i, c := range b.layout.Checks {
		if c.Scenario < 0 {
			continue
		}
		k := key{c.Name, b.layout.Scenarios[c.Scenario].Name, b.layout.stepTag(c.Step, "step")}
		at, ok := index[k]
		if !ok {
			at = len(list)
			index[k] = at
			list = append(list, CheckResult{Name: k.name, Scenario: k.scenario, Step: k.step})
		}
		list[at].Passes += b.all.Checks[i].Passes
		list[at].Fails += b.all.Checks[i].Fails
	}
	return list
}

// scenarios accounts for every iteration.
func (b *builder) scenarios(infos []ScenarioInfo) []ScenarioResult {
	list := []ScenarioResult{}
	for i := range b.layout.Scenarios {
		t := b.all.Times[i]
		r := ScenarioResult{
			Name: b.layout.Scenarios[i].Name, Planned: -1,
			StartS: float64(t.Start) / 1e9, DurationS: float64(max(t.End-t.Start, 0)) / 1e9,
			VUsMax: int64(b.all.VUs[i].Made.Max),
		}
		if i < len(infos) {
			r.Executor, r.Planned = infos[i].Executor, infos[i].Planned
		}
		if it := b.all.Iterations[i]; it != nil {
			r.Started, r.Completed, r.Interrupted = it.Started, it.Completed, it.Interrupted
			for _, n := range it.Failed {
				r.Failed += n
			}
			for _, n := range it.Dropped {
				r.Dropped += n
			}
			if i < len(infos) && !infos[i].Open {
				r.Unseen = it.unseen()
			}
		}
		list = append(list, r)
	}
	return list
}
