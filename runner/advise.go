package runner

import (
	"runner/runner/advise"
	"runner/spec"
)

// advise says what is legal in a compiled plan and surely unwanted, in file order.
func (c *compiler) advise() spec.Problems {
	s := &advise.Subject{Plan: c.plan, Read: c.program.counts.Read}
	for _, sc := range c.program.active() {
		s.Scenarios = append(s.Scenarios, advise.Scenario{Name: sc.Name, Spec: sc.Spec, Info: sc.Info})
	}
	all := append(advise.On(s), c.warnings...).Annotate(c.plan.Sources)
	for i := range all {
		all[i].Message, all[i].Hint, all[i].Line = c.program.Masked(all[i].Message), c.program.Masked(all[i].Hint), c.program.Masked(all[i].Line)
	}
	return all
}
