package runner

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"runner/runner/executor"
	"runner/runner/schedule"
	"runner/runner/vu"
)

// progress is how far a scenario is, for the live view and the result.
type progress struct {
	started, ended atomic.Bool
	t0             atomic.Int64 // ns since the run's start
	end            atomic.Int64
	gaveUp         atomic.Int64  // iterations that are planned no more, as their VU ended by itself
	done           chan struct{} // closed when the scenario is over
}

// defaultGraceful is graceful_stop where the author wrote none.
const defaultGraceful = 30 * time.Second

// load runs all scenarios and returns when the last iteration has ended.
func (r *run) load(ctx context.Context) {
	var wg sync.WaitGroup
	for i, s := range r.program.Scenarios {
		wg.Go(func() {
			defer close(r.progress[i].done)
			defer r.controls[i].Close()
			if s.Skipped {
				return
			}
			if err := r.scenario(ctx, i, s); err != nil && ctx.Err() == nil {
				r.fail(err)
			}
		})
	}
	wg.Wait()
}

// scenario waits for its turn and runs its executor.
func (r *run) scenario(ctx context.Context, i int, s *Scenario) error {
	if !r.turn(ctx, s) || r.hands.stopped() {
		r.neverStarted(s)
		return nil
	}
	shared, err := r.prepare(s)
	if err != nil {
		return err
	}
	if err := r.ready(ctx, s, shared); err != nil {
		return err
	}
	err = s.Executor.Run(ctx, r.plan(i, s, shared))
	p, end := r.progress[i], r.shared.Clock()
	p.end.Store(end)
	p.ended.Store(true)
	if p.started.Load() {
		r.recorder.ScenarioEnded(s.id, r.plannedEnd(ctx, i, s, end))
	}
	return err
}

// plan is what the executor of a scenario is told.
func (r *run) plan(i int, s *Scenario, shared *vu.Scenario) executor.Plan {
	p := r.progress[i]
	return executor.Plan{
		Users:     &users{run: r, scenario: s, shared: shared},
		Recorder:  tally{recorder: r.recorder, scenario: s.id, gaveUp: &p.gaveUp},
		Clock:     r.shared.Clock,
		Spin:      r.spin,
		Segment:   schedule.Segment{Index: 0, Count: 1},
		NotBefore: r.shared.Clock() + int64(s.Spec.Start.Or(0)),
		Control:   r.control(i),
		Graceful:  s.Spec.GracefulStop.Or(defaultGraceful),
		Started: func(t0 int64) {
			p.t0.Store(t0)
			p.started.Store(true)
			r.recorder.ScenarioStarted(s.id, t0)
		},
	}
}

// plannedEnd is when a scenario that is over now was to end: now, if it was stopped; 0 if that is when its iterations have
// run.
func (r *run) plannedEnd(ctx context.Context, i int, s *Scenario, now int64) int64 {
	switch stands := r.standing(i); {
	case ctx.Err() != nil:
		return now
	case s.Info.Limit:
		return 0
	default:
		return stands.T0 + int64(stands.Length)
	}
}

// neverStarted accounts for the iterations of a scenario whose turn never came: planned = started + dropped, also then.
func (r *run) neverStarted(s *Scenario) {
	now := r.shared.Clock()
	if s.Info.Arrivals == nil || len(s.Info.Stages) == 0 {
		if s.Info.Planned > 0 {
			r.recorder.Dropped(s.id, s.Info.Planned, 0, now, executor.DropEnd)
		}
		return
	}
	for stage := range s.Info.Stages {
		if from, to := s.Info.Arrivals.Range(stage + 1); to > from {
			r.recorder.Dropped(s.id, to-from, int16(stage+1), now, executor.DropEnd)
		}
	}
}

// turn waits for the scenarios that s comes after. false: the run ended first.
func (r *run) turn(ctx context.Context, s *Scenario) bool {
	for i, other := range r.program.Scenarios {
		for _, name := range s.After {
			if other.Name != name {
				continue
			}
			select {
			case <-r.progress[i].done:
			case <-ctx.Done():
				return false
			}
		}
	}
	return ctx.Err() == nil
}

// ready sees to what must be there before the load of a scenario, so that no request of the load waits for it.
func (r *run) ready(ctx context.Context, s *Scenario, shared *vu.Scenario) error {
	if len(s.before) == 0 {
		return nil
	}
	v := vu.New(r.shared, shared, 0, r.recorder.Shard(0))
	defer v.Close()
	stop := context.AfterFunc(ctx, v.Interrupt)
	defer stop()
	for _, f := range s.before {
		if err := f(v); err != nil {
			return fmt.Errorf("scenario %q: %w", s.Name, err)
		}
	}
	return nil
}

// prepare makes what the VUs of a scenario share in this run.
func (r *run) prepare(s *Scenario) (*vu.Scenario, error) {
	vars, err := r.lateVars("scenario "+s.Name+" ", s.late, r.shared.Vars)
	if err != nil {
		return nil, fmt.Errorf("scenario %q: %w", s.Name, err)
	}
	peers, err := r.network.open(s.peers, r.shared.Clock)
	if err != nil {
		return nil, fmt.Errorf("scenario %q: %w", s.Name, err)
	}
	return &vu.Scenario{
		ID: s.id, Name: s.Name, Hash: hash(s.Name), Stages: s.Info.Stages,
		Init: s.init, Steps: s.steps, Names: s.names, Vars: vars, Aligned: s.aligned, Peers: peers,
	}, nil
}
