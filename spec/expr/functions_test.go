package expr

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The reference is made of what Functions says: every entry must be complete, and its example must run.
func TestEveryFunctionIsDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Functions() {
		if seen[f.Category+f.Name] {
			t.Errorf("%s is there twice", f.Name)
		}
		seen[f.Category+f.Name] = true
		if f.Name == "" || f.Category == "" || f.Doc == "" || !strings.Contains(f.Signature, f.Name+"(") {
			t.Errorf("%+v is incomplete", f)
		}
		if !strings.Contains(f.Example, f.Name+"(") {
			t.Errorf("the example of %s is of another function: %s", f.Name, f.Example)
		}
		v, err := mustCompile(t, f.Example, Any).Eval(machine(t))
		if err != nil || v == nil {
			t.Errorf("the example %s gives %v, %v", f.Example, v, err)
		}
	}
	if len(seen) < 300 {
		t.Errorf("only %d functions", len(seen))
	}
}

// The same seed gives the same values: what draws from anywhere else would not.
func TestFunctionsRepeat(t *testing.T) {
	for _, f := range Functions() {
		p := mustCompile(t, f.Example, Any)
		var got [2][3]any
		for i := range got {
			vm := machine(t)
			vm.Host.(*still).source.Reset(5, 6, 7)
			for k := range got[i] {
				got[i][k], _ = p.Eval(vm)
			}
		}
		if !reflect.DeepEqual(got[0], got[1]) {
			t.Errorf("%s gives %v, and with the same seed %v", f.Example, got[0], got[1])
		}
	}
}

