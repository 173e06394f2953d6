package runner

import (
	"context"
	"errors"
	"sync"
	"time"

	"runner/runner/executor"
	"runner/runner/export"
	"runner/runner/metrics"
	"runner/runner/monitor"
	"runner/runner/protocol/dial"
	"runner/runner/report"
)

// frame is how often outputs are told how the run goes.
const frame = 500 * time.Millisecond

// measure makes the load, and merges and judges what it shows, second by second. It returns when the last iteration has
// ended and everything has been counted.
func (r *run) measure(ctx context.Context) *metrics.Totals {
	loadCtx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	r.begin(stop)
	counting, counted := context.WithCancel(context.Background())
	watching, watched := context.WithCancel(context.Background())
	var wg, machine sync.WaitGroup
	machine.Go(func() { r.watchMachine(watching) })
	wg.Go(func() { r.recorder.Run(counting, r.second) })
	r.during(report.PhaseRunning, func() { r.load(loadCtx) })
	r.ended = r.shared.Clock()
	watched()
	machine.Wait()
	counted()
	wg.Wait()
	r.opt.Outputs.Interval(r.live()) // the last frame has the final counts
	r.generator = r.monitor.Generator(monitor.Seen{Starts: r.recorder.Starts(), LocalErrors: r.totals.LocalErrors()})
	return r.totals
}

// begin starts the run's time.
func (r *run) begin(stop context.CancelCauseFunc) {
	r.start = time.Now()
	r.newRecorder()
	r.totals = metrics.NewTotals(r.program.Layout, r.program.conditions)
	r.totals.Compare(r.opt.Baseline)
	for _, s := range r.program.Scenarios {
		if s.Skipped {
			r.recorder.ScenarioSkipped(s.id)
		}
	}
	need, limits := r.program.need(), monitor.Look()
	dial.Reserve(int(min(need.Descriptors(limits), limits.Descriptors)))
	if limits.Quota.Cores() == 0 { // who may use only so much of the CPU does not burn it
		r.spin = new(executor.Spin)
	}
	r.monitor = monitor.New(r.shared.Clock, need, &r.network.faults, r.spin.Idle)
	if err := r.startStreams(); err != nil {
		r.fail(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopLoad = stop
	if r.failure != nil { // a service died while setup ran
		stop(r.failure)
	}
}

// watchMachine watches this machine while it makes load. Without a clock to watch by there is less evidence, and the run
// goes on.
func (r *run) watchMachine(ctx context.Context) {
	if err := r.monitor.Run(ctx); err != nil {
		r.log("this machine's own lateness is not watched: " + err.Error())
	}
}

// startStreams starts what is fed while the load goes.
func (r *run) startStreams() error {
	if tap := r.opt.Streams.Tap(); tap != nil {
		r.recorder.Tap(tap)
	}
	err := r.opt.Streams.Start(export.Info{
		Layout: r.program.Layout.Masked(r.mask.String), Plan: r.mask.String(r.program.name()), RunID: r.id, Seed: r.program.Seed, Begin: r.start,
		Tool: metrics.Tool{Name: "runner", Version: r.program.Version}, Log: r.log,
	})
	r.streaming = err == nil
	if s := r.opt.Streams.Spanner(); s != nil && r.streaming {
		r.shared.Spans = s
	}
	return err
}

// second takes in one interval. A threshold with abort: true that fails stops the load.
func (r *run) second(s *metrics.Snapshot) {
	r.totals.Add(s)
	if r.streaming {
		r.opt.Streams.Second(s)
	}
	id, failed := r.totals.Abort()
	if !failed {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.breached == "" {
		r.breached = id
		r.stopLoad(errors.New("threshold " + id))
	}
}

// during does the work of a phase, and tells the outputs how the run goes until it is done.
func (r *run) during(p report.Phase, work func()) {
	r.phase = p
	r.opt.Outputs.Interval(r.live())
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		t := time.NewTicker(frame)
		defer t.Stop()
		for {
			select {
			case <-done:
				return
			case <-t.C:
				r.opt.Outputs.Interval(r.live())
			}
		}
	})
	work()
	close(done)
	wg.Wait()
}
