package expr

import "fmt"

// Branch makes a scope for steps that run on some condition: what may have no value where they do not stand can be read
// there, as the condition may well be the same.
func (s *Scope) Branch() *Scope { return &Scope{parent: s, branch: true} }

// DefineLocal makes a name known in this scope alone: the element of a loop, the input of a flow. The VM's Env has its
// value under key, so that it hides a name from around without touching its value. The error says why the name can't be used.
func (s *Scope) DefineLocal(name, key string, t Type) error {
	if err := s.Define(name, t); err != nil {
		return err
	}
	s.names[name] = &entry{typ: t, key: key}
	return nil
}

// Local tells whether a name is the element of a loop or the input of a flow: it can't be captured or set.
func (s *Scope) Local(name string) bool {
	e := s.lookup(name)
	return e != nil && e.key != ""
}

// Adopt takes over what steps inside captured, and that there is a response after them. Of several branches, one of which
// is taken, what one does not capture may have no value.
func (s *Scope) Adopt(branches ...*Scope) {
	for _, b := range branches {
		s.response = s.response || b.response
		s.steps = append(s.steps, b.steps...)
		for name, e := range b.names {
			if e.captured {
				s.adopt(name, e.typ, !captures(branches, name))
			}
		}
	}
}

// captures tells whether a name surely has a value whichever branch is taken.
func captures(branches []*Scope, name string) bool {
	for _, b := range branches {
		if e := b.names[name]; e == nil || !e.captured || e.unsure {
			return false
		}
	}
	return true
}

func (s *Scope) adopt(name string, t Type, unsure bool) {
	if have := s.lookup(name); unsure && have != nil && have.members == nil && !have.unsure {
		return
	}
	s.define(name, &entry{typ: t, captured: true, unsure: unsure})
}

// doubtful tells whether a name may have no value where this scope reads it.
func (s *Scope) doubtful(name string) bool {
	for at := s; at != nil; at = at.parent {
		if e := at.names[name]; e != nil {
			return e.unsure
		}
		if at.branch {
			return false
		}
	}
	return false
}

// doubt is the message about a name that may have no value.
func doubt(name string) (message, hint string) {
	return fmt.Sprintf("%q is captured on some condition only: here it may have no value", name),
		fmt.Sprintf("give it one before, as in set: { %s: \"\" }, or read it under an if", name)
}
