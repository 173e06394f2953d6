package trial

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"runner/runner/protocol"
	"runner/runner/vu"
)

// harMaker turns one exchange into an entry of an archive.
type harMaker struct{ mask func(string) string }

func (h *harMaker) entry(x *vu.Exchange, end time.Time) harEntry {
	t := timings(x.Timing)
	total := ms(x.Timing.Blocked + x.Timing.Duration())
	e := harEntry{
		Started: stamp(end.Add(-time.Duration(x.Timing.Blocked + x.Timing.Duration()))), Time: total, Timings: t,
		Request: h.request(x), Response: h.response(x), Comment: h.mask(strings.TrimSpace(x.Step + " " + bracketed(x.Turn))),
	}
	if x.Failure.Class != protocol.ClassNone {
		e.Error = h.mask(x.Failure.Error())
	}
	return e
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// timings are as HAR has them: connect holds the handshake of TLS, blocked neither of them. Parts that did not happen
// are -1.
func timings(t *protocol.Timing) harTimings {
	out := harTimings{
		Blocked: ms(max(0, t.Blocked-t.DNS-t.Connecting-t.TLS)), DNS: ms(t.DNS), Connect: ms(t.Connecting + t.TLS), SSL: ms(t.TLS),
		Send: ms(t.Sending), Wait: ms(t.Waiting), Receive: ms(t.Receiving),
	}
	for _, part := range []*float64{&out.DNS, &out.Connect, &out.SSL} {
		if *part == 0 {
			*part = -1
		}
	}
	return out
}

func ms(ns int64) float64 { return float64(ns) / 1e6 }

func (h *harMaker) request(x *vu.Exchange) harRequest {
	r := x.Request
	out := harRequest{
		Method: r.Method, URL: h.mask(string(r.AppendURL(nil))), HTTPVersion: h.version(x), Cookies: []harCookie{},
		Headers: []harPair{{"Host", h.mask(r.Authority)}}, Query: []harPair{}, HeadersSize: -1, BodySize: int64(len(r.Body)),
	}
	mimeType := ""
	for _, f := range r.Fields {
		out.Headers = append(out.Headers, harPair{f.Name, h.mask(string(f.Value))})
		switch strings.ToLower(f.Name) {
		case "cookie":
			cookies, _ := http.ParseCookie(string(f.Value)) // those that are none are in the header
			out.Cookies = append(out.Cookies, h.cookies(cookies)...)
		case "content-type":
			mimeType = string(f.Value)
		}
	}
	_, query, _ := strings.Cut(string(r.Path), "?")
	for pair := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(pair, "="); pair != "" {
			out.Query = append(out.Query, harPair{h.mask(unescaped(name)), h.mask(unescaped(value))})
		}
	}
	switch {
	case r.Content != nil:
		out.BodySize = r.Content.Size()
		out.Post = &harPost{MimeType: mimeType, Params: []harPair{}, Comment: fmt.Sprintf("%d bytes, read from files while they were sent", r.Content.Size())}
	case r.HasBody || len(r.Body) > 0:
		out.Post = &harPost{MimeType: mimeType, Params: []harPair{}, Text: h.mask(string(r.Body))}
	}
	if r.HasBody || out.BodySize > 0 {
		out.Headers = append(out.Headers, harPair{"Content-Length", strconv.FormatInt(out.BodySize, 10)})
	}
	return out
}

func unescaped(s string) string {
	if text, err := url.QueryUnescape(s); err == nil {
		return text
	}
	return s
}

// version is what was spoken, or what would have been.
func (h *harMaker) version(x *vu.Exchange) string {
	if x.Failure.Class == protocol.ClassNone && x.Response.Response.Proto != "" {
		return x.Response.Response.Proto
	}
	return "HTTP/1.1"
}

func (h *harMaker) cookies(list []*http.Cookie) []harCookie {
	out := []harCookie{}
	for _, c := range list {
		one := harCookie{Name: c.Name, Value: h.mask(c.Value), Path: c.Path, Domain: c.Domain, HTTPOnly: c.HttpOnly, Secure: c.Secure}
		if !c.Expires.IsZero() {
			one.Expires = stamp(c.Expires)
		}
		out = append(out, one)
	}
	return out
}

// response is what came back; of a failure nothing, which HAR says with status 0.
func (h *harMaker) response(x *vu.Exchange) harResponse {
	out := harResponse{HTTPVersion: h.version(x), Cookies: []harCookie{}, Headers: []harPair{}, HeadersSize: -1, BodySize: -1}
	out.Content.MimeType = "x-unknown"
	if x.Failure.Class != protocol.ClassNone {
		return out
	}
	resp := &x.Response.Response
	out.Status, out.StatusText, out.BodySize = resp.Status, http.StatusText(resp.Status), resp.BodyBytes
	fields := http.Header{}
	for _, f := range resp.Header {
		out.Headers = append(out.Headers, harPair{string(f.Name), h.mask(string(f.Value))})
		fields.Add(string(f.Name), string(f.Value))
	}
	out.Cookies = h.cookies((&http.Response{Header: fields}).Cookies())
	out.RedirectURL = h.mask(fields.Get("Location"))
	if t := fields.Get("Content-Type"); t != "" {
		out.Content.MimeType = t
	}
	h.content(&out, x.Response)
	return out
}

// content is the decoded body: as text, or as base64 of what is none.
func (h *harMaker) content(out *harResponse, r *vu.Response) {
	body, err := r.Body()
	if err != nil {
		out.Content.Size = r.BodyBytes
		return
	}
	out.Content.Size = int64(len(body))
	if r.Content != nil {
		out.Content.Compression = out.Content.Size - out.BodySize
	}
	out.Content.Text = h.mask(body)
	if !utf8.ValidString(out.Content.Text) {
		out.Content.Text, out.Content.Encoding = base64.StdEncoding.EncodeToString([]byte(out.Content.Text)), "base64"
	}
}
