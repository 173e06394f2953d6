package runner

import (
	"errors"
	"fmt"
	"time"

	"runner/runner/executor"
	"runner/runner/metrics"
	"runner/runner/report"
)

// hand is an output's way to change a run.
type hand struct{ run *run }

var _ report.Control = (*hand)(nil)

// soon is how long who asks waits for a change to be made.
const soon = time.Second

// control is the control of a scenario, if there is to be one: without, its executor need not look.
func (r *run) control(i int) *executor.Control {
	if !r.opt.Control {
		return nil
	}
	return r.controls[i]
}

// standing is how a scenario stands, with or without control.
func (r *run) standing(i int) executor.Standing {
	now := r.controls[i].Standing()
	if !r.opt.Control {
		now.T0, now.Over = r.progress[i].t0.Load(), r.progress[i].ended.Load()
	}
	return now
}

func (h *hand) Pause(by string) error {
	d := &h.run.hands
	d.mu.Lock()
	defer d.mu.Unlock()
	now, err := h.run.going(d)
	if err == nil && d.paused {
		err = errors.New("the run is paused already")
	}
	if err != nil {
		return err
	}
	d.paused, d.since = true, now
	h.run.recorder.Paused(now)
	d.note(now, metrics.Intervention{Action: "pause", By: by})
	return h.run.each(func(c *executor.Control) <-chan error { return c.Pause(now) })
}

func (h *hand) Resume(by string) error {
	d := &h.run.hands
	d.mu.Lock()
	defer d.mu.Unlock()
	now, err := h.run.going(d)
	if err == nil && !d.paused {
		err = errors.New("the run is not paused")
	}
	if err != nil {
		return err
	}
	d.paused, d.before = false, d.before+time.Duration(now-d.since)
	h.run.recorder.Resumed(now)
	d.note(now, metrics.Intervention{Action: "resume", By: by})
	return h.run.each(func(c *executor.Control) <-chan error { return c.Resume(now) })
}

func (h *hand) Stop(by string) error {
	d := &h.run.hands
	d.mu.Lock()
	defer d.mu.Unlock()
	now, err := h.run.going(d)
	if err != nil {
		return err
	}
	d.stop = by
	if d.paused {
		d.paused, d.before = false, d.before+time.Duration(now-d.since)
		h.run.recorder.Resumed(now)
	}
	d.note(now, metrics.Intervention{Action: "stop", By: by})
	return h.run.each(func(c *executor.Control) <-chan error { return c.Stop(now) })
}

func (h *hand) Scale(scenario string, s report.Scale, by string) error {
	d := &h.run.hands
	d.mu.Lock()
	defer d.mu.Unlock()
	now, err := h.run.going(d)
	if err != nil {
		return err
	}
	i, err := h.run.program.scalable(scenario)
	if err != nil {
		return err
	}
	f, err := factor(h.run.program.Scenarios[i], s)
	if err != nil {
		return err
	}
	if err := wait(h.run.controls[i].Scale(now, f)); err != nil {
		return fmt.Errorf("scenario %q can't be scaled: %w", scenario, err)
	}
	d.note(now, metrics.Intervention{Action: "scale", Scenario: scenario, Factor: f.Value(), By: by})
	return nil
}

// going tells the time of a run whose load goes on.
func (r *run) going(d *hands) (now int64, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.stopLoad == nil:
		return 0, errors.New("the load has not begun")
	case d.stop != "":
		return 0, errors.New("the run has been stopped")
	}
	for i, s := range r.program.Scenarios {
		if !s.Skipped && !r.controls[i].Standing().Over {
			return r.shared.Clock(), nil
		}
	}
	return 0, errors.New("the load is over")
}

// each asks all scenarios; those that are over have nothing to change.
func (r *run) each(ask func(*executor.Control) <-chan error) error {
	var made []<-chan error
	for i, s := range r.program.Scenarios {
		if !s.Skipped {
			made = append(made, ask(r.controls[i]))
		}
	}
	for _, m := range made {
		if err := wait(m); err != nil && !errors.Is(err, executor.ErrOver) {
			return err
		}
	}
	return nil
}

// wait waits a moment for a change. One that has to wait longer, for a scenario's turn or a VU, is made all the same.
func wait(made <-chan error) error {
	select {
	case err := <-made:
		return err
	case <-time.After(soon):
		return nil
	}
}
