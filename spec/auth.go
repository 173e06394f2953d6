package spec

import (
	"reflect"
	"strings"
)

// Auth says who a request is from: the word none, or a map with one of the words below. It stands under http of the plan
// or of a scenario, and on a request; the nearest wins, and a header that a step writes itself wins over http.auth.
type Auth struct {
	Pos Pos
	// Name and password with every request (RFC 7617).
	Basic *Login `plan:"basic" example:"{ username: anna, password: \"${env.PASSWORD}\" }"`
	// Name and password without sending the password (RFC 7616). The target's challenge is a request of its own, which is
	// counted; after it, an iteration's requests answer the same challenge.
	Digest *Login `plan:"digest" example:"{ username: anna, password: \"${env.PASSWORD}\" }"`
	// A token with every request (RFC 6750).
	Bearer Text `plan:"bearer" example:"${setup.token}"`
	// A token from a token endpoint (RFC 6749): one for all VUs, fetched before the load, renewed before it expires.
	OAuth2 *OAuth2 `plan:"oauth2"`
	// A signature of AWS, version 4.
	AWS *AWSSigV4 `plan:"aws_sigv4"`
	// A keyed hash (HMAC) of a text that the plan makes out of the request.
	HMAC *HMAC `plan:"hmac"`

	None bool // the word none: also no auth of the plan or scenario
}

// Login is a name with its password.
type Login struct {
	Pos Pos
	// Who it is.
	Username Text `plan:"username,required" example:"anna"`
	// The password.
	Password Text `plan:"password,required" example:"${env.PASSWORD}"`
}

// OAuth2 gets a token from a token endpoint. Its words are the same for the whole run: they read env, vars, services and
// setup. Requests for tokens are internal: they are in no metric.
type OAuth2 struct {
	Pos Pos
	// The token endpoint: a path below http.base_url, or absolute.
	TokenURL Text `plan:"token_url,required" example:"/oauth/token"`
	// How to get the token: as the client itself, with a refresh token, or with a user's name and password.
	Grant Word `plan:"grant" enum:"client_credentials,refresh_token,password" default:"client_credentials" example:"refresh_token"`
	// Who the client is.
	ClientID Text `plan:"client_id" example:"load-test"`
	// The client's secret.
	ClientSecret Text `plan:"client_secret" example:"${env.CLIENT_SECRET}"`
	// Where the client says who it is: in the header Authorization, or in the form.
	ClientAuth Word `plan:"client_auth" enum:"header,form" default:"header" example:"form"`
	// What the token is to be good for, words with spaces between them.
	Scope Text `plan:"scope" example:"orders:read orders:write"`
	// The refresh token, for grant refresh_token.
	RefreshToken Text `plan:"refresh_token" example:"${env.REFRESH_TOKEN}"`
	// The user, for grant password.
	Username Text `plan:"username" example:"anna"`
	// The user's password, for grant password.
	Password Text `plan:"password" example:"${env.PASSWORD}"`
	// More fields of the form, such as audience.
	Params Map[Text] `plan:"params" example:"{ audience: \"https://api.example.com\" }"`
}

// AWSSigV4 signs requests as AWS documents it (Signature Version 4), with the headers Authorization, X-Amz-Date and, where
// they are needed, X-Amz-Security-Token and X-Amz-Content-Sha256.
type AWSSigV4 struct {
	Pos Pos
	// The service, as it stands in a signature.
	Service Text `plan:"service,required" example:"execute-api"`
	// The region.
	Region Text `plan:"region,required" example:"eu-central-1"`
	// The access key.
	AccessKeyID Text `plan:"access_key_id,required" example:"${env.AWS_ACCESS_KEY_ID}"`
	// The secret key.
	SecretAccessKey Text `plan:"secret_access_key,required" example:"${env.AWS_SECRET_ACCESS_KEY}"`
	// The token of temporary keys.
	SessionToken Text `plan:"session_token" example:"${env.AWS_SESSION_TOKEN}"`
}

