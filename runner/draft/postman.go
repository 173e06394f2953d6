package draft

import (
	"bytes"
	"fmt"
	"strings"
)

func isPostman(in Input) bool {
	head := in.Text[:min(len(in.Text), 1<<20)]
	return startsLikeJSON(head) && (bytes.Contains(head, []byte("schema.getpostman.com")) || bytes.Contains(head, []byte(`"_postman_id"`)))
}

// collection is a Postman collection 2.x on its way to a plan.
type collection struct {
	*desk
	variables map[string]string // expressions, by the variable's name
	after     []field           // variables that the request's script sets: known from the next request on
}

// fromPostman reads a collection: folders become groups.
func fromPostman(in Input, _ Options) (*Plan, error) {
	doc, err := parseJSON(in.Name, in.Text)
	if err != nil {
		return nil, err
	}
	if doc.at("collection").is(object) { // as the API hands it out
		doc = doc.at("collection")
	}
	if !doc.at("item").is(list) {
		return nil, fmt.Errorf("%s: not a Postman collection of version 2: it has no list item (export it as Collection v2.1)", in.Name)
	}
	p := &Plan{Name: doc.at("info", "name").string()}
	c := &collection{desk: newDesk(p), variables: map[string]string{}}
	c.weave.holes = c.holes
	c.declare(doc.at("variable"))
	c.findIn(doc)
	c.events(doc, "the collection")
	p.single("collection", c.items(doc, doc.at("auth")))
	p.lift()
	return p, nil
}

// declare makes the collection's variables known: the address of the target is BASE_URL, secrets are variables of the
// environment, all others are vars.
func (c *collection) declare(variables *tree) {
	for _, v := range variables.elements() {
		name, value := v.at("key").string(), v.at("value").string()
		if name == "" {
			name = v.at("id").string()
		}
		c.declareOne(name, value, v.at("type").string() == "secret")
	}
}

var baseName = pattern(`(?i)^(base_?-?ur[li]|host|url|server|api_?-?url|endpoint)$`)

func (c *collection) declareOne(name, value string, secret bool) {
	if name == "" || !isText(name) || c.variables[name] != "" {
		return
	}
	o, isURL := origin(strings.TrimSuffix(value, "/"))
	switch {
	case baseName().MatchString(name) && isURL && c.plan.BaseURL == "":
		c.plan.BaseURL, c.variables[name] = o, "env.BASE_URL"
	case baseName().MatchString(name) && c.plan.BaseURL == "" && strings.HasPrefix(value, "http") && cleanURL(value) == value && !strings.ContainsAny(value, "?#${}"):
		if _, ok := origin(strings.Join(strings.SplitN(value, "/", 4)[:min(3, strings.Count(value, "/")+1)], "/")); ok {
			c.plan.BaseURL, c.variables[name] = strings.TrimSuffix(value, "/"), "env.BASE_URL"
		}
	case secret || secretField().MatchString(name):
		if value == "" || c.secrets.woven(value) {
			v := c.secrets.names.free(shout(name))
			c.plan.Env = append(c.plan.Env, Variable{Name: v, Secret: true, Description: "the variable " + label(name, "") + " of the collection"})
			c.variables[name] = "env." + v
			break
		}
		c.variables[name] = c.secrets.keep(name, value, "the variable "+label(name, "")+" of the collection")
	default:
		v := c.names.free(snake(name))
		c.variables[name] = "vars." + v
		c.plan.Vars = append(c.plan.Vars, Pair{Key: v, Value: Template(join(c.holes(value)))})
	}
}

var hole = pattern(`\{\{([^{}]{1,200})\}\}`)

// holes finds {{variable}} and {{$dynamic}}.
func (c *collection) holes(raw string) []part {
	return mustaches(raw, func(name string) string {
		if expr, ok := c.variables[name]; ok {
			return expr
		}
		if strings.HasPrefix(name, "$") {
			return c.dynamic(name)
		}
		// Of an environment, which is a file of its own.
		v := shout(name)
		c.variable(v, "the variable "+label(name, "")+", which the collection expects of an environment")
		c.variables[name] = "env." + v
		return c.variables[name]
	})
}

