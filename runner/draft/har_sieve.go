package draft

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
)

// sieve decides which entries of a recording are the load, and counts the others.
type sieve struct {
	plan  *Plan
	o     Options
	site  string // the site that was recorded: other people's hosts are not loaded unasked
	out   map[string]int
	order []string
}

func newSieve(p *Plan, o Options, log *tree) *sieve {
	s := &sieve{plan: p, o: o, out: map[string]int{}}
	for _, e := range log.at("entries").entries() {
		if u, err := url.Parse(e.at("request", "url").string()); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
			s.site = siteOf(u.Hostname())
			break
		}
	}
	return s
}

// siteOf is the part of a host's name that its neighbours share: the last two labels, three where the last two are short, as
// in co.uk.
func siteOf(host string) string {
	labels := strings.Split(strings.ToLower(host), ".")
	n := min(2, len(labels))
	if len(labels) > 2 && len(labels[len(labels)-1]) == 2 && len(labels[len(labels)-2]) <= 3 {
		n = 3
	}
	if allDigits().MatchString(host) {
		return host
	}
	return strings.Join(labels[len(labels)-n:], ".")
}

var allDigits = pattern(`^[0-9.:]+$`)

// staticType and staticName tell files that a page is made of.
var (
	staticType = pattern(`(?i)^(image|font|video|audio)/|javascript|ecmascript|text/css|font-|application/wasm`)
	staticName = []string{".js", ".mjs", ".css", ".map", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".avif", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".mp4", ".webm", ".mp3", ".wasm"}
)

func isStatic(rawPath string) bool {
	return slices.Contains(staticName, strings.ToLower(path.Ext(rawPath)))
}

// keeps tells whether an entry is a request of the load.
func (s *sieve) keeps(e *tree) bool {
	req, resp := e.at("request"), e.at("response")
	u, err := url.Parse(req.at("url").string())
	cache := e.at("_fromCache").string()
	switch {
	case req == nil || err != nil:
		return s.drop("entries without a request or with a URL that is none")
	case u.Scheme == "ws" || u.Scheme == "wss" || e.at("_resourceType").string() == "websocket":
		return s.drop("WebSocket connections")
	case u.Scheme != "http" && u.Scheme != "https":
		return s.drop("requests that never left the browser (data:, blob:, extensions)")
	case e.at("_resourceType").string() == "eventsource" || strings.HasPrefix(resp.at("content", "mimeType").string(), "text/event-stream"):
		return s.drop("streams of server-sent events")
	case strings.EqualFold(req.at("method").string(), "OPTIONS") && hasHeader(req, "access-control-request-method"):
		return s.drop("preflight requests (CORS), which a browser sends by itself")
	case siteOf(u.Hostname()) != s.site && !slices.Contains(s.o.Hosts, u.Hostname()) && !slices.Contains(s.o.Hosts, u.Host):
		return s.drop(fmt.Sprintf("requests to %s, which is another site than %s (--host %s takes them in)", u.Host, s.site, u.Hostname()))
	case !s.o.Static && (isStatic(u.Path) || staticType().MatchString(resp.at("content", "mimeType").string())):
		return s.drop("pictures, scripts, styles and fonts (--static takes them in)")
	case resp.at("status").number() == 0 && (cache == "memory" || cache == "disk"):
		return s.drop("requests that the browser's cache answered")
	case resp.at("status").number() == 0:
		return s.drop("requests that were blocked, aborted or never answered")
	}
	return true
}

func hasHeader(req *tree, name string) bool { return headerOf(pairsOf(req.at("headers")), name) != "" }

func (s *sieve) drop(what string) bool {
	if s.out[what]++; s.out[what] == 1 {
		s.order = append(s.order, what)
	}
	return false
}

// tell lists what was left out.
func (s *sieve) tell() {
	for _, what := range s.order {
		s.plan.lose(0, fmt.Sprintf("%d × %s", s.out[what], what))
	}
}
