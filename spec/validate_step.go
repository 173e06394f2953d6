package spec

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// scope is what steps stand in.
type scope struct {
	vus  int64 // how many VUs there can be at most, 0 if not known
	load bool  // in a scenario, not in setup or teardown
}

// steps judges a list of steps and all below it.
func (v *validator) steps(list []Step, in scope) {
	for _, s := range list {
		for _, inner := range s.Inner() {
			v.steps(inner, in)
		}
		switch s := s.(type) {
		case *Request:
			v.request(s)
		case *Parallel:
			v.within("limit", s.Limit, 1, 1000, s.Pos)
		case *While:
			v.within("max", s.Max, 1, mostIterations, s.Pos)
		case *Foreach:
			v.foreach(s)
		case *Call:
			v.call(s.Flow, s.With)
		case *Think:
			v.think(s)
		case *Pace:
			v.positive("pace", s.Period, s.Pos)
		case *Barrier:
			v.barrier(s, in)
		case *Set:
			for _, e := range s.Values {
				v.captured(e.Key, e.KeyPos)
			}
		}
	}
}

// foreach judges the names of a loop.
func (v *validator) foreach(s *Foreach) {
	for _, name := range []Text{s.As, s.Index} {
		if !name.IsZero() {
			v.captured(name.Value, name.Pos)
		}
	}
	if s.Index.Value == s.As.Value && s.Index.Value != "" {
		v.add(Problemf(s.Index.Pos, runeCount(s.Index.Value), "as and index are both %s", quoteShort(s.As.Value)).WithHint("choose two names"))
	}
}

// captured judges a name that expressions will read.
func (v *validator) captured(name string, pos Pos) {
	if !nameText.MatchString(name) {
		v.add(Problemf(pos, runeCount(name), "%s is not a name that an expression can read", quoteShort(name)).
			WithHint("names are letters, digits and _, and begin with no digit"))
	}
}

// barrier finds barriers that can never fill.
func (v *validator) barrier(b *Barrier, in scope) {
	v.within("vus", b.VUs, 1, mostVUs, b.Pos)
	v.positive("timeout", b.Timeout, b.Pos)
	switch {
	case !in.load:
		v.add(Problemf(b.Pos, len("barrier"), "a barrier needs the VUs of a scenario: setup and teardown run once"))
	case in.vus > 0 && b.VUs.Set && b.VUs.Value > in.vus:
		v.at(b.VUs.Pos, b.Pos, "this barrier waits for %d VUs and the scenario has at most %d: it never opens", b.VUs.Value, in.vus)
	}
}

func (v *validator) request(r *Request) {
	v.url(r)
	v.http(r.HTTP)
	v.headers(r.Headers)
	v.auth(r.Auth)
	v.tags(r.Tags)
	v.thresholds(r.Thresholds)
	v.positive("timeout", r.Timeout, r.Pos)
	v.attempts(r)
	v.within("redirects", r.Redirects, 0, 1000, r.Pos)
	v.content(r)
	v.ownCookies(r.Cookies)
	v.query(r.Query)
	names := map[string]bool{}
	for _, c := range r.Capture {
		v.captured(c.Name, c.NamePos)
	}
	for _, c := range r.Check {
		if names[c.Name.Value] {
			v.add(Problemf(c.Name.Pos, runeCount(c.Name.Value), "the check %s is there twice", quoteShort(c.Name.Value)))
		}
		names[c.Name.Value] = true
	}
}

// query wants parameters that have a text: one, or a list of them.
func (v *validator) query(m Map[Value]) {
	for _, e := range m {
		nested := slices.ContainsFunc(e.Value.Items, func(i Value) bool { return i.Kind == Object || i.Kind == List })
		if e.Value.Kind == Object || nested {
			v.add(Problemf(e.KeyPos, runeCount(e.Key), "the query parameter %s has more than one level", quoteShort(e.Key)).
				WithHint("write a text, a list of texts, or the name in full, as in \"%s[name]\": value", e.Key))
		}
	}
}

func formPos(m Map[Text]) Pos {
	if len(m) == 0 {
		return Pos{}
	}
	return m[0].KeyPos
}

var (
	schemeText   = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*)://`)
	templatePart = regexp.MustCompile(`\$\{[^}]*\}`)
)

