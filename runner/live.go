package runner

import (
	"time"

	"runner/runner/metrics"
	"runner/runner/monitor"
	"runner/runner/report"
)

// info is what outputs are told before the run.
func (r *run) info() report.Info {
	p := r.program
	planned, limit := p.Planned()
	info := report.Info{
		Plan: p.name(), File: p.Plan.File, Profile: p.Plan.Profile, Seed: p.Seed, Planned: planned, Limit: limit, Warnings: p.Preflight(),
	}
	if r.opt.Control {
		info.Control = &hand{r}
	}
	for _, s := range p.active() {
		info.Scenarios = append(info.Scenarios, report.ScenarioInfo{
			Name: s.Name, Executor: s.Info.Load, Planned: s.Info.Duration, VUs: s.Info.VUs, MaxVUs: s.Info.MaxVUs,
		})
	}
	return info
}

// active are the scenarios that run.
func (p *Program) active() []*Scenario {
	var all []*Scenario
	for _, s := range p.Scenarios {
		if !s.Skipped {
			all = append(all, s)
		}
	}
	return all
}

// live is the state of now.
func (r *run) live() *report.Live {
	now := r.shared.Clock()
	l := &report.Live{Phase: r.phase, Elapsed: time.Duration(now)}
	if r.monitor == nil { // the load has not begun
		return l
	}
	l.Totals, l.Errors = r.totals, r.totals.Failures(-1)
	l.Interventions, l.Paused = r.hands.list(), r.hands.standing()
	starts := r.recorder.Starts()
	stopping, going := r.graceful, false
	for i, s := range r.program.Scenarios {
		if s.Skipped {
			continue
		}
		one := r.liveScenario(i, s, now)
		r.curve(&one, i, starts[i])
		stopping = stopping || one.State == report.StateStopping
		going = going || one.State == report.StateWaiting || one.State == report.StateRunning
		l.Scenarios = append(l.Scenarios, one)
	}
	if stopping && !going && l.Phase == report.PhaseRunning { // and it stays so when the last iteration has ended
		r.graceful, l.Phase = true, report.PhaseGraceful
	}
	l.Thresholds = r.liveThresholds()
	l.Generator = r.monitor.Generator(monitor.Seen{Starts: starts, LocalErrors: r.totals.LocalErrors()})
	if lag, ok := r.totals.Series("start_lag", "", ""); ok {
		l.Generator.StartLagP99Ms, _ = lag.Aggregate("p99")
	}
	if g := l.Generator; g.Limited && len(g.Evidence) > 0 {
		l.Limited = g.Evidence[0]
	}
	return l
}

func (r *run) liveThresholds() []report.LiveThreshold {
	var list []report.LiveThreshold
	for i, t := range r.totals.Judge(false) {
		one := report.LiveThreshold{ID: t.ID, Condition: t.Condition, Observed: t.Observed, Unit: t.Unit, State: liveState(t)}
		if limit, ok := r.totals.Limit(i, t.Observed); ok {
			one.Limit = &limit
		}
		list = append(list, one)
	}
	return list
}

func liveState(t metrics.ThresholdResult) report.ThresholdState {
	switch {
	case t.Status == metrics.Passed:
		return report.ThresholdOK
	case t.Status == metrics.FailedStatus:
		return report.ThresholdFailing
	case len(t.Observed) > 0:
		return report.ThresholdPending
	}
	return report.ThresholdNoData
}

func (r *run) liveScenario(i int, s *Scenario, now int64) report.LiveScenario {
	p, stands := r.progress[i], r.standing(i)
	point, recent := r.totals.Recent(s.id)
	perSecond := func(n int64) float64 { return float64(n) / float64(max(recent, 1)) }
	one := report.LiveScenario{
		Name: s.Name, State: report.StateWaiting, Progress: -1, Planned: stands.Info.Planned, Factor: stands.Factor,
		VUs: r.totals.Point(s.id).VUs, MaxVUs: stands.Info.MaxVUs,
		IterationsS: perSecond(point.Iterations), RequestsS: perSecond(point.Requests),
		P50Ms: point.P50, P95Ms: point.P95, P99Ms: point.P99,
		Done: r.count("iterations", s.Name), Dropped: r.count("dropped_iterations", s.Name),
		Errors: r.failures(s.Name), Classes: r.totals.Failures(s.id),
	}
	if !p.started.Load() {
		one.Progress = 0
		return one
	}
	elapsed := stands.Elapsed(now)
	one.State, one.End = report.StateRunning, time.Duration(stands.T0)+stands.Length
	if stands.Length > 0 {
		one.Progress = min(max(float64(elapsed)/float64(stands.Length), 0), 1)
	}
	if s.Info.Limit && s.Info.Planned > 0 {
		one.Progress = min(float64(one.Done)/float64(s.Info.Planned), 1)
	}
	switch {
	case p.ended.Load() && r.totals.Now() >= p.end.Load(): // what it did last is counted by then
		one.State, one.Progress, one.VUs = report.StateDone, 1, 0
		one.IterationsS, one.RequestsS = 0, 0
	case elapsed > stands.Length:
		one.State = report.StateStopping
	}
	return one
}

func (r *run) count(metric, scenario string) int64 {
	s, _ := r.totals.Series(metric, "scenario", scenario)
	n, _ := s.Aggregate("count")
	return int64(n)
}

func (r *run) failures(scenario string) int64 {
	s, _ := r.totals.Series("http_req_failed", "scenario", scenario)
	n, _ := s.Aggregate("passes") // of a rate that counts failures, these are the failed ones
	return int64(n)
}
