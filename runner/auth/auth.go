// Package auth proves to a target who a request is from: headers with a name and password, a token or a signature, answers
// to challenges, and tokens of OAuth 2.0 that all VUs share. It does not know steps, samples, or how bytes travel.
package auth

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"runner/runner/protocol"
	"runner/spec"
	"runner/spec/expr"
)

// Method is one kind of auth, compiled: read-only, for all VUs. Apply puts what it adds into the request that is about to
// be sent, in place of what is there under the same names. It is called for each hop and attempt.
type Method interface {
	Apply(u *User, r *protocol.Request) error
}

// Constant tells whether a method sets Authorization to the same value for the whole run.
func Constant(m Method) bool {
	switch m := m.(type) {
	case *basic:
		return m.user.Constant() && m.password.Constant()
	case *bearer:
		return m.token.Constant()
	}
	return false
}

// Challenged is a method that the target may ask for more.
type Challenged interface {
	Method
	// Answer looks at a response and tells whether the same request is to be sent again.
	Answer(u *User, r *protocol.Request, resp *protocol.Response) (again bool)
}

// User is one VU as methods see it, and what they keep for it. Only the VU's goroutine touches it.
type User struct {
	VM     *expr.VM
	Run    *Run
	Now    func() time.Time
	Hide   func(secret string) // masks a text in every output from now on
	Client func() Client       // makes a client with connections of its own
	Done   <-chan struct{}     // closed when the VU is to stop

	buffer  []byte
	digests map[digestKey]*nonce
}

// Client sends one request at a time. Interrupt may come from any goroutine.
type Client interface {
	Do(*protocol.Request, *protocol.Response, *protocol.Timing) protocol.Failure
	Interrupt()
	Close()
}

// Forget makes the user a new one, who has answered no challenge yet.
func (u *User) Forget() { clear(u.digests) }

// Compiler compiles texts in the scope of a request's headers.
type Compiler interface {
	Text(spec.Text) *expr.Template
	// Within compiles a text in a scope with more names.
	Within(t spec.Text, define func(*expr.Scope)) *expr.Template
	Add(spec.Problems)
	// Address compiles a URL as a request's own is.
	Address(spec.Text) Address
}

// Address says where a request goes.
type Address interface {
	Resolve(vm *expr.VM) (target protocol.Target, authority, path string, err error)
}

// Compile compiles an auth; nil: none.
func Compile(c Compiler, a *spec.Auth) Method {
	switch {
	case a == nil || a.None:
		return nil
	case a.Basic != nil:
		return &basic{user: c.Text(a.Basic.Username), password: c.Text(a.Basic.Password)}
	case a.Digest != nil:
		return &digest{spec: a.Digest, user: c.Text(a.Digest.Username), password: c.Text(a.Digest.Password)}
	case a.OAuth2 != nil:
		return compileOAuth2(c, a.OAuth2)
	case a.AWS != nil:
		return compileAWS(c, a.AWS)
	case a.HMAC != nil:
		return compileHMAC(c, a.HMAC)
	}
	return &bearer{token: c.Text(a.Bearer)}
}

// basic is a name and a password in every request (RFC 7617).
type basic struct{ user, password *expr.Template }

// Apply sets Authorization.
func (b *basic) Apply(u *User, r *protocol.Request) error {
	name, password, err := login(u, b.user, b.password)
	if err != nil {
		return err
	}
	if strings.Contains(name, ":") {
		return fmt.Errorf("auth basic: a username has no colon, and %q has one", name)
	}
	value := base64.StdEncoding.EncodeToString([]byte(name + ":" + password))
	u.Run.hide(u, value)
	set(r, "Authorization", []byte("Basic "+value))
	return nil
}

// login is a name and its password.
func login(u *User, name, password *expr.Template) (string, string, error) {
	n, err := text(u, "username", name)
	if err != nil {
		return "", "", err
	}
	p, err := text(u, "password", password)
	return n, p, err
}

// bearer is a token in every request (RFC 6750).
type bearer struct{ token *expr.Template }

// Apply sets Authorization.
func (b *bearer) Apply(u *User, r *protocol.Request) error {
	value, err := b.token.Append([]byte("Bearer "), u.VM)
	if err != nil {
		return fmt.Errorf("auth bearer: %w", err)
	}
	if err := printable("bearer", value); err != nil {
		return err
	}
	set(r, "Authorization", value)
	return nil
}

// text evaluates one word.
func text(u *User, word string, t *expr.Template) (string, error) {
	if t == nil { // left out by the author
		return "", nil
	}
	var err error
	if u.buffer, err = t.Append(u.buffer[:0], u.VM); err != nil {
		return "", fmt.Errorf("auth: %s: %w", word, err)
	}
	return string(u.buffer), nil
}

// printable refuses what would end a header.
func printable(word string, value []byte) error {
	for _, c := range value {
		if c < ' ' || c == 0x7f {
			return fmt.Errorf("auth %s: the value holds control character 0x%02x", word, c)
		}
	}
	return nil
}

// set puts a header into the request, in place of one of the same name.
func set(r *protocol.Request, name string, value []byte) {
	Set(r, protocol.Field{Name: name, Value: value})
}

// Set puts a header into the request, in place of one of the same name.
func Set(r *protocol.Request, f protocol.Field) {
	for i := range r.Fields {
		if strings.EqualFold(r.Fields[i].Name, f.Name) {
			r.Fields[i].Value = f.Value
			return
		}
	}
	r.Fields = append(r.Fields, f)
}
