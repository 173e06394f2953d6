package runner

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"runner/runner/mask"
	"runner/spec"
)

// describe says in a few words what load a scenario makes.
func describe(s *Scenario) string {
	switch e := s.Spec.Executor.(type) {
	case *spec.ConstantVUs:
		return fmt.Sprintf("constant-vus, %d VUs for %s", e.VUs.Value, spec.FormatDuration(e.Duration.Value))
	case *spec.RampingVUs:
		return fmt.Sprintf("ramping-vus, up to %d VUs for %s", s.Info.MaxVUs, spec.FormatDuration(s.Info.Duration))
	case *spec.PerVUIterations:
		return fmt.Sprintf("per-vu-iterations, %d by %d VUs, at most %s", s.Info.Planned, s.Info.MaxVUs, spec.FormatDuration(s.Info.Duration))
	case *spec.SharedIterations:
		return fmt.Sprintf("shared-iterations, %d among %d VUs, at most %s", s.Info.Planned, s.Info.MaxVUs, spec.FormatDuration(s.Info.Duration))
	case *spec.ConstantArrivalRate:
		return fmt.Sprintf("constant-arrival-rate, %s for %s", e.Rate.Value, spec.FormatDuration(e.Duration.Value)) + spread(e.Arrivals, e.Late)
	case *spec.RampingArrivalRate:
		return fmt.Sprintf("ramping-arrival-rate, %d arrivals in %s", s.Info.Planned, spec.FormatDuration(s.Info.Duration)) + spread(e.Arrivals, e.Late)
	}
	return s.Info.Kind
}

// spread says how arrivals differ from evenly spaced ones that are dropped where no VU is free.
func spread(arrivals, late spec.Word) (text string) {
	if arrivals.Value == "poisson" {
		text = ", poisson"
	}
	if late.Value == "queue" {
		text += ", late ones queue"
	}
	return text
}

// Description says in a few words what load the scenario makes.
func (s *Scenario) Description() string { return describe(s) }

// Begins says when the scenario begins; "" at once.
func (s *Scenario) Begins() string {
	text := ""
	if start := s.Spec.Start.Or(0); start > 0 {
		text = spec.FormatDuration(start)
	}
	if len(s.After) > 0 {
		if text != "" {
			text += " "
		}
		text += "after " + strings.Join(s.After, " and ")
	} else if text != "" {
		text += " after the run's start"
	}
	return text
}

// Masked is a text without the secrets that the program knows of.
func (p *Program) Masked(text string) string {
	var m mask.Mask
	m.Add(p.Secrets...)
	return m.String(text)
}

// name is the plan's, or else its file's.
func (p *Program) name() string { return cmp.Or(p.Plan.Name.Value, filepath.Base(p.Plan.File)) }

// text is the plan as it runs, as YAML. Its secrets are in it, but for those of the environment.
func (p *Program) text() string {
	var text strings.Builder
	_ = p.Plan.Render(&text, false) // a builder takes everything
	return text.String()
}

// environment is what the plan's variables are, without the secret ones.
func (p *Program) environment() map[string]string {
	shown := map[string]string{}
	for _, e := range p.Plan.Env {
		value, _ := p.env[e.Key].(string)
		if e.Value != nil && e.Value.Secret.Value {
			value = mask.Mark
		}
		shown[e.Key] = value
	}
	return shown
}