func TestFunctionValues(t *testing.T) {
	tests := []struct{ source, want, why string }{
		{`now()`, "2024-05-01T11:30:00.25Z", "the host's clock, in UTC"},
		{`timestamp()`, "1714563000", "seconds"},
		{`unix()`, "1714563000", "the same"},
		{`unix(now() + 1m)`, "1714563060", "of a time"},
		{`unix_ms()`, "1714563000250", "milliseconds"},
		{`iso()`, "2024-05-01T11:30:00.250Z", "three digits"},
		{`iso(0)`, "1970-01-01T00:00:00.000Z", "of Unix seconds"},
		{`date("2024-05-01")`, "2024-05-01T00:00:00Z", "a day"},
		{`date("2024-05-01T10:00:00+02:00")`, "2024-05-01T10:00:00+02:00", "RFC 3339"},
		{`date("01.05.2024 10:00", "02.01.2006 15:04", "Europe/Paris")`, "2024-05-01T10:00:00+02:00", "a zone"},
		{`format(now(), "date")`, "2024-05-01", "a named layout"},
		{`format(now(), "http")`, "Wed, 01 May 2024 11:30:00 GMT", "as in HTTP"},
		{`format(now(), "15:04", "Asia/Tokyo")`, "20:30", "in a zone"},
		{`duration("1m30s")`, "90000", "milliseconds"},
		{`duration("-1s")`, "-1000", "backwards"},
		{`add(date("2024-05-01"), "-1h")`, "2024-04-30T23:00:00Z", "a text"},
		{`add(date("2024-05-01"), 90s)`, "2024-05-01T00:01:30Z", "a duration"},
		{`base64("user:p?")`, "dXNlcjpwPw==", "RFC 4648"},
		{`base64url("a?>")`, "YT8-", "for URLs"},
		{`unbase64("YT8-") + unbase64("YT8+") + unbase64("YQ==")`, "a?>a?>a", "either alphabet"},
		{`hex("hi") + unhex("6869")`, "6869hi", "hex"},
		{`url_encode("a b&c/ü")`, "a%20b%26c%2F%C3%BC", "escapes"},
		{`url_decode("a+b%26c")`, "a b&c", "and back"},
		{`to_json({b: 1, a: "<x>"})`, `{"a":"<x>","b":1}`, "keys in order, no HTML"},
		{`from_json("{\"a\": [1.0]}").a[0]`, "1", "from JSON"},
		{`md5("")`, "d41d8cd98f00b204e9800998ecf8427e", "RFC 1321"},
		{`sha1("abc")`, "a9993e364706816aba3e25717850c26c9cd0d89d", "FIPS 180"},
		{`sha256("abc")`, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "FIPS 180"},
		{`sha512("abc")[0:32]`, "ddaf35a193617abacc417349ae204131", "FIPS 180"},
		{`sha256(42)`, "73475cb40a568e8da8a045ced110137e159f890ac4da883b6b17dc651b3a8049", "a number's digits"},
		{`hmac_sha1("key", "The quick brown fox jumps over the lazy dog")`, "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9", "a well-known vector"},
		{`hmac_sha256("Jefe", "what do ya want for nothing?")`, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", "RFC 4231, case 2"},
		{`hmac_sha512("Jefe", "what do ya want for nothing?")[0:32]`, "164b7a7bfcf819e2e395fbe73b56e0a3", "RFC 4231, case 2"},
		{`hmac_sha256_base64("Jefe", "what do ya want for nothing?")`, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=", "the same in base64"},
		{`or_else("", "x") + or_else(json("none"), "y") + or_else("z", "")`, "xyz", "the first that is something"},
		{`or_else(0, 5)`, "0", "zero is something"},
		{`or_else(false, true)`, "false", "so is false"},
		{`float("1.5") + float(1)`, "2.5", "float"},
		{`to_json(values({b: 1, a: 2})) + to_json(toPairs({b: 1, a: 2}))`, `[2,1][["a",2],["b",1]]`, "maps in order"},
		{`rand_int(5, 5)`, "5", "one number to choose from"},
		{`rand_float(2, 2)`, "2", "one"},
		{`rand_bool(0) || !rand_bool(100%)`, "false", "never and always"},
		{`rand_string(0)`, "", "nothing"},
		{`rand_string(5, "ü")`, "üüüüü", "characters, not bytes"},
		{`to_json(sort(shuffle([3, 1, 2])))`, "[1,2,3]", "nothing is lost"},
		{`weighted_pick({a: 0, b: 1})`, "b", "weight 0 never comes"},
		{`pick([7])`, "7", "one"},
	}
	for _, tt := range tests {
		v, err := mustCompile(t, tt.source, Any).Eval(machine(t))
		text, textErr := Text(v)
		if err != nil || textErr != nil || text != tt.want {
			t.Errorf("%s: %s is %s, %v, want %s", tt.why, tt.source, text, err, tt.want)
		}
	}
}

func TestFunctionErrors(t *testing.T) {
	tests := []struct{ source, want string }{
		{`rand_int(2, 1)`, "write the smaller one first"},
		{`rand_int(json("ratio"), 2)`, "a whole number is needed, not 0.5"},
		{`rand_float(1)`, "no bounds or two"},
		{`rand_bool(2)`, "from 0 to 1"},
		{`rand_string(json("id") - 8)`, "from 0 to 1048576"},
		{`rand_string(3, "")`, "the alphabet is empty"},
		{`pick(json("empty"))`, "the list is empty"},
		{`pick(json("id"))`, "a list is needed, not 7"},
		{`weighted_pick({a: 0})`, "all 0"},
		{`weighted_pick({a: -1})`, `the weight of "a"`},
		{`date("soon")`, `a time is needed, not "soon"`},
		{`date("1.5.", "02.01.2006")`, `not written as "02.01.2006"`},
		{`format(now(), "15:04", "Mars/Base")`, `unknown time zone "Mars/Base"`},
		{`format(now(), "15:04", "Local")`, "differs between machines"},
		{`duration("1 minute")`, "is not a duration"},
		{`duration("5%")`, "is not a duration"},
		{`unhex("zz")`, "is not hexadecimal"},
		{`url_decode("%zz")`, "is not escaped"},
		{`sha256(json("user"))`, "a text is needed, not a map"},
		{`jwt({a: 1}, "s", "none")`, "HS256, HS384, HS512, RS256"},
		{`to_json(json("id") / json("missing", 0))`, "division by zero"},
		{`stripe_signature("s", "b", "soon")`, "a time is needed"},
	}
	for _, tt := range tests {
		if v, err := evalOrCompile(t, tt.source); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, %v, want %q", tt.source, v, err, tt.want)
		}
	}
}

// Stripe's documentation: the signature is HMAC-SHA256 of "timestamp.body" with the endpoint's secret.
func TestStripeSignature(t *testing.T) {
	sign := func(stamp int64, body string) string {
		m := hmac.New(sha256.New, []byte("whsec_x"))
		fmt.Fprintf(m, "%d.%s", stamp, body)
		return fmt.Sprintf("t=%d,v1=%s", stamp, hex.EncodeToString(m.Sum(nil)))
	}
	for source, want := range map[string]string{
		`stripe_signature("whsec_x", request.body)`:               sign(1714563000, `{"sent":true}`),
		`stripe_signature("whsec_x", "{}", 1700000000)`:           sign(1700000000, "{}"),
		`stripe_signature("whsec_x", "{}", now() - 10m)`:          sign(1714562400, "{}"),
		`stripe_signature("whsec_x", "{}", timestamp() - 600)`:    sign(1714562400, "{}"),
		`stripe_signature("whsec_x", "{}", date("2024-05-01"))`:   sign(1714521600, "{}"),
		`stripe_signature("whsec_x", "", "1970-01-01")`:           sign(0, ""),
		`stripe_signature("whsec_x", "ü", 1)`:                     sign(1, "ü"),
		`stripe_signature(or_else("", "whsec_x"), to_json(1), 1)`: sign(1, "1"),
	} {
		if v, err := mustCompile(t, source, Any).Eval(machine(t)); v != want || err != nil {
			t.Errorf("%s is %v, %v, want %s", source, v, err, want)
		}
	}
}

func TestJWT(t *testing.T) {
	v, err := mustCompile(t, `jwt({sub: "1", exp: unix() + 60}, "secret")`, Any).Eval(machine(t))
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(v.(string), ".")
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	m := hmac.New(sha256.New, []byte("secret"))
	m.Write([]byte(parts[0] + "." + parts[1]))
	if string(payload) != `{"exp":1714563060,"sub":"1"}` || parts[2] != base64.RawURLEncoding.EncodeToString(m.Sum(nil)) {
		t.Errorf("payload %s, token %s", payload, v)
	}
}

func TestIDs(t *testing.T) {
	forms := map[string]string{
		`uuid()`:                    `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
		`ulid()`:                    `^01HWS[0-9A-HJKMNP-TV-Z]{21}$`,
		`nanoid()`:                  `^[A-Za-z0-9_-]{21}$`,
		`nanoid(5)`:                 `^[A-Za-z0-9_-]{5}$`,
		`rand_hex(7)`:               `^[0-9a-f]{7}$`,
		`rand_string(24)`:           `^[A-Za-z0-9]{24}$`,
		`fake.email()`:              `^[^@]+@[^@]+\.[a-z]+$`,
		`fake.zip()`:                `^[0-9]{5}$`,
		`fake.first_name()`:         `^[A-Z][a-z]+$`,
		`fake.credit_card_number()`: `^[0-9 -]{12,}$`,
	}
	for source, form := range forms {
		seen := map[any]bool{}
		vm, p := machine(t), mustCompile(t, source, Any)
		for range 20 {
			v, err := p.Eval(vm)
			if err != nil || !regexp.MustCompile(form).MatchString(fmt.Sprint(v)) {
				t.Fatalf("%s is %v, %v", source, v, err)
			}
			seen[v] = true
		}
		if len(seen) < 10 {
			t.Errorf("%s repeats itself: %d values of 20", source, len(seen))
		}
	}
}

// The ULID's first ten digits are the time: it sorts by it.
func TestULIDTime(t *testing.T) {
	v, _ := mustCompile(t, `ulid()`, Any).Eval(machine(t))
	var ms int64
	for _, c := range v.(string)[:10] {
		ms = ms*32 + int64(strings.IndexRune("0123456789ABCDEFGHJKMNPQRSTVWXYZ", c))
	}
	if ms != 1714563000250 {
		t.Errorf("%s is of %d ms", v, ms)
	}
}

func TestRandInt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lo, hi := rapid.Int64().Draw(t, "lo"), rapid.Int64().Draw(t, "hi")
		if lo > hi {
			lo, hi = hi, lo
		}
		h := &still{source: Source{rapid.Uint64().Draw(t, "seed"), 1}}
		v, err := randInt(&VM{Host: h}, []any{lo, hi})
		if n, ok := asInt(v); err != nil || !ok || n < lo || n > hi {
			t.Fatalf("%v, %v is not from %d to %d", v, err, lo, hi)
		}
	})
	vm, p := machine(t), mustCompile(t, `rand_int(1, 3)`, Any)
	counts := map[any]int{}
	for range 3000 {
		v, _ := p.Eval(vm)
		counts[v]++
	}
	for n := int64(1); n <= 3; n++ {
		if counts[n] < 900 || counts[n] > 1100 {
			t.Errorf("%d came %d times of 3,000: both ends must be in", n, counts[n])
		}
	}
}

func TestFakes(t *testing.T) {
	names := fakeNames()
	for _, name := range []string{"email", "first_name", "last_name", "name", "credit_card_number", "phone", "city", "zip", "company", "ipv4_address", "user_agent", "url", "username", "sentence", "uuid", "http_method"} {
		if !slices.Contains(names, name) {
			t.Errorf("fake.%s is missing", name)
		}
	}
	for source, want := range map[string]Type{`fake.email()`: String, `fake.bool()`: Bool, `fake.number(1, 5)`: Int, `fake.latitude()`: Float} {
		if got := mustCompile(t, source, Any).Type(); got != want {
			t.Errorf("%s is %s, want %s", source, got, want)
		}
	}
	v, err := mustCompile(t, `fake.person()`, Any).Eval(machine(t))
	if m, ok := v.(map[string]any); err != nil || !ok || m["first_name"] == nil {
		t.Errorf("a struct becomes a map: got %v, %v", v, err)
	}
	for range 50 {
		v, err := mustCompile(t, `fake.number(3, 4)`, Any).Eval(machine(t))
		if n, ok := asInt(v); err != nil || !ok || n < 3 || n > 4 {
			t.Errorf("values pass: got %v, %v", v, err)
		}
	}
}

// What a fake function promises as its type, so that unit and type checks hold, it keeps.
func TestFakesKeepTheirTypes(t *testing.T) {
	for _, f := range fakes() {
		v, err := mustCompile(t, f.Example, Any).Eval(machine(t))
		if err != nil {
			t.Errorf("%s: %v", f.Example, err)
			continue
		}
		if f.result != Any && typeOf(v) != f.result {
			t.Errorf("%s is %s, but gave %T", f.Example, f.result, v)
		}
		if _, err := appendJSON(nil, v, 0); err != nil {
			t.Errorf("%s has no JSON: %v", f.Example, err)
		}
	}
}

func TestToJSONIsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.MapOf(rapid.String(), rapid.Float64Range(-1e9, 1e9)).Draw(t, "map")
		m := map[string]any{}
		for k, f := range v {
			m[k] = f
		}
		text, err := toJSON([]any{m})
		if err != nil || !json.Valid([]byte(text.(string))) {
			t.Fatalf("%v, %v", text, err)
		}
		back, err := fromJSON([]any{text})
		if err != nil || !same(back, m) {
			t.Fatalf("%v came back as %v, %v", m, back, err)
		}
	})
}
