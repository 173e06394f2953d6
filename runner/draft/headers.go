package draft

import (
	"fmt"
	"slices"
	"strings"
)

// ownHeaders are those that the client makes itself, or that belong to a connection and not to a request.
var ownHeaders = []string{"host", "content-length", "connection", "keep-alive", "transfer-encoding", "accept-encoding", "te", "upgrade", "proxy-connection", "expect", "trailer"}

// browserHeaders are those that a browser adds and a target rarely looks at.
var browserHeaders = pattern(`(?i)^(sec-.*|upgrade-insecure-requests|dnt|priority|pragma|cache-control|if-none-match|if-modified-since|if-range|referer|user-agent|x-client-data|purpose)$`)

var headerName = pattern("^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$")

// headers are a request's headers as the plan writes them. mime is the type that the body's own word sends: a header that
// says the same is left out.
func (d *desk) headers(x exchange, mime string) []Pair {
	var pairs []Pair
	for _, h := range x.headers {
		name, value := strings.TrimSpace(h.name), strings.TrimSpace(h.value)
		lower := strings.ToLower(name)
		switch {
		case slices.Contains(ownHeaders, lower) || strings.HasPrefix(name, ":"):
			continue
		case lower == "content-type" && sameMIME(value, mime):
			continue
		case !headerName().MatchString(name):
			d.plan.lose(x.line, fmt.Sprintf("a header with the name %q, which HTTP doesn't allow", shorten(name, 40)))
			continue
		case !isHeaderText(value):
			d.plan.lose(x.line, fmt.Sprintf("the header %s, whose value has characters that HTTP doesn't allow", name))
			continue
		}
		if i := slices.IndexFunc(pairs, func(p Pair) bool { return strings.EqualFold(p.Key, name) }); i >= 0 {
			d.plan.lose(x.line, fmt.Sprintf("a second header %s of one request", name))
			continue
		}
		pairs = append(pairs, Pair{Key: name, Value: Template(d.weave.text(value))})
	}
	return pairs
}

func sameMIME(header, own string) bool {
	header, _, _ = strings.Cut(header, ";")
	return own != "" && strings.EqualFold(strings.TrimSpace(header), own)
}

func isHeaderText(s string) bool {
	for _, r := range s {
		if r != '\t' && (r < ' ' || r == 0x7f || r == 0xfffd) {
			return false
		}
	}
	return true
}

// withoutBrowser leaves out what only a browser says.
func withoutBrowser(headers []field) []field {
	return slices.DeleteFunc(slices.Clone(headers), func(h field) bool { return browserHeaders().MatchString(strings.TrimSpace(h.name)) })
}
