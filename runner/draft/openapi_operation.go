package draft

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// operation is an operation as a step.
func (a *api) operation(o operation) (Step, bool) {
	if o.method == "TRACE" || !isText(o.path) {
		a.plan.lose(0, "the operation "+o.method+" "+oneLine(o.path))
		return Step{}, false
	}
	s := Step{Comment: shorten(oneLine(o.Summary), 100)}
	if o.Deprecated {
		s.Comment = strings.TrimSpace(s.Comment + " (deprecated)")
	}
	query, headers, cookies := a.parameters(o)
	if hasServers := o.Servers != nil && len(*o.Servers) > 0; hasServers || len(o.item.Servers) > 0 {
		a.plan.lose(0, fmt.Sprintf("the servers of %s alone: it is sent to BASE_URL", o.name()))
	}
	s.add(strings.ToLower(o.method), Template(a.path(o)))
	s.add("name", Literal(label(o.name(), o.method)))
	security := a.security(o)
	for _, w := range security {
		switch w.Key {
		case "query":
			query = append(query, w.Value.pairs...)
		case "headers":
			headers = append(headers, w.Value.pairs...)
		case "cookies":
			cookies = append(cookies, w.Value.pairs...)
		}
	}
	s.addMap("query", query)
	body, mime := a.requestBody(o)
	if mime != "" {
		headers = append(headers, Pair{Key: "Content-Type", Value: Literal(mime)})
	}
	s.addMap("headers", headers)
	s.addMap("cookies", cookies)
	if body.Key != "" {
		s.Words = append(s.Words, body)
	}
	for _, w := range security {
		if w.Key == "auth" {
			s.Words = append(s.Words, w)
		}
	}
	a.documented(&s, o)
	return s, true
}

// path is the path with an expression for each of its parameters.
func (a *api) path(o operation) string {
	var parts []part
	rest := o.path
	for {
		before, after, found := strings.Cut(rest, "{")
		name, tail, closed := strings.Cut(after, "}")
		if !found || !closed {
			break
		}
		parts = append(parts, part{text: cleanURL(before)}, a.argument(o, name))
		rest = tail
	}
	path := join(append(parts, part{text: cleanURL(rest)}))
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return path
}

// argument is a path parameter's value: an example as a variable that the author will want to change, or made up.
func (a *api) argument(o operation, name string) part {
	var schema *openapi3.Schema
	for _, p := range a.all(o) {
		if p.In == "path" && p.Name == name {
			schema = schemaOf(p.Schema)
			if example, ok := parameterExample(p); ok {
				if text, ok := scalarText(example); ok {
					return part{text: cleanURL(text)}
				}
			}
		}
	}
	v := a.madeUp(schema, name, 0)
	if v.kind == textValue && strings.HasPrefix(v.text, "${") && strings.HasSuffix(v.text, "}") && strings.Count(v.text, "${") == 1 {
		return part{text: v.text[2 : len(v.text)-1], expr: true}
	}
	if v.kind == wordValue {
		return part{text: v.text}
	}
	return part{text: "1"}
}

// all are the parameters of an operation; its own win over those of its path.
func (a *api) all(o operation) []*openapi3.Parameter {
	var all []*openapi3.Parameter
	for _, ref := range slices.Concat(o.Parameters, o.item.Parameters) {
		if ref == nil || ref.Value == nil {
			continue
		}
		p := ref.Value
		if !slices.ContainsFunc(all, func(have *openapi3.Parameter) bool { return have.Name == p.Name && have.In == p.In }) {
			all = append(all, p)
		}
	}
	return all
}

// parameters are the query, headers and cookies: what is required, and what has an example.
func (a *api) parameters(o operation) (query, headers, cookies []Pair) {
	for _, p := range a.all(o) {
		example, has := parameterExample(p)
		if p.In == "path" || !p.Required && !has || !isText(p.Name) || p.Name == "" {
			continue
		}
		v := a.madeUp(schemaOf(p.Schema), p.Name, 0)
		if has {
			v = a.value(example)
		}
		switch {
		case p.In == "query" && (v.kind == mapValue || p.Schema == nil):
			a.plan.lose(0, fmt.Sprintf("the parameter %s of %s, whose value is no text or list", p.Name, o.name()))
		case p.In == "query":
			query = append(query, Pair{Key: p.Name, Value: v})
		case v.kind == listValue || v.kind == mapValue || !headerName().MatchString(p.Name):
			a.plan.lose(0, fmt.Sprintf("the parameter %s of %s, whose value is no text", p.Name, o.name()))
		case p.In == "header" && !slices.Contains([]string{"accept", "content-type", "authorization"}, strings.ToLower(p.Name)) && !slices.Contains(ownHeaders, strings.ToLower(p.Name)):
			headers = append(headers, Pair{Key: p.Name, Value: v})
		case p.In == "cookie":
			cookies = append(cookies, Pair{Key: p.Name, Value: v})
		}
	}
	return query, headers, cookies
}

