package request

import (
	"net"
	"strings"

	"runner/runner/vu"
	"runner/spec"
)

// reach notes which target a request goes to: host:port where the text is known before the run, else what stands in the
// plan up to the path.
func reach(c *vu.Compiler, url spec.Text, peer int) {
	if relative(url) {
		url = c.HTTP.BaseURL
	}
	text := url.Value
	if c.Fixed != nil {
		if fixed, problem := c.Fixed(url); problem == nil {
			text = fixed
		}
	}
	if p, err := parse(text); err == nil {
		c.Reach.Add(vu.Way{Target: net.JoinHostPort(p.target.Host, p.target.Port), Peer: peer})
		return
	}
	c.Reach.Add(vu.Way{Target: origin(text), Peer: peer})
}

// relative tells whether base_url applies: it does to a text that begins with a slash (or a query).
func relative(url spec.Text) bool {
	return strings.HasPrefix(url.Value, "/") || strings.HasPrefix(url.Value, "?") || url.Value == ""
}

// origin is a URL's text up to its path; templates stay as they were written.
func origin(text string) string {
	begin := 0
	if i := strings.Index(text, "://"); i >= 0 {
		begin = i + len("://")
	} else if i := strings.Index(text, "}"); strings.HasPrefix(text, "${") && i >= 0 {
		begin = i // a template in place of scheme and host
	}
	if i := strings.IndexByte(text[begin:], '/'); i >= 0 {
		return text[:begin+i]
	}
	return text
}
