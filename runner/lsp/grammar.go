package lsp

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"runner/schemas"
	"runner/spec"
)

// schema is a piece of the JSON Schema of plans.
type schema = map[string]any

// grammar answers which words may stand where. It knows them from the generated schema, which has their docs from the same
// place as the reference.
type grammar struct {
	root        schema
	definitions schema
	verbs       []string
}

func readGrammar() (*grammar, error) {
	g := &grammar{}
	if err := json.Unmarshal(schemas.Plan, &g.root); err != nil {
		return nil, fmt.Errorf("the schema of plans: %w", err)
	}
	g.definitions, _ = g.root["definitions"].(schema)
	for _, f := range spec.Describe().Steps {
		g.verbs = append(g.verbs, f.Verbs...)
	}
	return g, nil
}

// form is one thing that may stand in a place: a schema, and the names of the definitions that led to it.
type form struct {
	schema
	names []string
}

// is tells whether a definition led to a form.
func (f form) is(name string) bool { return slices.Contains(f.names, name) }

// enough bounds how many forms one place may have, whatever the schema says.
const enough = 400

// forms are what may stand where an item stands, by what is around it and by what it says itself.
func (g *grammar) forms(i *item) []form {
	if i == nil || i.kind == rootItem {
		return g.expand(form{schema: g.root}, i, nil)
	}
	var all []form
	for _, f := range g.forms(i.parent) {
		for _, below := range f.below(i) {
			all = g.expand(below, i, all)
		}
	}
	return all
}

// below are the schemas of an item inside what a form describes.
func (f form) below(i *item) []form {
	if i.kind != keyItem {
		if s, ok := f.schema["items"].(schema); ok {
			return []form{{schema: s}}
		}
		return nil
	}
	if properties, ok := f.schema["properties"].(schema); ok {
		if s, ok := properties[i.key].(schema); ok {
			return []form{{schema: s}}
		}
	}
	if s, ok := f.schema["additionalProperties"].(schema); ok {
		return []form{{schema: s}}
	}
	return nil
}

// expand adds a form and all that it refers to. i is the item that it describes; its keys choose among conditions.
func (g *grammar) expand(f form, i *item, all []form) []form {
	if len(all) > enough || f.schema == nil {
		return all
	}
	all = append(all, f)
	if ref, ok := f.schema["$ref"].(string); ok {
		name := ref[strings.LastIndexByte(ref, '/')+1:]
		target, _ := g.definitions[name].(schema)
		return g.expand(form{target, append(slices.Clone(f.names), name)}, i, all)
	}
	for _, word := range []string{"allOf", "anyOf", "oneOf"} {
		list, _ := f.schema[word].([]any)
		for _, one := range list {
			s, _ := one.(schema)
			all = g.expand(form{s, f.names}, i, all)
		}
	}
	if condition, ok := f.schema["if"].(schema); ok {
		branch := "else"
		if holds(condition, i) {
			branch = "then"
		}
		s, _ := f.schema[branch].(schema)
		all = g.expand(form{s, f.names}, i, all)
	}
	return all
}

// holds judges the conditions that the schema has: keys that must be there, and values that they must have.
func holds(s schema, i *item) bool {
	for _, key := range list(s["required"]) {
		if i.child(key) == nil {
			return false
		}
	}
	if not, ok := s["not"].(schema); ok && holds(not, i) {
		return false
	}
	properties, _ := s["properties"].(schema)
	for key, p := range properties {
		want, _ := p.(schema)["const"].(string)
		if c := i.child(key); c == nil || c.value != want {
			return false
		}
	}
	either, ok := s["anyOf"].([]any)
	return !ok || slices.ContainsFunc(either, func(one any) bool { return holds(one.(schema), i) })
}

func list(v any) []string {
	all, _ := v.([]any)
	var texts []string
	for _, one := range all {
		if text, ok := one.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// word is a key that may stand in a map.
type word struct {
	key      string
	schema   schema
	required bool
}

// keysOf are the keys that may stand in a map, in alphabetical order, required ones first.
func (g *grammar) keysOf(in *item) []word {
	found := map[string]word{}
	for _, f := range g.forms(in) {
		properties, _ := f.schema["properties"].(schema)
		required := list(f.schema["required"])
		for key, s := range properties {
			w := word{key, s.(schema), slices.Contains(required, key)}
			if have, ok := found[key]; ok && (have.required || g.doc(have.schema) != "" && !w.required) {
				continue
			}
			found[key] = w
		}
	}
	words := slices.Collect(maps.Values(found))
	slices.SortFunc(words, func(a, b word) int {
		if a.required != b.required {
			if a.required {
				return -1
			}
			return 1
		}
		return strings.Compare(a.key, b.key)
	})
	return words
}

// doc is what a schema says about itself, or what it refers to.
func (g *grammar) doc(s schema) string {
	for _, f := range g.expand(form{schema: s}, nil, nil) {
		if text, _ := f.schema["description"].(string); text != "" {
			return text
		}
	}
	return ""
}

// values are the words that may stand in a place: those of enums, and examples.
func values(forms []form) (words, examples []string) {
	for _, f := range forms {
		words = append(words, list(f.schema["enum"])...)
		if c, ok := f.schema["const"].(string); ok {
			words = append(words, c)
		}
		if f.schema["type"] == "boolean" {
			words = append(words, "true", "false")
		}
		all, _ := f.schema["examples"].([]any)
		for _, e := range all {
			examples = append(examples, fmt.Sprint(e))
		}
	}
	return unique(words), unique(examples)
}

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// wordDoc is what a value of an enum means: for an executor's type or another chosen definition what it says of itself, else
// what its key says.
func (g *grammar) wordDoc(forms []form, value string) string {
	for _, d := range g.definitions {
		s, _ := d.(schema)
		properties, _ := s["properties"].(schema)
		kind, _ := properties["type"].(schema)
		if text, _ := s["description"].(string); kind["const"] == value && text != "" {
			return "**" + value + "**\n\n" + text
		}
	}
	for _, f := range forms {
		if text, _ := f.schema["description"].(string); text != "" {
			return "**" + value + "**\n\n" + text
		}
	}
	return ""
}
