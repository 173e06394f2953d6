package draft

import (
	"fmt"
	"net/url"
	"strings"
)

// request is one item as an exchange.
func (c *collection) request(item *tree, name string, auth *tree) exchange {
	r := item.at("request")
	x := exchange{line: r.where(), name: name, method: r.at("method").string(), url: c.filled(r)}
	x.headers = postmanHeaders(r.at("header"))
	x.body = c.payload(r.at("body"), &x)
	if a := r.at("auth"); a.is(object) {
		auth = a
	}
	c.auth(auth, &x)
	for _, saved := range item.at("response").elements() {
		if code := int(saved.at("code").number()); code > 0 && x.status == 0 {
			x.status = code
		}
	}
	c.scripts(item, &x)
	if x.status == 0 && len(x.checks) == 0 {
		x.checks = []field{{"answered", "status < 400"}}
	}
	return x
}

// urlOf is a request's URL: a text, or an object with the text in it.
func urlOf(r *tree) string {
	if r.is(str) {
		return r.string()
	}
	u := r.at("url")
	if u.is(str) {
		return u.string()
	}
	if raw := u.at("raw").string(); raw != "" {
		return raw
	}
	var host, path []string
	for _, h := range u.at("host").elements() {
		host = append(host, h.string())
	}
	for _, p := range u.at("path").elements() {
		path = append(path, p.string())
	}
	out := strings.Join(host, ".")
	if p := u.at("protocol").string(); p != "" {
		out = p + "://" + out
	}
	return out + "/" + strings.Join(path, "/")
}

var pathVariable = pattern(`/:([A-Za-z_][A-Za-z0-9_-]*)`)

// filled is the URL with its path variables (/users/:id) filled in, without the parameters that are switched off.
func (c *collection) filled(r *tree) string {
	raw := urlOf(r)
	values := map[string]string{}
	for _, v := range r.at("url", "variable").elements() {
		values[v.at("key").string()] = v.at("value").string()
	}
	path, query, hasQuery := strings.Cut(raw, "?")
	path = pathVariable().ReplaceAllStringFunc(path, func(m string) string {
		value, ok := values[m[2:]]
		if !ok {
			return m
		}
		if value == "" {
			c.plan.lose(r.where(), fmt.Sprintf("the path variable %s has no value: 1 stands in its place", m[1:]))
			value = "1"
		}
		return "/" + value
	})
	if !strings.Contains(path, "://") && !strings.HasPrefix(path, "{{") && !strings.HasPrefix(path, "/") {
		path = "http://" + path
	}
	if hasQuery {
		path += "?" + spacesEncoded(query)
	}
	return path
}

// spacesEncoded is a query as it was typed, made fit for a URL but for the placeholders.
func spacesEncoded(q string) string { return strings.ReplaceAll(q, " ", "%20") }

func postmanHeaders(t *tree) []field {
	if t.is(str) {
		var all []field
		for _, line := range strings.Split(t.string(), "\n") {
			if name, value, ok := strings.Cut(line, ":"); ok {
				all = append(all, field{strings.TrimSpace(name), strings.TrimSpace(value)})
			}
		}
		return all
	}
	return enabled(t)
}

// enabled are the key-value records that aren't switched off.
func enabled(t *tree) []field {
	var all []field
	for _, h := range t.elements() {
		if h.at("disabled").string() != "true" {
			all = append(all, field{h.at("key").string(), h.at("value").string()})
		}
	}
	return all
}

