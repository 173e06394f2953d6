package vu

import (
	"strings"

	"runner/spec"
)

// Part is what is known of one step of a list, with all that stands in it.
type Part struct {
	Label string   // in a few words
	Names []string // of requests, groups and flows, outermost first
	Gives []string // names that it captures or sets
	Reads []string // names that its expressions read
}

// List compiles a list of steps and says what each is about.
func (c *Compiler) List(list []spec.Step) (steps []Step, parts []Part) {
	c.After = ""
	for _, s := range list {
		if s == nil {
			continue
		}
		part := Part{}
		if compiled := c.inPart(&part, func() Step { return c.step(s) }); compiled != nil {
			part.Label = label(s, &part)
			steps, parts = append(steps, compiled), append(parts, part)
		}
	}
	return steps, parts
}

func (c *Compiler) inPart(part *Part, compile func() Step) Step {
	c.part = part
	defer func() { c.part = nil }()
	return compile()
}

// Called notes the name of a request, a group or a flow.
func (c *Compiler) Called(name string) {
	if c.part != nil {
		c.part.Names = append(c.part.Names, name)
	}
}

// label is a step in a few words: a request's name, else the verb and what it is about.
func label(s spec.Step, part *Part) string {
	switch s := s.(type) {
	case *spec.Request:
		return part.Names[0]
	case *spec.Group, *spec.Call:
		return s.Common().Verb + " " + part.Names[0]
	case *spec.Set:
		return "set " + strings.Join(s.Values.Keys(), ", ")
	case *spec.Choose:
		return "if " + s.If.Source
	case *spec.While:
		return "while " + s.Cond.Source
	}
	return s.Common().Verb
}
