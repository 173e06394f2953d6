package draft

import (
	"slices"
	"strings"
)

// part is a run of literal text, or an expression.
type part struct {
	text string
	expr bool
	raw  string // of a placeholder: as the source has it
}

// join makes a template of parts. A literal $ before an expression would escape it, and so becomes one itself.
func join(parts []part) string {
	var b strings.Builder
	for i, p := range parts {
		switch {
		case p.expr:
			b.WriteString("${" + p.text + "}")
		case strings.HasSuffix(p.text, "$") && i+1 < len(parts) && parts[i+1].expr:
			b.WriteString(escape(strings.TrimSuffix(p.text, "$")) + `${"$"}`)
		default:
			b.WriteString(escape(p.text))
		}
	}
	return b.String()
}

// thread is a value that the plan knows by a name: wherever it stands in a text of the source, the name takes its place.
type thread struct {
	literal  string
	expr     string
	number   bool // the expression's value is a number
	anywhere bool // also in the middle of a word: a secret must not be there in any case
}

// weaver writes texts of the source as texts of the plan.
type weaver struct {
	threads []thread
	begins  map[byte][]thread       // by their first byte, the longest first
	holes   func(raw string) []part // the source's own placeholders; nil: it has none
}

// add makes a value known. What is known already keeps its name; longer values are looked for first.
func (w *weaver) add(t thread) {
	if t.literal == "" || slices.ContainsFunc(w.threads, func(have thread) bool { return have.literal == t.literal }) {
		return
	}
	w.threads = append(w.threads, t)
	if w.begins == nil {
		w.begins = map[byte][]thread{}
	}
	first := t.literal[0]
	w.begins[first] = append(w.begins[first], t)
	slices.SortStableFunc(w.begins[first], func(a, b thread) int { return len(b.literal) - len(a.literal) })
}

// text is a literal text with what is known in it by its name.
func (w *weaver) text(raw string) string { return join(w.parts(raw)) }

func (w *weaver) parts(raw string) []part {
	pieces := []part{{text: raw}}
	if w.holes != nil {
		pieces = w.holes(raw)
	}
	var out []part
	for _, p := range pieces {
		if p.expr {
			out = append(out, p)
		} else {
			out = append(out, w.cut(p.text)...)
		}
	}
	return out
}

// cut finds the known values of a text.
func (w *weaver) cut(raw string) []part {
	var out []part
	begin := 0
	for i := 0; i < len(raw); {
		t := w.starts(raw, i)
		if t == nil {
			i++
			continue
		}
		if i > begin {
			out = append(out, part{text: raw[begin:i]})
		}
		out = append(out, part{text: t.expr, expr: true})
		i += len(t.literal)
		begin = i
	}
	if begin < len(raw) {
		out = append(out, part{text: raw[begin:]})
	}
	return out
}

func (w *weaver) starts(raw string, i int) *thread {
	if i >= len(raw) {
		return nil
	}
	same := w.begins[raw[i]]
	for j := range same {
		t := &same[j]
		if strings.HasPrefix(raw[i:], t.literal) && (t.anywhere || wordAlone(raw, i, i+len(t.literal))) {
			return t
		}
	}
	return nil
}

// wordAlone tells whether no letter or digit touches raw[i:j].
func wordAlone(raw string, i, j int) bool {
	letter := func(c byte) bool {
		return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
	}
	return (i == 0 || !letter(raw[i-1])) && (j == len(raw) || !letter(raw[j]))
}

// untyped are expressions that may not be texts.
var untyped = pattern(`^([A-Za-z_][A-Za-z0-9_]*|timestamp\(.*|rand_(int|float|bool)\(.*|fake\.price.*)$`)

// typed is a JSON scalar in the plan: what is known by a name keeps the type that the source has.
func (w *weaver) typed(t *tree) Value {
	switch t.kind {
	case nothing:
		return Word("null")
	case boolean:
		return Word(t.text)
	case number:
		if k := w.starts(t.text, 0); k != nil && k.literal == t.text {
			if k.number {
				return Template("${" + k.expr + "}")
			}
			return Template("${float(" + k.expr + ")}")
		}
		return Word(t.text)
	}
	parts := w.parts(t.text)
	if len(parts) == 1 && parts[0].expr {
		if parts[0].raw != "" && untyped().MatchString(parts[0].text) { // in quotes: it is to be a text
			return Template("${string(" + parts[0].text + ")}")
		}
		if k := w.starts(t.text, 0); k != nil && k.number {
			return Template("${string(" + k.expr + ")}")
		}
	}
	return Template(join(parts))
}

// json is a JSON document in the plan.
func (w *weaver) json(t *tree) Value {
	switch t.kind {
	case list:
		v := List()
		for _, item := range t.items {
			v.items = append(v.items, w.json(item))
		}
		return v
	case object:
		v := Map()
		for i, item := range t.items {
			v.pairs = append(v.pairs, Pair{Key: t.keys[i], Value: w.json(item)})
		}
		return v
	}
	return w.typed(t)
}
