package draft

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// exchange is a request as a source has it, with what is known of the reply.
type exchange struct {
	line    int
	name    string
	method  string
	url     string
	query   []field // beside those in the URL
	headers []field
	body    payload
	status  int // recorded or documented; 0: unknown
	checks  []field
	capture []captured
	words   []Pair // auth, redirects, timeout and what else the source says of this request
}

// field is a name with a value, as the source has them.
type field struct{ name, value string }

// captured is a value to keep of the reply.
type captured struct {
	name, expr string
	secret     bool
}

// desk is where requests become steps.
type desk struct {
	plan    *Plan
	weave   *weaver
	secrets *secrets
	names   names             // of captures
	bases   map[string]string // scheme and host → the expression of its base URL, "" for http.base_url
}

func newDesk(p *Plan) *desk {
	w := &weaver{}
	return &desk{plan: p, weave: w, secrets: &secrets{plan: p, weave: w, names: names{taken: map[string]bool{"BASE_URL": true}}}, bases: map[string]string{}}
}

// verbs are the methods that are a step's verb.
var verbs = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

var methodText = pattern(`^[A-Z][A-Z0-9_-]{0,30}$`)

// steps are exchanges as steps. All secrets are found before anything is written: one may stand under a harmless name before.
func (d *desk) steps(all []exchange) []Step {
	for _, x := range all {
		d.findSecrets(x)
	}
	var steps []Step
	for _, x := range all {
		if s, ok := d.step(x); ok {
			steps = append(steps, s)
		}
	}
	return steps
}

// step is an exchange as a step; false where it can't be one, which has then been noted.
func (d *desk) step(x exchange) (Step, bool) {
	method := strings.ToUpper(strings.TrimSpace(x.method))
	if method == "" {
		method = http.MethodGet
	}
	if !methodText().MatchString(method) || method == http.MethodConnect {
		d.plan.lose(x.line, fmt.Sprintf("a request with the method %q", shorten(x.method, 40)))
		return Step{}, false
	}
	d.findSecrets(x)
	address, query, ok := d.address(x)
	if !ok {
		return Step{}, false
	}
	s := Step{}
	if slices.Contains(verbs, method) {
		s.add(strings.ToLower(method), Template(address))
	} else {
		s.add("request", Template(method+" "+address))
	}
	if x.name != "" {
		s.add("name", Literal(label(x.name, "")))
	}
	s.addMap("query", query)
	body, mime := d.body(x)
	s.addMap("headers", d.headers(x, mime))
	if body.Key != "" {
		s.Words = append(s.Words, body)
	}
	s.Words = append(s.Words, x.words...)
	d.judge(&s, x)
	return s, true
}

func (s *Step) add(key string, v Value) { s.Words = append(s.Words, Pair{Key: key, Value: v}) }

func (s *Step) addMap(key string, pairs []Pair) {
	if len(pairs) > 0 {
		s.add(key, Map(pairs...))
	}
}

// judge adds what the reply is held against and what is kept of it.
func (d *desk) judge(s *Step, x exchange) {
	checks := x.checks
	if x.status >= 100 && x.status <= 999 {
		if x.status >= 400 || x.status < 200 {
			s.add("expect", Word(fmt.Sprint(x.status)))
		}
		checks = append([]field{{fmt.Sprintf("status is %d", x.status), fmt.Sprintf("status == %d", x.status)}}, checks...)
	}
	var pairs []Pair
	seen := map[string]bool{}
	for _, c := range checks {
		if !seen[c.name] {
			seen[c.name] = true
			pairs = append(pairs, Pair{Key: c.name, Value: Template(c.value)})
		}
	}
	s.addMap("check", pairs)
	pairs = nil
	for _, c := range x.capture {
		v := Template(c.expr)
		if c.secret {
			v = Row(Pair{Key: "from", Value: Template(c.expr)}, Pair{Key: "secret", Value: Word("true")})
		}
		pairs = append(pairs, Pair{Key: c.name, Value: v})
	}
	s.addMap("capture", pairs)
}

// findSecrets makes everything known that says who somebody is, before any of it is written.
func (d *desk) findSecrets(x exchange) {
	for _, h := range x.headers {
		d.secrets.header(h.name, h.value)
	}
	for _, q := range x.query {
		d.secrets.field(q.name, q.value)
	}
	if u, err := url.Parse(x.url); err == nil {
		for name, values := range u.Query() {
			for _, v := range values {
				d.secrets.field(name, v)
			}
		}
	}
	for _, f := range x.body.fields {
		d.secrets.field(f.name, f.value)
	}
	if x.body.json != nil {
		d.secrets.json(x.body.json)
	} else if t, err := parseJSON("", []byte(x.body.text)); err == nil { // JSON under another name
		d.secrets.json(t)
	}
}
