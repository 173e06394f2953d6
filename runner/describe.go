package runner

import (
	"cmp"
	"path/filepath"
	"strings"

	"runner/runner/mask"
	"runner/spec"
)

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