func absoluteURL(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// url judges the part of a URL that is no template.
func (v *validator) url(r *Request) {
	u := r.URL.Value
	if u == "" {
		return
	}
	report := func(format string, args ...any) *Problem {
		v.add(Problemf(r.URL.Pos, runeCount(u), format, args...))
		return &v.problems[len(v.problems)-1]
	}
	bare := templatePart.ReplaceAllString(u, "x")
	m := schemeText.FindStringSubmatch(u)
	switch {
	case strings.ContainsAny(bare, " \t\n"):
		report("a URL has no spaces").Hint = "write %20, or put values into query:"
	case m != nil && m[1] != "http" && m[1] != "https":
		_ = report("a URL begins with http:// or https://, found %s://", m[1])
	case m != nil:
		if parsed, err := url.Parse(bare); err != nil || parsed.Host == "" {
			_ = report("%s is not a URL", quoteShort(u))
		}
	case strings.HasPrefix(u, "${"):
	case u[0] != '/' && u[0] != '?':
		report("%s is neither a path nor a URL", quoteShort(u)).Hint = "write /" + u + ", or begin with http://"
	}
}

// http judges settings of requests.
func (v *validator) http(h HTTP) {
	v.positive("timeout", h.Timeout, h.Pos)
	v.within("redirects", h.Redirects, 0, 1000, h.Pos)
	if h.MaxBody.Set && h.MaxBody.Value < 1 {
		v.at(h.MaxBody.Pos, h.Pos, "max_body is 0, want more")
	}
	v.headers(h.Headers)
	v.auth(h.Auth)
	v.wire(h)
	if b := h.BaseURL; !b.Pos.IsZero() && !strings.HasPrefix(b.Value, "${") {
		bare := templatePart.ReplaceAllString(b.Value, "1")
		parsed, err := url.Parse(bare)
		switch {
		case !absoluteURL(b.Value):
			v.add(Problemf(b.Pos, runeCount(b.Value), "base_url is %s, want a URL", quoteShort(b.Value)).WithHint("begin with http:// or https://"))
		case err != nil || parsed.Host == "":
			v.add(Problemf(b.Pos, runeCount(b.Value), "base_url is %s, which is not a URL", quoteShort(b.Value)))
		case parsed.RawQuery != "" || parsed.Fragment != "":
			v.add(Problemf(b.Pos, runeCount(b.Value), "base_url has no query and no fragment"))
		}
	}
}

// framing are the headers that say where a request ends. One that does not fit lets the target wait for a body that never
// comes, or take the next request for the rest of this one.
var framing = map[string]bool{"content-length": true, "transfer-encoding": true, "trailer": true, "upgrade": true}

// headers judges names, and values that would break out of their line.
func (v *validator) headers(m Map[Text]) {
	seen := map[string]string{}
	for _, e := range m {
		lower := strings.ToLower(e.Key)
		switch first, twice := seen[lower]; {
		case !isToken(e.Key):
			v.add(Problemf(e.KeyPos, runeCount(e.Key), "%s is not a name of a header", quoteShort(e.Key)))
		case twice:
			v.add(Problemf(e.KeyPos, runeCount(e.Key), "the header %s is there twice, as %s too", e.Key, first))
		case framing[lower]:
			v.add(Problemf(e.KeyPos, runeCount(e.Key), "the header %s can't be set: it says how the request is sent", e.Key).
				WithHint("leave it out: it follows from the body and the connection"))
		case strings.ContainsAny(strings.TrimSuffix(e.Value.Value, "\n"), "\r\n"):
			v.add(Problemf(e.Value.Pos, 1, "the value of header %s has a line break", e.Key))
		}
		seen[lower] = e.Key
	}
}

// ownTags are the tags that every sample has anyway: a plan's own can't mean something else.
var ownTags = []string{"scenario", "stage", "step", "flow", "group", "method", "status", "expected", "check", "class", "cause"}

// tags judges the names of a plan's own tags: thresholds select them.
func (v *validator) tags(m Map[Text]) {
	for _, e := range m {
		switch {
		case !nameText.MatchString(e.Key):
			v.add(Problemf(e.KeyPos, runeCount(e.Key), "%s is not a name of a tag", quoteShort(e.Key)).
				WithHint("names are letters, digits and _, and begin with no digit"))
		case slices.Contains(ownTags, e.Key):
			v.add(Problemf(e.KeyPos, runeCount(e.Key), "%s is a built-in tag", e.Key).WithHint("choose another name"))
		}
	}
}
