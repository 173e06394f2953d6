package spec

// Executor is how a scenario's load is made: one of the types below.
type Executor interface {
	// Kind is the word under type:, as in constant-vus.
	Kind() string
	// At is where the executor was written.
	At() Pos
}

// Stage is one leg of a ramp: the target is reached at the end of the duration, in a straight line. A duration of 0s is
// a jump. Of ramping-vus the target is VUs, of ramping-arrival-rate a rate.
type Stage[T any] struct {
	Pos Pos
	// Name of the stage, as the tag `stage` shows it.
	Name Text `plan:"name" default:"its number, from 1" example:"spike"`
	// How long the stage takes. `0s` is a jump.
	Duration Duration `plan:"duration,required" example:"30s"`
	// What is reached at the end of the stage: a number of VUs under ramping-vus, a rate under ramping-arrival-rate.
	Target T `plan:"target,required"`
}

// ConstantVUs keeps a number of VUs iterating for a time, each starting its next iteration when the last has ended.
type ConstantVUs struct {
	Pos Pos
	// How many VUs iterate, over all machines.
	VUs Int `plan:"vus,required" example:"20"`
	// How long new iterations are started.
	Duration Duration `plan:"duration,required" example:"30s"`
}

// RampingVUs changes the number of VUs in stages.
type RampingVUs struct {
	Pos Pos
	// How many VUs there are before the first stage.
	StartVUs Int `plan:"start_vus" default:"1" example:"1"`
	// The legs of the ramp, in order; targets are VUs.
	Stages []Stage[Int] `plan:"stages,required"`
	// How long an iteration may go on after the ramp has taken its VU away; then it is interrupted.
	GracefulRampDown Duration `plan:"graceful_ramp_down" default:"30s" example:"30s"`
}

// PerVUIterations gives each VU its own number of iterations.
type PerVUIterations struct {
	Pos Pos
	// How many VUs iterate.
	VUs Int `plan:"vus" default:"1" example:"10"`
	// How many iterations each VU runs.
	Iterations Int `plan:"iterations" default:"1" example:"5"`
	// No iteration is started after this time.
	MaxDuration Duration `plan:"max_duration" default:"10m" example:"10m"`
}

// SharedIterations deals a number of iterations to VUs as they come free.
type SharedIterations struct {
	Pos Pos
	// How many VUs take iterations.
	VUs Int `plan:"vus" default:"1" example:"10"`
	// How many iterations there are in all.
	Iterations Int `plan:"iterations" default:"1" example:"100"`
	// No iteration is started after this time.
	MaxDuration Duration `plan:"max_duration" default:"10m" example:"10m"`
}

// ConstantArrivalRate starts iterations at a rate, however long they take: users arrive whether or not the target keeps
// up. An iteration is dropped (and counted) if all max_vus VUs are busy at its time.
type ConstantArrivalRate struct {
	Pos Pos
	// How many iterations start in a unit of time.
	Rate RateOf `plan:"rate,required" example:"5/s"`
	// How long iterations are started.
	Duration Duration `plan:"duration,required" example:"30s"`
	// How many VUs are made before the start.
	VUs Int `plan:"vus" default:"1" example:"10"`
	// How many VUs there may be at most; those above vus are made when they are needed.
	MaxVUs Int `plan:"max_vus" default:"vus" example:"50"`
	// uniform spaces arrivals evenly along the rate; poisson draws them from the seed, as independent users arrive.
	Arrivals Word `plan:"arrivals" enum:"uniform,poisson" default:"uniform" example:"poisson"`
	// What happens to an iteration that no VU is free for: drop counts it as dropped, queue starts it late.
	Late Word `plan:"late" enum:"drop,queue" default:"drop" example:"queue"`
}

// RampingArrivalRate changes the arrival rate in stages.
type RampingArrivalRate struct {
	Pos Pos
	// The rate before the first stage.
	StartRate RateOf `plan:"start_rate" default:"0/s" example:"5/s"`
	// The legs of the ramp, in order; targets are rates.
	Stages []Stage[RateOf] `plan:"stages,required"`
	// How many VUs are made before the start.
	VUs Int `plan:"vus" default:"1" example:"10"`
	// How many VUs there may be at most; those above vus are made when they are needed.
	MaxVUs Int `plan:"max_vus" default:"vus" example:"50"`
	// uniform spaces arrivals evenly along the rate; poisson draws them from the seed, as independent users arrive.
	Arrivals Word `plan:"arrivals" enum:"uniform,poisson" default:"uniform" example:"poisson"`
	// What happens to an iteration that no VU is free for: drop counts it as dropped, queue starts it late.
	Late Word `plan:"late" enum:"drop,queue" default:"drop" example:"queue"`
}

// Kind is constant-vus.
func (*ConstantVUs) Kind() string { return "constant-vus" }

// Kind is ramping-vus.
func (*RampingVUs) Kind() string { return "ramping-vus" }

// Kind is per-vu-iterations.
func (*PerVUIterations) Kind() string { return "per-vu-iterations" }

// Kind is shared-iterations.
func (*SharedIterations) Kind() string { return "shared-iterations" }

// Kind is constant-arrival-rate.
func (*ConstantArrivalRate) Kind() string { return "constant-arrival-rate" }

// Kind is ramping-arrival-rate.
func (*RampingArrivalRate) Kind() string { return "ramping-arrival-rate" }

// At is where the executor was written.
func (e *ConstantVUs) At() Pos { return e.Pos }

// At is where the executor was written.
func (e *RampingVUs) At() Pos { return e.Pos }

// At is where the executor was written.
func (e *PerVUIterations) At() Pos { return e.Pos }

// At is where the executor was written.
func (e *SharedIterations) At() Pos { return e.Pos }

// At is where the executor was written.
func (e *ConstantArrivalRate) At() Pos { return e.Pos }

// At is where the executor was written.
func (e *RampingArrivalRate) At() Pos { return e.Pos }

// executorTypes is the index of executors: a new type is its own file and one line here.
func executorTypes() []Executor {
	return []Executor{&ConstantVUs{}, &RampingVUs{}, &PerVUIterations{}, &SharedIterations{},
		&ConstantArrivalRate{}, &RampingArrivalRate{}}
}

func executorKinds() []string {
	var kinds []string
	for _, e := range executorTypes() {
		kinds = append(kinds, e.Kind())
	}
	return kinds
}
