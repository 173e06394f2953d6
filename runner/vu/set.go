package vu

import (
	"runner/spec"
	"runner/spec/expr"
)

// set gives names to values.
type set struct {
	names  []string
	values []*expr.Tree
}

func compileSet(c *Compiler, s *spec.Set) Step {
	t := &set{}
	for _, e := range s.Values {
		t.names = append(t.names, e.Key)
		t.values = append(t.values, c.Value(e.Value))
		c.Define(e.Key, e.KeyPos)
	}
	return t
}

// Do evaluates in the order of the file, so a later name can use an earlier one.
func (s *set) Do(v *VU) error {
	for i, name := range s.names {
		value, err := s.values[i].Eval(&v.VM)
		if err != nil {
			return FailValue("set "+name, err)
		}
		v.Set(name, value)
		if v.Trace != nil {
			v.Trace.Note(Note{Verb: "set", Text: name, Value: value, Valued: true})
		}
	}
	return nil
}
