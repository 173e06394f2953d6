package runner

import (
	"context"
	"errors"
	"sync/atomic"

	"runner/runner/metrics"
	"runner/runner/vu"
)

// OnceOptions is what one trial of every scenario needs.
type OnceOptions struct {
	// Trace makes the listener for a part of the plan: "setup", "scenario buy", "teardown".
	Trace func(part string) vu.Trace
	// Ended is told how a part ended; nil: well.
	Ended func(part string, err error)
	Log   func(line string)
	Kill  <-chan struct{}
	// Choice is which steps run; nil: all.
	Choice *Choice
}

// Mask gives text without the program's secrets; what a run captures as a secret is added while it runs.
func (r *run) Mask(text string) string { return r.mask.String(text) }

// Once runs setup, one iteration of every scenario on one VU each, and teardown. ok is false if an iteration, a check or a
// request failed; the error is of setup, teardown or a service, ErrInterrupted, or *vu.Aborted. mask hides the secrets in what Trace is given.
func (p *Program) Once(ctx context.Context, opt OnceOptions, mask func(func(string) string)) (ok bool, err error) {
	r := newRun(p, RunOptions{Log: opt.Log, Kill: opt.Kill})
	r.once = &opt
	r.shared.Alone = true
	mask(r.mask.String)
	last, stop := r.lasting(ctx)
	defer stop()
	ok = true
	r.phases(ctx, last, func(ctx context.Context) *metrics.Totals {
		r.newRecorder()
		for _, s := range p.active() {
			if ctx.Err() != nil || r.aborted != "" {
				break
			}
			if !opt.Choice.runs(s) {
				continue
			}
			ok = r.trial(ctx, s) && ok
		}
		r.totals = metrics.NewTotals(p.Layout, p.conditions)
		r.totals.Add(r.recorder.Cut(r.shared.Clock() + 1)) // for teardown, which may compare with the target's counts
		return nil
	})
	switch { // as in metrics.Decide
	case r.failure != nil:
		return false, r.failure
	case ctx.Err() != nil:
		return false, ErrInterrupted
	case r.aborted != "":
		return false, &vu.Aborted{Message: r.aborted}
	}
	return ok, nil
}

// trial runs one iteration of a scenario, shown, or one of each flow of its mix.
func (r *run) trial(ctx context.Context, s *Scenario) bool {
	part := "scenario " + s.Name
	shared, err := r.prepare(s)
	if err != nil {
		r.once.Ended(part, err)
		return false
	}
	shared.Steps = r.once.Choice.steps(s)
	v := vu.New(r.shared, shared, 1, r.recorder.Shard(1))
	defer v.Close()
	stop := context.AfterFunc(ctx, v.Interrupt)
	defer stop()
	failed := &atomic.Bool{}
	v.Trace = &watched{Trace: r.once.Trace(part), failed: failed}
	if err = v.Init(); err == nil {
		r.once.Choice.give(v)
		err = r.ways(v, s)
	}
	var stopped *vu.Stopped
	if errors.As(err, &stopped) {
		r.once.Ended(part+" ("+stopped.Error()+")", nil)
		return !failed.Load()
	}
	if a, ok := errors.AsType[*vu.Aborted](err); ok {
		r.abort(a.Message)
	}
	r.once.Ended(part, err)
	return err == nil && !failed.Load()
}

// ways runs the iterations of a trial: one, or of a mix one of each flow. One that fails is no reason not to show the
// others; the first failure counts.
func (r *run) ways(v *vu.VU, s *Scenario) (first error) {
	if s.ways == nil {
		return v.Once(0)
	}
	for i, n := range s.ways {
		if !r.once.Choice.includes(s, i) {
			continue
		}
		v.Trace.Step(i+1, len(s.ways), s.parts[i].Label)
		err := v.Once(n)
		if first == nil {
			first = err
		}
		if _, failed := errors.AsType[*vu.Failed](err); err != nil && !failed {
			return err
		}
	}
	return first
}

// newRecorder starts the run's time.
func (r *run) newRecorder() {
	r.recorder = metrics.NewRecorder(r.program.Layout, r.program.conditions, r.shared.Clock)
}
