package vu

import (
	"sync"

	"runner/runner/protocol"
	"runner/spec/expr"
	"runner/spec/extract"
)

// kept is a step's last response in an iteration, for expressions that read it later as steps.NAME. Branches of a parallel
// step may ask it at once.
type kept struct {
	Response
	mu   sync.Mutex
	text []byte // holds names and values of the headers
	body []byte
}

// Keep copies the last response into a slot: its own buffers are about to be used again.
func (v *VU) Keep(slot int, withBody bool) {
	k := &v.it.replies[slot]
	k.Any = v.Response.Any
	if !k.Any {
		return
	}
	fields, text := k.Response.Response.Header[:0], k.text[:0]
	for _, f := range v.Response.Response.Header {
		text = append(append(text, f.Name...), f.Value...)
	}
	from := 0
	for _, f := range v.Response.Response.Header {
		name, value := from+len(f.Name), from+len(f.Name)+len(f.Value)
		fields = append(fields, protocol.HeaderField{Name: text[from:name], Value: text[name:value]})
		from = value
	}
	address, body, document := k.Address[:0], k.body[:0], k.document
	address = append(address, v.Response.Address...)
	if withBody {
		body = append(body, v.Response.Decoded()...)
	}
	k.Response = v.Response
	k.text, k.body, k.document = text, body, document
	r := &k.Response.Response
	r.Header, r.Body, r.HeadBuf, r.Trailer = fields, body, nil, nil
	k.Content, k.Address, k.Kept = nil, address, withBody && v.Response.Kept
	k.document.Reset(body)
	k.other.Reset(nil) // Document answers
}

// JSON finds a gjson path in the body.
func (k *kept) JSON(path string) (any, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.Response.JSON(path)
}

// Document is the body for other questions, parsed for each who asks.
func (k *kept) Document() (*extract.Document, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.Kept {
		return nil, errNotKept
	}
	d := &extract.Document{}
	d.Reset(k.body)
	return d, nil
}

func (h host) StepResponse(slot int) expr.Response {
	if k := &h.it.replies[slot]; k.Any {
		return k
	}
	return nil
}
