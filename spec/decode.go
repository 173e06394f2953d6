package spec

import (
	"reflect"
	"slices"
	"strings"
)

// decoder turns a document into the types of the language, driven by their plan tags. It collects every mistake and leaves
// zero what it could not read.
type decoder struct {
	problems Problems
	deferred []*deferred
	owner    string // name of the scenario that is being read
	partial  bool   // a file is missing: what isn't there may be in it
}

func (d *decoder) add(p Problem) { d.problems = append(d.problems, p) }

// place is where words stand: what messages call it, and its row in the table of words that come later.
type place struct{ noun, row string }

// plan decodes a whole document.
func (d *decoder) plan(root *node) *Plan {
	p := new(Plan)
	d.words(pair{val: root}, reflect.ValueOf(p).Elem(), place{"the plan", "plan"}, nil)
	return p
}

// words decodes a map into a struct: every key a field, every required field a key. also lists keys that the caller has
// read itself. The struct's Pos is that of the map's own key, or of the map where it has none.
func (d *decoder) words(p pair, v reflect.Value, in place, also []string) {
	if p.val.kind != mapNode {
		d.wrongKind(p, in.noun, "a map of words")
		return
	}
	at, width := whereOf(p)
	if pos := v.FieldByName("Pos"); pos.IsValid() && pos.Type() == reflect.TypeFor[Pos]() && pos.IsZero() {
		pos.Set(reflect.ValueOf(at))
	}
	fields := Fields(v.Type())
	keys := slices.Clone(also)
	for _, f := range fields {
		if f.Key == "" {
			continue
		}
		keys = append(keys, f.Key)
		e := p.val.pair(f.Key)
		switch {
		case e != nil && e.val.bad:
		case e != nil && (e.val.kind != nullNode || f.Type == reflect.TypeFor[Value]()):
			d.into(*e, v.Field(f.Index), f)
		case f.Required && !d.partial && !misspelt(p.val, f.Key):
			prob := Problemf(at, width, "%s is missing in %s", f.Key, in.noun)
			d.add(prob.WithHint("%s", exampleOf(f)))
		}
	}
	if v.Type() != reflect.TypeFor[Request]() && v.FieldByName("StepHead").IsValid() {
		keys = append(keys, "if")
	}
	d.unknown(p.val, keys, in)
}

// misspelt tells whether a map has a key that was probably meant to be this word: one mistake, one problem.
func misspelt(n *node, word string) bool {
	for _, e := range n.pairs {
		if e.key.text != word && Suggest(e.key.text, []string{word}) != "" {
			return true
		}
	}
	return false
}

// unknown reports the keys of a map that are none of the words.
func (d *decoder) unknown(n *node, words []string, in place) {
	for _, e := range n.pairs {
		k := e.key
		switch {
		case slices.Contains(words, k.text):
		case in.row == "plan" && strings.HasPrefix(k.text, "x-"):
		case isNotYet(in.row, k.text):
			d.add(Problemf(k.pos, k.width, "%s is not supported yet by this version", k.text))
		default:
			p := Problemf(k.pos, k.width, "unknown key %s in %s", quoteShort(k.text), in.noun)
			d.add(p.WithHint("%s", orList(k.text, words)))
		}
	}
}

// into decodes one value into one field.
func (d *decoder) into(p pair, v reflect.Value, f Field) {
	switch t := v.Addr().Interface().(type) {
	case *Text:
		*t = d.text(p)
	case *Expr:
		*t = d.expr(p)
	case *Value:
		*t = d.value(p.val, !f.Source)
	case *[]Text:
		*t = d.texts(p, f)
	case *[]Expr:
		*t = d.exprs(p)
	case *[]Step:
		*t = d.steps(p)
	case *[]Status:
		*t = d.statuses(p)
	case *[]Check:
		*t = d.checks(p)
	case *[]Capture:
		*t = d.captures(p)
	case *[]*Threshold:
		*t = d.thresholds(p, f.Inline)
	case *[]Matcher:
		*t = d.matchers(p)
	case *Executor:
		*t = d.executor(p)
	default:
		if !d.scalarInto(p, v, f) {
			d.composite(p, v, f)
		}
	}
}

// composite decodes maps, lists and structs that have no reader of their own.
func (d *decoder) composite(p pair, v reflect.Value, f Field) {
	t := v.Type()
	switch {
	case t.Kind() == reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		d.composite(p, v.Elem(), f)
	case t.Kind() == reflect.Struct:
		d.words(p, v, placeOf(t, p), nil)
	case isMap(t):
		d.mapping(p, v, f)
	case t.Kind() == reflect.Slice:
		d.list(p, v, f)
	}
}

// isMap tells whether a type is a Map of something.
func isMap(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && t.Elem().NumField() == 3 && t.Elem().Field(0).Name == "Key"
}

// mapping decodes a map of names. An entry that says nothing is a mistake, except where null is a value.
func (d *decoder) mapping(p pair, v reflect.Value, f Field) {
	if p.val.kind != mapNode {
		d.wrongKind(p, f.Key, "a map of names")
		return
	}
	elem := v.Type().Elem().Field(2).Type
	var entries []pair
	for _, e := range p.val.pairs {
		if e.val.bad {
			continue
		}
		if e.val.kind == nullNode && elem != reflect.TypeFor[Value]() {
			d.add(Problemf(e.key.pos, e.key.width, "%s has no value", e.key.text).WithHint("%s", emptyHint(elem)))
			continue
		}
		entries = append(entries, e)
	}
	out := reflect.MakeSlice(v.Type(), len(entries), len(entries))
	for i, e := range entries {
		item := out.Index(i)
		item.Field(0).SetString(e.key.text)
		item.Field(1).Set(reflect.ValueOf(e.key.pos))
		if elem == reflect.TypeFor[*Scenario]() {
			d.owner = e.key.text
		}
		d.into(e, item.Field(2), f)
	}
	d.owner = ""
	v.Set(out)
}

func emptyHint(elem reflect.Type) string {
	if elem == reflect.TypeFor[*EnvVar]() {
		return "write {} for a variable that must be set"
	}
	return ""
}

// list decodes a list of structs, such as stages.
func (d *decoder) list(p pair, v reflect.Value, f Field) {
	if p.val.kind != listNode {
		d.wrongKind(p, f.Key, "a list")
		return
	}
	if len(p.val.items) == 0 && f.Required {
		d.empty(p, f.Key)
	}
	out := reflect.MakeSlice(v.Type(), len(p.val.items), len(p.val.items))
	for i, item := range p.val.items {
		d.composite(pair{val: item}, out.Index(i), f)
	}
	v.Set(out)
}

// empty reports a list or map that must hold something.
func (d *decoder) empty(p pair, key string) {
	at, width := whereOf(p)
	d.add(Problemf(at, width, "%s is empty", key))
}

// wrongKind reports a value of another shape than the wanted one, or the trap that made it so.
func (d *decoder) wrongKind(p pair, what, wanted string) {
	if p.val.bad {
		return
	}
	if trap, ok := cutText(p.val); ok {
		d.add(trap)
		return
	}
	if trap, ok := colonMap(p.val); ok && !strings.Contains(wanted, "map") {
		d.add(trap)
		return
	}
	at, width := p.val.pos, p.val.width
	if p.val.kind == nullNode {
		at, width = whereOf(p)
	}
	d.add(Problemf(at, width, "%s wants %s, found %s", what, wanted, p.val.found()))
}

// whereOf is the place of an entry: its key, or its value where it has none.
func whereOf(p pair) (Pos, int) {
	if p.key != nil {
		return p.key.pos, p.key.width
	}
	return p.val.pos, p.val.width
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
