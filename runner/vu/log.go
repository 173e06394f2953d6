package vu

import (
	"runner/spec"
	"runner/spec/expr"
)

// log prints a line.
type log struct{ text *expr.Template }

func compileLog(c *Compiler, s *spec.Log) Step { return &log{text: c.Text(s.Text)} }

// Do prints the line with where it comes from.
func (s *log) Do(v *VU) error {
	line, err := s.text.Append(nil, &v.VM)
	if err != nil {
		return FailValue("log", err)
	}
	v.Run.Log(string(line))
	return nil
}
