package auth

import (
	"bytes"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"

	"runner/runner/protocol"
	"runner/spec"
	"runner/spec/expr"
)

// digest answers challenges of RFC 7616 (and its predecessors 2617 and 2069) with MD5, SHA-256 and SHA-512-256.
type digest struct {
	spec           *spec.Login // the same for all steps that have it from http.auth
	user, password *expr.Template
}

var _ Challenged = (*digest)(nil)

// digestKey is a place at which a user has been challenged.
type digestKey struct {
	login     *spec.Login
	user      string
	authority string
}

// nonce is a challenge and how often it was answered.
type nonce struct {
	realm, value, opaque, algorithm string
	quality                         bool // qop=auth; else as in RFC 2069
	count                           uint32
}

// Apply answers the challenge that is known; before the first there is nothing to say.
func (d *digest) Apply(u *User, r *protocol.Request) error {
	name, password, err := login(u, d.user, d.password)
	if err != nil {
		return err
	}
	if strings.ContainsAny(name, "\"\\\r\n") {
		return fmt.Errorf("auth digest: the username %q can't stand in a header", name)
	}
	n := u.digests[digestKey{d.spec, name, r.Authority}]
	if n == nil {
		return nil
	}
	n.count++
	var random [8]byte
	rand.Read(random[:]) // never fails
	set(r, "Authorization", []byte(n.answer(r, name, password, hex.EncodeToString(random[:]))))
	return nil
}

// Answer takes the challenge of a 401. A request that has answered one already is sent again only if the target says that
// the answer was right and the nonce too old.
func (d *digest) Answer(u *User, r *protocol.Request, resp *protocol.Response) bool {
	if resp.Status != 401 {
		return false
	}
	n, stale := challenge(resp.Header)
	if n == nil {
		return false
	}
	name, err := text(u, "username", d.user)
	if err != nil {
		return false
	}
	key := digestKey{d.spec, name, r.Authority}
	if u.digests[key] != nil && !stale {
		return false
	}
	if u.digests == nil {
		u.digests = map[digestKey]*nonce{}
	}
	u.digests[key] = n
	return true
}

// algorithms by the name of RFC 7616, the best first.
var algorithms = []struct {
	name string
	new  func() hash.Hash
}{{"SHA-512-256", sha512.New512_256}, {"SHA-256", sha256.New}, {"MD5", md5.New}}

// challenge is the best challenge that a response offers and we know; nil if there is none.
func challenge(h protocol.Header) (best *nonce, stale bool) {
	rank := len(algorithms)
	for _, f := range h {
		if !bytes.EqualFold(f.Name, []byte("WWW-Authenticate")) {
			continue
		}
		for _, params := range digestChallenges(string(f.Value)) {
			n := &nonce{realm: params["realm"], value: params["nonce"], opaque: params["opaque"], algorithm: params["algorithm"]}
			if n.algorithm == "" {
				n.algorithm = "MD5"
			}
			_, asked := params["qop"]
			for q := range strings.SplitSeq(params["qop"], ",") {
				n.quality = n.quality || strings.TrimSpace(q) == "auth"
			}
			if i := n.rank(); i < rank && n.value != "" && (n.quality || !asked) {
				best, stale, rank = n, strings.EqualFold(params["stale"], "true"), i
			}
		}
	}
	return best, stale
}

func (n *nonce) rank() int {
	name, _ := n.session()
	for i, a := range algorithms {
		if strings.EqualFold(a.name, name) {
			return i
		}
	}
	return len(algorithms)
}

// session tells whether the algorithm is one of those whose key is bound to the nonce.
func (n *nonce) session() (name string, is bool) {
	if i := len(n.algorithm) - len("-sess"); i > 0 && strings.EqualFold(n.algorithm[i:], "-sess") {
		return n.algorithm[:i], true
	}
	return n.algorithm, false
}

// answer is the value of Authorization (RFC 7616, section 3.4).
func (n *nonce) answer(r *protocol.Request, user, password, cnonce string) string {
	h := func(parts ...string) string {
		sum := algorithms[n.rank()].new()
		sum.Write([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(sum.Sum(nil))
	}
	key := h(user, n.realm, password)
	if _, session := n.session(); session {
		key = h(key, n.value, cnonce)
	}
	what, count := h(r.Method, string(r.Path)), fmt.Sprintf("%08x", n.count)
	response := h(key, n.value, what)
	if n.quality {
		response = h(key, n.value, count, cnonce, "auth", what)
	}
	text := fmt.Sprintf(`Digest username="%s", realm=%s, nonce=%s, uri="%s", algorithm=%s, response="%s"`,
		user, quoted(n.realm), quoted(n.value), r.Path, n.algorithm, response)
	if n.opaque != "" {
		text += ", opaque=" + quoted(n.opaque)
	}
	if n.quality {
		text += fmt.Sprintf(`, qop=auth, nc=%s, cnonce="%s"`, count, cnonce)
	}
	return text
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// digestChallenges reads a WWW-Authenticate header, which may hold challenges of several schemes (RFC 9110, 11.6.1), and
// gives the parameters of those of the scheme Digest.
func digestChallenges(s string) []map[string]string {
	var all []map[string]string
	var current map[string]string
	for s = strings.TrimLeft(s, " \t,"); s != ""; s = strings.TrimLeft(s, " \t,") {
		word := s[:len(s)-len(strings.TrimLeft(s, tokenChars))]
		if word == "" {
			return all
		}
		rest := strings.TrimLeft(s[len(word):], " \t")
		if !strings.HasPrefix(rest, "=") { // a scheme
			current = nil
			if strings.EqualFold(word, "Digest") {
				current = map[string]string{}
				all = append(all, current)
			}
			s = rest
			continue
		}
		var value string
		value, s = headerValue(strings.TrimLeft(rest[1:], " \t"))
		if current != nil {
			current[strings.ToLower(word)] = value
		}
	}
	return all
}

const tokenChars = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz/:"

// headerValue is a token or a quoted text, and what comes behind it.
func headerValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexAny(s, ", \t")
		if end < 0 {
			end = len(s)
		}
		return s[:end], s[end:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}