// payload is the body by its mode.
func (c *collection) payload(b *tree, x *exchange) payload {
	switch b.at("mode").string() {
	case "raw":
		mime := headerOf(x.headers, "content-type")
		if language := b.at("options", "raw", "language").string(); mime == "" && language != "" {
			mime = map[string]string{"json": "application/json", "xml": "application/xml", "html": "text/html", "javascript": "application/javascript"}[language]
			if mime != "" {
				x.headers = append(x.headers, field{"Content-Type", mime})
			}
		}
		return newPayload(mime, b.at("raw").string())
	case "urlencoded":
		var pairs []string
		for _, f := range enabled(b.at("urlencoded")) {
			pairs = append(pairs, escapeAround(f.name)+"="+escapeAround(f.value))
		}
		if headerOf(x.headers, "content-type") == "" {
			x.headers = append(x.headers, field{"Content-Type", "application/x-www-form-urlencoded"})
		}
		return newPayload("application/x-www-form-urlencoded", strings.Join(pairs, "&"))
	case "formdata":
		p := payload{form: multipart}
		for _, f := range b.at("formdata").elements() {
			switch {
			case f.at("disabled").string() == "true":
			case f.at("type").string() == "file":
				p.files = append(p.files, file{name: f.at("key").string()})
			default:
				p.fields = append(p.fields, field{f.at("key").string(), f.at("value").string()})
			}
		}
		return p
	case "graphql":
		return c.graphql(b.at("graphql"), x)
	case "file":
		c.plan.lose(b.where(), "the content of the file that is the body")
	}
	return payload{}
}

// escapeAround encodes a text of a form; placeholders keep their braces, which nothing else may have encoded.
func escapeAround(s string) string {
	return strings.NewReplacer("%7B%7B", "{{", "%7D%7D", "}}").Replace(url.QueryEscape(s))
}

// graphql is the JSON that Postman sends.
func (c *collection) graphql(g *tree, x *exchange) payload {
	query := &tree{kind: str, text: g.at("query").string()}
	doc := &tree{kind: object, keys: []string{"query"}, items: []*tree{query}}
	if v, err := parseJSON("", []byte(g.at("variables").string())); err == nil {
		doc.keys, doc.items = append(doc.keys, "variables"), append(doc.items, v)
	}
	x.checks = append(x.checks, field{"no errors", `!has("errors")`})
	if !sayable(doc, 0) {
		c.plan.lose(g.where(), "the body of "+x.name)
		return payload{}
	}
	return payload{json: doc, mime: "application/json"}
}

// auth is the request's own auth, or that of what it is in.
func (c *collection) auth(a *tree, x *exchange) {
	kind := a.at("type").string()
	get := func(key string) string {
		of := a.at(kind)
		if of.is(object) {
			return of.at(key).string()
		}
		for _, e := range of.elements() {
			if e.at("key").string() == key {
				return e.at("value").string()
			}
		}
		return ""
	}
	word := func(v Value) { x.words = append(x.words, Pair{Key: "auth", Value: v}) }
	switch kind {
	case "", "noauth":
	case "bearer":
		word(Map(Pair{Key: "bearer", Value: c.secret("TOKEN", get("token"), "the bearer token")}))
	case "basic", "digest":
		word(Map(Pair{Key: kind, Value: Map(
			Pair{Key: "username", Value: Template(c.weave.text(get("username")))},
			Pair{Key: "password", Value: c.secret("PASSWORD", get("password"), "the password")},
		)}))
	case "apikey":
		name := get("key")
		if in := get("in"); in == "query" {
			x.query = append(x.query, field{name, c.raw("API_KEY", get("value"))})
		} else {
			x.headers = append(x.headers, field{name, c.raw("API_KEY", get("value"))})
		}
	default:
		c.plan.lose(a.where(), fmt.Sprintf("auth of the kind %s", shorten(kind, 40)))
	}
}

// raw is a secret's text, known by a variable from now on.
func (c *collection) raw(name, value string) string {
	if value != "" && !c.secrets.woven(value) {
		c.secrets.keep(name, value, "the API key")
	}
	c.secrets.mark(value)
	return value
}

// secret is a text that must not stand in the plan.
func (c *collection) secret(name, value, what string) Value {
	if c.secrets.woven(value) {
		c.secrets.mark(value)
		return Template(c.weave.text(value))
	}
	return Template("${" + c.secrets.keep(name, value, what) + "}")
}
