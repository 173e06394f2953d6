package expr

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"runner/spec"
)

// pemOf writes a private key as PKCS #8.
func pemOf(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// signed evaluates a call of jwt with a key in the captured name token.
func signed(t *testing.T, source, key string) (string, error) {
	t.Helper()
	p, problems := Compile(spec.Expr{Source: source}, everything(t), Any)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	vm := machine(t)
	vm.Env["token"] = key
	v, err := p.Eval(vm)
	s, _ := v.(string)
	return s, err
}

func TestTokensVerify(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		algorithm, private string
		public             any
	}{
		{"HS256", "secret", []byte("secret")}, {"HS384", "secret", []byte("secret")}, {"HS512", "secret", []byte("secret")},
		{"RS256", pemOf(t, rsaKey), &rsaKey.PublicKey}, {"RS512", pemOf(t, rsaKey), &rsaKey.PublicKey}, {"PS256", pemOf(t, rsaKey), &rsaKey.PublicKey},
		{"ES256", pemOf(t, ecKey), &ecKey.PublicKey}, {"EdDSA", pemOf(t, edKey), public},
	} {
		for range 2 { // the second time the key is known
			text, err := signed(t, `jwt({sub: "ann", n: 5}, token, "`+c.algorithm+`", {kid: "k1"})`, c.private)
			if err != nil {
				t.Fatalf("%s: %v", c.algorithm, err)
			}
			parsed, err := jwt.Parse(text, func(*jwt.Token) (any, error) { return c.public, nil }, jwt.WithValidMethods([]string{c.algorithm}))
			if err != nil || parsed.Header["kid"] != "k1" || parsed.Header["typ"] != "JWT" || parsed.Claims.(jwt.MapClaims)["sub"] != "ann" {
				t.Errorf("%s: %s does not verify: %v", c.algorithm, text, err)
			}
		}
	}
}

func TestTokensThatCannotBeSigned(t *testing.T) {
	for _, c := range []struct{ source, key, want string }{
		{`jwt({}, token, token)`, "none", "the algorithm is one of HS256"},
		{`jwt({}, token, "RS256")`, "x", "RS256 needs a private key in PEM"},
		{`jwt({}, token, "ES256")`, "x", "ES256 needs a private key in PEM"},
		{`jwt({}, token, "EdDSA")`, "x", "EdDSA needs a private key in PEM"},
	} {
		if text, err := signed(t, c.source, c.key); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s gave %q and %v, want %q", c.source, text, err, c.want)
		}
	}
}

func TestAWSHeaders(t *testing.T) {
	const request = `aws_sigv4({method: "GET", url: "https://example.amazonaws.com/", service: "service", region: "us-east-1", access_key_id: "AKIDEXAMPLE",
		secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", time: date("2015-08-30T12:36:00Z")`
	for _, c := range []struct{ source, want, why string }{
		{request + `}).Authorization`, "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", "get-vanilla of AWS's test suite"},
		{request + `})["X-Amz-Date"]`, "20150830T123600Z", "the time"},
	} {
		p, problems := Compile(spec.Expr{Source: c.source}, everything(t), Any)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		v, err := p.Eval(machine(t))
		if s, _ := v.(string); err != nil || !strings.Contains(s, c.want) {
			t.Errorf("%s: %v, %v, want %s: %s", c.source, v, err, c.want, c.why)
		}
	}
	for _, c := range []struct{ source, want string }{
		{`aws_sigv4({method: "GET"})`, "url is missing in the request to sign"},
		{`aws_sigv4({methd: "GET"})`, `a request to sign has no "methd"`},
	} {
		p, problems := Compile(spec.Expr{Source: c.source}, everything(t), Any)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if _, err := p.Eval(machine(t)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.source, err, c.want)
		}
	}
}
