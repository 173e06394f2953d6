package expr

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
)

func encodingFunctions() []*function {
	return []*function{
		textFunc("encoding", "base64(text)", "Base64 with padding (RFC 4648).", `base64("user:secret")`, 1,
			func(t []string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(t[0])), nil }),
		textFunc("encoding", "base64url(text)", "Base64 for URLs, without padding.", `base64url("a?b>c")`, 1,
			func(t []string) (string, error) { return base64.RawURLEncoding.EncodeToString([]byte(t[0])), nil }),
		textFunc("encoding", "unbase64(text)", "The text behind base64 of either alphabet, with or without padding.", `unbase64("aGk")`, 1, unbase64),
		textFunc("encoding", "hex(text)", "Two hexadecimal digits a byte.", `hex("hi")`, 1,
			func(t []string) (string, error) { return hex.EncodeToString([]byte(t[0])), nil }),
		textFunc("encoding", "unhex(text)", "The text behind hexadecimal digits.", `unhex("6869")`, 1, unhex),
		textFunc("encoding", "url_encode(text)", "Escaped for a query or a path segment; a space becomes %20.", `url_encode("a b&c")`, 1,
			func(t []string) (string, error) { return strings.ReplaceAll(url.QueryEscape(t[0]), "+", "%20"), nil }),
		textFunc("encoding", "url_decode(text)", "The text behind an escaped one; + is a space.", `url_decode("a+b%26c")`, 1, urlDecode),
		pure("encoding", "to_json(value)", "A value as JSON, keys in alphabetical order.", `to_json({id: 1})`, []Type{Any}, 1, String, toJSON),
		pure("encoding", "json_encode(value)", "The same as to_json.", `json_encode("a")`, []Type{Any}, 1, String, toJSON),
		pure("encoding", "toJSON(value)", "The same as to_json.", `toJSON([1, 2])`, []Type{Any}, 1, String, toJSON),
		pure("encoding", "from_json(text)", "The value behind JSON; whole numbers stay whole.", `from_json("{\"id\": 1}").id`, []Type{String}, 1, Any, fromJSON),
		pure("encoding", "fromJSON(text)", "The same as from_json.", `fromJSON("[1]")`, []Type{String}, 1, Any, fromJSON),
	}
}

func unbase64(t []string) (string, error) {
	text := strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(t[0]), "=")
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return "", fmt.Errorf("%s is not base64", describe(t[0]))
	}
	return string(b), nil
}

func unhex(t []string) (string, error) {
	b, err := hex.DecodeString(t[0])
	if err != nil {
		return "", fmt.Errorf("%s is not hexadecimal", describe(t[0]))
	}
	return string(b), nil
}

func urlDecode(t []string) (string, error) {
	text, err := url.QueryUnescape(t[0])
	if err != nil {
		return "", fmt.Errorf("%s is not escaped for a URL", describe(t[0]))
	}
	return text, nil
}

func toJSON(args []any) (any, error) {
	b, err := appendJSON(nil, args[0], 0)
	return string(b), err
}
