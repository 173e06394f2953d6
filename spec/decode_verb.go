package spec

import (
	"reflect"
	"slices"
	"strings"
)

// verbValue decodes what stands behind the verb.
func (d *decoder) verbValue(e pair, step Step, v reflect.Value) {
	switch s := step.(type) {
	case *Request:
		d.request(e, s)
		return
	case *Think:
		d.think(e, s)
		return
	case *Repeat:
		d.times(e, s)
		return
	case *Foreach:
		d.foreach(e, s)
		return
	case *End:
		s.Message = d.text(e)
		return
	}
	for _, f := range Fields(v.Type()) {
		if !f.Verb {
			continue
		}
		f.Key = e.key.text
		switch {
		case e.val.bad:
		case e.val.kind == nullNode:
			d.add(Problemf(e.key.pos, e.key.width, "%s has no value", e.key.text).WithHint("%s", exampleOf(f)))
		case isMap(f.Type) && e.val.kind == mapNode && len(e.val.pairs) == 0:
			d.empty(e, e.key.text)
		default:
			d.into(e, v.Field(f.Index), f)
		}
	}
}

// request decodes the URL, and the method where the verb is request.
func (d *decoder) request(e pair, r *Request) {
	if e.val.kind != scalarNode {
		d.wrongKind(e, e.key.text, "a URL")
		return
	}
	r.URL = d.text(e)
	r.Method = strings.ToUpper(e.key.text)
	if e.key.text == "request" {
		method, url, ok := strings.Cut(r.URL.Value, " ")
		if !ok || !isToken(method) || strings.TrimSpace(url) == "" {
			d.add(Problemf(e.val.pos, e.val.width, "request wants a method and a URL, found %s", quoteShort(r.URL.Value)).
				WithHint("for example request: PURGE /cache"))
			r.Method, r.URL = "", Text{}
			return
		}
		rest := strings.TrimLeft(url, " ")
		r.Method, r.URL.Value = method, rest
		r.URL.Pos.Col += runeCount(method) + 1 + len(url) - len(rest)
		if capitals := strings.ToUpper(method); method != capitals && isMethod(capitals) {
			d.add(Problemf(e.val.pos, len(method), "%s is not %s: methods are sent as they are written", method, capitals).WithHint("write %s", capitals))
		}
	}
	if r.URL.Value == "" && !r.URL.Pos.IsZero() {
		d.add(Problemf(e.key.pos, e.key.width, "%s has an empty URL", e.key.text).WithHint("write %s: /", e.key.text))
	}
}

// times decodes how often repeat repeats; a template stays one.
func (d *decoder) times(e pair, r *Repeat) {
	if e.val.kind != scalarNode {
		d.wrongKind(e, "repeat", "a whole number")
		return
	}
	r.Times = d.text(e)
	if HasTemplate(e.val.text) {
		return
	}
	switch n, err := ParseInt(e.val.text); {
	case err != nil:
		d.add(scalarProblem(e.val.pos, e.val.width, "repeat", "a whole number", e.val.text, "3", err))
		r.Times = Text{}
	case e.val.style != plain:
		d.add(quotedProblem(e.val, "repeat", "a whole number"))
	case n < 1:
		d.add(Problemf(e.val.pos, e.val.width, "repeat is %d, want at least 1", n))
	}
}

// isMethod tells whether one of the verbs sends that method.
func isMethod(capitals string) bool {
	requests, _ := formOf("get")
	return slices.Contains(requests.Verbs, strings.ToLower(capitals)) && capitals != "REQUEST"
}
