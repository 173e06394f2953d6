// Package advise finds what is legal in a plan and surely unwanted: a generator that nobody reads, a rate that its VUs can't
// reach, a password in plain text. It knows a plan and what it compiles to; it reads no file and changes no verdict.
//
// A warning that is wrong teaches its reader to pass over all of them. So each rule speaks only where it is sure, and keeps
// quiet about names that stand in included files: those are there for other plans too.
package advise

import (
	"runner/runner/executor"
	"runner/spec"
)

// Subject is a plan without mistakes, and what is known of it before the run.
type Subject struct {
	Plan      *spec.Plan
	Scenarios []Scenario      // those that run
	Read      map[string]bool // captured and set names that some expression of the steps reads

	mentioned map[string]bool // see mentions
}

// Scenario is one of them.
type Scenario struct {
	Name string
	Spec *spec.Scenario
	Info executor.Info
}

// rule finds warnings of one kind.
type rule struct {
	code string // what tools know the kind by
	find func(*Subject) spec.Problems
}

// rules is the index: a new kind of warning is its own file and one line here.
func rules() []rule {
	return []rule{
		{"unused", unused},
		{"unread-capture", unreadCaptures},
		{"secret", secrets},
		{"unreachable-rate", unreachableRates},
		{"never-judged", neverJudged},
		{"idle-vus", idleVUs},
		{"unreachable-steps", unreachableSteps},
		{"unexpected-status", unexpectedStatus},
	}
}

// On lists the warnings about a plan, each with its code, without the lines of the files.
func On(s *Subject) spec.Problems {
	s.mentioned = mentions(s.Plan)
	var all spec.Problems
	for _, r := range rules() {
		for _, p := range r.find(s) {
			p.Code = r.code
			all = append(all, p)
		}
	}
	return all
}

// own tells whether something stands in the plan's own file.
func (s *Subject) own(pos spec.Pos) bool { return pos.File == s.Plan.File }

// lists are all lists of steps of the plan that a run goes through.
func (s *Subject) lists() [][]spec.Step {
	lists := [][]spec.Step{s.Plan.Setup, s.Plan.Teardown}
	for _, e := range s.Plan.Scenarios {
		if e.Value != nil {
			lists = append(lists, e.Value.Init, e.Value.Steps)
		}
	}
	for _, e := range s.Plan.Flows {
		if e.Value != nil {
			lists = append(lists, e.Value.Steps)
		}
	}
	return lists
}

// each visits every step of the plan, once.
func (s *Subject) each(visit func(spec.Step)) {
	var walk func(steps []spec.Step)
	walk = func(steps []spec.Step) {
		for _, step := range steps {
			visit(step)
			for _, inner := range step.Inner() {
				walk(inner)
			}
		}
	}
	for _, list := range s.lists() {
		walk(list)
	}
}

func at(pos spec.Pos, text, format string, args ...any) spec.Problem {
	return spec.Problemf(pos, len([]rune(text)), format, args...)
}
