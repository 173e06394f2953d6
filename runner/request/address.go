package request

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"runner/runner/protocol"
	"runner/runner/vu"
	"runner/spec/expr"
)

// address is where a request goes: a base that is the same for the whole run and a rest that may change, or one text.
type address struct {
	base *expr.Template // http.base_url; nil: the text is a whole URL
	home *expr.Template // http.base_url for a text that begins with a template, which may come to a path; nil: there is none
	slot int            // of the base, or of the whole text, where it never changes; -1: evaluated each time
	text *expr.Template
}

// place is a parsed URL as requests use it.
type place struct {
	target    protocol.Target
	authority string
	path      string // escaped, with query, begins with /
}

// build sets target, authority and path.
func (a *address) build(v *vu.VU, x *scratch) error {
	x.path = x.path[:0]
	if a.base == nil {
		return a.whole(v, x)
	}
	base, err := a.place(v, x, a.base)
	if err != nil {
		return fmt.Errorf("http.base_url: %w", err)
	}
	x.req.Target, x.req.Authority = base.target, base.authority
	x.path = append(x.path, strings.TrimSuffix(base.path, "/")...)
	if fixed, ok := a.text.Const(); ok {
		x.path = appendPath(x.path, fixed)
		return nil
	}
	if x.text, err = a.text.Append(x.text[:0], &v.VM); err != nil {
		return err
	}
	x.path = appendPath(x.path, string(x.text))
	return nil
}

// whole is the way of a text that is a URL by itself.
func (a *address) whole(v *vu.VU, x *scratch) error {
	p, err := a.place(v, x, a.text)
	if err != nil {
		return err
	}
	x.req.Target, x.req.Authority = p.target, p.authority
	x.path = append(x.path, p.path...)
	return nil
}

// place is what a text comes to as a URL: found out once where it is the same for the whole run.
func (a *address) place(v *vu.VU, x *scratch, t *expr.Template) (*place, error) {
	if a.slot < 0 {
		var err error
		if x.text, err = t.Append(x.text[:0], &v.VM); err != nil {
			return nil, err
		}
		return a.parse(v, string(x.text))
	}
	value, err := v.Run.Const(a.slot, func() (any, error) {
		text, err := t.Append(nil, &v.VM)
		if err != nil {
			return nil, err
		}
		return a.parse(v, string(text))
	})
	if err != nil {
		return nil, err
	}
	return value.(*place), nil
}

// parse reads a URL. What a template has come to may be a path, such as a form's action: it is below http.base_url then.
func (a *address) parse(v *vu.VU, text string) (*place, error) {
	if a.home == nil || !strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//") {
		return parse(text)
	}
	base, err := a.home.Append(nil, &v.VM)
	if err != nil {
		return nil, fmt.Errorf("http.base_url: %w", err)
	}
	return parse(strings.TrimSuffix(string(base), "/") + text)
}

// parse reads an absolute URL.
func parse(text string) (*place, error) {
	if text == "" {
		return nil, errors.New("the URL is empty: set http.base_url, or write the whole URL")
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not a URL: %w", text, errors.Unwrap(err))
	}
	return placeOf(u)
}

func placeOf(u *url.URL) (*place, error) {
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("%q is not a whole URL: it must begin with http:// or https:// and a host (or set http.base_url)", u.Redacted())
	}
	if n, err := strconv.Atoi(u.Port()); u.Port() != "" && (err != nil || n < 1 || n > 65535) {
		return nil, fmt.Errorf("%q has port %s, and ports go from 1 to 65535", u.Redacted(), u.Port())
	}
	p := &place{authority: u.Host}
	p.target = protocol.Target{TLS: u.Scheme == "https", Host: u.Hostname(), Port: u.Port()}
	standard := "80"
	if p.target.TLS {
		standard = "443"
	}
	switch p.target.Port {
	case "":
		p.target.Port = standard
	case standard:
		p.authority = hostOnly(u.Hostname()) // the default port is not part of Host
	}
	p.path = string(appendPath(nil, u.RequestURI()))
	return p, nil
}

func hostOnly(host string) string {
	if net.ParseIP(host) != nil && strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

const hexDigits = "0123456789ABCDEF"

// appendPath appends a path with its query as it may stand on the wire: it begins with a slash, has no fragment, and
// what would break the request line (spaces, controls, non-ASCII) is percent-encoded. What is encoded already stays so.
func appendPath(dst []byte, path string) []byte {
	if path == "" || path[0] != '/' {
		dst = append(dst, '/')
		if path != "" && path[0] == '?' && len(dst) > 1 {
			dst = dst[:len(dst)-1] // base/path + ?query
		}
	}
	for i := range len(path) {
		switch c := path[i]; {
		case c == '#':
			return dst
		case c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>':
			dst = append(dst, '%', hexDigits[c>>4], hexDigits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// urlOf is the request's URL, for people, redirects and cookies.
func urlOf(r *protocol.Request) *url.URL {
	scheme := "http"
	if r.Target.TLS {
		scheme = "https"
	}
	u, err := url.ParseRequestURI(string(r.Path))
	if err != nil {
		u = &url.URL{Path: string(r.Path)}
	}
	u.Scheme, u.Host = scheme, r.Authority
	return u
}
