package runner

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"runner/runner/auth"
	"runner/runner/executor"
	"runner/runner/export"
	"runner/runner/mask"
	"runner/runner/metrics"
	"runner/runner/monitor"
	"runner/runner/report"
	"runner/runner/service"
	"runner/runner/vu"
)

// RunOptions is what a run needs beyond its program.
type RunOptions struct {
	Outputs report.Outputs
	Streams export.Streams
	// Control lets outputs change the run while it goes.
	Control bool
	// Log takes lines of log steps, one at a time, already masked. It may be nil.
	Log func(line string)
	// Baseline is the earlier result that conditions compare with. It may be nil.
	Baseline *metrics.Baseline
	// Kill ends what is left of an interrupted run at once: teardown and services too. It may be nil.
	Kill <-chan struct{}
}

// run is one run of a program.
type run struct {
	program   *Program
	opt       RunOptions
	mask      mask.Mask
	id        string
	start     time.Time // of the load
	shared    *vu.Run
	running   []*service.Service
	over      chan struct{} // closed when services are no longer needed
	watching  sync.WaitGroup
	progress  []*progress
	recorder  *metrics.Recorder
	totals    *metrics.Totals // nil until the load begins
	monitor   *monitor.Monitor
	spin      *executor.Spin // nil: waiters sleep
	network   network
	ended     int64 // of the load, ns since its start
	generator metrics.Generator
	streaming bool // the streams have been started
	delivered []metrics.OutputResult
	controls  []*executor.Control // by scenario
	hands     hands
	phase     report.Phase // changes only while nobody watches
	graceful  bool         // the load is over but for what still runs; only whoever watches touches it

	mu          sync.Mutex
	stopLoad    context.CancelCauseFunc
	failure     error  // setup, teardown, service or run error
	aborted     string // an abort step's message
	breached    string // a threshold with abort: true
	interrupted bool
	once        *OnceOptions // not a load: one iteration of everything, shown
	summaries   map[string]map[string]any
}

// Run runs the program: services, setup, load, teardown. ctx ending interrupts the load; teardown still runs, until Kill.
// There is always a result; the error is an output's.
func (p *Program) Run(ctx context.Context, opt RunOptions) (*metrics.Result, error) {
	r := newRun(p, opt)
	if err := opt.Outputs.Start(r.info()); err != nil {
		return nil, err
	}
	last, stop := r.lasting(ctx)
	defer stop()
	total := r.phases(ctx, last, r.measure)
	r.noteInterrupt(ctx)
	if r.streaming {
		r.delivered = opt.Streams.Close(last)
	}
	result := r.result(total)
	r.mask.Value(result)
	return result, opt.Outputs.Finish(result)
}

// lasting is the context of teardown and of the end of services: it outlives an interrupt, but not a kill.
func (r *run) lasting(ctx context.Context) (context.Context, func()) {
	last, kill := context.WithCancelCause(context.WithoutCancel(ctx))
	if r.opt.Kill != nil {
		go func() {
			select {
			case <-r.opt.Kill:
				kill(errKilled)
			case <-last.Done():
			}
		}()
	}
	return last, func() { kill(nil) }
}

var (
	errKilled = errors.New("stopped at once by a second signal")
	// ErrInterrupted says that a signal ended a trial.
	ErrInterrupted = errors.New("interrupted")
)

func newRun(p *Program, opt RunOptions) *run {
	var id [8]byte
	rand.Read(id[:]) // never fails
	r := &run{program: p, opt: opt, id: hex.EncodeToString(id[:]), over: make(chan struct{}), summaries: map[string]map[string]any{}, start: time.Now()}
	r.mask.Add(p.Secrets...)
	r.shared = &vu.Run{
		ID: r.id, Seed: p.Seed, Env: p.env, Services: map[string]any{}, Vars: maps.Clone(p.vars), Setup: map[string]any{},
		Generators: p.generators, Feeders: p.newFeeders(), Secret: func(v string) { r.mask.Add(v) }, Masked: r.mask.String,
		Clock: func() int64 { return int64(time.Since(r.start)) },
		Log:   r.log, Abort: r.abort, Auth: auth.NewRun(),
	}
	for _, name := range p.Plan.Services.Keys() {
		r.shared.Services[name] = map[string]any{"url": "", "port": ""}
	}
	r.shared.Prepare(p.counts)
	for _, s := range p.Scenarios {
		r.controls = append(r.controls, executor.NewControl(s.Info))
		r.progress = append(r.progress, &progress{done: make(chan struct{})})
	}
	return r
}

