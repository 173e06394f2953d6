package runner

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"runner/runner/executor"
	"runner/runner/metrics"
	"runner/runner/vu"
)

// users makes a scenario's virtual users for its executor.
type users struct {
	run      *run
	scenario *Scenario
	shared   *vu.Scenario
}

var _ executor.Users = (*users)(nil)

// New makes VU number id and runs its init steps.
func (u *users) New(ctx context.Context, id int64) (executor.User, error) {
	v := vu.New(u.run.shared, u.shared, id, u.run.recorder.Shard(id))
	stop := context.AfterFunc(ctx, v.Interrupt)
	err := v.Init()
	if !stop() && err == nil {
		err = vu.ErrInterrupted
	}
	if err != nil {
		v.Close()
		return nil, u.explain(ctx, id, err)
	}
	return (*user)(v), nil
}

// explain says why a VU could not be made: a run that is being stopped is no fault of the plan.
func (u *users) explain(ctx context.Context, id int64, err error) error {
	var aborted *vu.Aborted
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &aborted):
		return aborted
	}
	return fmt.Errorf("scenario %q: init of VU %d: %w", u.scenario.Name, id, err)
}

// user is a VU as an executor sees it.
type user vu.VU

var _ executor.User = (*user)(nil)

// Iterate runs one iteration.
func (u *user) Iterate(t executor.Ticket) bool {
	return (*vu.VU)(u).Iterate(vu.Iteration{N: t.N, Turn: t.Turn, Stage: t.Stage, Open: t.Open, First: t.First, Due: t.Due, Free: t.Free, Start: t.Start})
}

// Pace is what a pace step said.
func (u *user) Pace() time.Duration { return (*vu.VU)(u).Pace() }

// Interrupt stops it.
func (u *user) Interrupt() { (*vu.VU)(u).Interrupt() }

// Close releases its connections.
func (u *user) Close() { (*vu.VU)(u).Close() }

// tally is a scenario's recorder for what samples can't say.
type tally struct {
	recorder *metrics.Recorder
	scenario metrics.ScenarioID
	gaveUp   *atomic.Int64
}

var _ executor.Recorder = tally{}

// Dropped counts tickets that were not started.
func (t tally) Dropped(_, count int64, stage int16, due int64, cause string) {
	t.recorder.Dropped(t.scenario, count, stage, due, cause)
}

// GaveUp counts iterations that are planned no more.
func (t tally) GaveUp(count int64) { t.gaveUp.Add(count) }

// Active notes the number of VUs.
func (t tally) Active(active, made int64) { t.recorder.VUs(t.scenario, active, made) }
