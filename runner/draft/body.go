package draft

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// payload is a request's body as a source has it: text, or fields of a form.
type payload struct {
	mime   string
	text   string
	fields []field // of a form
	files  []file  // of a multipart form
	form   formKind
	json   *tree // the text, read as JSON
}

type formKind uint8

const (
	noForm formKind = iota
	urlencoded
	multipart
)

// file is a part of a multipart form that is a file.
type file struct{ name, path, filename, mime string }

// maxBody is how long a body in a plan may be: longer ones would fill the file, whose size is limited.
const maxBody = 64 << 10

// newPayload finds out what a body is.
func newPayload(mime, text string) payload {
	p := payload{mime: strings.TrimSpace(mime), text: text}
	kind, _, _ := strings.Cut(strings.ToLower(p.mime), ";")
	kind = strings.TrimSpace(kind)
	switch {
	case kind == "application/x-www-form-urlencoded":
		if fields, ok := formFields(text); ok {
			p.fields, p.form = fields, urlencoded
		}
	case kind == "application/json" || strings.HasSuffix(kind, "+json") || kind == "" && strings.HasPrefix(strings.TrimSpace(text), "{"):
		if t, err := parseJSON("", []byte(text)); err == nil && sayable(t, 0) {
			p.json = t
		}
	}
	return p
}

// formFields are the fields of an encoded form; false where writing them as a map would change them.
func formFields(text string) ([]field, bool) {
	if text == "" || !isText(text) {
		return nil, false
	}
	var fields []field
	for _, p := range strings.Split(text, "&") {
		name, value, found := strings.Cut(p, "=")
		name, err := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		twice := slices.ContainsFunc(fields, func(f field) bool { return f.name == name })
		if !found || err != nil || err2 != nil || name == "" || twice || !isText(name+value) {
			return nil, false
		}
		fields = append(fields, field{name, value})
	}
	return fields, true
}

// jsonNumber are the numbers of which a plan keeps every digit.
var jsonNumber = pattern(`^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$`)

// sayable tells whether the plan's json: sends a document as it is: it has no key twice, no number that would be rounded, and
// is not nested too deeply.
func sayable(t *tree, depth int) bool {
	if depth > 40 || t.kind == number && !jsonNumber().MatchString(t.text) || t.kind == str && !isText(t.text) {
		return false
	}
	seen := map[string]bool{}
	for _, k := range t.keys {
		if seen[k] || !isText(k) {
			return false
		}
		seen[k] = true
	}
	return !slices.ContainsFunc(t.items, func(i *tree) bool { return !sayable(i, depth+1) })
}

// isText tells whether YAML can hold a text: it is UTF-8 and has no NUL.
func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// body is the word for a request's body, and the type that this word sends by itself.
func (d *desk) body(x exchange) (Pair, string) {
	p := x.body
	switch {
	case len(p.text) > maxBody:
		d.plan.lose(x.line, fmt.Sprintf("a body of %d bytes: more than a plan should hold; put it into a file of data: or of multipart:", len(p.text)))
		return Pair{}, ""
	case p.form == urlencoded:
		return Pair{Key: "form", Value: Map(d.fields(p.fields)...)}, "application/x-www-form-urlencoded"
	case p.form == multipart && len(p.fields)+len(p.files) > 0:
		return Pair{Key: "multipart", Value: Map(d.multipart(x)...)}, "multipart/form-data"
	case p.json != nil && p.json.kind != nothing:
		return Pair{Key: "json", Value: d.weave.json(p.json)}, "application/json"
	case p.text == "":
		return Pair{}, ""
	case !isText(p.text):
		return Pair{Key: "body", Value: Template(`${unbase64("` + base64.StdEncoding.EncodeToString([]byte(p.text)) + `")}`), Comment: "Binary, as base64."}, ""
	}
	return Pair{Key: "body", Value: Template(d.weave.text(p.text))}, ""
}

// multipart are the parts of a form with files.
func (d *desk) multipart(x exchange) []Pair {
	pairs := d.fields(x.body.fields)
	for _, f := range x.body.files {
		words := []Pair{{Key: "file", Value: Literal(f.path)}}
		if f.path == "" {
			d.plan.lose(x.line, fmt.Sprintf("the content of the file that the field %s sends: a short text stands in its place", label(f.name, "without a name")))
			words = []Pair{{Key: "value", Value: Literal("content of the file")}}
		}
		if f.path != "" && f.filename != "" && isHeaderText(f.filename) {
			words = append(words, Pair{Key: "filename", Value: Literal(f.filename)})
		}
		if f.mime != "" && isHeaderText(f.mime) {
			words = append(words, Pair{Key: "content_type", Value: Literal(f.mime)})
		}
		if i := slices.IndexFunc(pairs, func(p Pair) bool { return p.Key == f.name }); i >= 0 {
			d.plan.lose(x.line, "a second file in the field "+label(f.name, "without a name"))
			continue
		}
		pairs = append(pairs, Pair{Key: f.name, Value: Row(words...)})
	}
	return pairs
}
