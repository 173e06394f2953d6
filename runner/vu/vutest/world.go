// Package vutest makes virtual users out of plans for tests: the plan's steps are compiled as they are for a run, and what
// a run would do around them (lines, aborts, secrets, samples) is kept to be looked at. It knows no executor and no network.
package vutest

import (
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"runner/runner/auth"
	"runner/runner/data"
	"runner/runner/metrics"
	"runner/runner/protocol"
	"runner/runner/schedule"
	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
)

// Options are what a test brings along. All may be left out.
type Options struct {
	Seed    uint64
	VUs     int64                                     // how many the scenario can have; 0: 1
	Files   map[string]string                         // beside the plan, by name
	Request func(*vu.Compiler, *spec.Request) vu.Step // compiles request steps; nil: they are left out
	Peer    func(clock func() int64) vu.Client        // nil: no request step sends anything
	Fresh   bool                                      // connections end with the iteration
	Setup   map[string]any                            // what setup captured
	Change  func(run *vu.Run, scenario *vu.Scenario)  // before anything uses them
}

// World is a compiled plan with one scenario, and what has happened in it.
type World struct {
	Run      *vu.Run
	Scenario *vu.Scenario
	Layout   *metrics.Layout
	Recorder *metrics.Recorder

	mu                     sync.Mutex
	lines, aborts, secrets []string
}

// New compiles the first scenario of a plan: its init and its steps. The plan's text begins behind version and name. A
// mistake in it ends the test.
func New(t testing.TB, plan string, opt Options) *World {
	t.Helper()
	w, problems := Try(t, plan, opt)
	if len(problems) > 0 {
		t.Fatalf("the plan is wrong:\n%v", problems)
	}
	return w
}

