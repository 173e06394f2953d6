package spec

// Pace gives each iteration of a closed executor a minimum period: the VU's next iteration is due one period after this
// one was, or at once if that is past. It waits after the iteration, wherever in it the step stands, and what is late is
// not caught up. Arrival executors have a pace of their own: their rate.
type Pace struct {
	StepHead
	// The period.
	Period Duration `plan:",verb" example:"5s"`
}
