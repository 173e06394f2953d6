package draft

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// flow is a list of steps.
func (a *artillery) flow(all *tree) []Step {
	var steps []Step
	for _, t := range all.elements() {
		steps = append(steps, a.flowStep(t)...)
	}
	return steps
}

func (a *artillery) flowStep(t *tree) []Step {
	if !t.is(object) {
		return nil
	}
	for i, key := range t.keys {
		v := t.items[i]
		switch {
		case slices.Contains(verbs, strings.ToUpper(key)):
			if s, ok := a.request(key, v); ok {
				return s
			}
			return nil
		case key == "think" || key == "pause":
			return a.think(v)
		case key == "loop":
			return a.loop(t, v)
		case key == "log":
			return []Step{{Words: []Pair{{Key: "log", Value: Template(a.weave.text(v.string()))}}}}
		case key == "parallel":
			if inside := a.flow(v); len(inside) > 0 {
				return []Step{{Under: "parallel", Inside: inside}}
			}
			return nil
		}
	}
	a.plan.lose(t.where(), "a step: "+few(t.keys))
	return nil
}

func (a *artillery) think(v *tree) []Step {
	d, ok := artilleryTime(v)
	if !ok {
		a.plan.lose(v.where(), "think: "+shorten(v.string(), 40))
		return nil
	}
	return []Step{think(d)}
}

// loop is count times, or over a list.
func (a *artillery) loop(t, body *tree) []Step {
	over, count := t.at("over"), int(t.at("count").number())
	if over != nil {
		return a.over(t, body, over)
	}
	a.values["$loopCount"] = "0"
	inside := a.flow(body)
	delete(a.values, "$loopCount")
	if len(inside) == 0 {
		return nil
	}
	if count < 1 {
		a.plan.lose(t.where(), "how often a loop runs (whileTrue, or no count): once")
		count = 1
	}
	return []Step{{Words: []Pair{{Key: "repeat", Value: Word(fmt.Sprint(min(count, 100_000)))}}, Under: "steps", Inside: inside}}
}

// over is a loop over the values that the script lists itself.
func (a *artillery) over(t, body, over *tree) []Step {
	if !over.is(list) || !sayable(over, 0) || len(over.items) == 0 {
		a.plan.lose(t.where(), "a loop over "+shorten(over.string(), 40)+": its steps run once")
		a.values["$loopElement"] = "fake.word()"
		defer delete(a.values, "$loopElement")
		return a.flow(body)
	}
	name := a.names.free("element")
	list := a.names.free("elements")
	a.plan.Vars = append(a.plan.Vars, Pair{Key: list, Value: a.weave.json(over)})
	defer func(known map[string]string) { a.values = known }(maps.Clone(a.values)) // a loop over nothing captures nothing
	a.values["$loopElement"] = name
	inside := a.flow(body)
	if len(inside) == 0 {
		return nil
	}
	return []Step{{Words: []Pair{{Key: "foreach", Value: Template("${vars." + list + "}")}, {Key: "as", Value: Word(name)}}, Under: "steps", Inside: inside}}
}

// request is one request, with what follows from its words.
func (a *artillery) request(method string, r *tree) ([]Step, bool) {
	x := exchange{line: r.where(), method: method, url: r.at("url").string(), name: r.at("name").string()}
	if r.is(str) {
		x.url = r.string()
	}
	if x.url == "" {
		x.url = r.at("uri").string()
	}
	if !strings.Contains(x.url, "://") && !strings.HasPrefix(x.url, "/") && !strings.HasPrefix(x.url, "{{") {
		x.url = "/" + x.url
	}
	x.headers = slices.Concat(a.headersNotIn(r.at("headers")), objectFields(r.at("headers")))
	x.query = objectFields(r.at("qs"))
	a.body(r, &x)
	if user := r.at("auth", "user").string() + r.at("auth", "username").string(); user != "" {
		x.words = append(x.words, Pair{Key: "auth", Value: a.password("basic", user+":"+r.at("auth", "pass").string()+r.at("auth", "password").string())})
	}
	if r.at("followRedirect").string() == "false" {
		x.words = append(x.words, Pair{Key: "redirects", Value: Word("0")})
	}
	if c := r.at("cookie"); c.is(object) {
		x.words = append(x.words, Pair{Key: "cookies", Value: Map(a.fields(objectFields(c))...)})
	}
	a.expect(r.at("expect"), &x)
	after := a.captures(r.at("capture"), &x)
	a.rest(r, "of a request: ", "url", "uri", "name", "headers", "qs", "json", "form", "formData", "body", "auth", "followRedirect", "cookie", "expect", "capture", "gzip")
	if len(x.checks) == 0 {
		x.checks = []field{{"answered", "status < 400"}}
	}
	s, ok := a.step(x)
	for _, f := range after {
		a.values[f.name] = f.value
	}
	return []Step{s}, ok
}

