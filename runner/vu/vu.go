// Package vu is what a virtual user holds and what it can do: the state of one iteration, and the steps that are not
// requests. It does not know when an iteration is due, how a request looks on the wire, or where samples go.
package vu

import (
	"sync"
	"sync/atomic"
	"time"

	"runner/runner/data"
	"runner/runner/metrics"
	"runner/runner/protocol"
	"runner/spec/expr"
)

// Step is one compiled step: immutable and shared by all VUs. Do returns nil to go on, or one of this package's endings
// (*Failed, *Stopped, *Aborted, ErrInterrupted).
type Step interface {
	Do(*VU) error
}

// Client exchanges one request at a time over its own connections. Its clock is the run's. Interrupt may come from any
// goroutine. CloseIdle closes its connections; the next request opens others.
type Client interface {
	Do(*protocol.Request, *protocol.Response, *protocol.Timing) protocol.Failure
	Interrupt()
	CloseIdle()
	Close()
}

// Peers are what the requests of a scenario go through: ways to connect, by number. Number 0 is the scenario's own; steps
// with other settings have others.
type Peers interface {
	// New makes a client. beside is another one of the same VU and number, whose connections the new one may use as well;
	// nil: there is none.
	New(number int, beside Client) Client
	// Fresh says that connections end with the iteration.
	Fresh(number int) bool
}

// Scenario is the part of a compiled scenario that its VUs share. It is read-only.
type Scenario struct {
	ID      metrics.ScenarioID
	Name    string
	Hash    uint64   // of the name: part of every seed
	Stages  []string // names; stage n is Stages[n-1]
	Init    []Step
	Steps   []Step
	Names   []string // every name that a step captures or sets
	Vars    map[string]any
	Aligned []int // feeders that each of its iterations reads
	Peers   Peers

	once   sync.Once
	shared map[string]any // what names stand for in all VUs alike
}

// VU is one virtual user, or one branch of a parallel step in it. Only its own goroutine touches it, but for Interrupt.
type VU struct {
	ID       int64
	Run      *Run
	Scenario *Scenario
	Recorder *metrics.Shard
	Trace    Trace // nil under load
	VM       expr.VM
	Response Response // of the last request
	Scratch  any      // what the request step keeps for reuse
	Strict   bool     // setup and teardown: the first failed check or unexpected status ends it

	base    []any // values of Scenario.Names before an iteration: what init captured, else expr.Unset
	it      *iteration
	random  expr.Source // of values
	pauses  expr.Source // of think times
	branch  uint64      // 0: the VU itself; else of a branch's path, part of the seed
	forks   uint64      // parallel steps begun in this iteration
	ready   int64       // when init had run; 0: there is none
	think   int64       // ns in think steps of this iteration
	body    []byte      // the request being sent, for request.body
	hasBody bool
	seeded  bool  // both sources, in this iteration
	named   int16 // the stage whose name Env has

	clients  []Client // by number
	branches []*VU
	jars     *jars

	stop  *stopper
	timer *time.Timer // of Sleep, made at first use
}

// iteration is what a VU and its branches share while an iteration lasts.
type iteration struct {
	n     int64
	turn  int64
	stage int16
	flow  int16 // of the scenario's mix, from 1
	open  bool
	due   int64
	start int64
	sent  atomic.Bool // the first request of the iteration has begun

	traced traced
	spans  atomic.Uint64 // named so far

	period  time.Duration // of pace; 0: none
	replies []kept        // responses of steps, for steps.NAME; a step's own goroutine writes it

	mu    sync.Mutex
	rows  []map[string]any // by feeder; nil: not drawn
	kept  []bool           // rows that outlive the iteration (per: vu)
	draws expr.Source      // of rows
}

// New makes VU number id of a scenario. Its init steps have not run.
func New(run *Run, s *Scenario, id int64, rec *metrics.Shard) *VU {
	v := &VU{jars: &jars{}, ID: id, Run: run, Scenario: s, Recorder: rec, stop: &stopper{}}
	v.stop.sleepers = v.stop.alone[:0]
	v.it = &iteration{n: -1, rows: make([]map[string]any, len(run.Feeders)), kept: make([]bool, len(run.Feeders))}
	v.it.replies = make([]kept, run.replies)
	v.VM.Host = host{v}
	v.VM.Shared, v.VM.Env = s.environment(run), run.own(s, id)
	v.base = make([]any, len(s.Names))
	for i := range v.base {
		v.base[i] = expr.Unset
	}
	v.restore()
	return v
}

