package vu

import (
	"errors"

	"runner/runner/metrics"
	"runner/spec"
	"runner/spec/expr"
)

// end is fail, stop or abort.
type end struct {
	verb    string
	message *expr.Template
}

func compileEnd(c *Compiler, s *spec.End) Step {
	return &end{verb: s.Verb, message: c.Text(s.Message)}
}

// Do ends the iteration, the VU or the run.
func (s *end) Do(v *VU) error {
	text, err := s.message.Append(nil, &v.VM)
	if err != nil {
		return FailValue(s.verb, err)
	}
	switch s.verb {
	case "stop":
		return &Stopped{Message: string(text)}
	case "abort":
		return &Aborted{Message: string(text)}
	default:
		return &Failed{Cause: metrics.CauseFail, Where: "fail", Err: errors.New(string(text))}
	}
}
