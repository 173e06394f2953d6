package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"time"

	"runner/runner/body"
	"runner/runner/protocol"
	"runner/spec"
	"runner/spec/expr"
)

// oauth2 is where a token comes from: what is sent to the token endpoint, as templates.
type oauth2 struct {
	spec    *spec.OAuth2
	address Address
	grant   string
	inForm  bool // the client says who it is in the form

	id, secret *expr.Template
	fields     []formField
}

type formField struct {
	name  string
	value *expr.Template
}

func compileOAuth2(c Compiler, o *spec.OAuth2) Method {
	m := &oauth2{spec: o, grant: o.Grant.Or("client_credentials"), inForm: o.ClientAuth.Value == "form", address: c.Address(o.TokenURL)}
	fixed := func(t spec.Text) *expr.Template {
		compiled := c.Text(t)
		if compiled != nil && !compiled.Constant() {
			p := spec.Problemf(t.Pos, len(t.Value), "the token is shared by all VUs: this may read env, vars, services and setup only")
			c.Add(spec.Problems{p.WithHint("for a token of each VU's own, fetch it with a request, capture it, and write auth: { bearer: \"${token}\" }")})
		}
		return compiled
	}
	fixed(o.TokenURL)
	if !o.ClientID.IsZero() {
		m.id = fixed(o.ClientID)
	}
	if !o.ClientSecret.IsZero() {
		m.secret = fixed(o.ClientSecret)
	}
	for _, f := range []struct {
		name string
		text spec.Text
	}{{"scope", o.Scope}, {"refresh_token", o.RefreshToken}, {"username", o.Username}, {"password", o.Password}} {
		if !f.text.IsZero() {
			m.fields = append(m.fields, formField{f.name, fixed(f.text)})
		}
	}
	for _, e := range o.Params {
		m.fields = append(m.fields, formField{e.Key, fixed(e.Value)})
	}
	return m
}

// Apply sets Authorization to the run's token. Only the first to come waits for the token endpoint.
func (o *oauth2) Apply(u *User, r *protocol.Request) error {
	header, err := u.Run.token(o.spec).header(func() (*request, error) { return o.request(u) }, u.Done)
	if err != nil {
		return fmt.Errorf("auth oauth2: %w", err)
	}
	set(r, "Authorization", header)
	return nil
}

// Warm fetches the token where there is none yet, so that no request of the load has to wait for it.
func Warm(m Method, u *User) error {
	o, ok := m.(*oauth2)
	if !ok {
		return nil
	}
	return o.Apply(u, &protocol.Request{})
}

// request is what asks for a token, evaluated: it can be sent again when the token is to be renewed.
type request struct {
	target          protocol.Target
	authority, path string
	basic           string // of Authorization; "": the form has it
	form            url.Values
	client          Client
	hide            func(string)
	now             func() time.Time
}

func (o *oauth2) request(u *User) (*request, error) {
	q := &request{form: url.Values{"grant_type": {o.grant}}, hide: u.Hide, now: u.Now}
	var err error
	if q.target, q.authority, q.path, err = o.address.Resolve(u.VM); err != nil {
		return nil, err
	}
	id, err := text(u, "oauth2: client_id", o.id)
	if err != nil {
		return nil, err
	}
	secret, err := text(u, "oauth2: client_secret", o.secret)
	if err != nil {
		return nil, err
	}
	switch {
	case o.id == nil:
	case o.inForm || o.secret == nil:
		q.form.Set("client_id", id)
		if o.secret != nil {
			q.form.Set("client_secret", secret)
		}
	default: // both are escaped as in a form first (RFC 6749, 2.3.1)
		q.basic = base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id) + ":" + url.QueryEscape(secret)))
		u.Hide(q.basic)
	}
	for _, f := range o.fields {
		value, err := text(u, "oauth2: "+f.name, f.value)
		if err != nil {
			return nil, err
		}
		q.form.Set(f.name, value)
	}
	q.client = u.Client()
	return q, nil
}

// tokenTimeout is how long the token endpoint may take.
const tokenTimeout = 30 * time.Second

// grant is what a token endpoint gave: the value of Authorization, and how long it is good; 0: nobody knows.
type grant struct {
	header []byte
	life   time.Duration
}

// fetch asks for a token once.
func (q *request) fetch() (*grant, error) {
	req := protocol.Request{
		Target: q.target, Method: "POST", Authority: q.authority, Path: []byte(q.path), Body: []byte(q.form.Encode()), HasBody: true,
		Timeout: tokenTimeout, KeepBody: true, MaxBody: 1 << 20,
		Fields: []protocol.Field{{Name: "Content-Type", Value: []byte("application/x-www-form-urlencoded")}, {Name: "Accept", Value: []byte("application/json")}, {Name: "User-Agent", Value: []byte("runner")}},
	}
	if q.basic != "" {
		req.Fields = append(req.Fields, protocol.Field{Name: "Authorization", Value: []byte("Basic " + q.basic)})
	}
	var resp protocol.Response
	var times protocol.Timing
	if f := q.client.Do(&req, &resp, &times); f.Class != protocol.ClassNone {
		return nil, fmt.Errorf("the token endpoint %s gave no answer: %w", req.AppendURL(nil), f)
	}
	g, err := q.read(&resp)
	if err != nil {
		return nil, fmt.Errorf("the token endpoint %s %w", req.AppendURL(nil), err)
	}
	return g, nil
}

// read is the answer of a token endpoint (RFC 6749, 5.1 and 5.2). A refresh token in it is the one to use from now on.
func (q *request) read(resp *protocol.Response) (*grant, error) {
	word := func(path string) string {
		v, _, _ := body.Get(resp.Body, path) // a body that is no JSON has no such word
		s, _ := v.(string)
		return s
	}
	if resp.Status != 200 {
		why := word("error")
		if more := word("error_description"); more != "" {
			why += ": " + more
		}
		if why == "" {
			why = string(resp.Body[:min(len(resp.Body), 200)])
		}
		return nil, fmt.Errorf("answered %d %s", resp.Status, why)
	}
	value := word("access_token")
	if value == "" {
		return nil, errors.New("answered 200 without an access_token")
	}
	q.hide(value)
	if next := word("refresh_token"); next != "" {
		q.hide(next)
		q.form = url.Values{"grant_type": {"refresh_token"}, "refresh_token": {next}, "client_id": q.form["client_id"], "client_secret": q.form["client_secret"]}
		if q.form.Get("client_id") == "" {
			q.form.Del("client_id")
			q.form.Del("client_secret")
		}
	}
	g := &grant{header: []byte("Bearer " + value)}
	if err := printable("oauth2", g.header); err != nil {
		return nil, err
	}
	switch seconds, _, _ := body.Get(resp.Body, "expires_in"); seconds := seconds.(type) {
	case int64:
		g.life = time.Duration(min(max(seconds, 0), 1<<31)) * time.Second
	case float64:
		g.life = time.Duration(min(max(seconds, 0), 1<<31) * float64(time.Second))
	}
	return g, nil
}
