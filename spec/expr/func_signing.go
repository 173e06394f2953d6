package expr

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"runner/spec/sigv4"
)

func signingFunctions() []*function {
	return []*function{
		worded(live("signing", "jwt(claims, key, algorithm, header)", "A signed JSON Web Token. The algorithm is HS256 (default), HS384, HS512 with a secret, or RS256…RS512, PS256…PS512, ES256…ES512, EdDSA with a private key in PEM. header adds fields such as kid.",
			`jwt({sub: "1"}, "secret", "HS256", {kid: "k1"})`, []Type{Map, Any, String, Map}, 2, String, signToken), 2, tokenAlgorithms),
		live("signing", "aws_sigv4(request)", "The headers of an AWS Signature Version 4, as a map: Authorization, X-Amz-Date, X-Amz-Security-Token, X-Amz-Content-Sha256. The request is a map of method, url, service, region, access_key_id, secret_access_key and, where they are needed, session_token, headers, body and time. For a whole request auth: { aws_sigv4: … } is simpler.",
			`aws_sigv4({method: "GET", url: "https://example.amazonaws.com/", service: "service", region: "us-east-1", access_key_id: "AKIDEXAMPLE", secret_access_key: "secret"}).Authorization`,
			[]Type{Map}, 1, Map, signAWS),
	}
}

// tokenAlgorithms are those of RFC 7518 (and RFC 8037) that sign.
var tokenAlgorithms = []string{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// signToken makes a JWS in compact form (RFC 7515). It takes its arguments only, but a token usually holds the time.
func signToken(vm *VM, args []any) (any, error) {
	claims, err := argMap(args[0])
	if err != nil {
		return nil, err
	}
	secret, err := argText(args[1])
	if err != nil {
		return nil, err
	}
	algorithm, header := "HS256", map[string]any{"typ": "JWT"}
	if len(args) > 2 {
		if algorithm, err = argOnlyText(args[2]); err != nil {
			return nil, err
		}
	}
	if len(args) > 3 {
		more, err := argMap(args[3])
		if err != nil {
			return nil, err
		}
		for name, value := range more {
			header[name] = value
		}
	}
	if !slices.Contains(tokenAlgorithms, algorithm) {
		return nil, fmt.Errorf("the algorithm is one of %s, not %q", strings.Join(tokenAlgorithms, ", "), algorithm)
	}
	header["alg"] = algorithm
	signed, err := tokenText(header, claims)
	if err != nil {
		return nil, err
	}
	key, err := vm.signingKey(algorithm, secret)
	if err != nil {
		return nil, err
	}
	signature, err := jwt.GetSigningMethod(algorithm).Sign(signed, key)
	if err != nil {
		return nil, fmt.Errorf("%s can't sign with this key: %w", algorithm, err)
	}
	return signed + "." + (&jwt.Token{}).EncodeSegment(signature), nil
}

// tokenText is what is signed: header and claims, keys in alphabetical order, so that the same values give the same text.
func tokenText(header, claims map[string]any) (string, error) {
	var parts [2]string
	for i, part := range []map[string]any{header, claims} {
		text, err := appendJSON(nil, part, 0)
		if err != nil {
			return "", err
		}
		parts[i] = (&jwt.Token{}).EncodeSegment(text)
	}
	return parts[0] + "." + parts[1], nil
}

// parsedKey is a private key that was read from PEM.
type parsedKey struct{ algorithm, text string }

// mostKeys is how many keys a VM keeps: reading one takes longer than signing does.
const mostKeys = 100

// signingKey is the key as the algorithm takes it.
func (vm *VM) signingKey(algorithm, text string) (any, error) {
	if strings.HasPrefix(algorithm, "HS") {
		return []byte(text), nil
	}
	id := parsedKey{algorithm[:2], text}
	if key, ok := vm.keys[id]; ok {
		return key, nil
	}
	var key any
	var err error
	switch algorithm[:2] {
	case "RS", "PS":
		key, err = jwt.ParseRSAPrivateKeyFromPEM([]byte(text))
	case "ES":
		key, err = jwt.ParseECPrivateKeyFromPEM([]byte(text))
	default:
		key, err = jwt.ParseEdPrivateKeyFromPEM([]byte(text))
	}
	if err != nil {
		return nil, fmt.Errorf("%s needs a private key in PEM: %w", algorithm, err)
	}
	if len(vm.keys) >= mostKeys || vm.keys == nil {
		vm.keys = map[parsedKey]any{}
	}
	vm.keys[id] = key
	return key, nil
}

// signAWS is aws_sigv4(request).
func signAWS(vm *VM, args []any) (any, error) {
	m, err := argMap(args[0])
	if err != nil {
		return nil, err
	}
	words := []string{"method", "url", "service", "region", "access_key_id", "secret_access_key", "session_token", "body", "headers", "time"}
	for name := range m {
		if !slices.Contains(words, name) {
			return nil, fmt.Errorf("a request to sign has no %q: it has %s", name, strings.Join(words, ", "))
		}
	}
	texts := map[string]string{}
	for i, name := range words[:8] {
		value, there := m[name]
		if !there {
			if i < 6 {
				return nil, fmt.Errorf("%s is missing in the request to sign", name)
			}
			continue
		}
		if texts[name], err = argText(value); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	u, err := url.Parse(texts["url"])
	if err != nil || u.Host == "" {
		return nil, errors.New("url is not a whole URL")
	}
	r := sigv4.Request{Method: texts["method"], Host: u.Host, Path: u.EscapedPath(), Query: u.RawQuery, Body: []byte(texts["body"])}
	if r.Headers, err = signedHeaders(m["headers"]); err != nil {
		return nil, err
	}
	var when []any
	if at, there := m["time"]; there {
		when = append(when, at)
	}
	at, err := timeOrNow(vm, when)
	if err != nil {
		return nil, err
	}
	keys := sigv4.Keys{AccessKeyID: texts["access_key_id"], SecretAccessKey: texts["secret_access_key"], SessionToken: texts["session_token"]}
	headers := map[string]any{}
	for _, h := range sigv4.Sign(r, keys, sigv4.Target{Service: texts["service"], Region: texts["region"]}, at) {
		headers[h.Name] = h.Value
	}
	return headers, nil
}

// signedHeaders are the headers that a request to sign brings along.
func signedHeaders(v any) ([]sigv4.Header, error) {
	if v == nil {
		return nil, nil
	}
	m, err := argMap(v)
	if err != nil {
		return nil, fmt.Errorf("headers: %w", err)
	}
	var all []sigv4.Header
	for _, name := range sortedKeys(m) {
		value, err := argText(m[name])
		if err != nil {
			return nil, fmt.Errorf("headers: %s: %w", name, err)
		}
		all = append(all, sigv4.Header{Name: name, Value: value})
	}
	return all, nil
}
