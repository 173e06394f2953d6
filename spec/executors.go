package spec

// Executor is how a scenario's load is made: one of the types below.
type Executor interface {
	// Kind is the word under type:, as in constant-vus.
	Kind() string
	// At is where the executor was written.
	At() Pos
}

// Stage is one leg of a ramp. Of ramping-vus the target is VUs, of ramping-arrival-rate a Rate.
type Stage[T any] struct {
	Pos      Pos
	Name     Text     `plan:"name"`
	Duration Duration `plan:"duration,required"`
	Target   T        `plan:"target,required"`
}

// ConstantVUs keeps a number of VUs iterating for a time.
type ConstantVUs struct {
	Pos      Pos
	VUs      Int      `plan:"vus,required"`
	Duration Duration `plan:"duration,required"`
}

// RampingVUs changes the number of VUs in stages.
type RampingVUs struct {
	Pos              Pos
	StartVUs         Int          `plan:"start_vus"` // default 1
	Stages           []Stage[Int] `plan:"stages,required"`
	GracefulRampDown Duration     `plan:"graceful_ramp_down"` // default 30s
}

// PerVUIterations gives each VU its own number of iterations.
type PerVUIterations struct {
	Pos         Pos
	VUs         Int      `plan:"vus"`          // default 1
	Iterations  Int      `plan:"iterations"`   // default 1
	MaxDuration Duration `plan:"max_duration"` // default 10m
}

// SharedIterations deals a number of iterations to VUs as they come free.
type SharedIterations struct {
	Pos         Pos
	VUs         Int      `plan:"vus"`
	Iterations  Int      `plan:"iterations"`
	MaxDuration Duration `plan:"max_duration"`
}

// ConstantArrivalRate starts iterations at a rate, however long they take.
type ConstantArrivalRate struct {
	Pos      Pos
	Rate     RateOf   `plan:"rate,required"`
	Duration Duration `plan:"duration,required"`
	VUs      Int      `plan:"vus"`     // made before the start; default 1
	MaxVUs   Int      `plan:"max_vus"` // default: vus
}

// RampingArrivalRate changes the arrival rate in stages.
type RampingArrivalRate struct {
	Pos       Pos
	StartRate RateOf          `plan:"start_rate"` // default 0/s
	Stages    []Stage[RateOf] `plan:"stages,required"`
	VUs       Int             `plan:"vus"`
	MaxVUs    Int             `plan:"max_vus"`
}

func (*ConstantVUs) Kind() string         { return "constant-vus" }
func (*RampingVUs) Kind() string          { return "ramping-vus" }
func (*PerVUIterations) Kind() string     { return "per-vu-iterations" }
func (*SharedIterations) Kind() string    { return "shared-iterations" }
func (*ConstantArrivalRate) Kind() string { return "constant-arrival-rate" }
func (*RampingArrivalRate) Kind() string  { return "ramping-arrival-rate" }

func (e *ConstantVUs) At() Pos         { return e.Pos }
func (e *RampingVUs) At() Pos          { return e.Pos }
func (e *PerVUIterations) At() Pos     { return e.Pos }
func (e *SharedIterations) At() Pos    { return e.Pos }
func (e *ConstantArrivalRate) At() Pos { return e.Pos }
func (e *RampingArrivalRate) At() Pos  { return e.Pos }
