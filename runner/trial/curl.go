package trial

import (
	"bytes"
	"fmt"
	"net"
	"strings"
	"unicode/utf8"

	"runner/runner/mask"
	"runner/runner/protocol"
	"runner/runner/vu"
)

// mostInline is how long a body may be to stand in a command.
const mostInline = 4 << 10

// pieces is a body that is read while it is sent, piece by piece.
type pieces interface {
	Pieces(text func([]byte), file func(path string))
}

// command is the request as a curl command that a person can paste, with secrets masked: that of this very attempt or hop,
// so curl is not told to follow redirects.
func (l *listener) command(x *vu.Exchange) []string {
	c := &command{mask: l.Mask}
	c.build(x)
	lines := make([]string, len(c.parts))
	for i, part := range c.parts {
		lines[i] = "      " + part
		if i > 0 {
			lines[i] = "        " + part
		}
		if i < len(c.parts)-1 {
			lines[i] += ` \`
		}
		lines[i] = l.paint(dim, l.Clean(lines[i]))
	}
	if c.masked {
		lines = append([]string{l.paint(dim, "      # put the secret where "+mask.Mark+" stands")}, lines...)
	}
	return lines
}

// command is a command that is being put together: one part a line.
type command struct {
	mask   func(string) string
	masked bool
	parts  []string
}

func (c *command) build(x *vu.Exchange) {
	r := x.Request
	first := c.source(r) + "curl"
	switch {
	case r.Method == "HEAD":
		first += " --head"
	case r.Method == "GET" && !c.sends(r), r.Method == "POST" && c.sends(r):
	default:
		first += " -X " + c.quote(r.Method)
	}
	c.parts = append(c.parts, first+c.version(x)+" "+c.quote(c.address(r)))
	c.headers(r)
	switch {
	case r.Content != nil || unspeakable(r.Body):
		c.parts = append(c.parts, "--data-binary @-")
	case len(r.Body) > mostInline:
		c.parts = append(c.parts, fmt.Sprintf("--data-binary @body   # %d bytes: put them into the file body", len(r.Body)))
	case c.sends(r):
		c.parts = append(c.parts, "--data-raw "+c.quote(string(r.Body)))
	}
}

func (c *command) sends(r *protocol.Request) bool {
	return r.HasBody || len(r.Body) > 0 || r.Content != nil
}

// version asks for the HTTP version that was spoken, and for a URL that is taken as it is.
func (c *command) version(x *vu.Exchange) (flags string) {
	switch proto := x.Response.Response.Proto; {
	case x.Failure.Class != protocol.ClassNone:
	case strings.HasPrefix(proto, "HTTP/2") && !x.Request.Target.TLS:
		flags += " --http2-prior-knowledge"
	case strings.HasPrefix(proto, "HTTP/2"):
		flags += " --http2"
	case x.Request.Target.TLS:
		flags += " --http1.1"
	}
	path := string(x.Request.Path)
	if strings.ContainsAny(path, "[]{}") {
		flags += " --globoff"
	}
	if strings.Contains(path, "/.") {
		flags += " --path-as-is"
	}
	return flags
}

// address is the URL of where the request went, whatever its Host says.
func (c *command) address(r *protocol.Request) string {
	if c.elsewhere(r) {
		return strings.Replace(string(r.AppendURL(nil)), r.Authority, net.JoinHostPort(r.Target.Host, r.Target.Port), 1)
	}
	return string(r.AppendURL(nil))
}

func (c *command) elsewhere(r *protocol.Request) bool {
	host, port, err := net.SplitHostPort(r.Authority)
	if err != nil {
		host, port = strings.Trim(r.Authority, "[]"), r.Target.Port
	}
	return !strings.EqualFold(host, r.Target.Host) || port != r.Target.Port
}

// headers are those of the request, and an end to those that curl would add.
func (c *command) headers(r *protocol.Request) {
	if c.elsewhere(r) {
		c.parts = append(c.parts, "-H "+c.quote("Host: "+r.Authority))
	}
	has := map[string]bool{}
	for _, f := range r.Fields {
		name := strings.ToLower(f.Name)
		has[name] = true
		switch {
		case len(f.Value) == 0:
			c.parts = append(c.parts, "-H "+c.quote(f.Name+";"))
		case name == "accept-encoding" && strings.Contains(string(f.Value), "gzip"):
			c.parts = append(c.parts, "--compressed")
		default:
			c.parts = append(c.parts, "-H "+c.quote(f.Name+": "+string(f.Value)))
		}
	}
	if !has["accept"] {
		c.parts = append(c.parts, "-H 'Accept:'")
	}
	if c.sends(r) && !has["content-type"] {
		c.parts = append(c.parts, "-H 'Content-Type:'")
	}
}

// source is what feeds a body with files into curl: printf and cat, so that it is the same bytes.
func (c *command) source(r *protocol.Request) string {
	body, ok := r.Content.(pieces)
	if unspeakable(r.Body) {
		return "printf " + c.octal(string(r.Body)) + " | "
	}
	if !ok {
		return ""
	}
	var steps []string
	body.Pieces(
		func(text []byte) { steps = append(steps, "printf %s "+c.quote(string(text))) },
		func(path string) { steps = append(steps, "cat "+c.quote(path)) },
	)
	return "{ " + strings.Join(steps, "; ") + "; } | "
}

// unspeakable tells whether a body can't be an argument of a program: those end at a zero byte.
func unspeakable(body []byte) bool {
	return len(body) <= mostInline && bytes.IndexByte(body, 0) >= 0
}

// octal is a text as printf makes it.
func (c *command) octal(text string) string {
	masked := c.mask(text)
	c.masked = c.masked || masked != text
	var b strings.Builder
	for i := range len(masked) {
		switch ch := masked[i]; {
		case ch == '%':
			b.WriteString("%%")
		case ch == '\\', ch == '\'', ch < ' ', ch >= 0x7f:
			fmt.Fprintf(&b, `\%03o`, ch)
		default:
			b.WriteByte(ch)
		}
	}
	return "'" + b.String() + "'"
}

// quote is a text as one word of a POSIX shell; with control characters or bytes that are not text in it, of bash and zsh.
// The secrets in it go first: quoting could change them.
func (c *command) quote(text string) string {
	masked := c.mask(text)
	c.masked = c.masked || masked != text
	plain := utf8.ValidString(masked)
	for _, r := range masked {
		plain = plain && r >= ' ' && r != 0x7f
	}
	if plain {
		return "'" + strings.ReplaceAll(masked, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(masked) {
		switch ch := masked[i]; {
		case ch == '\'' || ch == '\\':
			b.WriteString(`\` + string(ch))
		case ch == '\n':
			b.WriteString(`\n`)
		case ch == '\r':
			b.WriteString(`\r`)
		case ch < ' ' || ch >= 0x7f:
			fmt.Fprintf(&b, `\x%02x`, ch)
		default:
			b.WriteByte(ch)
		}
	}
	b.WriteString("'")
	return b.String()
}
