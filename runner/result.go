package runner

import (
	"cmp"
	"fmt"
	"runtime"

	"runner/runner/metrics"
	"runner/spec/expr"
)

// result judges the run. totals is nil if the load never began: then there is a result all the same, with nothing measured.
func (r *run) result(totals *metrics.Totals) *metrics.Result {
	if totals == nil {
		r.newRecorder()
		totals = metrics.NewTotals(r.program.Layout, r.program.conditions)
	}
	c := metrics.Context{
		Tool: metrics.Tool{Name: "runner", Version: r.program.Version},
		Plan: metrics.PlanInfo{
			Name: cmp.Or(r.program.Plan.Name.Value, r.program.Plan.File), File: r.program.Plan.File,
			Digest: r.program.Digest, Profile: r.program.Plan.Profile, Seed: r.program.Seed,
		},
		Run: metrics.RunInfo{
			ID: r.id, Start: r.start.Round(0), DurationS: float64(r.ended) / 1e9, Segments: 1,
			Host: metrics.HostInfo{OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU()},
		},
		Setup: r.summaries["setup"], Teardown: r.summaries["teardown"],
		Findings: r.findings(),
	}
	for _, s := range r.program.Scenarios {
		info := metrics.ScenarioInfo{Executor: s.Info.Kind, Planned: s.Info.Planned}
		if s.Skipped {
			info.Planned = 0
		}
		c.Scenarios = append(c.Scenarios, info)
	}
	return metrics.Build(r.recorder, totals, c)
}

func (r *run) findings() metrics.Findings {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := metrics.Findings{Interrupted: r.interrupted, AbortMessage: r.aborted, Aborted: r.aborted != "", Generator: r.generator}
	if r.failure != nil {
		f.RunError = r.failure.Error()
	}
	return f
}

// machine evaluates expressions of the whole run, outside any iteration. what it is for is part of the seed.
func (r *run) machine(what string, vars map[string]any) *expr.VM {
	return &expr.VM{Host: newStill(r.program.Seed, hash(what)), Env: map[string]any{
		"env": r.program.env, "vars": vars, "services": r.shared.Services, "setup": r.shared.Setup,
		"run": map[string]any{"id": r.id, "seed": fmt.Sprint(r.program.Seed)},
	}}
}
