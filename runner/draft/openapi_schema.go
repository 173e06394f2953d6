package draft

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// maxInvented is how deep schemas are followed: those that contain themselves have no end.
const maxInvented = 4

// madeUp is a value for a schema: its example, or something that fits, made up afresh for each request.
func (a *api) madeUp(s *openapi3.Schema, name string, depth int) Value {
	if s == nil {
		return Template("${fake.word()}")
	}
	if example, ok := schemaExample(s); ok {
		return a.value(example)
	}
	switch {
	case s.Const != nil:
		return a.value(s.Const)
	case len(s.Enum) > 0:
		return a.oneOf(s.Enum)
	case len(s.AllOf) > 0:
		return a.merged(s, name, depth)
	case len(s.OneOf) > 0:
		return a.madeUp(schemaOf(s.OneOf[0]), name, depth+1)
	case len(s.AnyOf) > 0:
		return a.madeUp(schemaOf(s.AnyOf[0]), name, depth+1)
	}
	return a.ofType(s, name, depth)
}

func (a *api) ofType(s *openapi3.Schema, name string, depth int) Value {
	switch typ := mainType(s); typ {
	case openapi3.TypeObject:
		return a.object(s, depth)
	case openapi3.TypeArray:
		if depth >= maxInvented || s.MaxItems != nil && *s.MaxItems == 0 {
			return List()
		}
		return List(a.madeUp(schemaOf(s.Items), strings.TrimSuffix(name, "s"), depth+1))
	case openapi3.TypeInteger:
		lo, hi := bounds(s, 1, 1000)
		return Template(fmt.Sprintf("${rand_int(%d, %d)}", int64(math.Ceil(lo)), int64(math.Floor(hi))))
	case openapi3.TypeNumber:
		lo, hi := bounds(s, 1, 1000)
		return Template(fmt.Sprintf("${rand_float(%s, %s)}", decimal(lo), decimal(hi)))
	case openapi3.TypeBoolean:
		return Template("${rand_bool()}")
	case openapi3.TypeNull:
		return Word("null")
	}
	return Template("${" + textFor(s, name) + "}")
}

func decimal(f float64) string {
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// mainType is a schema's type: of several, the first that is not null; of none, what its other words tell.
func mainType(s *openapi3.Schema) string {
	for _, t := range s.Type.Slice() {
		if t != openapi3.TypeNull {
			return t
		}
	}
	switch {
	case len(s.Properties) > 0:
		return openapi3.TypeObject
	case s.Items != nil:
		return openapi3.TypeArray
	case s.Type.Is(openapi3.TypeNull):
		return openapi3.TypeNull
	}
	return openapi3.TypeString
}

// bounds are what a number lies between.
func bounds(s *openapi3.Schema, lo, hi float64) (float64, float64) {
	if s.Min != nil {
		lo, hi = *s.Min, *s.Min+999
	}
	if v := s.ExclusiveMin.Value; v != nil {
		lo, hi = *v+1, *v+1000
	} else if s.ExclusiveMin.IsTrue() {
		lo++
	}
	if s.Max != nil {
		hi = *s.Max
	}
	if v := s.ExclusiveMax.Value; v != nil {
		hi = *v - 1
	} else if s.ExclusiveMax.IsTrue() {
		hi--
	}
	lo, hi = min(max(lo, -1e12), 1e12), min(max(hi, -1e12), 1e12)
	if lo > hi {
		lo = hi
	}
	return lo, max(hi, math.Ceil(lo))
}

// object is an object with all its properties but those that only a reply has.
func (a *api) object(s *openapi3.Schema, depth int) Value {
	v := Map()
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		of := schemaOf(s.Properties[name])
		required := slices.Contains(s.Required, name)
		if of == nil || of.ReadOnly || !isText(name) || depth >= maxInvented-1 && !required && mainType(of) == openapi3.TypeObject || depth >= maxInvented && !required || depth > 2*maxInvented || len(v.pairs) > 100 {
			continue
		}
		v.pairs = append(v.pairs, Pair{Key: name, Value: a.madeUp(of, name, depth+1)})
	}
	return v
}

