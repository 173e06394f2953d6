package main

import (
	"reflect"
	"slices"
	"strings"

	"runner/spec"
)

// template matches a text that holds a ${…}.
const template = `\$\{`

// scalars defines the leaves of the language. Where a number or a boolean is wanted, its text in quotes is none; every one of
// them may be a template.
func (s *schema) scalars() {
	doc := func(name string) string { return s.docs.of(name) }
	number := `[0-9]+(\.[0-9]+)?`
	s.definitions["template"] = object{"type": "string", "pattern": template}
	s.definitions["text"] = object{"type": []string{"string", "number", "boolean"}}
	s.definitions["expression"] = object{"type": []string{"string", "number", "boolean"}, "minLength": 1, "description": "An expression."}
	s.definitions["value"] = object{"description": "Any value; texts may hold templates."}
	s.definitions["integer"] = object{"anyOf": []any{object{"type": "integer"}, ref("template")}, "description": doc("Int")}
	s.definitions["boolean"] = object{"anyOf": []any{object{"type": "boolean"}, ref("template")}, "description": doc("Bool")}
	duration := durationPattern(number)
	s.definitions["duration"] = pattern(`^`+duration+`$`, doc("Duration"))
	s.definitions["think"] = pattern(`^`+duration+`( *\.\. *`+duration+`)?$`, doc("Think"))
	s.definitions["rate"] = pattern(`^`+number+` */ *[smh]$`, doc("RateOf"))
	s.definitions["percent"] = pattern(`^`+number+` *%$`, doc("Percent"))
	s.definitions["size"] = pattern(`^`+number+` *(B|KB|MB|GB|KiB|MiB|GiB)$`, doc("Size"))
}

// written is a default or an example as a value of JSON; false if it is none of the word's type, such as "the file's name",
// or a map or list, which tools would write in another style than people.
func written(f spec.Field, text string) (any, bool) {
	var err error
	var value any = text
	switch f.Type {
	case reflect.TypeFor[spec.Bool]():
		value, err = spec.ParseBool(text)
	case reflect.TypeFor[spec.Int]():
		if f.Size {
			_, err = spec.ParseSize(text)
		} else {
			value, err = spec.ParseInt(text)
		}
	case reflect.TypeFor[spec.Duration]():
		_, err = spec.ParseDuration(text)
	case reflect.TypeFor[spec.RateOf]():
		_, err = spec.ParseRate(text)
	case reflect.TypeFor[spec.Percent]():
		_, err = spec.ParsePercent(text)
	case reflect.TypeFor[spec.Word]():
		return text, slices.Contains(f.Enum, text)
	case reflect.TypeFor[spec.Text](), reflect.TypeFor[spec.Expr](), reflect.TypeFor[[]spec.Expr]():
		return text, text != "" && text == f.Example
	default:
		return nil, false
	}
	return value, err == nil
}

// durationPattern matches units from large to small, at least one of them. Not every regular expression engine can look
// ahead, so each unit that may come first has an alternative of its own.
func durationPattern(number string) string {
	units := []string{"d", "h", "m", "s", "ms", "(us|µs)"}
	var first []string
	for i := range units {
		text := number + units[i]
		for _, rest := range units[i+1:] {
			text += `(` + number + rest + `)?`
		}
		first = append(first, text)
	}
	return `(` + strings.Join(first, "|") + `)`
}

func pattern(re, doc string) object {
	return object{"type": "string", "anyOf": []any{object{"pattern": re}, object{"pattern": template}}, "description": doc}
}

// lists defines the words that may be written in more than one way.
func (s *schema) lists() {
	list := func(one object) object {
		return object{"anyOf": []any{one, object{"type": "array", "minItems": 1, "items": one}}}
	}
	status := object{"anyOf": []any{object{"type": "integer", "minimum": 100, "maximum": 599},
		object{"type": "string", "pattern": `^[1-5](xx|XX|[0-9][0-9](\.\.[1-5][0-9][0-9])?)$`}}}
	named := func(value object) object {
		return object{"type": "object", "minProperties": 1, "additionalProperties": value}
	}
	auth := s.structure(reflect.TypeFor[spec.Auth](), false)
	auth["minProperties"], auth["maxProperties"], auth["description"] = 1, 1, s.docs.of("Auth")
	s.definitions["auth"] = object{"anyOf": []any{object{"const": "none"}, auth}}
	s.definitions["graphql"] = object{"anyOf": []any{object{"type": "string"}, s.define(reflect.TypeFor[spec.GraphQL](), false)}}
	s.definitions["cookies"] = object{"anyOf": []any{ref("boolean"), named(ref("text"))}}
	part := object{"anyOf": []any{ref("text"), s.define(reflect.TypeFor[spec.Part](), false)}}
	s.definitions["multipart"] = named(object{"anyOf": []any{part, object{"type": "array", "minItems": 1, "items": part}}})
	long := s.structure(reflect.TypeFor[spec.Capture](), false)
	judged := s.structure(reflect.TypeFor[spec.Threshold](), false)
	s.definitions["expect"] = list(status)
	s.definitions["connections"] = object{"anyOf": []any{object{"enum": []string{spec.PerVU, spec.PerIteration, spec.Shared}},
		object{"type": "object", "properties": object{spec.Shared: ref("integer")}, "required": []string{spec.Shared}, "additionalProperties": false}}}
	s.definitions["conditions"] = list(ref("expression"))
	s.definitions["where"] = object{"type": "object", "additionalProperties": object{"anyOf": []any{
		list(ref("text")),
		object{"type": "object", "additionalProperties": false, "properties": object{"not": list(ref("text")), "matches": ref("text")}},
	}}}
	s.definitions["check"] = object{"anyOf": []any{list(ref("expression")), named(ref("expression"))}}
	s.definitions["capture"] = named(object{"anyOf": []any{ref("expression"), long}})
	s.definitions["threshold"] = judged
	judgement := object{"anyOf": []any{ref("expression"), ref("threshold")}}
	byMetric := object{"type": "object", "additionalProperties": list(judgement)}
	whole := list(object{"allOf": []any{ref("threshold"), object{"required": []string{"metric"}}}})
	s.definitions["thresholds"] = object{"anyOf": []any{whole, byMetric}}
	s.definitions["inlineThresholds"] = object{"anyOf": []any{list(judgement), byMetric}}
}
