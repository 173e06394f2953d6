package request

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"runner/runner/protocol"
	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
)

// cookies is what a step says of cookies.
type cookies struct {
	jar    bool // it takes part in the iteration's jar
	header bool // a header Cookie is written in the plan
	own    []cookie
}

// cookie is one cookie of the step's own.
type cookie struct {
	name  string
	value *expr.Template
}

func compileCookies(c *vu.Compiler, s *spec.Request) cookies {
	k := cookies{jar: s.Cookies.Jar.Or(c.HTTP.Cookies.Or(true))}
	for _, e := range s.Cookies.Values {
		if t := c.Text(e.Value); t != nil {
			k.own = append(k.own, cookie{e.Key, t})
		}
	}
	return k
}

var errCookie = errors.New("the value of a cookie holds a semicolon, which ends it: encode it, for example with url_encode()")

// build lays the step's own cookies into the VU's buffer.
func (k *cookies) build(v *vu.VU, x *scratch) error {
	x.own = x.own[:0]
	for _, c := range k.own {
		if len(x.own) > 0 {
			x.own = append(x.own, "; "...)
		}
		x.own = append(append(x.own, c.name...), '=')
		start := len(x.own)
		var err error
		if x.own, err = c.value.Append(x.own, &v.VM); err != nil {
			return err
		}
		if slices.Contains(x.own[start:], ';') {
			return errCookie
		}
		if err := checkHeader(x.own[start:]); err != nil {
			return err
		}
	}
	return nil
}

// addCookies adds the step's own cookies, and what the jar has for the request's URL under other names, to what the step's
// own Cookie header says: there can be only one such header (RFC 6265, 5.4).
func (s *Step) addCookies(v *vu.VU, x *scratch) {
	jar := s.cookies.jar && v.HasCookies()
	if !jar && len(x.own) == 0 {
		return
	}
	var stored []*http.Cookie
	if jar {
		stored = v.Cookies(urlOf(&x.req))
	}
	if len(stored) == 0 && len(x.own) == 0 {
		return
	}
	at := slices.IndexFunc(x.req.Fields, func(f protocol.Field) bool { return strings.EqualFold(f.Name, "Cookie") })
	if at < 0 {
		at = len(x.req.Fields)
		x.req.Fields = append(x.req.Fields, protocol.Field{Name: "Cookie"})
	}
	var value []byte
	add := func(text string) {
		if len(value) > 0 && text != "" {
			value = append(value, "; "...)
		}
		value = append(value, text...)
	}
	add(string(x.written))
	add(string(x.own))
	for _, c := range stored {
		if !s.cookies.has(c.Name) {
			add(c.Name + "=" + c.Value)
		}
	}
	x.req.Fields[at].Value = value
}

// keepWritten notes what a Cookie header of the plan's own says, before the jar's cookies join it.
func (k *cookies) keepWritten(x *scratch) {
	x.written = nil
	if !k.header {
		return
	}
	for _, f := range x.req.Fields {
		if strings.EqualFold(f.Name, "Cookie") {
			x.written = f.Value
		}
	}
}

func (k *cookies) has(name string) bool {
	return slices.ContainsFunc(k.own, func(c cookie) bool { return c.name == name })
}

// redirect makes the request the one that follows a redirect. The step's own cookies go along to the same place only.
func (s *Step) redirect(v *vu.VU, x *scratch, u *url.URL) {
	redirect(&x.req, u, v.Response.Response.Status)
	x.written = nil
	if x.req.Target != x.home {
		x.own = x.own[:0]
	}
}
