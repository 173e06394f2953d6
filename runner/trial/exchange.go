package trial

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"runner/runner/protocol"
	"runner/runner/vu"
)

// Exchange prints a request and what came back, and keeps both for the archive.
func (l *listener) Exchange(x *vu.Exchange) {
	req := x.Request
	lines := l.head(x.Step, x.Turn)
	lines = append(lines, l.Clean(fmt.Sprintf("  > %s %s", req.Method, req.AppendURL(nil))))
	for _, h := range req.Fields {
		lines = append(lines, l.paint(dim, l.Clean(fmt.Sprintf("  > %s: %s", h.Name, h.Value))))
	}
	if req.Content != nil {
		lines = append(lines, "  >", fmt.Sprintf("  > (%d bytes, read from files while they are sent)", req.Content.Size()))
	}
	lines = append(lines, l.body("  > ", req.Body)...)
	if x.Failure.Class != protocol.ClassNone {
		lines = append(lines, l.paint(red, l.Clean("  ✗ "+x.Failure.Error())))
	} else {
		lines = append(lines, l.response(x)...)
	}
	l.came = 0
	if x.Failure.Class == protocol.ClassNone {
		l.came = x.Response.Response.Status
	}
	l.curl = l.command(x)
	if l.Curl {
		lines, l.curl = append(lines, l.curl...), nil
	}
	l.write(lines...)
	if l.Archive != nil {
		l.Archive.add(x, l.Mask)
	}
}

func (l *listener) response(x *vu.Exchange) []string {
	resp := &x.Response.Response
	status := strings.TrimSpace(fmt.Sprintf("%d %s", resp.Status, http.StatusText(resp.Status)))
	lines := []string{l.paint(colourOf(resp.Status), l.Clean(fmt.Sprintf("  < %s %s   %s", resp.Proto, status, timesOf(x.Timing))))}
	for _, h := range resp.Header {
		lines = append(lines, l.paint(dim, l.Clean(fmt.Sprintf("  < %s: %s", h.Name, h.Value))))
	}
	text, _ := x.Response.Body() // a body that was not kept is shown as none
	return append(lines, l.body("  < ", []byte(text))...)
}

func colourOf(status int) string {
	switch {
	case status >= 400:
		return red
	case status >= 300:
		return yellow
	}
	return cyan
}

func timesOf(t *protocol.Timing) string {
	parts := []string{fmt.Sprintf("%v", time.Duration(t.Duration()).Round(10*time.Microsecond))}
	for _, p := range []struct {
		name string
		ns   int64
	}{{"dns", t.DNS}, {"connect", t.Connecting}, {"tls", t.TLS}, {"wait", t.Waiting}} {
		if p.ns > 0 {
			parts = append(parts, fmt.Sprintf("%s %v", p.name, time.Duration(p.ns).Round(10*time.Microsecond)))
		}
	}
	return strings.Join(parts, ", ")
}

// body prints JSON indented, text as it is, and of anything else its size.
func (l *listener) body(margin string, body []byte) []string {
	edge := strings.TrimRight(margin, " ")
	switch {
	case len(body) == 0:
		return nil
	case l.MaxBody == 0:
		return []string{edge, fmt.Sprintf("%s(%d bytes)", margin, len(body))}
	case !utf8.Valid(body):
		return []string{edge, fmt.Sprintf("%s(%d bytes that are not text)", margin, len(body))}
	}
	lines := []string{edge}
	text, whole := l.cut(indented(body), l.MaxBody)
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, strings.TrimRight(margin+l.Clean(line), " "))
	}
	if !whole {
		lines = append(lines, fmt.Sprintf("%s… (%d bytes in all; see --max-body)", margin, len(body)))
	}
	return lines
}

// cut is as much of a text as is shown. Secrets go first: a part of one is not recognised.
func (l *listener) cut(text string, most int64) (shown string, whole bool) {
	text = l.Mask(text)
	if int64(len(text)) <= most {
		return text, true
	}
	return strings.ToValidUTF8(text[:most], ""), false
}

func indented(body []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "  ") == nil {
		return b.String()
	}
	return string(body)
}

// longestValue is how much of a captured value is shown, in bytes.
const longestValue = 4 << 10

// shown is a value as a plan would write it.
func (l *listener) shown(v any) string {
	text, whole := l.cut(compact(v), longestValue)
	if !whole {
		text += "…"
	}
	return text
}

// compact is a value as JSON on one line.
func compact(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