// mustaches cuts a text at {{…}}.
func mustaches(raw string, expr func(name string) string) []part {
	var out []part
	begin := 0
	for _, m := range hole().FindAllStringSubmatchIndex(raw, -1) {
		if m[0] > begin {
			out = append(out, part{text: raw[begin:m[0]]})
		}
		out = append(out, part{text: expr(strings.TrimSpace(raw[m[2]:m[3]])), expr: true, raw: raw[m[0]:m[1]]})
		begin = m[1]
	}
	if begin < len(raw) {
		out = append(out, part{text: raw[begin:]})
	}
	return out
}

// dynamics are Postman's made-up values that go by another name here; most others differ only in their case.
var dynamics = map[string]string{
	"$guid": "uuid()", "$randomUUID": "uuid()", "$timestamp": "timestamp()", "$isoTimestamp": "iso(now())", "$randomInt": "rand_int(0, 1000)",
	"$randomBoolean": "rand_bool()", "$randomAlphaNumeric": "rand_string(1)", "$randomEmail": "fake.email()", "$randomExampleEmail": "fake.email()",
	"$randomUserName": "fake.username()", "$randomFirstName": "fake.first_name()", "$randomLastName": "fake.last_name()", "$randomFullName": "fake.name()",
	"$randomPhoneNumber": "fake.phone()", "$randomCity": "fake.city()", "$randomCountry": "fake.country()", "$randomStreetName": "fake.street_name()",
	"$randomStreetAddress": "fake.street()", "$randomCompanyName": "fake.company()", "$randomUrl": "fake.url()", "$randomDomainName": "fake.domain_name()",
	"$randomIP": "fake.ipv4_address()", "$randomIPV6": "fake.ipv6_address()", "$randomPassword": "fake.password()", "$randomWord": "fake.word()",
	"$randomLoremWord": "fake.lorem_ipsum_word()", "$randomLoremSentence": "fake.lorem_ipsum_sentence()", "$randomColor": "fake.color()",
	"$randomHexColor": "fake.hex_color()", "$randomUserAgent": "fake.user_agent()", "$randomJobTitle": "fake.job_title()", "$randomPrice": "fake.price(1, 1000)",
	"$randomProductName": "fake.product_name()", "$randomProduct": "fake.product_name()", "$randomMonth": "fake.month_string()", "$randomWeekday": "fake.week_day()",
}

func (c *collection) dynamic(name string) string {
	if expr, ok := dynamics[name]; ok {
		return expr
	}
	c.plan.lose(0, fmt.Sprintf("what {{%s}} makes up: a word stands in its place", shorten(name, 60)))
	return "fake.word()"
}

// items are the steps of a folder.
func (c *collection) items(folder, auth *tree) []Step {
	var steps []Step
	for _, item := range folder.at("item").elements() {
		own := auth
		if a := item.at("auth"); a.is(object) {
			own = a
		}
		name := label(item.at("name").string(), "request")
		if item.at("item").is(list) {
			c.events(item, "the folder "+name)
			if inside := c.items(item, own); len(inside) > 0 {
				steps = append(steps, group(name, inside))
			}
			continue
		}
		if item.at("request") == nil {
			continue
		}
		if s, ok := c.step(c.request(item, name, own)); ok {
			steps = append(steps, s)
			for _, f := range c.after {
				c.variables[f.name] = f.value
			}
		}
		c.after = nil
	}
	return steps
}

// findIn looks for secrets in all requests before any of them is written.
func (c *collection) findIn(folder *tree) {
	for _, item := range folder.at("item").elements() {
		if item.at("item").is(list) {
			c.findIn(item)
			continue
		}
		x := exchange{url: urlOf(item.at("request")), headers: postmanHeaders(item.at("request", "header"))}
		c.findSecrets(x)
	}
}
