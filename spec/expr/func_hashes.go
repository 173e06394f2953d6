package expr

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"strconv"
	"strings"
)

func hashFunctions() []*function {
	all := []*function{
		hmacFunc("hmac_sha1", "", sha1.New, hex.EncodeToString),
		hmacFunc("hmac_sha256", "", sha256.New, hex.EncodeToString),
		hmacFunc("hmac_sha512", "", sha512.New, hex.EncodeToString),
		hmacFunc("hmac_sha1", "_base64", sha1.New, base64.StdEncoding.EncodeToString),
		hmacFunc("hmac_sha256", "_base64", sha256.New, base64.StdEncoding.EncodeToString),
		hmacFunc("hmac_sha512", "_base64", sha512.New, base64.StdEncoding.EncodeToString),
		live("hashes", "stripe_signature(secret, body, at)", "The Stripe-Signature header of a webhook: t=UNIX,v1=HEX. at is a time or Unix seconds, by default now.",
			`stripe_signature("whsec_test", "{}", 1700000000)`, []Type{Any, Any, Any}, 2, String, stripeSignature),
	}
	for _, h := range []struct {
		name string
		new  func() hash.Hash
	}{{"md5", md5.New}, {"sha1", sha1.New}, {"sha256", sha256.New}, {"sha512", sha512.New}} {
		all = append(all, textFunc("hashes", h.name+"(text)", strings.ToUpper(h.name)+" in hexadecimal.", h.name+`("hi")`, 1,
			func(t []string) (string, error) {
				sum := h.new()
				sum.Write([]byte(t[0]))
				return hex.EncodeToString(sum.Sum(nil)), nil
			}))
	}
	return all
}

func hmacFunc(name, suffix string, new func() hash.Hash, encode func([]byte) string) *function {
	form := "hexadecimal"
	if suffix != "" {
		form = "base64"
	}
	hash := strings.ToUpper(strings.TrimPrefix(name, "hmac_"))
	return textFunc("hashes", name+suffix+"(key, text)", "HMAC-"+hash+" of a text, in "+form+".", name+suffix+`("key", "text")`, 2,
		func(t []string) (string, error) { return encode(mac(new, t[0], t[1])), nil })
}

func mac(new func() hash.Hash, key, text string) []byte {
	m := hmac.New(new, []byte(key))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// stripeSignature signs "t.body" as Stripe documents it for webhooks.
func stripeSignature(vm *VM, args []any) (any, error) {
	secret, err := argText(args[0])
	if err != nil {
		return nil, err
	}
	body, err := argText(args[1])
	if err != nil {
		return nil, err
	}
	t, err := timeOrNow(vm, args[2:])
	if err != nil {
		return nil, err
	}
	return signStripe(secret, body, t.Unix()), nil
}

func signStripe(secret, body string, unix int64) string {
	stamp := strconv.FormatInt(unix, 10)
	return "t=" + stamp + ",v1=" + hex.EncodeToString(mac(sha256.New, secret, stamp+"."+body))
}