// parameterExample is an example of a parameter, or its schema's, or the default.
func parameterExample(p *openapi3.Parameter) (any, bool) {
	if p.Example != nil {
		return p.Example, true
	}
	if v, ok := firstExample(p.Examples); ok {
		return v, true
	}
	return schemaExample(schemaOf(p.Schema))
}

func firstExample(examples openapi3.Examples) (any, bool) {
	names := make([]string, 0, len(examples))
	for name := range examples {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if e := examples[name]; e != nil && e.Value != nil && e.Value.Value != nil {
			return e.Value.Value, true
		}
	}
	return nil, false
}

func schemaOf(ref *openapi3.SchemaRef) *openapi3.Schema {
	if ref == nil {
		return nil
	}
	return ref.Value
}

// documented makes the check of the responses: the first success that is documented.
func (a *api) documented(s *Step, o operation) {
	status := ""
	if o.Responses != nil {
		keys := o.Responses.Keys()
		slices.Sort(keys)
		for _, k := range keys {
			if strings.HasPrefix(k, "2") || strings.HasPrefix(k, "3") {
				status = k
				break
			}
		}
	}
	if n, err := strconv.Atoi(status); err == nil && n >= 200 && n < 400 {
		s.addMap("check", []Pair{{Key: "status is " + status, Value: Template("status == " + status)}})
		return
	}
	s.addMap("check", []Pair{{Key: "succeeded", Value: Template("status >= 200 && status < 300")}})
}

// requestBody is the word for the body, of an example or of its schema, and a Content-Type where the word doesn't say it.
func (a *api) requestBody(o operation) (Pair, string) {
	if o.RequestBody == nil || o.RequestBody.Value == nil || len(o.RequestBody.Value.Content) == 0 {
		return Pair{}, ""
	}
	content := o.RequestBody.Value.Content
	mime := bestType(content)
	media := content[mime]
	if media == nil {
		return Pair{}, ""
	}
	v := a.madeUp(schemaOf(media.Schema), "", 0)
	example := media.Example
	if example == nil {
		example, _ = firstExample(media.Examples)
	}
	if example != nil {
		v = a.value(example)
	}
	switch {
	case strings.Contains(mime, "json") && strings.EqualFold(mime, "application/json"):
		return Pair{Key: "json", Value: v}, ""
	case strings.Contains(mime, "json"):
		return Pair{Key: "json", Value: v}, mime
	case mime == "application/x-www-form-urlencoded" && v.kind == mapValue && len(v.pairs) > 0:
		return Pair{Key: "form", Value: a.flat(v, o)}, ""
	case mime == "multipart/form-data" && v.kind == mapValue && len(v.pairs) > 0:
		return Pair{Key: "multipart", Value: a.flat(v, o)}, ""
	case v.kind == textValue:
		return Pair{Key: "body", Value: v}, mime
	}
	a.plan.lose(0, fmt.Sprintf("the body of %s, which is %s", o.name(), mime))
	return Pair{}, ""
}

// flat leaves of a form what is text.
func (a *api) flat(v Value, o operation) Value {
	for i, p := range v.pairs {
		if p.Value.kind == mapValue || p.Value.kind == listValue {
			a.plan.lose(0, fmt.Sprintf("the structure of the field %s in the form of %s: it is sent as text", p.Key, o.name()))
			v.pairs[i].Value = Literal(inline(p.Value, true))
		}
	}
	return v
}

// bestType is the media type that a plan says best.
func bestType(content openapi3.Content) string {
	types := make([]string, 0, len(content))
	for t := range content {
		types = append(types, t)
	}
	slices.Sort(types)
	for _, want := range []string{"application/json", "json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"} {
		for _, t := range types {
			if strings.Contains(t, want) && isHeaderText(t) {
				return t
			}
		}
	}
	return types[0]
}
