package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"runner/runner/protocol"
	"runner/runner/report"
	"runner/runner/vu"
	"runner/spec/expr"
)

// tracer prints what happens in an iteration. Branches of a parallel step speak at once, so each event is printed whole.
type tracer struct {
	out    io.Writer
	colour bool
	mask   func(string) string
	mu     sync.Mutex
}

var _ vu.Trace = (*tracer)(nil)

// shownBody is how much of a body is printed.
const shownBody = 4 << 10

// clean is text without secrets and without what could steer a terminal.
func (t *tracer) clean(text string) string {
	if t.mask != nil {
		text = t.mask(text)
	}
	return report.Clean(text)
}

func (t *tracer) paint(code, text string) string {
	if !t.colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// print writes lines that are clean but for the paint put on afterwards.
func (t *tracer) print(lines ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintln(t.out, strings.Join(lines, "\n"))
}

func (t *tracer) line(text string) { t.print("  " + t.clean(text)) }

func (t *tracer) part(name string) { t.print("", t.paint("1", "── "+t.clean(name)+" ──")) }

func (t *tracer) ended(part string, err error) {
	if err == nil {
		return
	}
	t.print(t.paint("31", "✗ "+t.clean(part)+" ended: "+t.clean(err.Error())))
}

// Exchange prints a request and what came back.
func (t *tracer) Exchange(step string, req *protocol.Request, resp *vu.Response, times *protocol.Timing, f protocol.Failure) {
	lines := []string{"", t.paint("1", "▶ "+t.clean(step))}
	scheme := "http"
	if req.Target.TLS {
		scheme = "https"
	}
	lines = append(lines, t.clean(fmt.Sprintf("  > %s %s://%s%s", req.Method, scheme, req.Authority, req.Path)))
	for _, h := range req.Fields {
		lines = append(lines, t.clean(fmt.Sprintf("  > %s: %s", h.Name, h.Value)))
	}
	if req.Content != nil {
		lines = append(lines, "  >", fmt.Sprintf("  > (%d bytes, read from files while they are sent)", req.Content.Size()))
	}
	lines = append(lines, t.body("  > ", req.Body)...)
	if f.Class != protocol.ClassNone {
		t.print(append(lines, t.paint("31", "  ✗ "+t.clean(f.Error())))...)
		return
	}
	lines = append(lines, t.paint("36", t.clean(fmt.Sprintf("  < %s %d   %s", resp.Response.Proto, resp.Response.Status, timesOf(times)))))
	for _, h := range resp.Response.Header {
		lines = append(lines, t.clean(fmt.Sprintf("  < %s: %s", h.Name, h.Value)))
	}
	text, _ := resp.Body() // a body that was not kept is shown as none
	t.print(append(lines, t.body("  < ", []byte(text))...)...)
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
func (t *tracer) body(margin string, body []byte) []string {
	if len(body) == 0 {
		return nil
	}
	if !utf8.Valid(body) {
		return []string{strings.TrimRight(margin, " "), fmt.Sprintf("%s(%d bytes that are not text)", margin, len(body))}
	}
	var indented bytes.Buffer
	text := string(body)
	if json.Indent(&indented, body, "", "  ") == nil {
		text = indented.String()
	}
	more := ""
	if t.mask != nil {
		text = t.mask(text) // before it is cut anywhere: part of a secret is not recognised
	}
	if len(text) > shownBody {
		more = fmt.Sprintf("%s… (%d bytes in all)", margin, len(body))
		text = strings.ToValidUTF8(text[:shownBody], "")
	}
	lines := []string{strings.TrimRight(margin, " ")}
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, margin+t.clean(line))
	}
	if more != "" {
		lines = append(lines, more)
	}
	return lines
}

// Outcome says when the last response was not an expected one.
func (t *tracer) Outcome(_ string, failed bool, why string) {
	switch {
	case why != "":
		t.print(t.paint("31", "  ✗ the request failed: "+t.clean(why)))
	case failed:
		t.print(t.paint("31", "  ✗ the request failed: no response, or a status that is not expected (see expect)"))
	}
}

// Check prints how a check came out; a false one with the values of its parts.
func (t *tracer) Check(_, name string, ok bool, err error, parts []expr.Part) {
	if ok {
		t.print(t.paint("32", "  ✓ "+t.clean(name)))
		return
	}
	lines := []string{t.paint("31", "  ✗ "+t.clean(name))}
	if err != nil {
		lines = append(lines, t.clean("      "+err.Error()))
	}
	for _, p := range parts {
		switch {
		case p.Err != nil && err == nil:
			lines = append(lines, t.clean(fmt.Sprintf("      %s: %v", p.Source, p.Err)))
		case p.Note != "":
			lines = append(lines, t.clean(fmt.Sprintf("      %s = %s: %s", p.Source, t.shown(p.Value), p.Note)))
		case p.Err == nil:
			lines = append(lines, t.clean(fmt.Sprintf("      %s = %s", p.Source, t.shown(p.Value))))
		}
	}
	t.print(lines...)
}

// Capture prints what was captured.
func (t *tracer) Capture(_, name string, value any, secret bool, err error) {
	switch {
	case err != nil:
		t.print(t.paint("31", t.clean(fmt.Sprintf("  ✗ capture %s: %v", name, err))))
	case secret:
		t.line(fmt.Sprintf("= %s = *** (secret)", name))
	default:
		t.line(fmt.Sprintf("= %s = %s", name, t.shown(value)))
	}
}

// shown is a value as a plan would write it.
func (t *tracer) shown(v any) string {
	text := fmt.Sprint(v)
	if quoted, err := json.Marshal(v); err == nil {
		text = string(quoted)
	}
	if t.mask != nil {
		text = t.mask(text)
	}
	if len(text) > shownBody {
		text = strings.ToValidUTF8(text[:shownBody], "") + "…"
	}
	return text
}
