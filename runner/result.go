package runner

import (
	"fmt"
	"runtime"

	"runner/runner/metrics"
	"runner/spec"
	"runner/spec/expr"
)

// result judges the run. totals is nil if the load never began: then there is a result all the same, with nothing measured.
func (r *run) result(totals *metrics.Totals) *metrics.Result {
	if totals == nil {
		totals = r.nothing()
	}
	c := metrics.Context{
		Tool: metrics.Tool{Name: "runner", Version: r.program.Version},
		Plan: r.program.Info(),
		Run: metrics.RunInfo{
			ID: r.id, Start: r.start.Round(0), DurationS: float64(r.ended) / 1e9, Segments: 1,
			PausedS: r.hands.pausedFor(r.ended).Seconds(),
			Host:    metrics.HostInfo{OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU()},
		},
		Setup: r.summaries["setup"], Teardown: r.summaries["teardown"],
		Internal: r.internal(), Baseline: r.opt.Baseline,
		Findings: r.findings(), Interventions: r.hands.list(),
		Outputs: r.delivered,
	}
	c.Plan.Text, c.Plan.Env = r.program.text(), r.program.environment()
	for i, s := range r.program.Scenarios {
		info := metrics.ScenarioInfo{Executor: s.Info.Kind, Planned: r.standing(i).Info.Planned, Open: s.Info.Open}
		if s.Skipped {
			info.Planned = 0
		}
		if info.Planned > 0 {
			info.Planned -= r.progress[i].gaveUp.Load()
		}
		c.Scenarios = append(c.Scenarios, info)
	}
	return metrics.Build(r.recorder, totals, c)
}

// internal is what the run itself asked the target for; nil: nothing.
func (r *run) internal() *metrics.InternalResult {
	requests, failed := r.shared.Auth.Asked()
	if requests == 0 {
		return nil
	}
	return &metrics.InternalResult{Requests: requests, Failed: failed}
}

// Info is the program as results name it.
func (p *Program) Info() metrics.PlanInfo {
	return metrics.PlanInfo{
		Name: p.name(), File: p.Plan.File,
		Digest: p.Digest, Profile: p.Plan.Profile, Seed: p.Seed, Tolerance: tolerance(p.Plan),
	}
}

func tolerance(p *spec.Plan) float64 {
	if !p.Tolerance.Set {
		return 0
	}
	return p.Tolerance.Value.Float()
}

// Uncompared lists the thresholds that compare with a baseline and find nothing to compare with in this one, nil for none.
func (p *Program) Uncompared(b *metrics.Baseline) []string { return p.conditions.Missing(b) }

// nothing is what a load that never began comes to: no sample, and every planned iteration dropped.
func (r *run) nothing() *metrics.Totals {
	r.newRecorder()
	totals := metrics.NewTotals(r.program.Layout, r.program.conditions)
	totals.Compare(r.opt.Baseline)
	for _, s := range r.program.active() {
		r.neverStarted(s)
	}
	totals.Add(r.recorder.Cut(r.shared.Clock() + 1))
	return totals
}

func (r *run) findings() metrics.Findings {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := metrics.Findings{Interrupted: r.interrupted, AbortMessage: r.aborted, Aborted: r.aborted != "", Stopped: r.hands.stoppedBy(), Generator: r.generator}
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
