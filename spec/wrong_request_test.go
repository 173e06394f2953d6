package spec

import "testing"

func TestWrongAuth(t *testing.T) {
	checkWrong(t, []wrong{
		{"no such kind", step("- get: /\n  auth: { §basik: { username: a, password: b } }"), `unknown key "basik" in auth`, `did you mean "basic"?`},
		{"a word alone", step("- get: /\n  auth: §basic"), `auth is none or a map, found "basic"`, "auth: none"},
		{"two kinds", step("- get: /\n  auth: { bearer: a, §basic: { username: a, password: b } }"), "a request has one auth, and this one has two: bearer and basic", ""},
		{"a list", step("- get: /\n  auth: §[basic]"), "auth wants none or a map", ""},
		{"nothing in it", step("- get: /\n  §auth: {}"), "auth is empty", ""},
		{"a kind without a value", step("- get: /\n  auth: { §bearer: }"), "bearer has no value", ""},
		{"a password is missing", step("- get: /\n  auth: { §basic: { username: a } }"), "password is missing in basic", ""},
		{"a slip inside", step("- get: /\n  auth: { digest: { username: a, password: b, §qopp: auth } }"), `unknown key "qopp" in digest`, ""},
		{"auth of the plan", swap(step("- get: /"), "http: { base", "http: { auth: { §beerer: a }, base"), `unknown key "beerer" in auth`, `"bearer"`},
		{"auth beside http", scenario("executor: { type: constant-vus, vus: 1, duration: 1s }\nsteps: [{ get: / }]\n§auth: { bearer: a }"), `unknown key "auth" in scenario "t"`, "it is a word of http: write http: { auth: … }"},
		{"auth at the top", top("§auth: none"), `unknown key "auth" in the plan`, "it is a word of http"},
		{"a token endpoint is missing", step("- get: /\n  auth: { §oauth2: { client_id: a } }"), "token_url is missing in oauth2", ""},
		{"a client is missing", step("- get: /\n  auth: { §oauth2: { token_url: /t } }"), "client_id is missing in oauth2: the grant client_credentials needs it", ""},
		{"a refresh token is missing", step("- get: /\n  auth: { §oauth2: { token_url: /t, grant: refresh_token } }"), "refresh_token is missing in oauth2: the grant refresh_token needs it", ""},
		{"no such grant", step("- get: /\n  auth: { oauth2: { token_url: /t, client_id: a, grant: §refresh } }"), "grant", "refresh_token"},
		{"a region is missing", step("- get: /\n  auth: { §aws_sigv4: { service: s3, access_key_id: a, secret_access_key: b } }"), "region is missing in aws_sigv4", ""},
		{"a signature that is not sent", step("- get: /\n  auth: { hmac: { key: k, string: s, headers: { §X-Time: '${request.time}' } } }"), "no header of hmac carries the signature", "${signature}"},
		{"no such hash", step("- get: /\n  auth: { hmac: { key: k, string: s, algorithm: §sha265, headers: { S: '${signature}' } } }"), "algorithm", "sha256"},
		{"a header that says how the request is sent", step("- get: /\n  auth: { hmac: { key: k, string: s, headers: { §Content-Length: '${signature}' } } }"), "the header Content-Length can't be set", ""},
	})
}

func TestWrongBodies(t *testing.T) {
	checkWrong(t, []wrong{
		{"two bodies", step("- post: /\n  json: {}\n  multipart: { §a: b }"), "a request has one body, and this one has two: json and multipart", ""},
		{"graphql beside a form", step("- post: /\n  form: { a: b }\n  §graphql: '{ a }'"), "a request has one body, and this one has two: form and graphql", ""},
		{"graphql with get", step("- get: /\n  §graphql: '{ a }'"), "graphql is sent with post, not get", ""},
		{"a query is missing", step("- post: /\n  §graphql: { variables: { a: 1 } }"), "query is missing in graphql", ""},
		{"a slip in graphql", step("- post: /\n  graphql: { query: '{ a }', §variabels: {} }"), `unknown key "variabels" in graphql`, `"variables"`},
		{"errors of graphql", step("- post: /\n  graphql: { query: '{ a }', errors: §ignore }"), "errors", "errors: partial"},
		{"multipart is a map", step("- post: /\n  multipart: §[a]"), "multipart wants a map of name to text", ""},
		{"an empty multipart", step("- post: /\n  §multipart: {}"), "multipart is empty", ""},
		{"a slip in a part", step("- post: /\n  multipart: { a: { §flie: a.txt } }"), `unknown key "flie" in part "a"`, `"file"`},
		{"a part of nothing", step("- post: /\n  multipart: { §a: { content_type: text/plain } }"), `part "a" has neither a value nor a file`, ""},
		{"a part of both", step("- post: /\n  multipart: { a: { value: x, file: §a.txt } }"), `part "a" has a value and a file`, ""},
		{"a filename without a file", step("- post: /\n  multipart: { a: { value: x, filename: §a.txt } }"), `part "a" has a filename and no file`, ""},
		{"a null part", step("- post: /\n  multipart: { §a: null }"), `part "a" wants a text or a map`, ""},
		{"an empty list of parts", step("- post: /\n  multipart: { §a: [] }"), "a is empty", ""},
		{"cookies are a map", step("- get: /\n  cookies: §[a]"), "cookies wants true, false or a map of name to value", ""},
		{"cookies of a word", step("- get: /\n  cookies: §off"), "cookies wants true or false", ""},
		{"a name of no cookie", step("- get: /\n  cookies: { \"§a b\": x }"), `"a b" is not a name of a cookie`, ""},
		{"a cookie that ends early", step("- get: /\n  cookies: { a: §x;y }"), "the value of cookie a holds what would end it", "url_encode"},
		{"no cookies at all", step("- get: /\n  §cookies: {}"), "cookies is empty", ""},
	})
}
