package auth

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"strings"

	"runner/runner/protocol"
	"runner/spec"
	"runner/spec/expr"
)

// signer signs a text that the plan makes out of the request.
type signer struct {
	key     *expr.Template
	decode  func(string) ([]byte, error)
	hash    func() hash.Hash
	text    *expr.Template
	encode  func([]byte) string
	headers []signedHeader
}

type signedHeader struct {
	name  string
	value *expr.Template
}

var (
	hashes = map[string]func() hash.Hash{"": sha256.New, "sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}

	encoders = map[string]func([]byte) string{
		"": hex.EncodeToString, "hex": hex.EncodeToString,
		"base64": base64.StdEncoding.EncodeToString, "base64url": base64.RawURLEncoding.EncodeToString,
	}

	decoders = map[string]func(string) ([]byte, error){
		"": plain, "text": plain, "hex": hex.DecodeString, "base64": base64.StdEncoding.DecodeString,
	}
)

func plain(s string) ([]byte, error) { return []byte(s), nil }

// members are what templates of an hmac read of the request beside its body.
var members = map[string]expr.Type{
	"method": expr.String, "url": expr.String, "host": expr.String, "path": expr.String, "query": expr.String,
	"time": expr.Int, "date": expr.String,
}

func compileHMAC(c Compiler, h *spec.HMAC) Method {
	request := func(s *expr.Scope) { s.DefineRecord("request", members) }
	s := &signer{
		key: c.Text(h.Key), decode: decoders[h.KeyEncoding.Value], hash: hashes[h.Algorithm.Value],
		text: c.Within(h.String, request), encode: encoders[h.Encoding.Value],
	}
	if key, ok := s.key.Const(); ok && s.decode != nil {
		if _, err := s.decode(key); err != nil {
			c.Add(spec.Problems{spec.Problemf(h.Key.Pos, len(h.Key.Value), "the key is not %s: %v", h.KeyEncoding.Value, err)})
		}
	}
	for _, e := range h.Headers {
		value := c.Within(e.Value, func(scope *expr.Scope) {
			request(scope)
			scope.DefineWord("signature", expr.String)
		})
		s.headers = append(s.headers, signedHeader{e.Key, value})
	}
	return s
}

// Apply makes the text, signs it and sets the headers.
func (s *signer) Apply(u *User, r *protocol.Request) error {
	path, query, _ := strings.Cut(string(r.Path), "?")
	now := u.Now()
	u.VM.Env["request"] = map[string]any{
		"method": r.Method, "url": string(r.AppendURL(nil)), "host": r.Authority, "path": path, "query": query,
		"time": now.Unix(), "date": now.UTC().Format(http.TimeFormat),
	}
	key, err := text(u, "hmac: key", s.key)
	if err != nil {
		return err
	}
	secret, err := s.decode(key)
	if err != nil {
		return fmt.Errorf("auth hmac: the key is not encoded as key_encoding says: %w", err)
	}
	signed, err := text(u, "hmac: string", s.text)
	if err != nil {
		return err
	}
	m := hmac.New(s.hash, secret)
	m.Write([]byte(signed))
	u.VM.Env["signature"] = s.encode(m.Sum(nil))
	for _, h := range s.headers {
		value, err := h.value.Append(nil, u.VM)
		if err != nil {
			return fmt.Errorf("auth hmac: header %s: %w", h.name, err)
		}
		if err := printable("hmac", value); err != nil {
			return err
		}
		set(r, h.name, value)
	}
	return nil
}