// merged is a value for all of several schemas together.
func (a *api) merged(s *openapi3.Schema, name string, depth int) Value {
	if depth > 2*maxInvented {
		return Map()
	}
	own := *s
	own.AllOf = nil
	all := append(slices.Clone(s.AllOf), &openapi3.SchemaRef{Value: &own})
	out := Map()
	for _, ref := range all {
		of := schemaOf(ref)
		if of == nil {
			continue
		}
		v := a.madeUp(of, name, depth+1)
		if v.kind != mapValue {
			if of != &own && mainType(of) != openapi3.TypeObject {
				return v
			}
			continue
		}
		for _, p := range v.pairs {
			if i := slices.IndexFunc(out.pairs, func(have Pair) bool { return have.Key == p.Key }); i >= 0 {
				out.pairs[i] = p
			} else {
				out.pairs = append(out.pairs, p)
			}
		}
	}
	return out
}

// oneOf is one of the values of an enumeration.
func (a *api) oneOf(values []any) Value {
	var texts []string
	for _, v := range values {
		if s, ok := v.(string); ok && isText(s) && len(texts) < 20 {
			texts = append(texts, exprText(s))
		}
	}
	if len(texts) < 2 || len(texts) < min(len(values), 20) {
		return a.value(values[0])
	}
	return Template("${pick([" + strings.Join(texts, ", ") + "])}")
}

// schemaExample is an example that the schema has, or its default.
func schemaExample(s *openapi3.Schema) (any, bool) {
	switch {
	case s == nil:
	case s.Example != nil:
		return s.Example, true
	case len(s.Examples) > 0:
		return s.Examples[0], true
	case s.Default != nil:
		return s.Default, true
	}
	return nil, false
}

// namedFakes are what a field's name says of it.
var namedFakes = []struct {
	name func() *regexp.Regexp
	fake string
}{
	{pattern(`(?i)e-?mail`), "fake.email()"}, {pattern(`(?i)^(first|given)_?-?name`), "fake.first_name()"},
	{pattern(`(?i)^(last|family|sur)_?-?name`), "fake.last_name()"}, {pattern(`(?i)^(user|login)_?-?name$|^login$`), "fake.username()"},
	{pattern(`(?i)phone|mobile`), "fake.phone()"}, {pattern(`(?i)city`), "fake.city()"},
	{pattern(`(?i)street|^address`), "fake.street()"}, {pattern(`(?i)country`), "fake.country()"}, {pattern(`(?i)zip|postal`), "fake.zip()"},
	{pattern(`(?i)company`), "fake.company()"}, {pattern(`(?i)password`), "fake.password()"},
	{pattern(`(?i)url|website|href`), "fake.url()"}, {pattern(`(?i)description|comment|text|message|body`), "fake.sentence()"},
	{pattern(`(?i)^name$|fullname|full_name`), "fake.name()"}, {pattern(`(?i)(^|_)u?u?id$|Id$`), "uuid()"},
}

// textFor is the expression for a text: by its format, by its length, by its name.
func textFor(s *openapi3.Schema, name string) string {
	switch s.Format {
	case "uuid":
		return "uuid()"
	case "email":
		return "fake.email()"
	case "date":
		return `format(now(), "date")`
	case "date-time":
		return "iso(now())"
	case "uri", "url":
		return "fake.url()"
	case "ipv4":
		return "fake.ipv4_address()"
	case "ipv6":
		return "fake.ipv6_address()"
	case "byte":
		return "base64(fake.word())"
	case "password":
		return "fake.password()"
	}
	if s.MinLength > 0 || s.MaxLength != nil {
		n := max(s.MinLength, 1)
		if s.MaxLength == nil || *s.MaxLength >= 8 {
			n = max(n, 8)
		} else {
			n = max(s.MinLength, *s.MaxLength)
		}
		return fmt.Sprintf("rand_string(%d)", min(n, 1000))
	}
	for _, f := range namedFakes {
		if f.name().MatchString(name) {
			return f.fake
		}
	}
	return "fake.word()"
}
