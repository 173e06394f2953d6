package spec

import (
	"slices"
)

// Bind gives a value to every setting that was written as a template, such as vus: ${vars.n}. eval turns a template into
// text, with what its owner knows: a scenario, or "" for the plan; its problem, if any, is reported as it is. Bind may be called once, after vars are known and before Validate.
func (p *Plan) Bind(eval func(owner string, t Text) (string, *Problem)) Problems {
	var problems Problems
	secret := p.secretWords()
	for _, d := range p.deferred {
		value, problem := eval(d.owner, d.text)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		err := d.set(d.target, value)
		if err == nil {
			continue
		}
		prob := scalarProblem(d.text.Pos, runeCount(d.text.Value), d.key, d.noun, value, "", err)
		if secret != nil && secret.MatchString(d.text.Value) {
			prob = Problemf(d.text.Pos, runeCount(d.text.Value), "%s wants %s, found another value", d.key, d.noun).
				WithHint("the value is secret and not shown")
		}
		problems = append(problems, prob)
	}
	p.deferred = nil
	return problems.Annotate(p.Sources)
}

// Deferred lists the templates that Bind will ask for, in the order of the plan.
func (p *Plan) Deferred() []Text {
	texts := make([]Text, len(p.deferred))
	for i, d := range p.deferred {
		texts[i] = d.text
	}
	return texts
}

// drop forgets the open settings of a scenario's executor, or of a whole scenario.
func (p *Plan) drop(which func(*deferred) bool) {
	p.deferred = slices.DeleteFunc(p.deferred, which)
}

// open finds the open setting of a field, nil if it has a value or none.
func (p *Plan) open(target any) *deferred {
	for _, d := range p.deferred {
		if d.target == target {
			return d
		}
	}
	return nil
}