// restore sets every captured name to what it was before the first iteration.
func (v *VU) restore() {
	for i, name := range v.Scenario.Names {
		v.VM.Env[name] = v.base[i]
	}
}

// Close releases the VU's connections.
func (v *VU) Close() {
	v.stop.mu.Lock()
	defer v.stop.mu.Unlock()
	for _, c := range v.stop.all {
		c.Close()
	}
	v.stop.all, v.stop.first = nil, nil
}

// Client is the VU's own client of a number, made at first use.
func (v *VU) Client(number int) Client {
	for len(v.clients) <= number {
		v.clients = append(v.clients, nil)
	}
	if v.clients[number] == nil {
		v.clients[number] = v.stop.open(v.Scenario.Peers, number)
	}
	return v.clients[number]
}

// hangUp closes the connections that end with the iteration.
func (v *VU) hangUp() {
	for number, c := range v.clients {
		if c != nil && v.Scenario.Peers.Fresh(number) {
			c.CloseIdle()
		}
	}
	for _, b := range v.branches {
		b.hangUp()
	}
}

// Begin marks the start of a request: first tells whether it is the iteration's first.
func (v *VU) Begin() (first bool) { return !v.it.sent.Swap(true) }

// Due is when the schedule wanted the iteration, and whether it was an arrival.
func (v *VU) Due() (due int64, open bool) { return v.it.due, v.it.open }

// Moment is when the iteration was due: what its samples go by.
func (v *VU) Moment() metrics.Moment { return metrics.Moment{Due: v.it.due, Stage: v.it.stage} }

// Iteration is the number of the iteration; init has a number of its own.
func (v *VU) Iteration() int64 { return v.it.n }

// Stage is the number of the stage that the iteration was due in; 0: none.
func (v *VU) Stage() int16 { return v.it.stage }

// SetBody says which bytes request.body stands for; nil and false: there are none now.
func (v *VU) SetBody(b []byte, has bool) { v.body, v.hasBody = b, has }

// row is the row of a feeder for this iteration, drawn at first read.
func (v *VU) row(i int) (map[string]any, error) {
	it, f := v.it, v.Run.Feeders[i]
	it.mu.Lock()
	defer it.mu.Unlock()
	if it.rows[i] != nil {
		return it.rows[i], nil
	}
	var row map[string]any
	var err error
	switch f.Per() {
	case data.PerRun:
		row, err = v.Run.runRow(i, f)
	case data.PerVU:
		it.draws.Reset(v.Run.Seed, v.Scenario.Hash^rowsOf(i), uint64(v.ID))
		row, err = f.Draw(nobody, &it.draws)
	default:
		it.draws.Reset(v.Run.Seed, v.Scenario.Hash^rowsOf(i), uint64(v.it.n))
		row, err = f.Draw(it.turn, &it.draws)
	}
	if err != nil {
		return nil, err
	}
	it.rows[i], it.kept[i] = row, f.Per() != data.PerIteration
	return row, nil
}

// nobody is the number of no iteration.
const nobody = -1

// Salts keep random values of different uses apart. Rows have a source of their own for each feeder, so that neither what
// was drawn before nor which branch reads a row first decides which row it is; think times have one, so that another pause
// does not change what is sent after it.
const (
	thinkSalt = 0x8f1b_6a9d_3c5e_7021
	rowSalt   = 0x3d5c_92e7_b1f0_4a69
)

func rowsOf(feeder int) uint64 { return rowSalt * uint64(2*feeder+1) }

// source is the iteration's random source. It is seeded at first use, from the run's seed, the scenario, the iteration and
// the branch: the same iteration draws the same values whoever runs it.
func (v *VU) source() *expr.Source {
	v.seed()
	return &v.random
}

// Mark is where the iteration's random values are, for Rewind.
func (v *VU) Mark() expr.Source { return *v.source() }

// Rewind makes the iteration draw again what it has drawn since the mark.
func (v *VU) Rewind(mark expr.Source) { v.random = mark }

// chance is the iteration's random source of times to wait.
func (v *VU) chance() *expr.Source {
	v.seed()
	return &v.pauses
}

func (v *VU) seed() {
	if v.seeded {
		return
	}
	own := v.Scenario.Hash ^ v.branch
	v.random.Reset(v.Run.Seed, own, uint64(v.it.n))
	v.pauses.Reset(v.Run.Seed, own^thinkSalt, uint64(v.it.n))
	v.seeded = true
}
