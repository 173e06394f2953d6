package runner

import (
	"hash/fnv"
	"slices"

	"runner/runner/executor"
	"runner/runner/metrics"
	"runner/runner/protocol"
	"runner/runner/request"
	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
	"runner/spec/shape"
)

// Options is what compiling needs to know beyond the plan.
type Options struct {
	Env        func(name string) (string, bool) // the environment, flags included
	EnvFlags   map[string]string                // those that came as flags: each must be one of the plan's
	Seed       uint64
	Version    string // of the tool, part of the digest
	NoServices bool   // a plan whose services would run is refused
	Draft      bool   // the plan is being written: variables of the environment that are not set are no mistake, and what follows from them isn't known
}

// compiler carries what the parts of a compilation share.
type compiler struct {
	opt      Options
	plan     *spec.Plan
	program  *Program
	problems spec.Problems
	told     int                      // how many of them were found before anything was compiled
	broken   map[string]spec.Problem  // vars that have no value, and why
	unset    map[string]bool          // variables of the environment that a draft has no value of
	known    map[string]any           // vars that need no service
	at       *settings                // what the place that is being compiled knows before the run
	settings map[string]*settings     // of scenarios with vars of their own
	base     *expr.Scope              // what setup reads: and all vars, services, data, generators, run, vu, …
	full     *expr.Scope              // what scenarios and teardown read: and what setup captures
	inline   []metrics.Source         // thresholds that stand in steps
	warnings spec.Problems            // what compiling found legal and odd
	feeding  map[int]*feeding         // by feeder: who may read it
	schemas  map[string]*shape.Schema // by path
	files    []string                 // that the plan reads besides its sources
}

// Compile turns a loaded plan into a Program, or says everything that is wrong with it. loaded are the problems that
// loading found already: what they concern is left out, so that one mistake is not reported twice. Of a plan whose includes could not all be read
// they are all there is to say.
func Compile(plan *spec.Plan, loaded spec.Problems, opt Options) (*Program, spec.Problems) {
	if plan == nil || plan.Partial && len(loaded) > 0 {
		return nil, loaded
	}
	c := &compiler{opt: opt, plan: plan, problems: loaded, feeding: map[int]*feeding{}, schemas: map[string]*shape.Schema{}}
	c.program = &Program{Plan: plan, Seed: opt.Seed, Version: opt.Version, Layout: &metrics.Layout{Classes: protocol.Classes()}}
	c.environment()
	c.variables()
	c.program.vars = c.known
	c.ownSettings()
	c.problems = append(c.problems, plan.Bind(c.bind)...)
	c.problems = append(c.problems, plan.Validate()...)
	c.told = len(c.problems)
	c.compileServices()
	c.openData()
	c.worldScope()
	c.compileGenerators()
	c.customMetrics()
	c.program.setup = c.phase("setup", plan.Setup)
	c.compileScenarios()
	c.enoughRows()
	c.program.teardown = c.phase("teardown", plan.Teardown)
	c.align()
	c.thresholds()
	wrong := c.withoutFollowUps()
	if opt.Draft {
		wrong = slices.DeleteFunc(wrong, func(p spec.Problem) bool { return p.Code == codeUnset })
	}
	if len(wrong) > 0 {
		return nil, wrong.Annotate(plan.Sources)
	}
	c.program.Digest = c.digest()
	c.program.Warnings = c.advise()
	return c.program, nil
}

// withoutFollowUps leaves out what compiling said about a value that was wrong already: the first message is about the
// mistake, a second one only about what came of it.
func (c *compiler) withoutFollowUps() spec.Problems {
	kept := slices.Clone(c.problems[:c.told])
	for _, p := range c.problems[c.told:] {
		first := func(q spec.Problem) bool { return q.Pos == p.Pos && !p.Pos.IsZero() }
		if !slices.ContainsFunc(c.problems[:c.told], first) {
			kept = append(kept, p)
		}
	}
	return kept
}

func (c *compiler) add(p ...spec.Problem) { c.problems = append(c.problems, p...) }

func (c *compiler) customMetrics() {
	types := map[string]metrics.Type{"counter": metrics.Counter, "gauge": metrics.Gauge, "rate": metrics.Rate, "trend": metrics.Trend}
	for _, m := range c.plan.Metrics {
		if m.Value == nil {
			continue
		}
		one := metrics.Custom{Name: m.Key, Type: types[m.Value.Type.Value], Unit: m.Value.Unit.Value}
		if one.Type == metrics.Trend && m.Value.Unit.IsZero() {
			one.Unit = "ms"
		}
		c.program.Layout.Custom = append(c.program.Layout.Custom, one)
	}
}

// compileScenarios compiles all of them, also those whose if says no or that a flag left out: a mistake in one is a mistake,
// and thresholds may select it.
func (c *compiler) compileScenarios() {
	for _, e := range c.plan.Scenarios {
		if e.Value == nil {
			continue
		}
		c.within(e.Key, func() {
			s := c.scenario(e.Key, e.Value)
			s.Skipped = !e.Value.If.IsZero() && !c.decide(e.Value.If)
			c.program.Scenarios = append(c.program.Scenarios, s)
		})
	}
	if len(c.plan.Scenarios) > 0 && len(c.program.active()) == 0 && len(c.problems) == 0 {
		e := c.plan.Scenarios[0]
		p := spec.Problemf(e.KeyPos, len(e.Key), "no scenario runs: the if of each says no")
		c.add(p.WithHint("a run without load would prove nothing; see env and vars that the conditions read"))
	}
	for _, e := range c.plan.Left {
		if e.Value == nil {
			continue
		}
		left := *e.Value
		left.Executor = nil
		c.within(e.Key, func() {
			s := c.scenario(e.Key, &left)
			s.Skipped = true
			c.program.Scenarios = append(c.program.Scenarios, s)
		})
	}
}

