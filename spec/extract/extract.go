// Package extract finds values in bodies that are no JSON: HTML by CSS selectors, XML by XPath, anything by regular
// expressions. It is the one place that knows their parsers. It does not know where a body came from, what expressions
// are, or what a missing value means for whoever asks.
package extract

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/cascadia"
	"github.com/antchfx/xmlquery"
	"github.com/antchfx/xpath"
	"golang.org/x/net/html"
)

// Query is a compiled question to a document: read-only, for any number of documents at once.
type Query interface {
	// Find gives up to most values in the order of the document; most < 0: all. Values are texts, or what an XPath
	// expression computes: float64 or bool. The error is about the document.
	Find(d *Document, most int) ([]any, error)
}

// Document is a body with what was parsed of it, at the first question. Its owner alone uses it. It keeps the bytes it was
// given: Reset it before they change.
type Document struct {
	data   []byte
	html   *html.Node
	xml    *xmlquery.Node
	xmlErr error
}

// Reset makes it a document of other bytes.
func (d *Document) Reset(data []byte) { *d = Document{data: data} }

// Bytes is the body.
func (d *Document) Bytes() []byte { return d.data }

// limits of what is parsed: a tree takes many times the memory of its text.
const (
	maxParsed = 16 << 20
	maxDepth  = 5_000
)

var errTooLong = fmt.Errorf("the body is longer than %d MiB, and is not parsed", maxParsed>>20)

// selector is a CSS selector with what to take of an element.
type selector struct {
	match cascadia.SelectorGroup
	attr  string // "": the text
}

// CSS compiles a selector. attr is the attribute to take; "" takes the element's text, its runs of white space as one space.
func CSS(css, attr string) (Query, error) {
	match, err := cascadia.ParseGroup(css)
	if err != nil {
		return nil, fmt.Errorf("%q is no CSS selector: %w", css, err)
	}
	return &selector{match, strings.ToLower(attr)}, nil
}

// Find parses the body as browsers do: what is no HTML makes an odd document, and no error.
func (s *selector) Find(d *Document, most int) ([]any, error) {
	if d.html == nil {
		if len(d.data) > maxParsed {
			return nil, errTooLong
		}
		node, err := html.Parse(bytes.NewReader(d.data))
		if err != nil {
			return nil, fmt.Errorf("the body is not HTML: %w", err)
		}
		d.html = node
	}
	var found []any
	for n := range d.html.Descendants() {
		if len(found) == most {
			break
		}
		if n.Type != html.ElementNode || !s.match.Match(n) {
			continue
		}
		if s.attr == "" {
			found = append(found, text(n))
			continue
		}
		for _, a := range n.Attr {
			if a.Key == s.attr {
				found = append(found, a.Val)
				break
			}
		}
	}
	return found, nil
}

// text is what an element says, without scripts and styles.
func text(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode && (c.Parent == n || c.Parent.Data != "script" && c.Parent.Data != "style") {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// path is an XPath expression. A compiled one keeps a state while it is evaluated, so there is one for each who asks.
type path struct{ compiled sync.Pool }

// XPath compiles an XPath 1.0 expression.
func XPath(expression string) (Query, error) {
	first, err := compilePath(expression)
	if err != nil {
		return nil, err
	}
	p := &path{sync.Pool{New: func() any {
		again, _ := compilePath(expression) // it was compiled before
		return again
	}}}
	p.compiled.Put(first)
	return p, nil
}

func compilePath(expression string) (compiled *xpath.Expr, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser panics on some mistakes
			compiled, err = nil, fmt.Errorf("%q is no XPath expression: %v", expression, r)
		}
	}()
	if compiled, err = xpath.Compile(expression); err != nil {
		return nil, fmt.Errorf("%q is no XPath expression: %w", expression, err)
	}
	return compiled, nil
}

// Find parses the body as XML, and takes the text of nodes and the values of attributes.
func (p *path) Find(d *Document, most int) (found []any, err error) {
	defer func() {
		if r := recover(); r != nil {
			found, err = nil, fmt.Errorf("XPath: %v", r)
		}
	}()
	if d.xml == nil && d.xmlErr == nil {
		d.xml, d.xmlErr = parseXML(d.data)
	}
	if d.xmlErr != nil {
		return nil, d.xmlErr
	}
	compiled := p.compiled.Get().(*xpath.Expr)
	defer p.compiled.Put(compiled)
	switch v := compiled.Evaluate(xmlquery.CreateXPathNavigator(d.xml)).(type) {
	case *xpath.NodeIterator:
		for len(found) != most && v.MoveNext() {
			found = append(found, strings.TrimSpace(v.Current().Value()))
		}
	case nil:
	default: // a number, a text or a truth
		found = append(found, v)
	}
	return found, nil
}

func parseXML(data []byte) (*xmlquery.Node, error) {
	if len(data) > maxParsed {
		return nil, errTooLong
	}
	if bytes.Count(data, []byte("<")) > maxDepth && nested(data) > maxDepth {
		return nil, fmt.Errorf("the body is nested more than %d deep", maxDepth)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("the body is not XML: it is empty")
	}
	node, err := xmlquery.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("the body is not XML: %w", err)
	}
	return node, nil
}

// nested is how deep tags are nested, at most and roughly: comments and CDATA can make it too much.
func nested(data []byte) int {
	most, now := 0, 0
	for i := 0; i+1 < len(data); i++ {
		switch {
		case data[i] == '<' && data[i+1] == '/', data[i] == '/' && data[i+1] == '>':
			now--
		case data[i] == '<' && data[i+1] != '!' && data[i+1] != '?':
			now++
			most = max(most, now)
		}
	}
	return most
}

// groupName is a group of a regular expression by number or name, for messages.
func groupName(g any) string {
	if n, ok := g.(int64); ok {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%q", g)
}
