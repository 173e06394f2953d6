package draft

import (
	"fmt"
	"strings"
)

// secrets turns what must not stand in a plan into variables of its environment.
type secrets struct {
	plan  *Plan
	weave *weaver
	names names
}

// secretHeader are headers whose values say who somebody is.
var secretHeader = pattern(`(?i)^(authorization|proxy-authorization|cookie)$|token|secret|api-?key|passw|session|credential|x-auth|^x-amz-security`)

// secretField are fields of queries, forms and JSON with such values.
var secretField = pattern(`(?i)passw(or)?d|^pwd$|secret|(^|[_-])api_?-?key$|apikey|(access|refresh|auth|id|csrf|xsrf|session|bearer)_?-?token$|^token$|^sig(nature)?$|credential|private_?-?key`)

// keep makes a variable of a secret value and lets it be known by that name from now on. It returns the expression.
func (s *secrets) keep(name, value, what string) string {
	for _, t := range s.weave.threads {
		if t.literal == value {
			return t.expr
		}
	}
	v := s.names.free(shout(name))
	s.plan.Env = append(s.plan.Env, Variable{Name: v, Secret: true, Description: what})
	// Short values stand in other texts by chance: they are replaced only where they are words of their own.
	s.weave.add(thread{literal: value, expr: "env." + v, anywhere: len(value) >= 6})
	return "env." + v
}

// header finds the secret of a header. Of Authorization, the scheme stays in the plan.
func (s *secrets) header(name, value string) {
	if !secretHeader().MatchString(name) || strings.TrimSpace(value) == "" {
		return
	}
	if s.woven(value) {
		s.mark(value)
		return
	}
	if scheme, rest, ok := strings.Cut(value, " "); ok && strings.Contains(strings.ToLower(name), "authorization") && strings.TrimSpace(rest) != "" {
		s.keep(s.tokenName(scheme), strings.TrimSpace(rest), fmt.Sprintf("what stands behind %s in the header %s", oneLine(scheme), name))
		return
	}
	s.keep(name, value, "the header "+name)
}

func (s *secrets) tokenName(scheme string) string {
	if strings.EqualFold(scheme, "bearer") {
		return "TOKEN"
	}
	return "AUTH_" + scheme
}

// woven tells whether a value has placeholders or known values in it: then it is no secret of its own.
func (s *secrets) woven(value string) bool {
	for _, p := range s.weave.parts(value) {
		if p.expr {
			return true
		}
	}
	return false
}

// field finds the secret of a query parameter or a field of a body.
func (s *secrets) field(name, value string) {
	if value != "" && secretField().MatchString(name) && !s.woven(value) {
		s.keep(name, value, "the field "+label(name, "without a name"))
	}
}

// json finds the secrets of a JSON body.
func (s *secrets) json(t *tree) {
	for i, item := range t.entries() {
		if t.kind == object && item.kind == str {
			s.field(t.keys[i], item.text)
		}
		s.json(item)
	}
}

// mark makes secrets of the variables that a value reads.
func (s *secrets) mark(value string) {
	for _, p := range s.weave.parts(value) {
		for i := range s.plan.Env {
			if p.expr && p.text == "env."+s.plan.Env[i].Name {
				s.plan.Env[i].Secret = true
			}
		}
	}
}
