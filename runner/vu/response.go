package vu

import (
	"errors"
	"strings"

	"runner/runner/body"
	"runner/runner/protocol"
	"runner/spec/expr"
	"runner/spec/extract"
)

// Response is the last response as expressions see it.
type Response struct {
	protocol.Response
	Any      bool   // there is one
	Address  []byte // final URL
	Content  []byte // decoded body; nil: Body is not encoded
	Kept     bool   // a step wanted the body
	TimeMs   float64
	WaitMs   float64
	document body.Document
	other    extract.Document
}

var _ expr.Response = (*Response)(nil)

// Forget makes it a response that never came.
func (r *Response) Forget() {
	r.Any = false
}

// Arrived makes the response the one in scope. It is the answer to req, of which nothing is kept but a copy of the URL.
func (r *Response) Arrived(req *protocol.Request, t *protocol.Timing) {
	r.Any, r.Address = true, req.AppendURL(r.Address[:0])
	r.TimeMs, r.WaitMs = float64(t.Duration())/1e6, float64(t.Waiting)/1e6
	r.document.Reset(r.Decoded())
	r.other.Reset(r.Decoded())
}

// Decoded is the body without its content encoding, as far as that was undone.
func (r *Response) Decoded() []byte {
	if r.Content != nil {
		return r.Content
	}
	return r.Response.Body
}

// JSON finds a gjson path in the body.
func (r *Response) JSON(path string) (any, bool, error) {
	if !r.Kept {
		return nil, false, errNotKept
	}
	return r.document.Find(path)
}

// Document is the body for questions that are no JSON paths.
func (r *Response) Document() (*extract.Document, error) {
	if !r.Kept {
		return nil, errNotKept
	}
	return &r.other, nil
}

var errNotKept = errors.New("the body was not kept")

// Body is the decoded body.
func (r *Response) Body() (string, error) {
	if !r.Kept {
		return "", errNotKept
	}
	return string(r.Decoded()), nil
}

// Header joins a header's values.
func (r *Response) Header(name string) string {
	var all []string
	for _, f := range r.Response.Header {
		if strings.EqualFold(string(f.Name), name) {
			all = append(all, string(f.Value))
		}
	}
	return strings.Join(all, ", ")
}

// Headers are all headers by lower-case name.
func (r *Response) Headers() map[string]any {
	all := make(map[string]any, len(r.Response.Header))
	for _, f := range r.Response.Header {
		name := strings.ToLower(string(f.Name))
		if old, ok := all[name].(string); ok {
			all[name] = old + ", " + string(f.Value)
			continue
		}
		all[name] = string(f.Value)
	}
	return all
}

// Cookies are the cookies that the response set.
func (r *Response) Cookies() map[string]any {
	all := map[string]any{}
	for _, c := range setCookies(r.Response.Header) {
		all[c.Name] = c.Value
	}
	return all
}

// Status is the status code.
func (r *Response) Status() int { return r.Response.Status }

// Duration is sending, waiting and receiving, in ms.
func (r *Response) Duration() float64 { return r.TimeMs }

// Waiting is the time to the first byte, in ms.
func (r *Response) Waiting() float64 { return r.WaitMs }

// Size is the number of bytes of the body as received.
func (r *Response) Size() int { return int(r.BodyBytes) }

// URL is where the response came from, after redirects.
func (r *Response) URL() string { return string(r.Address) }

// Proto is the protocol, as in HTTP/1.1.
func (r *Response) Proto() string { return r.Response.Proto }
