package request

import (
	"strings"

	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
)

// seriesName is a step's name. Where the author gave none it is the method and the path without values and query, so that
// ids can't make a series each: GET /users/{id} for /users/${id}?full=1. t is the compiled URL, nil if it has mistakes.
func seriesName(c *vu.Compiler, s *spec.Request, t *expr.Template) string {
	if !s.Name.IsZero() {
		if s.GraphQL != nil {
			operationName(c, s.GraphQL) // for its complaints
		}
		if spec.HasTemplate(s.Name.Value) {
			p := spec.Problemf(s.Name.Pos, len(s.Name.Value), "the name of a step can't be a template: every value would be a series of its own")
			c.Add(spec.Problems{p.WithHint("write a fixed name; put the value into tags")})
		}
		return s.Name.Value
	}
	if s.GraphQL != nil {
		if name := operationName(c, s.GraphQL); name != "" {
			return name
		}
	}
	if t == nil {
		return s.Method + " " + s.URL.Value
	}
	return s.Method + " " + path(t)
}

// hole stands for a template while its text could be taken for a part of the URL: x ? 1 : 2 holds no query.
const hole = "\x00"

// path is a URL's path with {source} for each template: without what comes before it (scheme and host, or a template in
// their place), and without the query.
func path(t *expr.Template) string {
	var sources []string
	whole := t.Plain(func(source string) string {
		sources = append(sources, "{"+strings.TrimSpace(source)+"}")
		return hole
	})
	text := whole
	if i := strings.IndexAny(text, "?#"); i >= 0 {
		text = text[:i]
	}
	if text == "" {
		return "/" // ?page=2 is a query of base_url
	}
	located := text
	text = afterHost(text)
	skipped := strings.Count(located[:max(len(located)-len(text), 0)], hole)
	for _, source := range sources[skipped:] {
		text = strings.Replace(text, hole, source, 1)
	}
	return text
}

func afterHost(text string) string {
	if scheme, rest, ok := strings.Cut(text, "://"); ok && !strings.Contains(scheme, "/") {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			return rest[i:]
		}
		return "/"
	}
	if strings.HasPrefix(text, hole+"/") {
		return text[len(hole):]
	}
	return text
}
