package expr

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"runner/spec"
)

// Template is a compiled text with ${…} in it: read-only, for any number of VMs at once.
type Template struct {
	source string
	pieces []piece
	lone   *Program // the text is exactly one ${…}
	needs  needs
}

// piece is a run of plain text, or an expression.
type piece struct {
	text    string
	program *Program
}

// CompileText compiles a text. $${ stands for ${. The problems have the place of the mistake in the plan; the template is
// nil if there are any.
func CompileText(t spec.Text, s *Scope) (*Template, spec.Problems) {
	parts, f := split(t.Value)
	if f != nil {
		return nil, place(t.Value, t.Pos, 0, []flaw{*f})
	}
	if t.Block && len(parts) == 2 && parts[0].expr && !parts[1].expr && parts[1].text == "\n" {
		parts = parts[:1]
	}
	out := &Template{source: t.Value}
	var problems spec.Problems
	for _, p := range parts {
		if !p.expr {
			out.pieces = append(out.pieces, piece{text: p.text})
			continue
		}
		program, flaws := compile(p.text, t.Pos.File, s, Any, nil, link)
		if len(flaws) > 0 {
			problems = append(problems, place(t.Value, t.Pos, p.offset, flaws)...)
			continue
		}
		out.needs.merge(&program.needs)
		out.pieces = append(out.pieces, piece{program: program})
	}
	if len(parts) == 1 && parts[0].expr && len(problems) == 0 {
		out.lone = out.pieces[0].program
		return out, nil
	}
	for i, p := range out.pieces {
		if p.program != nil && len(problems) == 0 {
			problems = append(problems, mixable(t, parts[i], p.program)...)
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	out.join()
	return out, nil
}

// mixable finds expressions that have no text form.
func mixable(t spec.Text, part fragment, p *Program) spec.Problems {
	hint := "to_json(…) makes a text of it"
	switch p.typ {
	case List, Map:
	case null:
		hint = ""
	default:
		return nil
	}
	f := flaw{0, runeCount(part.text), fmt.Sprintf("%s cannot stand inside a text", p.typ), hint}
	return place(t.Value, t.Pos, part.offset, []flaw{f})
}

// Textless finds a lone ${…} whose value is known to have no text form, for places that hold a text and nothing else. text
// is what the template was compiled from.
func (t *Template) Textless(text spec.Text) spec.Problems {
	if t.lone == nil {
		return nil
	}
	parts, _ := split(text.Value)
	return mixable(text, parts[0], t.lone)
}

// join makes plain text of constants and of neighbours.
func (t *Template) join() {
	var joined []piece
	for _, p := range t.pieces {
		if p.program != nil {
			v, ok := p.program.Const()
			text, err := Text(p.program.shown(v))
			if !ok || err != nil {
				joined = append(joined, p)
				continue
			}
			p = piece{text: text}
		}
		if n := len(joined); n > 0 && joined[n-1].program == nil {
			joined[n-1].text += p.text
		} else {
			joined = append(joined, p)
		}
	}
	t.pieces = joined
}

// Append appends the text. The error is an *Error.
func (t *Template) Append(dst []byte, vm *VM) ([]byte, error) {
	if t.lone != nil {
		return appendValue(dst, t.lone, vm)
	}
	var err error
	for i := range t.pieces {
		p := &t.pieces[i]
		if p.program == nil {
			dst = append(dst, p.text...)
		} else if dst, err = appendValue(dst, p.program, vm); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

func appendValue(dst []byte, p *Program, vm *VM) ([]byte, error) {
	v, err := p.Eval(vm)
	if err != nil {
		return dst, err
	}
	dst, err = appendText(dst, p.shown(v))
	return dst, fail(p.source, err)
}

// shown is the value as its text form has it: a number that is known to be a duration gets its units back.
func (p *Program) shown(v any) any {
	if p.typ != Millis {
		return v
	}
	ms, ok := asFloat(v)
	if ns := math.Round(ms * 1e6); ok && math.Abs(ns) < 1<<62 {
		return time.Duration(ns)
	}
	return v
}

// Eval is the value: of a lone ${…} the expression's, else the text. The error is an *Error.
func (t *Template) Eval(vm *VM) (any, error) {
	if t.lone != nil {
		return t.lone.Eval(vm)
	}
	if text, ok := t.Const(); ok {
		return text, nil
	}
	b, err := t.Append(nil, vm)
	if err != nil {
		return nil, err
	}
	return string(b), nil
}

// Const is the text of a template that reads nothing.
func (t *Template) Const() (string, bool) {
	if t.lone != nil {
		v, ok := t.lone.Const()
		text, err := Text(t.lone.shown(v))
		return text, ok && err == nil
	}
	switch {
	case len(t.pieces) == 0:
		return "", true
	case len(t.pieces) == 1 && t.pieces[0].program == nil:
		return t.pieces[0].text, true
	}
	return "", false
}

// Lone is the program of a text that is exactly one ${…}; nil for others.
func (t *Template) Lone() *Program { return t.lone }

// Source is the text as written.
func (t *Template) Source() string { return t.source }

// Plain is the text with each ${…} replaced by what name makes of its source, as for a series' name.
func (t *Template) Plain(name func(source string) string) string {
	parts, _ := split(t.source)
	var b strings.Builder
	for _, p := range parts {
		if p.expr {
			b.WriteString(name(p.text))
		} else {
			b.WriteString(p.text)
		}
	}
	return b.String()
}

// Constant, Reads, Generators, Feeders and the Needs are those of all its expressions; see Program.

// Constant tells whether the value is the same for the whole run.
func (t *Template) Constant() bool { return !t.needs.varies }

// Reads lists the names that it reads.
func (t *Template) Reads() []string { return slices.Clone(t.needs.names) }

// Generators lists the generators that it reads, by index.
func (t *Template) Generators() []int { return slices.Clone(t.needs.generators) }

// Feeders lists the data that it reads, by index.
func (t *Template) Feeders() []int { return slices.Clone(t.needs.feeders) }

// NeedsBody tells whether it reads the response's body.
func (t *Template) NeedsBody() bool { return t.needs.body }

// NeedsHeaders tells whether it reads the response's headers or cookies.
func (t *Template) NeedsHeaders() bool { return t.needs.headers }

// NeedsResponse tells whether it reads anything of the response.
func (t *Template) NeedsResponse() bool { return t.needs.response }
