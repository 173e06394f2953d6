package spec

import (
	"reflect"
	"strings"
)

// decoder turns a document into the types of the language, driven by their plan tags. It collects every mistake and leaves
// zero what it could not read.
type decoder struct {
	problems Problems
	deferred []*deferred
	owner    string // name of the scenario that is being read
	partial  bool   // a file is missing: what isn't there may be in it
	shapes   map[reflect.Type]*shape
}

func (d *decoder) add(p Problem) { d.problems = append(d.problems, p) }

// plan decodes a whole document.
func (d *decoder) plan(root *node) *Plan {
	p := new(Plan)
	d.words(pair{val: root}, reflect.ValueOf(p).Elem(), place{"the plan", "plan"}, nil)
	return p
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
	case **Auth:
		*t = d.auth(p)
	case **GraphQL:
		*t = d.graphql(p)
	case *Cookies:
		d.requestCookies(p, t)
	case *[]Part:
		*t = d.multipart(p)
	case *Executor:
		*t = d.executor(p)
	case *Connections:
		d.connections(p, t)
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
		if e.val.kind == nullNode && elem != reflect.TypeFor[Value]() && !f.Nullable {
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
		if e.val.kind == nullNode && f.Nullable {
			item.Field(2).Set(reflect.ValueOf(Text{Null: true, Pos: e.key.pos}))
			continue
		}
		d.into(e, item.Field(2), f)
	}
	d.owner = ""
	v.Set(out)
}

func emptyHint(elem reflect.Type) string {
	switch elem {
	case reflect.TypeFor[*EnvVar]():
		return "write {} for a variable that must be set"
	case reflect.TypeFor[*Input]():
		return "write {} for an input of any type"
	}
	return ""
}

// list decodes a list of structs, such as stages.
func (d *decoder) list(p pair, v reflect.Value, f Field) {
	if p.val.kind != listNode {
		d.wrongKind(p, f.Key, "a list")
		return
	}
	if len(p.val.items) == 0 {
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
	prob := Problemf(at, width, "%s wants %s, found %s", what, wanted, p.val.found())
	if p.val.kind == mapNode && wanted == "an expression" {
		prob = prob.WithHint("to give it a name, write a map of name: expression, without dashes")
	}
	if prob.Hint == "" {
		prob = prob.WithHint("%s", reshape(p, wanted))
	}
	d.add(prob)
}

// reshape is how to write a value of another shape as the wanted one.
func reshape(p pair, wanted string) string {
	v := p.val
	switch {
	case wanted == "a verb with its words, such as get: /path":
		verb, rest, _ := strings.Cut(v.text, " ")
		if _, ok := formOf(strings.ToLower(verb)); ok && rest != "" {
			return "write " + strings.ToLower(verb) + ": " + rest
		}
	case strings.HasPrefix(wanted, "a list") && v.kind == mapNode:
		return "begin each entry of the list with a dash"
	case strings.HasPrefix(wanted, "a list") && v.kind == scalarNode && p.key != nil:
		return "write " + p.key.text + ": [" + strings.Join(strings.Fields(v.text), ", ") + "]"
	case strings.HasPrefix(wanted, "a map") && v.kind == listNode:
		return "write name: value, without dashes"
	case wanted == "text" && v.kind != scalarNode:
		return "write one text"
	}
	return ""
}

// whereOf is the place of an entry: its key, or its value where it has none.
func whereOf(p pair) (Pos, int) {
	if p.key != nil {
		return p.key.pos, p.key.width
	}
	return p.val.pos, p.val.width
}
