package runner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"runner/runner/vu"
	"runner/spec"
)

// Choice is which steps of which scenarios a trial runs, and what it gives a value to beforehand. A nil Choice is all.
type Choice struct {
	// Missing says what chosen steps read and only steps that are left out would have captured, a line each.
	Missing []string

	chosen map[*Scenario][]bool // by step, or by flow of a mix
	values map[string]any
}

// Choose finds steps by number (3), range (2..4, 2.., ..4) or name: of a request, group or flow at any depth, which stands
// for the step of the list that holds it. A number needs a single scenario. values are given to captured names beforehand.
func (p *Program) Choose(steps []string, values map[string]any) (*Choice, error) {
	c := &Choice{chosen: map[*Scenario][]bool{}, values: values}
	for _, text := range steps {
		if err := c.choose(p, text); err != nil {
			return nil, fmt.Errorf("--step %s: %w", text, err)
		}
	}
	for _, s := range p.active() {
		if len(steps) == 0 {
			c.chosen[s] = slices.Repeat([]bool{true}, len(s.parts))
		}
		c.findMissing(s)
	}
	return c, c.known(p)
}

func (c *Choice) choose(p *Program, text string) error {
	if from, to, ok := numbers(text); ok {
		return c.byNumber(p, from, to)
	}
	found := false
	var names []string
	for _, s := range p.active() {
		for i, part := range s.parts {
			names = append(names, part.Names...)
			if slices.Contains(part.Names, text) || part.Label == text {
				c.mark(s)[i], found = true, true
			}
		}
	}
	if found {
		return nil
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if near := spec.Suggest(text, names); near != "" {
		return fmt.Errorf("no step has this name (did you mean %q?)", near)
	}
	return fmt.Errorf("no step has this name (have: %s)", strings.Join(names, ", "))
}

func (c *Choice) mark(s *Scenario) []bool {
	if c.chosen[s] == nil {
		c.chosen[s] = make([]bool, len(s.parts))
	}
	return c.chosen[s]
}

// open is an end of a range that is not written.
const open = -1

// numbers reads 3, 2..4, 2.. and ..4.
func numbers(text string) (from, to int, ok bool) {
	first, last, isRange := strings.Cut(text, "..")
	if !isRange {
		n, err := strconv.Atoi(text)
		return n, n, err == nil
	}
	from, to = open, open
	var errs [2]error
	if first != "" {
		from, errs[0] = strconv.Atoi(first)
	}
	if last != "" {
		to, errs[1] = strconv.Atoi(last)
	}
	return from, to, errs == [2]error{} && (first != "" || last != "")
}

func (c *Choice) byNumber(p *Program, from, to int) error {
	all := p.active()
	if len(all) != 1 {
		names := make([]string, len(all))
		for i, s := range all {
			names[i] = s.Name
		}
		return fmt.Errorf("a number says a step of one scenario (add --scenario; have: %s)", strings.Join(names, ", "))
	}
	s := all[0]
	n := len(s.parts)
	if to == open {
		to = n
	}
	if from == open {
		from = 1
	}
	if from < 1 || to > n || from > to {
		return fmt.Errorf("scenario %q has %d steps: want a number or a range from 1 to %d", s.Name, n, n)
	}
	for i := from - 1; i < to; i++ {
		c.mark(s)[i] = true
	}
	return nil
}

// findMissing looks for what steps read and nobody who runs gives.
func (c *Choice) findMissing(s *Scenario) {
	here := map[string]bool{}
	for name := range c.values {
		here[name] = true
	}
	for _, part := range s.begun {
		note(here, part.Gives)
	}
	for i, part := range s.parts {
		if !c.includes(s, i) {
			continue
		}
		for _, name := range part.Reads {
			if from := giver(s.parts[:i], name); from >= 0 && !here[name] && s.ways == nil {
				here[name] = true // said once
				c.Missing = append(c.Missing, fmt.Sprintf("step %d %q reads %s, which step %d %q would have given its value: it is left out (add it, or --with %s=VALUE)",
					i+1, part.Label, name, from+1, s.parts[from].Label, name))
			}
		}
		note(here, part.Gives)
	}
}

func note(here map[string]bool, names []string) {
	for _, name := range names {
		here[name] = true
	}
}

// giver is the last of the steps that gives a name its value, -1: none.
func giver(parts []vu.Part, name string) int {
	for i := len(parts) - 1; i >= 0; i-- {
		if slices.Contains(parts[i].Gives, name) {
			return i
		}
	}
	return -1
}

// known refuses values of names that no scenario captures or sets.
func (c *Choice) known(p *Program) error {
	var have []string
	for _, s := range p.active() {
		have = append(have, s.names...)
	}
	for name := range c.values {
		if slices.Contains(have, name) {
			continue
		}
		if near := spec.Suggest(name, have); near != "" {
			return fmt.Errorf("--with %s: no step captures or sets this name (did you mean %q?)", name, near)
		}
		return fmt.Errorf("--with %s: no step captures or sets this name (have: %s)", name, strings.Join(have, ", "))
	}
	return nil
}

// runs tells whether any step of a scenario runs.
func (c *Choice) runs(s *Scenario) bool { return c == nil || slices.Contains(c.chosen[s], true) }

func (c *Choice) includes(s *Scenario, i int) bool {
	return c == nil || i < len(c.chosen[s]) && c.chosen[s][i]
}

// steps are those of a scenario that run, each with its number.
func (c *Choice) steps(s *Scenario) []vu.Step {
	if s.ways != nil {
		return s.steps
	}
	var chosen []vu.Step
	for i, step := range numbered(s.steps, s.parts) {
		if c.includes(s, i) {
			chosen = append(chosen, step)
		}
	}
	return chosen
}

// give gives names their values before the iteration.
func (c *Choice) give(v *vu.VU) {
	if c != nil {
		for name, value := range c.values {
			v.Give(name, value)
		}
	}
}

// numberedStep tells the trace which step of the list begins.
type numberedStep struct {
	vu.Step
	i, of int
	label string
}

// Do heads the step and runs it.
func (n *numberedStep) Do(v *vu.VU) error {
	v.Trace.Step(n.i, n.of, n.label)
	return n.Step.Do(v)
}

func numbered(steps []vu.Step, parts []vu.Part) []vu.Step {
	all := make([]vu.Step, len(steps))
	for i, s := range steps {
		all[i] = &numberedStep{Step: s, i: i + 1, of: len(steps), label: parts[i].Label}
	}
	return all
}