// Try is New for plans with mistakes.
func Try(t testing.TB, plan string, opt Options) (*World, spec.Problems) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range opt.Files {
		write(t, filepath.Join(dir, name), text)
	}
	path := filepath.Join(dir, "plan.yaml")
	write(t, path, "version: 1\nname: test\n"+plan)
	p, problems := spec.Load(path, spec.Options{})
	if p != nil {
		problems = append(problems, p.Validate()...)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	w := &World{Layout: &metrics.Layout{Classes: protocol.Classes()}}
	w.newRun(opt)
	scope := w.world(t, dir, p, opt, &problems)
	w.compile(p, scope, opt, &problems)
	if opt.Change != nil {
		opt.Change(w.Run, w.Scenario)
	}
	w.Recorder = metrics.NewRecorder(w.Layout, nil, w.Run.Clock)
	return w, problems
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (w *World) newRun(opt Options) {
	begin := time.Now()
	w.Run = &vu.Run{
		ID: "test", Seed: opt.Seed, Env: map[string]any{}, Services: map[string]any{}, Vars: map[string]any{}, Setup: opt.Setup,
		Clock:  func() int64 { return int64(time.Since(begin)) },
		Log:    func(line string) { w.keep(&w.lines, line) },
		Auth:   auth.NewRun(),
		Abort:  func(message string) { w.keep(&w.aborts, message) },
		Secret: func(value string) { w.keep(&w.secrets, value) },
	}
}

func (w *World) keep(to *[]string, s string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*to = append(*to, s)
}

// world evaluates and defines what the scenario's steps can read.
func (w *World) world(t testing.TB, dir string, p *spec.Plan, opt Options, problems *spec.Problems) *expr.Scope {
	scope := expr.NewScope()
	scope.DefineRecord("env", nil)
	scope.DefineRecord("services", nil)
	scope.DefineRecord("run", map[string]expr.Type{"id": expr.String, "seed": expr.String})
	scope.DefineRecord("vu", map[string]expr.Type{"id": expr.Int})
	scope.DefineRecord("iteration", map[string]expr.Type{"n": expr.Int})
	scope.DefineRecord("scenario", map[string]expr.Type{"name": expr.String})
	scope.DefineWord("stage", expr.String)
	vars, setup := map[string]expr.Type{}, map[string]expr.Type{}
	for _, e := range p.Vars {
		tree, found := expr.CompileValue(e.Value, scope)
		*problems = append(*problems, found...)
		if value, ok := tree.Const(); ok {
			w.Run.Vars[e.Key], vars[e.Key] = value, expr.TypeOf(value)
		}
	}
	for name, value := range opt.Setup {
		setup[name] = expr.TypeOf(value)
	}
	scope.DefineRecord("vars", vars)
	scope.DefineRecord("setup", setup)
	scope.DefineData(p.Data.Keys())
	for _, e := range p.Data {
		f, problem := data.Open(e.Value, e.Key, filepath.Join(dir, e.Value.File.Value), schedule.Segment{}, opt.Seed)
		if problem != nil {
			t.Fatal(problem.Message)
		}
		w.Run.Feeders = append(w.Run.Feeders, f)
	}
	scope.DefineGenerators(p.Generators.Keys())
	for _, e := range p.Generators {
		tree, found := expr.CompileValue(e.Value, scope)
		*problems = append(*problems, found...)
		w.Run.Generators = append(w.Run.Generators, tree)
	}
	return scope
}

var types = map[string]metrics.Type{"counter": metrics.Counter, "gauge": metrics.Gauge, "rate": metrics.Rate, "trend": metrics.Trend}

func (w *World) compile(p *spec.Plan, scope *expr.Scope, opt Options, problems *spec.Problems) {
	for _, m := range p.Metrics {
		w.Layout.Custom = append(w.Layout.Custom, metrics.Custom{Name: m.Key, Type: types[m.Value.Type.Value]})
	}
	request := opt.Request
	if request == nil {
		request = func(*vu.Compiler, *spec.Request) vu.Step { return nil }
	}
	s := p.Scenarios[0]
	w.Layout.Scenarios = []metrics.Scenario{{Name: s.Key}}
	http := p.HTTP.With(s.Value.HTTP)
	var counts vu.Counts
	var inline []metrics.Source
	c := vu.NewCompiler(vu.Compiler{
		Plan: p, Scope: scope.Child(), HTTP: http, Layout: w.Layout, MaxVUs: max(opt.VUs, 1), File: p.Resolve,
		Counts: &counts, Problems: problems, Inline: &inline, Request: request,
	})
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.Key)) // a hash does not fail
	w.Scenario = &vu.Scenario{Name: s.Key, Hash: h.Sum64(), Init: c.Steps(s.Value.Init), Peers: peers{opt, w}}
	w.Scenario.Steps = c.Steps(s.Value.Steps)
	if len(s.Value.Mix) > 0 {
		w.Scenario.Steps, _, _ = c.Mix(s.Value.Mix)
	}
	w.Scenario.Names = *c.Names
	for _, g := range w.Run.Generators {
		counts.Note(g.Reads())
	}
	w.Run.Prepare(counts)
}

// VU makes virtual user number id. Its init has not run; it is closed with the test.
func (w *World) VU(t testing.TB, id int64) *vu.VU {
	t.Helper()
	v := vu.New(w.Run, w.Scenario, id, w.Recorder.Shard(id))
	t.Cleanup(v.Close)
	t.Cleanup(w.Run.Auth.Close)
	return v
}

// Lines are those of log steps, in the order in which they came.
func (w *World) Lines() []string { return w.kept(&w.lines) }

// Aborts are the messages with which the run was ended.
func (w *World) Aborts() []string { return w.kept(&w.aborts) }

// Secrets are the values that are to be masked from now on.
func (w *World) Secrets() []string { return w.kept(&w.secrets) }

func (w *World) kept(from *[]string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(*from)
}

// Value is an aggregate of a metric in a snapshot, of the series with tag=value; "" and "": of all of it.
func (w *World) Value(s *metrics.Snapshot, metric, tag, value, aggregate string) float64 {
	series, ok := s.Series(w.Layout, metric, tag, value)
	if !ok {
		return 0
	}
	n, _ := series.Aggregate(aggregate)
	return n
}

// Cut is what was recorded since the last Cut.
func (w *World) Cut() *metrics.Snapshot { return w.Recorder.Cut(w.Run.Clock() + 1) }

// peers are one way to connect: the test's.
type peers struct {
	opt Options
	w   *World
}

var _ vu.Peers = peers{}

func (p peers) New(int, vu.Client) vu.Client { return p.opt.Peer(p.w.Run.Clock) }

func (p peers) Fresh(int) bool { return p.opt.Fresh }
