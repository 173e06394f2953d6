package expr

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"runner/spec"
)

const page = `<!doctype html><title>Shop</title><body>
<form id="buy" action="/buy"><input type="hidden" name="csrf" value="tok&amp;en"><input name=q></form>
<ul><li class="item">One <b>and</b>
 only</li><li class="item sold">Two</li></ul><a href="/a">A</a><a href="/b">B</a><script>var x = "id=7"; var y = "id=8";</script>`

const feed = `<?xml version="1.0"?><order id="o1"><item sku="a"><price> 5 </price></item><item sku="b"><price>7</price></item></order>`

// on evaluates a source on a body.
func on(t *testing.T, body, source string) (any, error) {
	t.Helper()
	p, problems := Compile(spec.Expr{Source: source}, everything(t), Any)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", source, problems)
	}
	if !p.NeedsBody() {
		t.Errorf("%s does not say that it needs the body", source)
	}
	vm := machine(t)
	vm.Env["token"] = "item"
	vm.Host.(*still).response.text = body
	return p.Eval(vm)
}

func TestExtraction(t *testing.T) {
	for _, c := range []struct {
		body, source string
		want         any
		why          string
	}{
		{page, `html("title")`, "Shop", "an element's text"},
		{page, `html("li.item")`, "One and only", "the first one, white space as browsers show it"},
		{page, `html("input[name=csrf]", "value")`, "tok&en", "an attribute"},
		{page, `html("li.sold, title", "")`, "Shop", "several selectors, in the order of the document"},
		{page, `html("li.gone", "", "none")`, "none", "a default"},
		{page, `html("li", "data-id", 5)`, int64(5), "an attribute that no element has"},
		{page, `html("li." + token)`, "One and only", "a selector made in the run"},
		{page, `html_all("a", "href")`, []any{"/a", "/b"}, "all of them"},
		{page, `html_all("p")`, []any{}, "all of none"},
		{page, `len(html_all("li"))`, int64(2), "inside another function"},
		{page, `filter(html_all("a", "href"), # endsWith "b")`, []any{"/b"}, "and a loop"},
		{page, `response.html("title")`, "Shop", "by the long name"},
		{page, `regex("id=([0-9]+)")`, "7", "the first group"},
		{page, `regex("id=[0-9]+")`, "id=7", "or the whole match"},
		{page, `regex("id=([0-9]+)", 0)`, "id=7", "which can be asked for"},
		{page, `regex("id=(?P<id>[0-9]+)", "id")`, "7", "a group by name"},
		{page, `regex("sku=(.*)", 1, nil)`, nil, "a default"},
		{page, `regex_all("id=([0-9]+)")`, []any{"7", "8"}, "all matches"},
		{page, `regex_all("zzz")`, []any{}, "all of none"},
		{"id=7", `regex("(x)?id", 1, "no x")`, "no x", "a group that took no part"},
		{feed, `xpath("/order/@id")`, "o1", "an attribute"},
		{feed, `xpath("//item[@sku='b']/price")`, "7", "a node's text"},
		{feed, `xpath("//item/price")`, "5", "the first one, trimmed"},
		{feed, `xpath_all("//item/@sku")`, []any{"a", "b"}, "all of them"},
		{feed, `xpath("count(//item)")`, 2.0, "a number"},
		{feed, `xpath("count(//item) = 2")`, true, "a truth"},
		{feed, `xpath("//gone", "none")`, "none", "a default"},
		{"not xml", `xpath("//a", "none")`, "none", "a default where the body is no XML, as json has it"},
	} {
		v, err := on(t, c.body, c.source)
		if err != nil || !reflect.DeepEqual(v, c.want) {
			t.Errorf("%s is %#v, %v; want %#v: %s", c.source, v, err, c.want, c.why)
		}
	}
}

func TestExtractionFindsNothing(t *testing.T) {
	for _, c := range []struct{ body, source, want string }{
		{page, `html("li.gone")`, `the body has nothing for html("li.gone"); html(css, "", default) asks without failing`},
		{page, `regex("zzz")`, `the body has nothing for regex("zzz")`},
		{feed, `xpath("//gone")`, `the body has nothing for xpath("//gone")`},
		{"<a><b></a>", `xpath("//b")`, "the body is not XML"},
		{"", `xpath("//b")`, "the body is not XML: it is empty"},
		{strings.Repeat("<a>", 6000), `xpath("//b")`, "nested more than"},
		{page, `html("li[" + token)`, "is no CSS selector"},
		{page, `regex("(" + token)`, "is no regular expression"},
	} {
		if v, err := on(t, c.body, c.source); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s gave %v and %v, want %q", c.source, v, err, c.want)
		}
	}
}

func TestWrongExtraction(t *testing.T) {
	for _, c := range []struct {
		source string
		from   int
		want   string
	}{
		{`html("li[")`, 6, `html(): "li[" is no CSS selector`},
		{`regex("(a")`, 7, `regex(): "(a" is no regular expression: missing closing )`},
		{`regex("a", 2)`, 7, `regex(): "a" has no group 2: it has 0`},
		{`regex("(?P<x>a)", "y")`, 7, `has no group "y"`},
		{`xpath("//a[")`, 7, `xpath(): "//a[" is no XPath expression`},
		{`html()`, 1, `html() takes 1 to 3 values, not 0: html("css")`},
		{`html(5)`, 6, "html(): a text is needed"},
		{`html_al("a")`, 1, `unknown function "html_al"`},
		{`html`, 1, `"html" is a function: write html("css")`},
		{`schema(token)`, 8, "schema() takes the name of a file that is written out"},
		{`schema("gone.json")`, 8, "schema(): no such file gone.json"},
	} {
		s := everything(t)
		s.DefineSchemas(func(name, _ string) (Schema, error) { return nil, errors.New("no such file " + name) })
		_, problems := Compile(spec.Expr{Source: c.source, Pos: spec.Pos{Line: 1, Col: 1}}, s, Any)
		if len(problems) != 1 || problems[0].Pos.Col != c.from || !strings.Contains(problems[0].Message, c.want) {
			t.Errorf("%s: %v, want one problem at %d: %s", c.source, problems, c.from, c.want)
		}
	}
}

// fixed is a schema that always says the same.
type fixed string

func (f fixed) Body([]byte) (string, error) { return string(f), nil }
func (f fixed) Value(any) string            { return string(f) }

func TestSchemasExplainThemselves(t *testing.T) {
	s := everything(t)
	from := ""
	s.DefineSchemas(func(name, file string) (Schema, error) {
		from = file
		return fixed("at /id: " + name), nil
	})
	p, problems := Compile(spec.Expr{Source: `status == 200 && schema("bad.json")`, Pos: spec.Pos{File: "shared/a.yaml", Line: 1, Col: 1}}, s, Bool)
	if len(problems) > 0 || from != "shared/a.yaml" {
		t.Fatal(problems, from)
	}
	vm := machine(t)
	if ok, err := p.Bool(vm); ok || err != nil {
		t.Errorf("%v, %v: a violation is false and no error", ok, err)
	}
	note := ""
	for _, part := range p.Parts(vm) {
		note += part.Note
	}
	if note != "at /id: bad.json" {
		t.Errorf("explained with %q", note)
	}
	q, problems := Compile(spec.Expr{Source: `schema("x.json", json("user"))`}, s, Bool)
	if len(problems) > 0 || !q.NeedsBody() {
		t.Errorf("%v: the value is of the body", problems)
	}
}
