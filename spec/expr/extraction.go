package expr

import (
	"fmt"

	"github.com/expr-lang/expr/ast"

	"runner/spec/extract"
)

// extraction is a function that finds values in a response's body other than by a JSON path.
type extraction struct {
	name     string
	form     string // how it is written
	patterns int    // arguments that say what to find; a default may follow, but for all
	all      bool   // it gives a list of everything that it finds
	build    func(args []any) (extract.Query, error)
}

// extractions are the functions of a response that find values in HTML, XML and text.
var extractions = []*extraction{
	{name: "html", form: `html("css"), html("css", "attribute") or html("css", "attribute", default)`, patterns: 2, build: buildCSS},
	{name: "html_all", form: `html_all("css") or html_all("css", "attribute")`, patterns: 2, all: true, build: buildCSS},
	{name: "regex", form: `regex("pattern"), regex("pattern", group) or regex("pattern", group, default)`, patterns: 2, build: buildRegex},
	{name: "regex_all", form: `regex_all("pattern") or regex_all("pattern", group)`, patterns: 2, all: true, build: buildRegex},
	{name: "xpath", form: `xpath("path") or xpath("path", default)`, patterns: 1, build: buildXPath},
	{name: "xpath_all", form: `xpath_all("path")`, patterns: 1, all: true, build: buildXPath},
}

func findExtraction(name string) *extraction {
	for _, e := range extractions {
		if e.name == name {
			return e
		}
	}
	return nil
}

func buildCSS(args []any) (extract.Query, error) {
	texts := [2]string{}
	for i, a := range args {
		var err error
		if texts[i], err = argOnlyText(a); err != nil {
			return nil, err
		}
	}
	return extract.CSS(texts[0], texts[1])
}

func buildRegex(args []any) (extract.Query, error) {
	pattern, err := argOnlyText(args[0])
	if err != nil {
		return nil, err
	}
	if len(args) == 1 {
		return extract.Regex(pattern, nil)
	}
	return extract.Regex(pattern, args[1])
}

func buildXPath(args []any) (extract.Query, error) {
	path, err := argOnlyText(args[0])
	if err != nil {
		return nil, err
	}
	return extract.XPath(path)
}

// extraction resolves a call of one of extractions. A pattern that is written out is compiled here and now.
func (r *resolver) extraction(n *ast.CallNode, e *extraction) (ast.Node, Type) {
	args := r.arguments(n.Arguments)
	r.needs.live, r.needs.varies, r.needs.response, r.needs.body = true, true, true, true
	most, t := e.patterns+1, Any
	if e.all {
		most, t = e.patterns, List
	}
	if !r.count(n, e.name, len(args), 1, most, e.form) {
		return n, t
	}
	written := make([]any, 0, e.patterns)
	for _, a := range args[:min(len(args), e.patterns)] {
		value, ok := constantOf(a.at)
		if !ok {
			return call(n, "$extract", append([]ast.Node{constant(n, e), constant(n, nil)}, nodesOf(args)...)...), t
		}
		written = append(written, value)
	}
	query, err := e.build(written)
	if err != nil {
		r.flaw(args[0].at.Location(), "", "%s(): %v", e.name, err)
		return n, t
	}
	return call(n, "$extract", append([]ast.Node{constant(n, e), constant(n, query)}, nodesOf(args)...)...), t
}

// readExtraction evaluates a call: which function, its query if that is known, and the arguments.
func readExtraction(vm *VM, a []any) (any, error) {
	e, args := a[0].(*extraction), a[2:]
	r, err := vm.response()
	if err != nil {
		return nil, err
	}
	query, known := a[1].(extract.Query)
	if !known {
		if query, err = e.build(args[:min(len(args), e.patterns)]); err != nil {
			return nil, err
		}
	}
	most := 1
	if e.all {
		most = -1
	}
	doc, err := r.Document()
	if err != nil {
		return nil, err
	}
	found, err := query.Find(doc, most)
	switch {
	case e.all && err == nil:
		return append([]any{}, found...), nil
	case err == nil && len(found) > 0:
		return found[0], nil
	case len(args) > e.patterns:
		return args[e.patterns], nil
	case err != nil:
		return nil, err
	}
	return nil, fmt.Errorf("the body has nothing for %s(%q); %s asks without failing", e.name, args[0], withDefault(e))
}

// withDefault is the form with a default.
func withDefault(e *extraction) string {
	if e.patterns == 1 {
		return e.name + "(pattern, default)"
	}
	if e.name == "regex" {
		return `regex(pattern, group, default)`
	}
	return `html(css, "", default)`
}