// phases goes through the run; middle is what comes between setup and teardown. It returns what was measured; nil: the load
// never began.
func (r *run) phases(ctx, last context.Context, middle func(context.Context) *metrics.Totals) *metrics.Totals {
	if ctx.Err() != nil { // before anything began
		return nil
	}
	defer r.end(last)
	err := r.startServices(ctx)
	if err != nil {
		r.failUnless(ctx, err)
		return nil
	}
	if r.shared.Vars, err = r.lateVars("", r.program.late, r.shared.Vars); err != nil {
		r.fail(err)
		return nil
	}
	defer r.tearDown(last)
	if !r.setUp(ctx) {
		return nil
	}
	return middle(ctx)
}

func (r *run) setUp(ctx context.Context) bool {
	if r.program.setup == nil || ctx.Err() != nil {
		return ctx.Err() == nil
	}
	var values map[string]any
	var err error
	r.during(report.PhaseSetup, func() { values, err = r.runPhase(ctx, r.program.setup, nil) })
	maps.Copy(r.shared.Setup, values)
	if err != nil {
		return r.failUnless(ctx, err)
	}
	return true
}

func (r *run) tearDown(last context.Context) {
	if r.program.teardown == nil {
		return
	}
	var err error
	r.during(report.PhaseTeardown, func() {
		_, err = r.runPhase(last, r.program.teardown, map[string]any{"metrics": r.totalValues()})
	})
	if err != nil {
		r.failUnless(last, err)
	}
}

// end stops services and whatever else the run has started.
func (r *run) end(last context.Context) {
	r.shared.Auth.Close()
	r.network.close() // first: a service may wait for its connections to end
	if err := r.stopServices(last); err != nil {
		r.log(err.Error()) // it has ended all the same, and what was measured stands
	}
	for _, f := range r.shared.Feeders {
		f.Close()
	}
}

// fail notes the first error of setup, teardown, a service or an executor, and ends the load.
func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a, ok := errors.AsType[*vu.Aborted](err); ok {
		if r.aborted == "" {
			r.aborted = a.Message
		}
	} else if r.failure == nil {
		r.failure = err
	}
	if r.stopLoad != nil {
		r.stopLoad(err)
	}
}

// failUnless is fail for an error that may only be the echo of an interrupt: ctx is what the signal ends. It returns false, for the caller to return.
func (r *run) failUnless(ctx context.Context, err error) bool {
	if ctx.Err() == nil {
		r.fail(err)
	}
	return false
}

// noteInterrupt notes that a signal has come, at whatever moment of the run.
func (r *run) noteInterrupt(ctx context.Context) {
	if ctx.Err() != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.interrupted = true
	}
}

// abort is what an abort step does.
func (r *run) abort(message string) { r.fail(&vu.Aborted{Message: message}) }

// longestLine is how much of a line that a plan logs is shown, in bytes: a body can be megabytes.
const longestLine = 4 << 10

func (r *run) log(line string) {
	if r.opt.Log == nil {
		return
	}
	line = r.mask.String(line)
	if len(line) > longestLine {
		line = fmt.Sprintf("%s… (%d bytes in all)", strings.ToValidUTF8(line[:longestLine], ""), len(line))
	}
	r.opt.Log(line)
}

// lateVars evaluates variables that had to wait for services, on top of those known. owner tells the vars of scenarios
// apart, whose random values would be the same otherwise; "" is the plan.
func (r *run) lateVars(owner string, vars []lateVar, known map[string]any) (map[string]any, error) {
	values := maps.Clone(known)
	for _, v := range vars {
		if v.known {
			values[v.name] = v.is
			continue
		}
		value, err := v.tree.Eval(r.machine(owner+"vars."+v.name, values))
		if err != nil {
			return nil, fmt.Errorf("%s: vars.%s: %w", v.value.Pos, v.name, err)
		}
		values[v.name] = value
	}
	return values, nil
}
