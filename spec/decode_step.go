package spec

import (
	"reflect"
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
		d.unknown(n, in, []string{e.key.text, "if"})
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
		if hint := didYouMean(e.key.text, verbs()); hint != "" && !isWordOfStep(e.key.text) {
			d.add(Problemf(e.key.pos, e.key.width, "unknown step %s", quoteShort(e.key.text)).WithHint("%s", hint))
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
