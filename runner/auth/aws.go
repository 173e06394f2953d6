package auth

import (
	"errors"
	"strings"

	"runner/runner/protocol"
	"runner/spec"
	"runner/spec/expr"
	"runner/spec/sigv4"
)

// aws signs requests with Signature Version 4.
type aws struct {
	service, region, id, secret, session *expr.Template
}

func compileAWS(c Compiler, a *spec.AWSSigV4) Method {
	m := &aws{service: c.Text(a.Service), region: c.Text(a.Region), id: c.Text(a.AccessKeyID), secret: c.Text(a.SecretAccessKey)}
	if !a.SessionToken.IsZero() {
		m.session = c.Text(a.SessionToken)
	}
	return m
}

// Apply signs Host, Content-Type, every X-Amz- header and the body.
func (a *aws) Apply(u *User, r *protocol.Request) error {
	var target sigv4.Target
	var keys sigv4.Keys
	for _, word := range []struct {
		name string
		text *expr.Template
		to   *string
	}{
		{"service", a.service, &target.Service}, {"region", a.region, &target.Region}, {"access_key_id", a.id, &keys.AccessKeyID},
		{"secret_access_key", a.secret, &keys.SecretAccessKey}, {"session_token", a.session, &keys.SessionToken},
	} {
		var err error
		if *word.to, err = text(u, "aws_sigv4: "+word.name, word.text); err != nil {
			return err
		}
	}
	signed := sigv4.Request{Method: r.Method, Host: r.Authority, Body: r.Body, Unsigned: r.Content != nil}
	if signed.Unsigned && target.Service != "s3" {
		return errors.New("auth aws_sigv4: a body with files is signed for the service s3 only (as UNSIGNED-PAYLOAD)")
	}
	signed.Path, signed.Query, _ = strings.Cut(string(r.Path), "?")
	for _, f := range r.Fields {
		name := strings.ToLower(f.Name)
		if name == "content-type" || strings.HasPrefix(name, "x-amz-") && !ours(name) {
			signed.Headers = append(signed.Headers, sigv4.Header{Name: name, Value: string(f.Value)})
		}
	}
	for _, h := range sigv4.Sign(signed, keys, target, u.Now()) {
		value := []byte(h.Value)
		if err := printable("aws_sigv4", value); err != nil {
			return err
		}
		set(r, h.Name, value)
	}
	return nil
}

// ours tells whether a header is one that signing sets: of the hop before, it would be signed twice.
func ours(name string) bool {
	return name == "x-amz-date" || name == "x-amz-security-token" || name == "x-amz-content-sha256"
}