// HMAC signs requests with a keyed hash. Its templates may read request.method, request.url, request.host, request.path,
// request.query, request.body, request.time (Unix seconds) and request.date (as in the header Date), all of the request
// that is about to be sent; those of headers also signature.
type HMAC struct {
	Pos Pos
	// The key.
	Key Text `plan:"key,required" example:"${env.SIGNING_KEY}"`
	// How the key is written.
	KeyEncoding Word `plan:"key_encoding" enum:"text,hex,base64" default:"text" example:"base64"`
	// The hash.
	Algorithm Word `plan:"algorithm" enum:"sha1,sha256,sha384,sha512" default:"sha256" example:"sha512"`
	// The text that is signed.
	String Text `plan:"string,required" example:"${request.method} ${request.path} ${request.time}"`
	// How the signature is written.
	Encoding Word `plan:"encoding" enum:"hex,base64,base64url" default:"hex" example:"base64"`
	// The headers that carry the signature and what else the target needs to check it.
	Headers Map[Text] `plan:"headers,required" example:"{ X-Time: \"${request.time}\", X-Signature: \"${signature}\" }"`
}

// Kind is the word that was chosen; "" for none.
func (a *Auth) Kind() string {
	switch {
	case a.Basic != nil:
		return "basic"
	case a.Digest != nil:
		return "digest"
	case !a.Bearer.IsZero():
		return "bearer"
	case a.OAuth2 != nil:
		return "oauth2"
	case a.AWS != nil:
		return "aws_sigv4"
	case a.HMAC != nil:
		return "hmac"
	}
	return ""
}

const authHint = "write auth: none, or one of basic, digest, bearer, oauth2, aws_sigv4, hmac, such as auth: { bearer: \"${token}\" }"

// auth decodes none, or a map with one kind of it.
func (d *decoder) auth(p pair) *Auth {
	a := &Auth{}
	switch {
	case p.val.bad:
		return nil
	case p.val.kind == scalarNode && p.val.text == "none":
		a.Pos, a.None = p.val.pos, true
		return a
	case p.val.kind == scalarNode:
		d.add(Problemf(p.val.pos, p.val.width, "auth is none or a map, found %s", quoteShort(p.val.text)).WithHint("%s", authHint))
		return nil
	case p.val.kind != mapNode:
		d.wrongKind(p, "auth", "none or a map with one kind of it")
		return nil
	case len(p.val.pairs) == 0:
		d.empty(p, "auth")
		return nil
	}
	known := len(d.problems)
	d.words(p, reflect.ValueOf(a).Elem(), place{"auth", "auth"}, nil)
	if len(d.problems) > known {
		return nil
	}
	if len(p.val.pairs) > 1 {
		second := p.val.pairs[1].key
		d.add(Problemf(second.pos, second.width, "a request has one auth, and this one has two: %s and %s", p.val.pairs[0].key.text, second.text))
		return nil
	}
	if a.Kind() == "" {
		e := p.val.pairs[0]
		d.add(Problemf(e.key.pos, e.key.width, "%s has no value", e.key.text))
		return nil
	}
	return a
}

// auth judges what belongs together.
func (v *validator) auth(a *Auth) {
	if a == nil {
		return
	}
	if o := a.OAuth2; o != nil {
		v.oauth2(o)
	}
	if h := a.HMAC; h != nil {
		v.headers(h.Headers)
		signed := false
		for _, e := range h.Headers {
			signed = signed || strings.Contains(e.Value.Value, "signature")
		}
		if !signed && len(h.Headers) > 0 {
			v.add(Problemf(h.Headers[0].KeyPos, runeCount(h.Headers[0].Key), "no header of hmac carries the signature").
				WithHint(`write for example X-Signature: "${signature}"`))
		}
	}
}

// oauth2 finds words that the grant needs.
func (v *validator) oauth2(o *OAuth2) {
	needs := map[string][]struct {
		word string
		text Text
	}{
		"":                   {{"client_id", o.ClientID}},
		"client_credentials": {{"client_id", o.ClientID}},
		"refresh_token":      {{"refresh_token", o.RefreshToken}},
		"password":           {{"username", o.Username}, {"password", o.Password}},
	}
	grant := o.Grant.Value
	for _, need := range needs[grant] {
		if need.text.IsZero() {
			if grant == "" {
				grant = "client_credentials"
			}
			v.add(v.widen(Problemf(o.Pos, 1, "%s is missing in oauth2: the grant %s needs it", need.word, grant)))
		}
	}
}
