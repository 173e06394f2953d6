// Package runner compiles a plan into a Program and runs it: services, setup, the scenarios' load, teardown, and the
// result. It knows every other package and decides nothing that one of them could: it says in which order things happen.
package runner

import (
	"runner/runner/data"
	"runner/runner/executor"
	"runner/runner/metrics"
	"runner/runner/protocol/peer"
	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
)

// Program is a compiled plan: immutable, any number of runs at once. The same plan, data and tool version have the same
// Digest.
type Program struct {
	Plan      *spec.Plan
	Seed      uint64
	Digest    string
	Version   string
	Layout    *metrics.Layout
	Secrets   []string // values to mask in every output
	Scenarios []*Scenario
	Warnings  spec.Problems // what is legal in the plan and surely unwanted; they change no exit code

	conditions *metrics.Conditions
	setup      *phase
	teardown   *phase
	env        map[string]any
	vars       map[string]any // those known before services run
	late       []lateVar
	services   []*compiledService
	generators []*expr.Tree
	feeders    []*data.Feeder
	counts     vu.Counts
}

// Scenario is one compiled scenario.
type Scenario struct {
	Name     string
	Spec     *spec.Scenario
	Executor executor.Executor
	Info     executor.Info
	After    []string
	Skipped  bool // its if says no: it does not run

	id      metrics.ScenarioID
	before  []func(*vu.VU) error
	init    []vu.Step
	steps   []vu.Step
	parts   []vu.Part // what the steps are called, one each; of a mix the flows
	begun   []vu.Part // the same of init
	ways    []int64   // of a mix: the iterations that take each flow once
	names   []string
	aligned []int // feeders that each iteration reads
	late    []lateVar
	peers   []peer.Config
	reach   map[vu.Way]int64 // clients of one VU, by target
}

// phase is setup or teardown: steps that run once, recorded apart.
type phase struct {
	name   string
	layout *metrics.Layout
	steps  []vu.Step
	parts  []vu.Part
	names  []string
	hidden map[string]bool // names captured with secret: true
	peers  []peer.Config
}

// lateVar is a variable that needs a service's address: it is evaluated when services run.
type lateVar struct {
	name  string
	value spec.Value
	tree  *expr.Tree
	known bool // it was evaluated before the run, to is
	is    any
}
