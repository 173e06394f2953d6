package spec

import (
	"reflect"
	"strings"
)

// Part is one part of a multipart body: a field with a value, or a file.
type Part struct {
	Pos  Pos    // of its name
	Name string // of the field
	// The field's text.
	Value Text `plan:"value" example:"${order}"`
	// The file to send, relative to the plan file that names it. It is read while it is sent: never held in memory.
	File Text `plan:"file" example:"data/photo.jpg"`
	// What the target is told the file is called.
	Filename Text `plan:"filename" default:"the file's own name" example:"photo-${iteration.n}.jpg"`
	// The part's type.
	ContentType Text `plan:"content_type" default:"by the file's name; none for a value" example:"image/jpeg"`
}

// GraphQL is an operation of GraphQL. A query alone may stand in its place.
type GraphQL struct {
	Pos Pos
	// The document. One without templates is parsed before the run, and its variables are compared with those that are given.
	Query Text `plan:"query,required" example:"query Event($id: ID!) { event(id: $id) { name } }"`
	// Values of the operation's variables, by name. Templates keep their type.
	Variables Map[Value] `plan:"variables" example:"{ id: \"${event}\" }"`
	// Which operation of the document to run; it names the step too.
	Operation Text `plan:"operation" default:"the document's only one" example:"Event"`
	// What errors in an answer with an expected status mean: fail is a failed request, partial is one only where data is
	// null or missing, allow is none.
	Errors Word `plan:"errors" enum:"fail,partial,allow" default:"fail" example:"partial"`
}

// Cookies is what a request says of cookies: whether it takes part in the iteration's jar, or cookies of its own.
type Cookies struct {
	Pos    Pos
	Jar    Bool
	Values Map[Text]
}

// graphql decodes a query alone, or the map with everything.
func (d *decoder) graphql(p pair) *GraphQL {
	g := &GraphQL{}
	if p.val.kind == scalarNode {
		g.Pos, g.Query = p.key.pos, d.text(p)
		return g
	}
	d.words(p, reflect.ValueOf(g).Elem(), place{"graphql", "graphql"}, nil)
	return g
}

// requestCookies decodes false, true, or a map of name to value.
func (d *decoder) requestCookies(p pair, c *Cookies) {
	c.Pos = p.key.pos
	v := reflect.ValueOf(c).Elem()
	switch p.val.kind {
	case scalarNode:
		d.scalarInto(p, v.FieldByName("Jar"), Field{Key: "cookies", Example: "false"})
	case mapNode:
		d.mapping(p, v.FieldByName("Values"), Field{Key: "cookies"})
		if len(p.val.pairs) == 0 {
			d.empty(p, "cookies")
		}
	default:
		d.wrongKind(p, "cookies", "true, false or a map of name to value")
	}
}

// multipart decodes a map of name to text, to the long form of a part, or to a list of both.
func (d *decoder) multipart(p pair) []Part {
	if p.val.kind != mapNode {
		d.wrongKind(p, "multipart", "a map of name to text or { file: … }")
		return nil
	}
	if len(p.val.pairs) == 0 {
		d.empty(p, "multipart")
	}
	var parts []Part
	for _, e := range p.val.pairs {
		items := []*node{e.val}
		if e.val.kind == listNode {
			if items = e.val.items; len(items) == 0 {
				d.empty(e, nameOf(e))
			}
		}
		for _, item := range items {
			parts = append(parts, d.part(pair{e.key, item}))
		}
	}
	return parts
}

func (d *decoder) part(p pair) Part {
	part := Part{Pos: p.key.pos, Name: p.key.text}
	noun := "part " + quoteShort(part.Name)
	switch p.val.kind {
	case scalarNode:
		part.Value = d.text(p)
		return part
	case mapNode:
	default:
		d.wrongKind(p, noun, "a text or a map such as { file: data/photo.jpg }")
		return part
	}
	known := len(d.problems)
	d.words(p, reflect.ValueOf(&part).Elem(), place{noun, "part"}, nil)
	switch {
	case len(d.problems) > known || p.val.bad:
	case part.Value.IsZero() && part.File.IsZero():
		d.add(Problemf(p.key.pos, p.key.width, "%s has neither a value nor a file", noun).WithHint("write value: … or file: …"))
	case !part.Value.IsZero() && !part.File.IsZero():
		d.add(Problemf(part.File.Pos, runeCount(part.File.Value), "%s has a value and a file", noun).WithHint("make it a list of two"))
	case part.File.IsZero() && !part.Filename.IsZero():
		d.add(Problemf(part.Filename.Pos, runeCount(part.Filename.Value), "%s has a filename and no file", noun))
	}
	return part
}

// content judges a request's body: there is one, and it fits the method.
func (v *validator) content(r *Request) {
	bodies := []struct {
		word string
		at   Pos
	}{{"json", r.JSON.Pos}, {"form", formPos(r.Form)}, {"body", r.Body.Pos}, {"multipart", partPos(r.Multipart)}, {"graphql", graphqlPos(r.GraphQL)}}
	first := ""
	for _, b := range bodies {
		switch {
		case b.at.IsZero():
		case first == "":
			first = b.word
		default:
			v.add(v.widen(Problemf(b.at, 1, "a request has one body, and this one has two: %s and %s", first, b.word)))
		}
	}
	if g := r.GraphQL; g != nil && r.Method != "" && r.Method != "POST" {
		v.add(Problemf(g.Pos, len("graphql"), "graphql is sent with post, not %s", strings.ToLower(r.Method)))
	}
	for _, p := range r.Multipart {
		for _, t := range []Text{{Value: p.Name, Pos: p.Pos}, p.Filename, p.ContentType} {
			if strings.ContainsAny(t.Value, "\r\n") {
				v.add(Problemf(t.Pos, 1, "%s has a line break: it stands in a header of the part", quoteShort(t.Value)))
			}
		}
	}
}

func partPos(parts []Part) Pos {
	if len(parts) == 0 {
		return Pos{}
	}
	return parts[0].Pos
}

func graphqlPos(g *GraphQL) Pos {
	if g == nil {
		return Pos{}
	}
	return g.Pos
}

// ownCookies judges the cookies of a request.
func (v *validator) ownCookies(c Cookies) {
	for _, e := range c.Values {
		switch {
		case !isToken(e.Key):
			v.add(Problemf(e.KeyPos, runeCount(e.Key), "%s is not a name of a cookie", quoteShort(e.Key)))
		case strings.ContainsAny(templatePart.ReplaceAllString(e.Value.Value, ""), ";\r\n"):
			v.add(Problemf(e.Value.Pos, runeCount(e.Value.Value), "the value of cookie %s holds what would end it", e.Key).WithHint("encode it, for example with url_encode()"))
		}
	}
}
