package draft

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
)

var curlText = pattern(`(?m)^\s*(\$ |> |% )?(#[^\n]*\n\s*)*curl(\.exe)?\s`)

func isCurl(in Input) bool {
	head := in.Text[:min(len(in.Text), 4096)]
	return curlText().Match(head) && isText(string(head[:min(len(head), 4000)]))
}

// fromCurl reads the commands of a shell: each curl is a step.
func fromCurl(in Input, o Options) (*Plan, error) {
	p := &Plan{}
	text := strings.TrimSpace(fromCmd(string(in.Text)))
	text = strings.TrimPrefix(strings.TrimPrefix(text, "$ "), "> ")
	commands, err := shellCommands(in.Name, text, p)
	if err != nil {
		return nil, err
	}
	d := newDesk(p)
	d.weave.holes = d.shellHoles
	var all []exchange
	for _, c := range commands {
		if name := path.Base(c.words[0]); name != "curl" && name != "curl.exe" {
			p.lose(c.line, fmt.Sprintf("the command %s", shorten(c.words[0], 40)))
			continue
		}
		requests, err := d.curl(in, c)
		if err != nil {
			return nil, err
		}
		all = append(all, requests...)
	}
	steps := d.steps(all)
	p.Name = curlName(p)
	p.single("visitors", steps)
	p.lift()
	return p, nil
}

// curlName is the host's.
func curlName(p *Plan) string {
	u, err := url.Parse(p.BaseURL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// shellHoles finds the shell's variables of a text: each becomes a variable of the plan's environment.
func (d *desk) shellHoles(raw string) []part {
	var out []part
	for i, piece := range strings.Split(raw, shellMark) {
		switch {
		case i%2 == 0 && piece != "":
			out = append(out, part{text: piece})
		case i%2 == 1:
			d.variable(piece, "a variable of the shell in the command")
			out = append(out, part{text: "env." + piece, expr: true, raw: shellMark + piece + shellMark})
		}
	}
	return out
}

// variable makes a required variable known, once.
func (d *desk) variable(name, what string) {
	if slices.ContainsFunc(d.plan.Env, func(v Variable) bool { return v.Name == name }) {
		return
	}
	d.secrets.names.free(name)
	d.plan.Env = append(d.plan.Env, Variable{Name: name, Required: true, Secret: secretField().MatchString(name), Description: what})
}

// curl is what one command sends: a request for each URL.
func (d *desk) curl(in Input, c command) ([]exchange, error) {
	args := &curlArgs{desk: d, in: in, line: c.line, x: exchange{line: c.line}}
	args.read(c.words[1:])
	if len(args.urls) == 0 {
		return nil, fmt.Errorf("%s:%d: this curl command has no URL", in.Name, c.line)
	}
	return args.exchanges(), nil
}

// exchanges puts together what the options said.
func (a *curlArgs) exchanges() []exchange {
	x := a.x
	a.bodyOf(&x)
	a.words(&x)
	x.checks = []field{{"answered", "status < 400"}}
	var all []exchange
	for _, u := range a.urls {
		if !strings.Contains(u, "://") && !strings.HasPrefix(u, shellMark) {
			u = "http://" + u
		}
		x.url = a.login(&x, u)
		all = append(all, x)
	}
	return all
}

// login takes user:password@ out of a URL: it is basic auth.
func (a *curlArgs) login(x *exchange, raw string) string {
	scheme, rest, _ := strings.Cut(raw, "://")
	host, _, _ := strings.Cut(rest, "/")
	at := strings.LastIndexByte(host, '@')
	if at < 0 {
		return raw
	}
	user, err := url.PathUnescape(host[:at])
	if err != nil {
		user = host[:at]
	}
	x.words = append(x.words, Pair{Key: "auth", Value: a.desk.password("basic", user)})
	return scheme + "://" + rest[at+1:]
}

// password is auth with a name and a password, which becomes a variable.
func (d *desk) password(kind, login string) Value {
	user, password, _ := strings.Cut(login, ":")
	value := d.weave.text(password)
	if password == "" || !d.secrets.woven(password) {
		value = "${" + d.secrets.keep("PASSWORD", password, "the password of "+label(user, "the user")) + "}"
	}
	return Map(Pair{Key: kind, Value: Map(
		Pair{Key: "username", Value: Template(d.weave.text(user))},
		Pair{Key: "password", Value: Template(value)},
	)})
}

// bodyOf makes the body of the data options.
func (a *curlArgs) bodyOf(x *exchange) {
	data := strings.Join(a.data, "&")
	if a.json {
		data = strings.Join(a.data, "")
	}
	mime := headerOf(x.headers, "content-type")
	switch {
	case a.get && len(a.data) > 0:
		for i, u := range a.urls {
			sep := "?"
			if strings.Contains(u, "?") {
				sep = "&"
			}
			a.urls[i] = u + sep + data
		}
		return
	case len(a.parts)+len(a.uploads) > 0:
		x.body = payload{form: multipart, fields: a.parts, files: a.uploads}
		x.headers = slices.DeleteFunc(x.headers, func(h field) bool { return strings.EqualFold(h.name, "content-type") })
	case a.json:
		x.body = newPayload("application/json", data)
		x.headers = append(x.headers, a.missing(x, "Content-Type", "application/json")...)
		x.headers = append(x.headers, a.missing(x, "Accept", "application/json")...)
	case a.hasData && mime == "":
		x.body = newPayload("application/x-www-form-urlencoded", data)
		x.headers = append(x.headers, field{"Content-Type", "application/x-www-form-urlencoded"})
	case a.hasData:
		x.body = newPayload(mime, data)
	}
	if x.method == "" && (a.hasData || a.json || x.body.form == multipart) {
		x.method = "POST"
	}
}

func (a *curlArgs) missing(x *exchange, name, value string) []field {
	if headerOf(x.headers, name) != "" {
		return nil
	}
	return []field{{name, value}}
}

func headerOf(headers []field, name string) string {
	for _, h := range headers {
		if strings.EqualFold(h.name, name) {
			return h.value
		}
	}
	return ""
}

// words are auth and settings of the request.
func (a *curlArgs) words(x *exchange) {
	if a.user != "" {
		x.words = append(x.words, Pair{Key: "auth", Value: a.desk.password(a.auth, a.user)})
	}
	if a.maxTime != "" {
		x.words = append(x.words, Pair{Key: "timeout", Value: Word(a.maxTime)})
	}
	if !a.follow {
		x.words = append(x.words, Pair{Key: "redirects", Value: Word("0")})
	}
	if len(a.settings) > 0 {
		x.words = append(x.words, Pair{Key: "http", Value: Map(a.settings...)})
	}
}
