package vu

import (
	"time"

	"runner/spec"
)

// pace sets how long after this iteration's due time the VU's next one is due.
type pace struct{ period time.Duration }

func compilePace(c *Compiler, s *spec.Pace) Step {
	problem := spec.Problemf(s.Pos, len(s.Verb), "a pace gives the iterations of a closed executor their period")
	switch {
	case c.Phase != "":
		c.Add(spec.Problems{problem.WithHint("%s runs once: leave it out", c.Phase)})
	case c.Open:
		problem.Message = "an arrival executor starts iterations at its rate: they can't have a pace"
		c.Add(spec.Problems{problem.WithHint("leave it out, or use constant-vus or another closed executor")})
	}
	return &pace{s.Period.Value}
}

// Do notes the period; the executor waits.
func (s *pace) Do(v *VU) error {
	v.it.period = s.period
	return nil
}

// Pace is the period that the last iteration asked for, 0: none.
func (v *VU) Pace() time.Duration { return v.it.period }
