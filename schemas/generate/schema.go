package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"runner/spec"
)

// object is a piece of a JSON Schema. Its keys come out sorted, so that the file is the same at each run.
type object = map[string]any

// schema builds the JSON Schema of plans: draft-07, which the YAML extensions of editors know best. Every struct has a
// definition, and a partial one for profiles and for plans that include others, in which nothing is required and null
// removes.
type schema struct {
	docs        docs
	definitions object
}

// planSchema is the text of plan.schema.json.
func planSchema(d docs) ([]byte, error) {
	s := &schema{docs: d, definitions: object{}}
	g := spec.Describe()
	s.scalars()
	s.executors(g)
	s.steps(g)
	s.lists()
	root := object{
		"$schema":     "http://json-schema.org/draft-07/schema#",
		"$id":         "plan.schema.json",
		"title":       "runner plan",
		"description": d.of("Plan"),
		"type":        "object",
		"if":          object{"required": []string{"include"}},
		"then":        s.document(g, true),
		"else":        s.document(g, false),
		"definitions": s.definitions,
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(root)
	return out.Bytes(), err
}

// document is a plan file: the words of a plan and those of loading.
func (s *schema) document(g spec.Grammar, partial bool) object {
	o := s.structure(g.Plan, partial)
	properties := o["properties"].(object)
	profile := s.structure(g.Plan, true)
	delete(profile["properties"].(object), "version")
	s.definitions["profile"] = profile
	for _, f := range spec.Fields(g.Preamble) {
		p := object{"anyOf": []any{ref("text"), object{"type": "array", "items": ref("text")}}}
		if f.Key == "profiles" {
			p = object{"type": []string{"object", "null"}, "additionalProperties": ref("profile")}
		}
		properties[f.Key] = s.describe(p, g.Preamble, f)
	}
	o["patternProperties"] = object{"^x-": object{}}
	return o
}

func ref(name string) object { return object{"$ref": "#/definitions/" + name} }

// structure is a struct's words. A partial one requires nothing.
func (s *schema) structure(t reflect.Type, partial bool) object {
	properties, required := object{}, []string{}
	var either []any
	for _, f := range spec.Fields(t) {
		if f.Key == "" {
			continue
		}
		p := s.field(f, partial)
		if partial {
			p = nullable(p)
		}
		properties[f.Key] = s.describe(p, t, f)
		switch {
		case !f.Required || partial:
		case f.Unless != "":
			either = append(either, object{"required": []string{f.Key}}, object{"required": []string{f.Unless}})
		default:
			required = append(required, f.Key)
		}
	}
	o := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(either) > 0 {
		o["oneOf"] = either
	}
	if len(required) > 0 {
		o["required"] = required
	}
	return o
}

func nullable(o object) object {
	return object{"anyOf": []any{o, object{"type": "null"}}}
}

// describe adds what an editor shows at a word.
func (s *schema) describe(p object, t reflect.Type, f spec.Field) object {
	text := s.docs[typeName(t)+"."+f.Name]
	if f.Default != "" {
		text = strings.TrimSpace(text + " Default: " + f.Default + ".")
	}
	if _, isRef := p["$ref"]; isRef { // draft-07 ignores what stands beside a $ref
		p = object{"allOf": []any{p}}
	}
	if text != "" {
		p["description"] = text
	}
	if value, ok := written(f, f.Default); ok {
		p["default"] = value
	}
	if value, ok := written(f, f.Example); ok {
		p["examples"] = []any{value}
	}
	return p
}

// typeName is a type's name without its parameters: Stage of Stage[…].
func typeName(t reflect.Type) string {
	name, _, _ := strings.Cut(t.Name(), "[")
	return name
}

// field is the value of one word.
func (s *schema) field(f spec.Field, partial bool) object {
	t := f.Type
	switch {
	case len(f.Enum) > 0 && t.Kind() == reflect.Slice: // a map of names to them
		return object{"type": "object", "additionalProperties": s.field(spec.Field{Type: reflect.TypeFor[spec.Word](), Enum: f.Enum}, partial)}
	case f.Inline:
		return ref("inlineThresholds")
	case len(f.Enum) > 0:
		return object{"anyOf": []any{object{"enum": enumeration(f.Enum)}, ref("template")}}
	case f.Size:
		return ref("size")
	case f.One && t == reflect.TypeFor[[]spec.Text]():
		return object{"anyOf": []any{ref("text"), object{"type": "array", "items": ref("text")}}}
	case t == reflect.TypeFor[spec.Executor]() && partial:
		return ref("partialExecutor")
	}
	if f.Nullable {
		return object{"type": "object", "additionalProperties": nullable(ref("text"))}
	}
	if name, ok := named(t); ok {
		return ref(name)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.field(spec.Field{Type: t.Elem()}, partial)
	case reflect.Struct:
		return s.define(t, partial)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Struct && t.Elem().NumField() == 3 && t.Elem().Field(0).Name == "Key" {
			value := s.field(spec.Field{Type: t.Elem().Field(2).Type, Source: f.Source, One: f.One}, partial)
			if partial {
				value = nullable(value)
			}
			return object{"type": "object", "additionalProperties": value}
		}
		return object{"type": "array", "minItems": 1, "items": s.field(spec.Field{Type: t.Elem()}, false)}
	}
	return object{}
}

// enumeration is the values of an enum. One that looks like a number is one to YAML, unless it stands in quotes.
func enumeration(enum []string) []any {
	var values []any
	for _, w := range enum {
		values = append(values, w)
		if n, err := strconv.ParseFloat(w, 64); err == nil {
			values = append(values, n)
		}
	}
	return values
}

// named finds the definition of a type that is no plain struct.
func named(t reflect.Type) (string, bool) {
	name, ok := map[reflect.Type]string{
		reflect.TypeFor[spec.Text]():         "text",
		reflect.TypeFor[spec.Expr]():         "expression",
		reflect.TypeFor[spec.Value]():        "value",
		reflect.TypeFor[spec.Int]():          "integer",
		reflect.TypeFor[spec.Bool]():         "boolean",
		reflect.TypeFor[spec.Duration]():     "duration",
		reflect.TypeFor[spec.RateOf]():       "rate",
		reflect.TypeFor[spec.Percent]():      "percent",
		reflect.TypeFor[spec.Executor]():     "executor",
		reflect.TypeFor[spec.Connections]():  "connections",
		reflect.TypeFor[[]spec.Step]():       "steps",
		reflect.TypeFor[[]spec.Status]():     "expect",
		reflect.TypeFor[[]spec.Check]():      "check",
		reflect.TypeFor[[]spec.Capture]():    "capture",
		reflect.TypeFor[[]*spec.Threshold](): "thresholds",
		reflect.TypeFor[[]spec.Matcher]():    "where",
		reflect.TypeFor[[]spec.Expr]():       "conditions",
		reflect.TypeFor[*spec.Auth]():        "auth",
		reflect.TypeFor[*spec.GraphQL]():     "graphql",
		reflect.TypeFor[spec.Cookies]():      "cookies",
		reflect.TypeFor[[]spec.Part]():       "multipart",
	}[t]
	return name, ok
}

// define makes a struct's definition once, and refers to it.
func (s *schema) define(t reflect.Type, partial bool) object {
	name := definitionName(t)
	if partial {
		name = "partial" + name
	}
	if _, ok := s.definitions[name]; !ok {
		s.definitions[name] = object{} // structs don't contain themselves, but a guard costs nothing
		o := s.structure(t, partial)
		o["description"] = s.docs.of(typeName(t))
		s.definitions[name] = o
	}
	return ref(name)
}

// definitionName tells the two kinds of stages apart.
func definitionName(t reflect.Type) string {
	name := typeName(t)
	if name == "Stage" && strings.Contains(t.Name(), "Rate") {
		return "RateStage"
	}
	return name
}

// executors defines one schema for each type, chosen by type:.
func (s *schema) executors(g spec.Grammar) {
	kind := object{"enum": g.Kinds, "description": "How iterations are started."}
	var choices, partial []any
	all := object{"type": nullable(kind)}
	for _, k := range g.Kinds {
		t := g.Executors[k]
		o := s.structure(t, false)
		o["description"] = s.docs.of(typeName(t))
		o["properties"].(object)["type"] = object{"const": k}
		s.definitions[typeName(t)] = o
		choices = append(choices, object{"if": object{"properties": object{"type": object{"const": k}}}, "then": ref(typeName(t))})
		some := s.structure(t, true)
		for word, p := range some["properties"].(object) {
			if have, ok := all[word]; ok && !reflect.DeepEqual(have, p) {
				p = object{"anyOf": []any{have, p}}
			}
			all[word] = p
		}
		some["properties"].(object)["type"] = object{"const": k}
		some["description"] = o["description"]
		s.definitions["partial"+typeName(t)] = some
		is := object{"required": []string{"type"}, "properties": object{"type": object{"const": k}}}
		partial = append(partial, object{"if": is, "then": ref("partial" + typeName(t))})
	}
	s.definitions["executor"] = object{"type": "object", "properties": object{"type": kind}, "required": []string{"type"}, "allOf": choices}
	partial = append(partial, object{"if": object{"not": object{"required": []string{"type"}}}, "then": object{"properties": all, "additionalProperties": false}})
	s.definitions["partialExecutor"] = object{"type": "object", "properties": object{"type": nullable(kind)}, "allOf": partial}
}

// steps defines one schema for each kind of step, chosen by its verb.
func (s *schema) steps(g spec.Grammar) {
	var choices, verbs []any
	words := object{}
	for _, form := range g.Steps {
		name := typeName(form.Type)
		s.definitions[name] = s.step(form)
		var has []any
		for _, v := range form.Verbs {
			words[v] = object{"description": s.docs.of(name)}
			has = append(has, object{"required": []string{v}})
		}
		when := object{"anyOf": has}
		if slices.Equal(form.Verbs, []string{"if"}) {
			when = object{"required": []string{"if", "then"}}
			has = []any{when}
		}
		verbs = append(verbs, has...)
		choices = append(choices, object{"if": when, "then": ref(name)})
	}
	s.definitions["step"] = object{"type": "object", "properties": words, "anyOf": verbs, "allOf": choices}
	s.definitions["steps"] = object{"type": "array", "minItems": 1, "items": ref("step")}
}

// step is one kind of step: the verb with its value, the words beside it, and if.
func (s *schema) step(form spec.StepForm) object {
	o := s.structure(form.Type, false)
	if form.Body {
		inner := o
		o = object{"type": "object", "properties": object{form.Verbs[0]: inner}, "additionalProperties": false}
	}
	properties := o["properties"].(object)
	properties["if"] = object{"allOf": []any{ref("expression")}, "description": s.docs["StepHead.If"]}
	value := ref("text")
	for _, f := range spec.Fields(form.Type) {
		if f.Verb && f.Type != reflect.TypeFor[spec.Text]() {
			value = s.field(f, false)
		}
	}
	switch form.Type {
	case reflect.TypeFor[spec.Choose]():
		o["required"] = []string{"if", "then"}
		return withDescription(o, s.docs.of(typeName(form.Type)))
	case reflect.TypeFor[spec.Think]():
		value = object{"anyOf": []any{ref("think"), s.define(reflect.TypeFor[spec.Distribution](), false)}}
	case reflect.TypeFor[spec.Repeat]():
		value = ref("integer")
	case reflect.TypeFor[spec.End]():
		value = nullable(ref("text"))
	}
	var one []any
	for _, v := range form.Verbs {
		if !form.Body {
			properties[v] = value
		}
		if v == "request" {
			properties[v] = object{"type": "string", "pattern": `^\S+ +\S`}
		}
		one = append(one, object{"required": []string{v}})
	}
	o["oneOf"] = one
	return withDescription(o, s.docs.of(typeName(form.Type)))
}

func withDescription(o object, text string) object {
	o["description"] = text
	return o
}
