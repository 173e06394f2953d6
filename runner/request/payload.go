package request

import (
	"net/url"

	"runner/runner/vu"
	"runner/spec/expr"
)

// payload is a step's body: JSON, a form, text, or none.
type payload struct {
	json             *expr.Tree
	form             []field
	text             *expr.Template
	multipart        *multipart
	contentType      string // "": the step's own headers say it, or nothing does
	contentTypeValue []byte
}

// field is one field of a form.
type field struct {
	name  string // escaped
	value *expr.Template
}

// build lays the body into the VU's buffer.
func (p *payload) build(v *vu.VU, x *scratch) error {
	var err error
	x.body = x.body[:0]
	switch {
	case p.json != nil:
		x.body, err = p.json.AppendJSON(x.body, &v.VM)
	case p.form != nil:
		err = p.buildForm(v, x)
	case p.text != nil:
		x.body, err = p.text.Append(x.body, &v.VM)
	case p.multipart != nil:
		err = p.multipart.build(v, x)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	if x.req.Content != nil {
		return nil
	}
	x.req.Body, x.req.HasBody = x.body, true
	v.SetBody(x.body, true)
	return nil
}

func (p *payload) buildForm(v *vu.VU, x *scratch) error {
	for i := range p.form {
		if i > 0 {
			x.body = append(x.body, '&')
		}
		x.body = append(x.body, p.form[i].name...)
		x.body = append(x.body, '=')
		var err error
		if x.text, err = p.form[i].value.Append(x.text[:0], &v.VM); err != nil {
			return err
		}
		x.body = append(x.body, url.QueryEscape(string(x.text))...)
	}
	return nil
}