// headersNotIn are the script's headers for every request that this one doesn't say itself.
func (a *artillery) headersNotIn(own *tree) []field {
	return slices.DeleteFunc(slices.Clone(a.defaults), func(h field) bool { return headerOf(objectFields(own), h.name) != "" })
}

func (a *artillery) body(r *tree, x *exchange) {
	switch {
	case r.at("json") != nil:
		if !sayable(r.at("json"), 0) {
			x.body = newPayload("", jsonText(r.at("json")))
			return
		}
		x.body = payload{json: r.at("json"), mime: "application/json"}
	case r.at("form").is(object):
		var pairs []string
		for _, f := range objectFields(r.at("form")) {
			pairs = append(pairs, escapeAround(f.name)+"="+escapeAround(f.value))
		}
		x.body = newPayload("application/x-www-form-urlencoded", strings.Join(pairs, "&"))
		if x.body.form != urlencoded {
			x.headers = append(x.headers, field{"Content-Type", "application/x-www-form-urlencoded"})
		}
	case r.at("formData").is(object):
		x.body = payload{form: multipart, fields: objectFields(r.at("formData"))}
	case r.at("body") != nil:
		x.body = newPayload(headerOf(x.headers, "content-type"), r.at("body").string())
	}
}

// expect translates the expectations of the plugin expect.
func (a *artillery) expect(all *tree, x *exchange) {
	for _, e := range all.elements() {
		if !e.is(object) {
			continue
		}
		for i, key := range e.keys {
			if !a.expectation(key, e.items[i], x) {
				a.plan.lose(e.items[i].where(), "the expectation "+shorten(key, 40))
			}
		}
	}
}

func (a *artillery) expectation(key string, v *tree, x *exchange) bool {
	check := func(name, expr string) bool {
		x.checks = append(x.checks, field{name, expr})
		return true
	}
	switch key {
	case "statusCode":
		var codes []string
		for _, c := range v.elements() {
			if n, err := strconv.Atoi(c.string()); err != nil || n < 100 || n > 599 {
				return false
			}
			codes = append(codes, c.string())
		}
		if len(codes) == 1 && codes[0] >= "4" {
			x.words = append(x.words, Pair{Key: "expect", Value: Word(codes[0])})
		}
		if len(codes) == 1 {
			return check("status is "+codes[0], "status == "+codes[0])
		}
		return len(codes) > 0 && check("status is expected", "status in ["+strings.Join(codes, ", ")+"]")
	case "contentType":
		return isText(v.string()) && check("content type", `lower(header("Content-Type")) contains `+exprText(strings.ToLower(v.string())))
	case "hasProperty":
		return isText(v.string()) && check("has "+label(v.string(), "a property"), "has("+exprText(dotted(v.string()))+")")
	case "notHasProperty":
		return isText(v.string()) && check("has no "+label(v.string(), "property"), "!has("+exprText(dotted(v.string()))+")")
	case "hasHeader":
		return headerName().MatchString(v.string()) && check("has header "+v.string(), "header("+exprText(v.string())+`) != ""`)
	}
	return false
}

// dotted is a path of lodash or JSONPath as gjson has it.
func dotted(path string) string {
	path = strings.TrimPrefix(strings.TrimPrefix(path, "$"), ".")
	path = strings.NewReplacer("[*]", ".#", "['", ".", "']", "").Replace(path)
	return strings.TrimPrefix(index().ReplaceAllString(path, ".$1"), ".")
}

// captures keeps values of the reply; the script's names for them are known from the next request on.
func (a *artillery) captures(all *tree, x *exchange) []field {
	var after []field
	for _, c := range all.elements() {
		as := c.at("as").string()
		expr := captureExpr(c)
		if as == "" || expr == "" {
			a.plan.lose(c.where(), "a capture: "+few(c.keys))
			if as != "" {
				after = append(after, field{as, "fake.word()"})
			}
			continue
		}
		name := a.names.free(snake(as))
		x.capture = append(x.capture, captured{name, expr, secretField().MatchString(as)})
		after = append(after, field{as, name})
	}
	return after
}

// captureExpr is what a capture looks for, "" if that can't be said.
func captureExpr(c *tree) string {
	json, pattern, header := c.at("json").string(), c.at("regexp").string(), c.at("header").string()
	switch {
	case json != "" && isText(json) && !strings.ContainsAny(json, "?@*") && !strings.Contains(json, ".."):
		return "json(" + exprText(dotted(json)) + ")"
	case header != "" && headerName().MatchString(header):
		return "header(" + exprText(header) + ")"
	case pattern != "" && compiles(pattern):
		return "regex(" + exprText(pattern) + ")"
	}
	return ""
}

// compiles tells whether RE2 has a pattern.
func compiles(pattern string) bool {
	_, err := regexp.Compile(pattern)
	return err == nil && isText(pattern)
}
