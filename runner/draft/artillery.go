package draft

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

var (
	artilleryConfig = pattern(`(?m)^["']?config["']?\s*:|"config"\s*:`)
	artilleryFlow   = pattern(`(?m)^["']?(scenarios|before)["']?\s*:|"scenarios"\s*:`)
)

func isArtillery(in Input) bool {
	head := in.Text[:min(len(in.Text), 256<<10)]
	return artilleryConfig().Match(head) && artilleryFlow().Match(head)
}

// artillery is a script of Artillery on its way to a plan.
type artillery struct {
	*desk
	in       Input
	config   *tree
	values   map[string]string // expressions, by the script's name of a variable
	defaults []field           // headers of every request
}

// fromArtillery reads a script: its phases become stages, its scenarios flows of a mix.
func fromArtillery(in Input, _ Options) (*Plan, error) {
	doc, err := parseYAML(in.Name, in.Text)
	if err != nil {
		return nil, err
	}
	if !doc.at("config").is(object) || !doc.at("scenarios").is(list) {
		return nil, fmt.Errorf("%s: not an Artillery script: it wants config and a list of scenarios", in.Name)
	}
	p := &Plan{Name: "artillery"}
	a := &artillery{desk: newDesk(p), in: in, config: doc.at("config"), values: map[string]string{}}
	a.weave.holes = a.holes
	a.target()
	a.variables()
	a.payloads()
	a.settings()
	p.Setup = a.before(doc.at("before", "flow"))
	a.scenarios(doc.at("scenarios"))
	p.Teardown = a.flow(doc.at("after", "flow"))
	a.ensure()
	a.rest(doc, "", "config", "scenarios", "before", "after")
	a.rest(a.config, "config.", "target", "phases", "variables", "payload", "defaults", "http", "tls", "ensure", "plugins", "environments")
	if a.config.at("environments") != nil {
		p.lose(a.config.at("environments").where(), "config.environments: write them as profiles")
	}
	p.lift()
	return p, nil
}

// before is what runs once; what it captures, the scenarios read as setup.NAME.
func (a *artillery) before(flow *tree) []Step {
	known := maps.Clone(a.values)
	steps := a.flow(flow)
	for name, expr := range a.values {
		if expr != known[name] && snakeLike().MatchString(expr) {
			a.values[name] = "setup." + expr
		}
	}
	return steps
}

// rest lists what nothing was made of.
func (a *artillery) rest(t *tree, where string, known ...string) {
	if !t.is(object) {
		return
	}
	for i, key := range t.keys {
		if !slices.Contains(known, key) {
			a.plan.lose(t.items[i].where(), where+shorten(key, 60))
		}
	}
}

func (a *artillery) target() {
	target := a.config.at("target").string()
	scheme, rest, _ := strings.Cut(target, "://")
	host, path, _ := strings.Cut(rest, "/")
	if o, ok := origin(scheme + "://" + host); ok && cleanURL(path) == path && !strings.ContainsAny(path, "?#${}") {
		a.plan.BaseURL = strings.TrimSuffix(o+"/"+path, "/")
		a.plan.Name = curlName(a.plan)
		return
	}
	a.plan.BaseURL = "http://127.0.0.1:8080"
	a.plan.lose(a.config.at("target").where(), fmt.Sprintf("the target %q, which is no plain URL: BASE_URL is %s", shorten(target, 60), a.plan.BaseURL))
}

// variables are values of which each user draws one.
func (a *artillery) variables() {
	vars := a.config.at("variables")
	if !vars.is(object) {
		return
	}
	for i, key := range vars.keys {
		name := a.names.free(snake(key))
		v := vars.items[i]
		switch {
		case v.is(list) && len(v.items) > 0 && sayable(v, 0):
			a.values[key] = "pick(vars." + name + ")"
		case sayable(v, 0):
			a.values[key] = "vars." + name
		default:
			a.plan.lose(v.where(), "the variable "+shorten(key, 40))
			continue
		}
		if secretField().MatchString(key) && v.is(str) && v.text != "" {
			a.values[key] = a.secrets.keep(key, v.text, "the variable "+key+" of the script")
			continue
		}
		a.plan.Vars = append(a.plan.Vars, Pair{Key: name, Value: a.weave.json(v)})
	}
}

// settings are defaults of requests.
func (a *artillery) settings() {
	if t := a.config.at("http", "timeout").number(); t > 0 && t < 86400 {
		a.plan.HTTP = append(a.plan.HTTP, Pair{Key: "timeout", Value: Word(fraction(t) + "s")})
	}
	if a.config.at("tls", "rejectUnauthorized").string() == "false" {
		a.plan.HTTP = append(a.plan.HTTP, Pair{Key: "tls", Value: Row(Pair{Key: "insecure_skip_verify", Value: Word("true")})})
	}
	for _, where := range []*tree{a.config.at("defaults", "headers"), a.config.at("http", "defaults", "headers"), a.config.at("http", "headers")} {
		a.defaults = append(a.defaults, objectFields(where)...)
	}
	if plugins := a.config.at("plugins"); plugins.is(object) {
		a.rest(plugins, "the plugin ", "expect", "ensure", "metrics-by-endpoint")
	}
	a.rest(a.config.at("http"), "config.http.", "timeout", "defaults", "headers")
}

func objectFields(t *tree) []field {
	var all []field
	if t.is(object) {
		for i, key := range t.keys {
			all = append(all, field{key, t.items[i].string()})
		}
	}
	return all
}

// holes finds {{ variable }}, {{ $function() }} and {{ $env.NAME }}.
func (a *artillery) holes(raw string) []part {
	return mustaches(raw, func(name string) string {
		if expr, ok := a.values[name]; ok {
			return expr
		}
		for _, prefix := range []string{"$processEnvironment.", "$env.", "$environment."} {
			if env, ok := strings.CutPrefix(name, prefix); ok {
				a.variable(shout(env), "a variable of the environment that the script reads")
				return "env." + shout(env)
			}
		}
		return a.function(name)
	})
}

var artilleryCall = pattern(`^\$(\w+)\(?\s*(?:(\d{1,9})\s*)?(?:,\s*(\d{1,9})\s*)?\)?$`)

// function is one of Artillery's made-up values, or a variable that nothing in the script sets.
func (a *artillery) function(name string) string {
	if m := artilleryCall().FindStringSubmatch(name); m != nil {
		switch {
		case m[1] == "randomNumber" && m[3] != "":
			return "rand_int(" + strings.TrimLeft(m[2], "0") + orZero(m[2]) + ", " + strings.TrimLeft(m[3], "0") + orZero(m[3]) + ")"
		case m[1] == "randomString":
			n := max(1, min(atoi(m[2]), 10_000))
			return fmt.Sprintf("rand_string(%d)", n)
		case m[1] == "uuid" || m[1] == "guid":
			return "uuid()"
		case m[1] == "timestamp":
			return "unix_ms(now())"
		}
		if made, ok := dynamics[name]; ok {
			return made
		}
	}
	a.plan.lose(0, fmt.Sprintf("what {{ %s }} stands for, which the script doesn't say: a word is in its place", shorten(name, 60)))
	return "fake.word()"
}

// orZero is the zero that is left of a number of zeros.
func orZero(s string) string {
	if strings.Trim(s, "0") == "" {
		return "0"
	}
	return ""
}
