package spec

import (
	"reflect"
	"slices"
	"strings"
)

// steps decodes a list of steps.
func (d *decoder) steps(p pair) []Step {
	if p.val.kind != listNode {
		d.wrongKind(p, nameOf(p), "a list of steps")
		return nil
	}
	if len(p.val.items) == 0 {
		d.empty(p, nameOf(p))
	}
	var list []Step
	for _, item := range p.val.items {
		if s := d.step(item); s != nil {
			list = append(list, s)
		}
	}
	return list
}

// step decodes one step; nil if it is none.
func (d *decoder) step(n *node) Step {
	if n.kind != mapNode {
		d.wrongKind(pair{val: n}, "a step", "a verb with its words, such as get: /path")
		return nil
	}
	e, form := d.verb(n)
	if e == nil {
		return nil
	}
	v := reflect.New(form.Type)
	step := v.Interface().(Step)
	head := step.Common()
	head.Pos, head.Verb = e.key.pos, e.key.text
	if c := n.pair("if"); c != nil && c.val.kind != nullNode {
		head.If = d.expr(*c)
	}
	in := place{"step " + e.key.text, "step"}
	if form.Type == reflect.TypeFor[Request]() {
		in.row = "request"
	}
	if form.Body {
		d.words(*e, v.Elem(), place{e.key.text, e.key.text}, nil)
		d.unknown(n, []string{e.key.text, "if"}, in)
		return step
	}
	d.verbValue(*e, step, v.Elem())
	d.words(pair{e.key, n}, v.Elem(), in, []string{e.key.text, "if"})
	return step
}

// verb finds the one verb of a step; nil after a problem.
func (d *decoder) verb(n *node) (*pair, StepForm) {
	var found []*pair
	for i := range n.pairs {
		e := &n.pairs[i]
		if isNotYet("verb", e.key.text) {
			d.add(Problemf(e.key.pos, e.key.width, "%s is not supported yet by this version", e.key.text))
			return nil, StepForm{}
		}
		if _, ok := formOf(e.key.text); ok && e.key.text != "if" {
			found = append(found, e)
		}
	}
	if len(found) > 1 {
		second := found[1].key
		d.add(Problemf(second.pos, second.width, "a step has one verb, and this one has two: %s and %s", found[0].key.text, second.text).
			WithHint("make it two steps: begin this line with -"))
		return nil, StepForm{}
	}
	if len(found) == 0 {
		if found = append(found, n.pair("if")); found[0] == nil {
			d.noVerb(n)
			return nil, StepForm{}
		}
	}
	form, _ := formOf(found[0].key.text)
	return found[0], form
}

// noVerb reports a step without a verb: the first key that is near one, else the first key.
func (d *decoder) noVerb(n *node) {
	if trap, ok := colonMap(n); ok {
		d.add(trap)
		return
	}
	for _, e := range n.pairs {
		if s := Suggest(e.key.text, verbs()); s != "" && !isWordOfStep(e.key.text) {
			d.add(Problemf(e.key.pos, e.key.width, "unknown step %s", quoteShort(e.key.text)).WithHint("did you mean %q?", s))
			return
		}
	}
	at, width := n.pos, n.width
	word := "this step has no verb"
	if len(n.pairs) > 0 {
		at, width = n.pairs[0].key.pos, n.pairs[0].key.width
		if !isWordOfStep(n.pairs[0].key.text) {
			word = "unknown step " + quoteShort(n.pairs[0].key.text)
		}
	}
	d.add(Problemf(at, width, "%s", word).WithHint("one of %s", strings.Join(verbs(), ", ")))
}

// isWordOfStep tells whether a key is a word of some step, though not a verb.
func isWordOfStep(word string) bool {
	for _, form := range stepForms() {
		for _, f := range Fields(form.Type) {
			if f.Key == word {
				return true
			}
		}
	}
	return isNotYet("request", word)
}

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
	}
	if r.URL.Value == "" && !r.URL.Pos.IsZero() {
		d.add(Problemf(e.key.pos, e.key.width, "%s has an empty URL", e.key.text).WithHint("write %s: /", e.key.text))
	}
}

// think decodes a time or a range; a template stays one.
func (d *decoder) think(e pair, t *Think) {
	if e.val.kind == mapNode {
		for _, p := range e.val.pairs {
			if isNotYet("think", p.key.text) {
				d.add(Problemf(p.key.pos, p.key.width, "a distribution of think times is not supported yet by this version").
					WithHint("write think: 1s..3s"))
				return
			}
		}
	}
	if e.val.kind != scalarNode {
		d.wrongKind(e, "think", "a time or a range of times")
		return
	}
	t.Text = d.text(e)
	if HasTemplate(e.val.text) {
		return
	}
	var err error
	if t.Min, t.Max, err = ParseThink(e.val.text); err != nil {
		d.add(scalarProblem(e.val.pos, e.val.width, "think", "a time or a range of times", e.val.text, "1s..3s", err))
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
	n, err := ParseInt(e.val.text)
	if err != nil {
		d.add(scalarProblem(e.val.pos, e.val.width, "repeat", "a whole number", e.val.text, "3", err))
		r.Times = Text{}
	} else if n < 1 {
		d.add(Problemf(e.val.pos, e.val.width, "repeat is %d, want at least 1", n))
	}
}

// executor decodes the executor that type names.
func (d *decoder) executor(p pair) Executor {
	if p.val.kind != mapNode {
		d.wrongKind(p, "executor", "a map such as { type: constant-vus, vus: 10, duration: 30s }")
		return nil
	}
	at, width := whereOf(p)
	t := p.val.pair("type")
	if t == nil || t.val.kind != scalarNode {
		d.add(Problemf(at, width, "type is missing in executor").WithHint("one of %s", strings.Join(executorKinds(), ", ")))
		return nil
	}
	i := slices.Index(executorKinds(), t.val.text)
	if i < 0 {
		d.add(Problemf(t.val.pos, t.val.width, "unknown executor %s", quoteShort(t.val.text)).WithHint("%s", orList(t.val.text, executorKinds())))
		return nil
	}
	e := executorTypes()[i]
	d.words(p, reflect.ValueOf(e).Elem(), place{"executor " + t.val.text, "executor"}, []string{"type"})
	return e
}
