package request

import (
	"slices"
	"strings"

	"runner/runner/auth"
	"runner/runner/protocol"
	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
)

// proof is how a step says who it is from.
type proof struct {
	method    auth.Method // nil: not at all
	challenge auth.Challenged
	slot      int // of Authorization, where it is the same for the whole run; -1: made for each request
}

// nearestAuth is the auth in force. A header Authorization of the step's own wins over the auth of plan and scenario.
func nearestAuth(c *vu.Compiler, s *spec.Request) *spec.Auth {
	if s.Auth != nil {
		return s.Auth
	}
	if slices.ContainsFunc(s.Headers, isAuthorization) {
		return nil
	}
	return c.HTTP.Auth
}

func isAuthorization(h spec.Entry[spec.Text]) bool { return strings.EqualFold(h.Key, "Authorization") }

// setsAuthorization tells whether an auth says what the header Authorization is, if only after a challenge.
func setsAuthorization(a *spec.Auth) bool { return a != nil && !a.None && a.HMAC == nil }

// compileAuth compiles the auth in force.
func compileAuth(c *vu.Compiler, s *spec.Request) proof {
	for _, h := range s.Headers {
		if isAuthorization(h) && setsAuthorization(s.Auth) {
			c.Addf(h.KeyPos, len(h.Key), "auth %s sets the header Authorization, and so does this", s.Auth.Kind())
			return proof{}
		}
	}
	p := proof{method: auth.Compile(texts{c}, nearestAuth(c, s)), slot: -1}
	if p.method == nil {
		return p
	}
	p.challenge, _ = p.method.(auth.Challenged)
	if auth.Constant(p.method) {
		p.slot = c.NewConst()
	}
	c.Before = append(c.Before, func(v *vu.VU) error { return auth.Warm(p.method, scratchOf(v).proving(v)) })
	return p
}

// apply puts into the request what proves who it is from. Another place than the step's own is told nothing.
func (p *proof) apply(v *vu.VU, x *scratch) error {
	if p.method == nil || x.req.Target != x.home {
		return nil
	}
	if n := v.Iteration(); n != x.served {
		x.served = n
		x.proving(v).Forget()
	}
	defer func() { x.fields = x.req.Fields }() // with the room for one more
	if p.slot < 0 {
		return p.method.Apply(x.proving(v), &x.req)
	}
	value, err := v.Run.Const(p.slot, func() (any, error) {
		var r protocol.Request
		err := p.method.Apply(x.proving(v), &r)
		if err != nil {
			return nil, err
		}
		return r.Fields[0], nil
	})
	if err == nil {
		auth.Set(&x.req, value.(protocol.Field))
	}
	return err
}

// challenged tells whether the target asked for more, and is to be sent the request again with it.
func (p *proof) challenged(v *vu.VU, x *scratch) bool {
	return p.challenge != nil && x.req.Target == x.home && p.challenge.Answer(x.proving(v), &x.req, &v.Response.Response)
}

// texts compiles the texts of an auth.
type texts struct{ *vu.Compiler }

var _ auth.Compiler = texts{}

// Text compiles a text. One with a mistake, which has been said, is empty: a method's texts are always there.
func (t texts) Text(text spec.Text) *expr.Template {
	if compiled := t.Compiler.Text(text); compiled != nil {
		return compiled
	}
	empty, _ := expr.CompileText(spec.Text{}, t.Scope) // nothing has no mistakes
	return empty
}

// Within compiles a text in a scope with more names.
func (t texts) Within(text spec.Text, define func(*expr.Scope)) *expr.Template {
	outer := t.Scope
	t.Scope = outer.Child()
	defer func() { t.Scope = outer }()
	define(t.Scope)
	return t.Text(text)
}

// Address compiles a URL as a request's own is.
func (t texts) Address(text spec.Text) auth.Address {
	a := compileAddress(t.Compiler, text)
	return &a
}

// Resolve is where a request to the address goes now.
func (a *address) Resolve(vm *expr.VM) (target protocol.Target, authority, path string, err error) {
	text, err := a.text.Append(nil, vm)
	if err != nil {
		return target, "", "", err
	}
	if a.base == nil {
		p, err := parse(string(text))
		if err != nil {
			return target, "", "", err
		}
		return p.target, p.authority, p.path, nil
	}
	base, err := a.base.Append(nil, vm)
	if err != nil {
		return target, "", "", err
	}
	p, err := parse(string(base))
	if err != nil {
		return target, "", "", err
	}
	return p.target, p.authority, string(appendPath([]byte(strings.TrimSuffix(p.path, "/")), string(text))), nil
}
