package draft

import (
	"fmt"
	"strings"
)

// events lists the scripts of something that is no request.
func (c *collection) events(item *tree, where string) {
	for _, e := range item.at("event").elements() {
		if text := scriptOf(e); text != "" {
			c.plan.lose(e.where(), fmt.Sprintf("the %s script of %s", e.at("listen").string(), where))
		}
	}
}

func scriptOf(event *tree) string {
	var lines []string
	for _, l := range event.at("script", "exec").elements() {
		lines = append(lines, l.string())
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// scripts translates what is simple in a request's tests, and lists the rest.
func (c *collection) scripts(item *tree, x *exchange) {
	for _, e := range item.at("event").elements() {
		text := scriptOf(e)
		switch {
		case text == "":
		case e.at("listen").string() != "test":
			c.plan.lose(e.where(), fmt.Sprintf("the %s script of %s", shorten(e.at("listen").string(), 20), x.name))
		default:
			c.tests(text, e.where(), x)
		}
	}
}

// The statements of tests that have a counterpart.
var (
	testName   = pattern(`pm\.test\(\s*["'` + "`" + `](.*?)["'` + "`" + `]\s*,`)
	testStatus = pattern(`pm\.response\.to\.have\.status\(\s*(\d{3})\s*\)|pm\.expect\(\s*pm\.response\.code\s*\)\.to\.(?:be\.)?(?:equal|eql|eq)\(\s*(\d{3})\s*\)|responseCode\.code\s*===?\s*(\d{3})`)
	testOneOf  = pattern(`pm\.expect\(\s*pm\.response\.code\s*\)\.to\.be\.oneOf\(\s*\[([\d,\s]+)\]\s*\)`)
	testTime   = pattern(`pm\.expect\(\s*pm\.response\.responseTime\s*\)\.to\.be\.below\(\s*(\d+)\s*\)`)
	testOK     = pattern(`pm\.response\.to\.be\.(?:ok|success)\b`)
	testText   = pattern(`pm\.expect\(\s*pm\.response\.text\(\)\s*\)\.to\.include\(\s*["']([^"'\\]*)["']\s*\)`)
	testEqual  = pattern(`pm\.expect\(\s*([\w.$\[\]()]+?)\s*\)\.to\.(?:be\.)?(?:equal|eql|eq)\(\s*("[^"\\]*"|'[^'\\]*'|-?\d+|true|false)\s*\)`)
	setCapture = pattern(`pm\.(?:environment|collectionVariables|globals|variables)\.set\(\s*["']([^"']+)["']\s*,\s*([\w.$\[\]()]+?)\s*\)|postman\.set(?:Environment|Global)Variable\(\s*["']([^"']+)["']\s*,\s*([\w.$\[\]()]+?)\s*\)`)
	jsonName   = pattern(`(?:const|let|var)\s+(\w+)\s*=\s*(?:pm\.response\.json\(\)|JSON\.parse\(\s*(?:responseBody|pm\.response\.text\(\))\s*\))`)
	harmless   = pattern(`^(\}\)?;?|\}\);?|pm\.test\(.*\{|//.*|(const|let|var)\s+\w+\s*=\s*(pm\.response\.json\(\)|JSON\.parse\(.*\));?|console\.log.*)$`)
)

// tests goes through a script line by line.
func (c *collection) tests(text string, line int, x *exchange) {
	names := map[string]bool{"pm.response.json()": true}
	for _, m := range jsonName().FindAllStringSubmatch(text, -1) {
		names[m[1]] = true
	}
	title := ""
	for _, l := range strings.Split(text, "\n") {
		l = strings.TrimSpace(l)
		if m := testName().FindStringSubmatch(l); m != nil {
			title = m[1]
		}
		if !c.statement(l, title, names, x) && l != "" && !harmless().MatchString(l) {
			c.plan.lose(line, fmt.Sprintf("of the tests of %s: %s", x.name, shorten(l, 100)))
		}
	}
}

// statement translates one line; false if it has no counterpart.
func (c *collection) statement(l, title string, names map[string]bool, x *exchange) bool {
	check := func(expr string) bool {
		x.checks = append(x.checks, field{label(title, expr), expr})
		return true
	}
	if m := testStatus().FindStringSubmatch(l); m != nil {
		x.status = 0
		status := m[1] + m[2] + m[3]
		if status[0] >= '4' {
			x.words = append(x.words, Pair{Key: "expect", Value: Word(status)})
		}
		return check("status == " + status)
	}
	if m := testOneOf().FindStringSubmatch(l); m != nil {
		x.status = 0
		return check("status in [" + strings.Join(strings.Fields(m[1]), " ") + "]")
	}
	if m := testTime().FindStringSubmatch(l); m != nil {
		return check("duration < " + m[1] + "ms")
	}
	if testOK().MatchString(l) {
		return check("status >= 200 && status < 300")
	}
	if m := testText().FindStringSubmatch(l); m != nil {
		return check("body contains " + exprText(m[1]))
	}
	if m := testEqual().FindStringSubmatch(l); m != nil {
		if path, ok := jsPath(m[1], names); ok {
			want := m[2]
			if want[0] == '\'' {
				want = exprText(strings.Trim(want, "'"))
			}
			return check(fmt.Sprintf("json(%s) == %s", exprText(path), want))
		}
	}
	if m := setCapture().FindStringSubmatch(l); m != nil {
		if path, ok := jsPath(m[2]+m[4], names); ok {
			c.keep(m[1]+m[3], path, x)
			return true
		}
	}
	return false
}

// keep makes a capture of a variable that a script sets; from the next request on the variable is the capture.
func (c *collection) keep(name, path string, x *exchange) {
	if !isText(name) {
		return
	}
	capture := c.names.free(snake(name))
	x.capture = append(x.capture, captured{capture, "json(" + exprText(path) + ")", secretField().MatchString(name)})
	c.after = append(c.after, field{name, capture})
}

var index = pattern(`\[(\d+)\]`)

// jsPath is a path into the response (data.items[0].id) as gjson has it.
func jsPath(expr string, names map[string]bool) (string, bool) {
	for name := range names {
		rest, ok := strings.CutPrefix(expr, name+".")
		if !ok {
			if rest, ok = strings.CutPrefix(expr, name+"["); ok {
				rest = "[" + rest
			}
		}
		rest = strings.TrimPrefix(index().ReplaceAllString(rest, ".$1"), ".")
		if ok && rest != "" && !strings.ContainsAny(rest, "()[]$") {
			return rest, true
		}
	}
	return "", false
}
