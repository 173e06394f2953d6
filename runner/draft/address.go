package draft

import (
	"fmt"
	"net/url"
	"strings"
)

// address is a request's URL as the plan writes it, and its query where that is a map.
func (d *desk) address(x exchange) (string, []Pair, bool) {
	raw := strings.TrimSpace(x.url)
	raw, _, _ = strings.Cut(raw, "#")
	base, rest, ok := d.split(raw)
	if !ok {
		d.plan.lose(x.line, fmt.Sprintf("a request to %q, which is no URL of http or https", shorten(oneLine(raw), 80)))
		return "", nil, false
	}
	path, query, _ := strings.Cut(rest, "?")
	pairs, tidy := d.query(query)
	if !tidy {
		path += "?" + query
	}
	if path == "" || path[0] != '/' && path[0] != '?' {
		path = "/" + path
	}
	pairs = append(pairs, d.fields(x.query)...)
	return base + d.path(path), pairs, true
}

// path is a path, with its query where that is no map: what is literal in it is made fit for a URL.
func (d *desk) path(raw string) string {
	parts := d.weave.parts(raw)
	for i := range parts {
		if !parts[i].expr {
			parts[i].text = cleanURL(parts[i].text)
		}
	}
	return join(parts)
}

// split takes a URL apart: what the plan writes for its scheme and host, and the rest.
func (d *desk) split(raw string) (base, rest string, ok bool) {
	if d.weave.holes != nil {
		if parts := d.weave.holes(raw); len(parts) > 0 && parts[0].expr {
			return d.afterHole(parts[0], raw)
		}
	}
	scheme, after, found := strings.Cut(raw, "://")
	if !found {
		return "", raw, strings.HasPrefix(raw, "/")
	}
	host, path, _ := strings.Cut(after, "/")
	if i := strings.IndexByte(host, '?'); i >= 0 {
		host, path = after[:i], after[i:]
	} else if len(after) > len(host) {
		path = "/" + path
	}
	origin, valid := origin(strings.ToLower(scheme) + "://" + host)
	if !valid {
		return "", "", false
	}
	return d.base(origin), path, true
}

// afterHole is a URL that begins with a placeholder of the source: the expression is the base.
func (d *desk) afterHole(hole part, raw string) (base, rest string, ok bool) {
	rest = raw[len(hole.raw):]
	if hole.text == "env.BASE_URL" {
		return "", rest, true
	}
	return "${" + hole.text + "}", rest, true
}

// origin is scheme and host of a URL, if it is one that a plan can have. Names and passwords in it are no part of it.
func origin(raw string) (string, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(u.Host, " ${}\"'<>") {
		return "", false
	}
	if p := u.Port(); p != "" && (len(p) > 5 || p == "0" || len(p) == 5 && p > "65535") {
		return "", false
	}
	for _, r := range u.Host {
		if r <= ' ' || r >= 0x7f {
			return "", false
		}
	}
	return u.Scheme + "://" + u.Host, true
}

// base is what stands before the path: nothing for the first host, a variable of its own for each further one.
func (d *desk) base(origin string) string {
	if expr, ok := d.bases[origin]; ok {
		return expr
	}
	if d.plan.BaseURL == "" {
		d.plan.BaseURL = origin
		d.bases[origin] = ""
		d.weave.add(thread{literal: origin, expr: "env.BASE_URL"})
		return ""
	}
	_, host, _ := strings.Cut(origin, "://")
	name := d.secrets.names.free(shout(host) + "_URL")
	d.plan.Env = append(d.plan.Env, Variable{Name: name, Default: origin})
	d.bases[origin] = "${env." + name + "}"
	d.weave.add(thread{literal: origin, expr: "env." + name})
	return d.bases[origin]
}

// query is the query as a map; false where it isn't simple enough for that to be the same.
func (d *desk) query(raw string) ([]Pair, bool) {
	var fields []field
	for _, p := range strings.Split(raw, "&") {
		if p == "" && raw == "" {
			break
		}
		name, value, found := strings.Cut(p, "=")
		name, err := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		if !found || err != nil || err2 != nil || name == "" || !isText(name+value) || strings.Contains(p, ";") {
			return nil, false
		}
		fields = append(fields, field{name, value})
	}
	return d.fields(fields), true
}

// fields is a map of names to values; a name that comes again makes a list.
func (d *desk) fields(fields []field) []Pair {
	var pairs []Pair
	index := map[string]int{}
	for _, f := range fields {
		v := Template(d.weave.text(f.value))
		i, again := index[f.name]
		switch {
		case !again:
			index[f.name] = len(pairs)
			pairs = append(pairs, Pair{Key: f.name, Value: v})
		case pairs[i].Value.kind == listValue:
			pairs[i].Value.items = append(pairs[i].Value.items, v)
		default:
			pairs[i].Value = Run(pairs[i].Value, v)
		}
	}
	return pairs
}

// cleanURL encodes what can't stand in a URL; a percent sign that begins no escape becomes one.
func cleanURL(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ' || c == 0x7f || c == '"' || c == '<' || c == '>' || c == '\\' || c == '^' || c == '`' || c == '|', c == '%' && !escaped(s[i:]):
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		case c >= 0x80:
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func escaped(s string) bool {
	digit := func(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }
	return len(s) >= 3 && digit(s[1]) && digit(s[2])
}
