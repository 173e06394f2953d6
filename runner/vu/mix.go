package vu

import (
	"slices"

	"runner/spec"
)

// mix runs one of several flows, by the number of the iteration.
type mix struct {
	flows []Step
	names []int16 // by flow: its place in Scenario.Flows, from 1
	deal  []int   // of iteration n: deal[n mod len]
}

// Mix compiles a scenario's mix into its one step. ways are the first iterations that take each of the flows, which are the
// parts.
func (c *Compiler) Mix(shares []spec.Share) (steps []Step, ways []int64, parts []Part) {
	m := &mix{}
	var weights []int64
	for _, s := range shares {
		c.After = ""
		part := Part{Label: "flow " + s.Flow.Value}
		step := c.inPart(&part, func() Step { return compileCall(c, s.Flow, s.With) })
		if step == nil || s.Weight.Value < 1 {
			continue
		}
		m.flows = append(m.flows, step)
		m.names = append(m.names, c.mixed(s.Flow.Value))
		weights = append(weights, s.Weight.Value)
		parts = append(parts, part)
	}
	if len(m.flows) == 0 {
		return nil, nil, nil
	}
	m.deal = interleave(weights)
	for i := range m.flows {
		ways = append(ways, int64(slices.Index(m.deal, i)))
	}
	return []Step{m}, ways, parts
}

// mixed is the place of a flow among those that the scenario mixes, from 1.
func (c *Compiler) mixed(flow string) int16 {
	flows := &c.Layout.Scenarios[c.Scenario].Flows
	if !slices.Contains(*flows, flow) {
		*flows = append(*flows, flow)
	}
	return int16(slices.Index(*flows, flow) + 1)
}

// Do runs the flow of this iteration.
func (m *mix) Do(v *VU) error {
	dealt := m.deal[uint64(v.it.n)%uint64(len(m.deal))]
	v.it.flow = m.names[dealt]
	return m.flows[dealt].Do(v)
}

// interleave deals one turn: each gets its weight exactly, spread as evenly as the others allow. In each place everyone
// gains their weight, and whoever has most pays the sum for the place (smooth weighted round robin, as nginx has it).
func interleave(weights []int64) []int {
	unit, sum := int64(0), int64(0)
	for _, w := range weights {
		unit = gcd(w, unit)
	}
	have := make([]int64, len(weights))
	for _, w := range weights {
		sum += w / unit
	}
	deal := make([]int, sum)
	for place := range deal {
		best := 0
		for i, w := range weights {
			if have[i] += w / unit; have[i] > have[best] {
				best = i
			}
		}
		have[best] -= sum
		deal[place] = best
	}
	return deal
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
