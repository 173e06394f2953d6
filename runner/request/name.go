package request

import (
	"net/url"
	"strings"

	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
)

// seriesName is a step's name. Where the author gave none it is the method and the path without values and query, so that
// ids can't make a series each: GET /users/{id} for /users/${id}?full=1. t is the compiled URL, nil if it has mistakes.
func seriesName(c *vu.Compiler, s *spec.Request, t *expr.Template) string {
	if !s.Name.IsZero() {
		if spec.HasTemplate(s.Name.Value) {
			p := spec.Problemf(s.Name.Pos, len(s.Name.Value), "the name of a step can't be a template: every value would be a series of its own")
			c.Add(spec.Problems{p.WithHint("write a fixed name; put the value into tags")})
		}
		return s.Name.Value
	}
	if t == nil {
		return s.Method + " " + s.URL.Value
	}
	return s.Method + " " + path(t.Plain(func(source string) string { return "{" + strings.TrimSpace(source) + "}" }))
}

// path cuts what comes before a URL's path (scheme and host, or a template in their place), and its query.
func path(text string) string {
	if i := strings.IndexAny(text, "?#"); i >= 0 {
		text = text[:i]
	}
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		text = text[strings.Index(text, "://")+3:]
		if i := strings.IndexByte(text, '/'); i >= 0 {
			return text[i:]
		}
		return "/"
	}
	if strings.HasPrefix(text, "{") {
		if i := strings.Index(text, "}/"); i >= 0 && !strings.Contains(text[:i], "/") {
			return text[i+1:]
		}
	}
	return text
}
