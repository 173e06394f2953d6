package main

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Who may use the demo routes, and with what. They stand in the plans too.
const (
	demoUser     = "anna"
	demoPassword = "wonderland"
	demoClient   = "load-test"
	demoSecret   = "client-secret"
	demoToken    = "demo-access-token"
	demoKey      = "signing-key"
	demoNonce    = "dcd98b7102dd2f0e8b11d0f600bfb0c093"
	demoCSRF     = "csrf-5f2b"
)

// demoRoutes show what plans can do beside JSON behind an API key: other logins, forms, files and formats.
func demoRoutes() []route {
	return []route{
		{pattern: "GET /demo/basic", access: open, handle: (*server).demoBasic},
		{pattern: "GET /demo/digest", access: open, handle: (*server).demoDigest},
		{pattern: "POST /demo/token", access: open, handle: (*server).demoIssue},
		{pattern: "GET /demo/orders", access: open, handle: (*server).demoOrders},
		{pattern: "POST /demo/signed", access: open, handle: (*server).demoSigned},
		{pattern: "GET /demo/session", access: open, handle: (*server).demoJWT},
		{pattern: "/demo/echo", access: open, handle: (*server).demoEcho},
		{pattern: "POST /demo/upload", access: open, handle: (*server).demoUpload},
		{pattern: "POST /demo/graphql", access: open, handle: (*server).demoGraphQL},
		{pattern: "GET /demo/login", access: open, handle: (*server).demoForm},
		{pattern: "POST /demo/login", access: open, handle: (*server).demoLogin},
		{pattern: "GET /demo/order.xml", access: open, handle: (*server).demoXML},
	}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func welcome(name string) reply {
	return reply{status: http.StatusOK, body: map[string]string{"user": name}}
}

func challenge(value string) reply {
	answer := failure(http.StatusUnauthorized, "UNAUTHORIZED", "say who you are")
	answer.header = http.Header{"Www-Authenticate": {value}}
	return answer
}

func (s *server) demoBasic(c call) reply {
	user, password, _ := c.BasicAuth()
	if !same(user, demoUser) || !same(password, demoPassword) {
		return challenge(`Basic realm="boxoffice"`)
	}
	return welcome(user)
}

// demoDigest checks an answer of RFC 7616 with MD5 and qop auth. Its nonce never gets old.
func (s *server) demoDigest(c call) reply {
	params := map[string]string{}
	fields, ok := strings.CutPrefix(c.Header.Get("Authorization"), "Digest ")
	for field := range strings.SplitSeq(fields, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		params[name] = strings.Trim(value, `"`)
	}
	hash := func(parts ...string) string {
		sum := md5.Sum([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(sum[:])
	}
	key := hash(demoUser, "boxoffice", demoPassword)
	want := hash(key, demoNonce, params["nc"], params["cnonce"], "auth", hash(c.Method, c.URL.RequestURI()))
	if !ok || !same(params["response"], want) {
		return challenge(`Digest realm="boxoffice", qop="auth", algorithm=MD5, nonce="` + demoNonce + `"`)
	}
	return welcome(params["username"])
}

// demoIssue is the token endpoint of OAuth 2.0 for clients (RFC 6749, 4.4).
func (s *server) demoIssue(c call) reply {
	id, secret, _ := c.BasicAuth()
	if id == "" {
		id, secret = c.FormValue("client_id"), c.FormValue("client_secret")
	}
	if c.FormValue("grant_type") != "client_credentials" || !same(id, demoClient) || !same(secret, demoSecret) {
		return reply{status: http.StatusUnauthorized, body: map[string]string{"error": "invalid_client"}}
	}
	return reply{status: http.StatusOK, body: map[string]any{"access_token": demoToken, "token_type": "Bearer", "expires_in": 60}}
}

func (s *server) demoOrders(c call) reply {
	if !same(c.Header.Get("Authorization"), "Bearer "+demoToken) {
		return challenge("Bearer")
	}
	lines := []map[string]any{{"event": "opera", "quantity": 2, "price_cents": 4500}}
	return reply{status: http.StatusOK, body: map[string]any{"id": "order-1", "paid": true, "lines": lines}}
}

func signature(text string) []byte {
	m := hmac.New(sha256.New, []byte(demoKey))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// demoSigned wants X-Signature: the hexadecimal HMAC of time, method, path and body, each on a line.
func (s *server) demoSigned(c call) reply {
	body, refusal := c.content()
	if refusal != nil {
		return *refusal
	}
	text := strings.Join([]string{c.Header.Get("X-Time"), c.Method, c.URL.Path, string(body)}, "\n")
	if !same(c.Header.Get("X-Signature"), hex.EncodeToString(signature(text))) {
		return failure(http.StatusUnauthorized, "BAD_SIGNATURE", "the signature is of another request")
	}
	return welcome("signer")
}

// demoJWT wants a token that is signed with HS256.
func (s *server) demoJWT(c call) reply {
	token, _ := strings.CutPrefix(c.Header.Get("Authorization"), "Bearer ")
	cut := strings.LastIndexByte(token, '.')
	if cut < 0 || !same(token[cut+1:], base64.RawURLEncoding.EncodeToString(signature(token[:cut]))) {
		return failure(http.StatusUnauthorized, "BAD_TOKEN", "the token is not signed with our key")
	}
	var claims struct {
		Subject string `json:"sub"`
	}
	_, payload, _ := strings.Cut(token[:cut], ".")
	text, _ := base64.RawURLEncoding.DecodeString(payload) // what is signed with our key is a token
	_ = json.Unmarshal(text, &claims)
	return welcome(claims.Subject)
}

// demoEcho says what it was sent.
func (s *server) demoEcho(c call) reply {
	body, refusal := c.content()
	if refusal != nil {
		return *refusal
	}
	headers := map[string]string{}
	for name, values := range c.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	return reply{status: http.StatusOK, body: map[string]any{"method": c.Method, "url": c.URL.RequestURI(), "headers": headers, "body": string(body)}}
}

// uploaded is one part of a form.
type uploaded struct {
	Name     string `json:"name"`
	Filename string `json:"filename,omitempty"`
	Type     string `json:"type,omitempty"`
	Bytes    int64  `json:"bytes"`
	SHA256   string `json:"sha256"`
}

func (s *server) demoUpload(c call) reply {
	parts, err := c.MultipartReader()
	if err != nil {
		return failure(http.StatusBadRequest, "INVALID_REQUEST", err.Error())
	}
	all := []uploaded{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return reply{status: http.StatusCreated, body: all}
		}
		hash := sha256.New()
		var n int64
		if err == nil {
			n, err = io.Copy(hash, part)
		}
		if err != nil {
			return failure(http.StatusBadRequest, "INVALID_REQUEST", err.Error())
		}
		all = append(all, uploaded{part.FormName(), part.FileName(), part.Header.Get("Content-Type"), n, hex.EncodeToString(hash.Sum(nil))})
	}
}

// demoGraphQL knows one query, event(id).
func (s *server) demoGraphQL(c call) reply {
	var op struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}
	body, refusal := c.content()
	if refusal != nil {
		return *refusal
	}
	if err := json.Unmarshal(body, &op); err != nil || !strings.Contains(op.Query, "event(") {
		return reply{status: http.StatusOK, body: map[string]any{"errors": []any{map[string]string{"message": "Cannot query that field on type Query"}}}}
	}
	id, _ := op.Variables["id"].(string)
	return reply{status: http.StatusOK, body: map[string]any{"data": map[string]any{"event": map[string]any{"id": id, "name": "Opera night", "seats": 120}}}}
}

// document is an answer that is not JSON.
func document(mime, text string) reply {
	return reply{status: http.StatusOK, header: http.Header{"Content-Type": {mime}}, raw: []byte(text)}
}

func (s *server) demoForm(call) reply {
	return document("text/html; charset=utf-8", fmt.Sprintf(`<!doctype html><title>Sign in</title>
<form method="post" action="/demo/login"><input type="hidden" name="csrf" value="%s"><input name="user"><button>Sign in</button></form>`, demoCSRF))
}

func (s *server) demoLogin(c call) reply {
	if !same(c.FormValue("csrf"), demoCSRF) {
		return failure(http.StatusForbidden, "BAD_CSRF", "the form is not ours")
	}
	answer := welcome(c.FormValue("user"))
	answer.header = http.Header{"Set-Cookie": {"session=s-1; Path=/; HttpOnly"}}
	return answer
}

func (s *server) demoXML(call) reply {
	return document("application/xml", `<?xml version="1.0" encoding="UTF-8"?>
<order id="o-1"><line sku="opera"><quantity>2</quantity></line><line sku="ballet"><quantity>1</quantity></line></order>`)
}
