package spec

import (
	"reflect"
	"strings"
	"sync"
)

// StepForm is one kind of step: the verbs that choose it and the type that holds it.
type StepForm struct {
	Verbs []string
	Type  reflect.Type // of the struct, such as Request
	Body  bool         // the type's words stand in a map under the verb, not beside it
}

// Grammar is the language's index, for those who describe it: the JSON Schema, the reference.
type Grammar struct {
	Plan      reflect.Type
	Preamble  reflect.Type
	Steps     []StepForm
	Executors map[string]reflect.Type // by kind
	Kinds     []string                // of executors, in the order of the reference
}

// Describe lists the words that the types alone don't show.
func Describe() Grammar {
	g := Grammar{Plan: reflect.TypeFor[Plan](), Preamble: reflect.TypeFor[Preamble](), Executors: map[string]reflect.Type{}}
	g.Steps = append(g.Steps, stepForms()...)
	for _, e := range executorTypes() {
		g.Executors[e.Kind()] = reflect.TypeOf(e).Elem()
		g.Kinds = append(g.Kinds, e.Kind())
	}
	return g
}

// stepForms is the index of steps: a new kind is its own type and one line here. Every step of a plan asks for it.
var stepForms = sync.OnceValue(func() []StepForm {
	return []StepForm{
		{Verbs: []string{"get", "post", "put", "patch", "delete", "head", "options", "request"}, Type: reflect.TypeFor[Request]()},
		{Verbs: []string{"parallel"}, Type: reflect.TypeFor[Parallel]()},
		{Verbs: []string{"group"}, Type: reflect.TypeFor[Group]()},
		{Verbs: []string{"repeat"}, Type: reflect.TypeFor[Repeat]()},
		{Verbs: []string{"while"}, Type: reflect.TypeFor[While]()},
		{Verbs: []string{"foreach"}, Type: reflect.TypeFor[Foreach]()},
		{Verbs: []string{"call"}, Type: reflect.TypeFor[Call]()},
		{Verbs: []string{"if"}, Type: reflect.TypeFor[Choose]()},
		{Verbs: []string{"think"}, Type: reflect.TypeFor[Think]()},
		{Verbs: []string{"pace"}, Type: reflect.TypeFor[Pace]()},
		{Verbs: []string{"barrier"}, Type: reflect.TypeFor[Barrier](), Body: true},
		{Verbs: []string{"set"}, Type: reflect.TypeFor[Set]()},
		{Verbs: []string{"emit"}, Type: reflect.TypeFor[Emit]()},
		{Verbs: []string{"log"}, Type: reflect.TypeFor[Log]()},
		{Verbs: []string{"fail", "stop", "abort"}, Type: reflect.TypeFor[End]()},
	}
})

// formOf finds the kind of step that a verb chooses.
func formOf(verb string) (StepForm, bool) {
	for _, f := range stepForms() {
		for _, v := range f.Verbs {
			if v == verb {
				return f, true
			}
		}
	}
	return StepForm{}, false
}

func verbs() []string {
	var all []string
	for _, f := range stepForms() {
		all = append(all, f.Verbs...)
	}
	return all
}

// Field is one word of a struct of the language, as its tags describe it.
type Field struct {
	Index    int
	Name     string // Go name
	Key      string // the word; "" for the verb's own value
	Required bool
	Unless   string // it is not required where this word is
	Verb     bool   // the value of the step's verb
	One      bool   // a list that may be written as its only item
	Size     bool   // an Int in bytes
	Source   bool   // scalars are taken as their source text: 007 is fine
	Inline   bool   // thresholds that may leave out the metric
	Nullable bool   // a map of texts in which null is a value
	Enum     []string
	Default  string
	Example  string
	Type     reflect.Type
}

// Fields lists the words of a struct type, embedded ones first.
func Fields(t reflect.Type) []Field {
	var fields []Field
	for i := range t.NumField() {
		sf := t.Field(i)
		if f, ok := fieldOf(sf); ok {
			f.Index = i
			fields = append(fields, f)
		}
	}
	return fields
}

func fieldOf(sf reflect.StructField) (Field, bool) {
	tag, ok := sf.Tag.Lookup("plan")
	if !ok {
		return Field{}, false
	}
	parts := splitComma(tag)
	f := Field{Name: sf.Name, Key: parts[0], Type: sf.Type, Default: sf.Tag.Get("default"), Example: sf.Tag.Get("example")}
	if e := sf.Tag.Get("enum"); e != "" {
		f.Enum = splitComma(e)
	}
	for _, opt := range parts[1:] {
		switch opt {
		case "required":
			f.Required = true
		case "verb":
			f.Verb = true
		case "one":
			f.One = true
		case "size":
			f.Size = true
		case "inline":
			f.Inline = true
		case "null":
			f.Nullable = true
		case "source":
			f.Source = true
		default:
			f.Unless, _ = strings.CutPrefix(opt, "unless ")
		}
	}
	return f, true
}
