package request

import (
	"fmt"
	"net/url"

	"runner/runner/protocol"
	"runner/runner/vu"
	"runner/spec/expr"
)

// header is one header of the step. A value that is the same for the whole run is evaluated once (slot ≥ 0).
type header struct {
	name  string
	value *expr.Template
	slot  int
}

// parameter is one query parameter.
type parameter struct {
	name  string // escaped
	value *expr.Tree
}

// build fills the VU's request. The body comes first, because headers may sign it.
func (s *Step) build(v *vu.VU, x *scratch) error {
	r := &x.req
	*r = protocol.Request{Method: s.method, Timeout: s.timeout, MaxBody: s.maxBody, KeepBody: s.needsBody || s.later.Body || s.use.Body || v.Trace != nil, Fields: x.fields[:0]}
	v.SetBody(nil, false)
	if err := s.body.build(v, x); err != nil {
		return err
	}
	if err := s.url.build(v, x); err != nil {
		return err
	}
	if err := s.addQuery(v, x); err != nil {
		return err
	}
	r.Path = x.path
	if err := s.cookies.build(v, x); err != nil {
		return err
	}
	err := s.addHeaders(v, x)
	x.fields = r.Fields
	s.cookies.keepWritten(x)
	return err
}

func (s *Step) addHeaders(v *vu.VU, x *scratch) error {
	x.values = x.values[:0]
	if s.body.contentType != "" {
		value := s.body.contentTypeValue
		if s.body.multipart != nil {
			value = x.multipart
		}
		x.req.Fields = append(x.req.Fields, protocol.Field{Name: "Content-Type", Value: value})
	}
	for i := range s.headers {
		value, err := s.headers[i].bytes(v, x)
		if err != nil {
			return fmt.Errorf("header %s: %w", s.headers[i].name, err)
		}
		x.req.Fields = append(x.req.Fields, protocol.Field{Name: s.headers[i].name, Value: value})
	}
	return nil
}

// bytes is the header's value. Those that change are laid one after the other into a buffer of the VU; a buffer that grows
// leaves the earlier slices intact.
func (h *header) bytes(v *vu.VU, x *scratch) ([]byte, error) {
	if h.slot >= 0 {
		value, err := v.Run.Const(h.slot, func() (any, error) {
			b, err := h.value.Append(nil, &v.VM)
			if err == nil {
				err = checkHeader(b)
			}
			return b, err
		})
		if err != nil {
			return nil, err
		}
		return value.([]byte), nil
	}
	start := len(x.values)
	var err error
	if x.values, err = h.value.Append(x.values, &v.VM); err != nil {
		return nil, err
	}
	value := x.values[start:len(x.values):len(x.values)]
	return value, checkHeader(value)
}

// checkHeader refuses what would end the header early: a value with a line break could smuggle a second request.
func checkHeader(value []byte) error {
	for _, c := range value {
		if c < ' ' && c != '\t' || c == 0x7f {
			return fmt.Errorf("the value holds control character 0x%02x: encode it, for example with base64()", c)
		}
	}
	return nil
}

// addQuery appends the query parameters to the path. A null parameter is left out; a list is repeated.
func (s *Step) addQuery(v *vu.VU, x *scratch) error {
	separator := byte('?')
	for _, c := range x.path {
		if c == '?' {
			separator = '&'
		}
	}
	for i := range s.query {
		value, err := s.query[i].value.Text(&v.VM)
		if err != nil {
			return fmt.Errorf("query %s: %w", s.query[i].name, err)
		}
		for _, one := range value {
			x.path = append(x.path, separator)
			x.path = append(x.path, s.query[i].name...)
			x.path = append(x.path, '=')
			x.path = append(x.path, url.QueryEscape(one)...)
			separator = '&'
		}
	}
	return nil
}