func (c *compiler) scenario(name string, s *spec.Scenario) *Scenario {
	layout := c.program.Layout
	compiled := &Scenario{Name: name, Spec: s, id: metrics.ScenarioID(len(layout.Scenarios))}
	for _, a := range s.After {
		compiled.After = append(compiled.After, a.Value)
	}
	tags := c.tags(s.Tags)
	layout.Scenarios = append(layout.Scenarios, metrics.Scenario{Name: name, Tags: tags})
	scope := c.full
	if len(s.Vars) > 0 {
		scope = c.scenarioVars(compiled)
	}
	http := c.plan.HTTP.With(s.HTTP)
	ways := c.connections(http)
	maxVUs := c.executor(compiled)
	steps := vu.NewCompiler(vu.Compiler{
		Plan: c.plan, Scope: scope.Child(), HTTP: http, Layout: layout, Scenario: compiled.id, Tags: tags, MaxVUs: maxVUs, Open: compiled.Info.Open,
		Counts: &c.program.counts, Problems: &c.problems, Warnings: &c.warnings, Inline: &c.inline, Request: request.Compile, Fixed: c.evaluate, File: c.file, Peer: ways.number,
	})
	var begun []vu.Part
	compiled.init, begun = steps.List(s.Init)
	c.feed(steps, 0)
	compiled.steps, compiled.parts = steps.List(s.Steps)
	if len(s.Mix) > 0 {
		steps.Maybe(func() { compiled.steps, compiled.ways, compiled.parts = steps.Mix(s.Mix) })
	}
	compiled.begun = begun
	compiled.names, compiled.before = *steps.Names, steps.Before
	compiled.reach = steps.Reach.Clients()
	compiled.peers = ways.list
	c.feed(steps, maxVUs)
	return compiled
}

// executor compiles what makes a scenario's load, and says how many VUs it has at most.
func (c *compiler) executor(compiled *Scenario) (maxVUs int64) {
	e := compiled.Spec.Executor
	if e == nil {
		return 1
	}
	x, err := executor.New(e, c.opt.Seed^hash(compiled.Name))
	if err != nil {
		if c.told == 0 { // a setting that is wrong has no value here: that it is 0 now is no mistake of the author's
			c.add(spec.Problemf(e.At(), 1, "%v", err))
		}
		return 1
	}
	info := x.Info()
	compiled.Executor, compiled.Info = x, info
	shown := &c.program.Layout.Scenarios[compiled.id]
	shown.Drops, shown.Queue, shown.Stages = info.Open || info.Limit, info.Queue, info.Stages
	return info.MaxVUs
}

// phase compiles setup or teardown against a layout of its own, so that its requests can't get into the totals.
func (c *compiler) phase(name string, list []spec.Step) *phase {
	if len(list) == 0 {
		return nil
	}
	p := &phase{name: name, layout: &metrics.Layout{Classes: protocol.Classes(), Scenarios: []metrics.Scenario{{Name: name}}, Custom: slices.Clone(c.program.Layout.Custom)}}
	scope := c.full.Child()
	if name == "setup" {
		scope = c.base.Child()
	} else {
		scope.DefineRecord("metrics", c.totalTypes())
	}
	ways := c.connections(c.plan.HTTP)
	var ignored []metrics.Source
	steps := vu.NewCompiler(vu.Compiler{
		Plan: c.plan, Scope: scope, HTTP: c.plan.HTTP, Layout: p.layout, MaxVUs: 1, Phase: name,
		Counts: &c.program.counts, Problems: &c.problems, Warnings: &c.warnings, Inline: &ignored, Request: request.Compile, Fixed: c.evaluate, File: c.file, Peer: ways.number,
	})
	p.steps, p.parts = steps.List(list)
	c.feed(steps, 0)
	p.names = *steps.Names
	p.hidden = secretNames(c.plan, list)
	for _, t := range ignored {
		problem := spec.Problemf(t.Threshold.Pos, 1, "a threshold of a request in %s judges nothing: its requests are in no metric", name)
		c.add(problem.WithHint("any failed request or check in %s ends the run already", name))
	}
	p.peers = ways.list
	return p
}

// tags takes the constant ones: a tag's value is fixed when the plan is compiled.
func (c *compiler) tags(m spec.Map[spec.Text]) map[string]string {
	if len(m) == 0 {
		return nil
	}
	tags := make(map[string]string, len(m))
	for _, t := range m {
		value, p := c.evaluate(t.Value)
		if p != nil {
			c.add(*p)
		}
		tags[t.Key] = value
	}
	return tags
}

// hash of a scenario's name: part of every seed, so that scenarios do not repeat each other.
func hash(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name)) // never fails
	return h.Sum64()
}
