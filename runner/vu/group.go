package vu

import (
	"errors"

	"runner/runner/metrics"
	"runner/spec"
)

// group times its steps together.
type group struct {
	id    metrics.GroupID
	steps []Step
}

func compileGroup(c *Compiler, s *spec.Group) Step {
	name := s.Name.Value
	c.Called(name)
	if c.group >= 0 {
		name = c.Layout.Groups[c.group].Name + "/" + name
	}
	id := metrics.GroupID(-1)
	for i, g := range c.Layout.Groups {
		if g.Name == name && g.Scenario == c.Scenario && g.Flow == c.Flow() {
			id = metrics.GroupID(i)
		}
	}
	if id < 0 {
		id = metrics.GroupID(len(c.Layout.Groups))
		c.Layout.Groups = append(c.Layout.Groups, metrics.Group{Name: name, Scenario: c.Scenario, Parent: c.group, Flow: c.Flow()})
	}
	return &group{id: id, steps: c.within(id, s.Steps)}
}

// Do times the steps, also when they end the iteration; a group that was interrupted has no duration.
func (s *group) Do(v *VU) error {
	start := v.Run.Clock()
	err := Steps(v, s.steps)
	if !errors.Is(err, ErrInterrupted) {
		v.Recorder.Group(s.id, v.Moment(), start, v.Run.Clock())
	}
	return err
}
