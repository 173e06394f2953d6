package spec

import (
	"reflect"
	"slices"
	"strings"
)

// place is where words stand: what messages call it, and its row in the table of words that come later.
type place struct{ noun, row string }

// words decodes a map into a struct: every key a field, every required field a key. also lists keys that the caller has
// read itself. The struct's Pos is that of the map's own key, or of the map where it has none.
func (d *decoder) words(p pair, v reflect.Value, in place, also []string) {
	if p.val.kind != mapNode {
		d.notWords(p, v.Type(), in)
		return
	}
	at, width := whereOf(p)
	known := d.shape(v.Type())
	if known.pos != nil && v.FieldByIndex(known.pos).IsZero() {
		v.FieldByIndex(known.pos).Set(reflect.ValueOf(at))
	}
	for _, f := range known.words {
		e := p.val.pair(f.Key)
		switch {
		case e != nil && e.val.bad:
		case e != nil && (e.val.kind != nullNode || f.Type == reflect.TypeFor[Value]()):
			d.into(*e, v.Field(f.Index), f)
		case f.Required && !d.partial && p.val.pair(f.Unless) == nil && !misspelt(p.val, f.Key):
			prob := Problemf(at, width, "%s is missing in %s", f.Key, in.noun)
			d.add(prob.WithHint("%s", exampleOf(f)))
		}
	}
	d.unknown(p.val, in, also, known.keys)
}

// shape is what reflection says of a struct of the language. A plan has thousands of maps and few kinds of them.
type shape struct {
	words []Field
	keys  []string // of the words, and those that its kind has besides
	pos   []int    // path to the field for its place, nil if it has none
}

func (d *decoder) shape(t reflect.Type) *shape {
	if s := d.shapes[t]; s != nil {
		return s
	}
	s := new(shape)
	for _, f := range Fields(t) {
		if f.Key != "" {
			s.words, s.keys = append(s.words, f), append(s.keys, f.Key)
		}
	}
	if pos, ok := t.FieldByName("Pos"); ok && pos.Type == reflect.TypeFor[Pos]() {
		s.pos = pos.Index
	}
	if _, step := t.FieldByName("StepHead"); step && t != reflect.TypeFor[Request]() {
		s.keys = append(s.keys, "if")
	}
	if d.shapes == nil {
		d.shapes = map[reflect.Type]*shape{}
	}
	d.shapes[t] = s
	return s
}

// notWords reports what stands in place of a map of words, with the smallest map that would do.
func (d *decoder) notWords(p pair, t reflect.Type, in place) {
	var needed []string
	for _, f := range Fields(t) {
		if f.Required && f.Key != "" && f.Example != "" {
			needed = append(needed, f.Key+": "+f.Example)
		}
	}
	before := len(d.problems)
	d.wrongKind(p, in.noun, "a map of words")
	if p.key == nil || len(d.problems) == before || d.problems[before].Hint != "" {
		return
	}
	hint := "write " + p.key.text + ": with its words below it"
	switch {
	case len(needed) > 0:
		hint = "write " + p.key.text + ": { " + strings.Join(needed, ", ") + " }"
	case t == reflect.TypeFor[EnvVar]() && p.val.kind == scalarNode:
		hint = "write " + p.key.text + ": { default: " + p.val.text + " }"
	}
	d.problems[before] = d.problems[before].WithHint("%s", hint)
}

// misspelt tells whether a map has a key that was probably meant to be this word: one mistake, one problem.
func misspelt(n *node, word string) bool {
	for _, e := range n.pairs {
		if e.key.text != word && didYouMean(e.key.text, []string{word}) != "" {
			return true
		}
	}
	return false
}

// unknown reports the keys of a map that are in none of the lists of words.
func (d *decoder) unknown(n *node, in place, lists ...[]string) {
	for _, e := range n.pairs {
		k := e.key
		switch {
		case slices.ContainsFunc(lists, func(words []string) bool { return slices.Contains(words, k.text) }):
		case in.row == "plan" && strings.HasPrefix(k.text, "x-"):
		case isNotYet(in.row, k.text):
			d.add(Problemf(k.pos, k.width, "%s is not supported yet by this version", k.text))
		default:
			p := Problemf(k.pos, k.width, "unknown key %s in %s", quoteShort(k.text), in.noun)
			hint := orList(k.text, slices.Concat(lists...))
			if (in.row == "plan" || in.row == "scenario") && isWordOf(reflect.TypeFor[HTTP](), k.text) {
				hint = "it is a word of http: write http: { " + k.text + ": … }"
			}
			d.add(p.WithHint("%s", hint))
		}
	}
}

// isWordOf tells whether a struct has a word.
func isWordOf(t reflect.Type, word string) bool {
	return slices.ContainsFunc(Fields(t), func(f Field) bool { return f.Key == word })
}

// placeOf names the place of a struct for messages.
func placeOf(t reflect.Type, p pair) place {
	named := func(noun string) string {
		if p.key == nil {
			return noun
		}
		return noun + " " + quoteShort(p.key.text)
	}
	switch t {
	case reflect.TypeFor[HTTP]():
		return place{"http", "http"}
	case reflect.TypeFor[Login](), reflect.TypeFor[OAuth2](), reflect.TypeFor[AWSSigV4](), reflect.TypeFor[HMAC]():
		return place{p.key.text, "auth"}
	case reflect.TypeFor[TLS]():
		return place{"tls", "tls"}
	case reflect.TypeFor[Service]():
		return place{named("service"), "service"}
	case reflect.TypeFor[EnvVar]():
		return place{named("env"), "env"}
	case reflect.TypeFor[Data]():
		return place{named("data"), "data"}
	case reflect.TypeFor[Metric]():
		return place{named("metric"), "metric"}
	case reflect.TypeFor[Scenario]():
		return place{named("scenario"), "scenario"}
	case reflect.TypeFor[Flow]():
		return place{named("flow"), "flow"}
	case reflect.TypeFor[Input]():
		return place{named("input"), "input"}
	case reflect.TypeFor[Retry]():
		return place{"retry", "retry"}
	case reflect.TypeFor[Share]():
		return place{"this share of the mix", "share"}
	}
	return place{"this stage", "stage"}
}

// exampleOf is a hint for a missing word.
func exampleOf(f Field) string {
	if f.Example == "" {
		return ""
	}
	return "write " + f.Key + ": " + f.Example
}
